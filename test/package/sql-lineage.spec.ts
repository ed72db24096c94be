import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '#platform/config';

const NAME = '@plumbline/sql-lineage';

/** Packs the library as npm would publish it, unpacks it into an empty project, and puts its one dependency beside it. */
describe('the library as a package of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  const made = join(folder, 'made');
  const project = join(folder, 'project');
  const installed = join(project, 'node_modules', ...NAME.split('/'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const node = (...args: string[]) => execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8', env: {} });

  beforeAll(() => {
    execFileSync(process.execPath, [join(projectRoot, 'scripts', 'pack-lineage.mjs'), made], { cwd: projectRoot });
    const cache = ['--cache', join(folder, 'cache'), '--offline', '--ignore-scripts'];
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, ...cache], { cwd: made });
    const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, archive), '-C', installed, '--strip-components=1']);
    const parser = join('node_modules', '@polyglot-sql', 'sdk');
    cpSync(join(projectRoot, parser), join(project, parser), { recursive: true });
    writeFileSync(join(project, 'package.json'), '{"type": "module"}');
  }, 120_000);

  it('has what it says, and no tests', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    for (const file of [
      'package.json',
      'README.md',
      'LICENSE',
      'src/index.js',
      'types/index.d.ts',
      'vendor/dt-sql-parser.mjs',
    ])
      expect(files).toContain(file);
    expect(files.filter((file) => /\.spec\.|cases/.test(file))).toEqual([]);
    const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      dependencies: object;
    };
    expect(Object.keys(dependencies)).toEqual(['@polyglot-sql/sdk']);
  });

  it('runs the example of its README, which prints what the README says', () => {
    const [, example = '', , printed = ''] =
      /```js\n([\s\S]*?)```([\s\S]*?)```text\n([\s\S]*?)```/.exec(readFileSync(join(installed, 'README.md'), 'utf8')) ??
      [];
    writeFileSync(join(project, 'example.js'), example);
    expect(node('example.js')).toBe(printed);
  });

  it('reads with the second parser what the first one refuses', () => {
    writeFileSync(
      join(project, 'fallback.js'),
      `import { extractLineage } from '${NAME}';
       const { totals } = await extractLineage('with c as (select x from b) select * from c pivot (sum(a) / 2 as y for k in (1))', { dialect: 'spark' });
       console.log(JSON.stringify(totals));`,
    );
    expect(JSON.parse(node('fallback.js'))).toMatchObject({ fallback: 1, failed: 0 });
  });

  it('has types that a strict project compiles with', () => {
    writeFileSync(
      join(project, 'typed.ts'),
      `import { extractLineage, type ScriptLineage } from '${NAME}';
       export const read: Promise<ScriptLineage> = extractLineage('select 1', { dialect: 'postgres' });
       // @ts-expect-error: there is no such dialect
       void extractLineage('select 1', { dialect: 'cobol' });`,
    );
    const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const settings = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
    node(tsc, '--noEmit', '--ignoreConfig', ...settings, 'typed.ts');
  }, 60_000);
});
