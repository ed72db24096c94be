/**
 * Makes an npm package of libs/core/sql-lineage, to be used without Plumbline: `npm run pack:lineage [FOLDER]`, by default
 * `dist/packages/sql-lineage`. It needs a build.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { node, root, run } from './lib/prepare.mjs';

const lib = join('libs', 'core', 'sql-lineage');
const compiled = join(root, 'dist', lib, 'src');
const vendor = join(root, 'dist', 'vendor', 'dt-sql-parser.mjs');

const { version, license, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const PACKAGE = {
  name: '@plumbline/sql-lineage',
  version,
  description:
    'Column-level lineage of SQL scripts in a dozen dialects, with everything that was not understood named by its place.',
  license,
  type: 'module',
  engines: { node: '>=20.19' },
  exports: { '.': { types: './types/index.d.ts', default: './src/index.js' } },
  imports: { '#dt-sql-parser': './vendor/dt-sql-parser.mjs' },
  files: ['src', 'types', 'vendor'],
  dependencies: { '@polyglot-sql/sdk': dependencies['@polyglot-sql/sdk'] },
};

/** Declarations of the library; the second parser's own types stay behind, nothing of the door shows them. */
async function makeTypes(folder) {
  const flags = [
    '--declaration',
    '--emitDeclarationOnly',
    '--rootDir',
    join(lib, 'src'),
    '--outDir',
    join(folder, 'types'),
  ];
  const settings = [
    '--module',
    'nodenext',
    '--target',
    'ES2024',
    '--strict',
    '--noUncheckedIndexedAccess',
    '--skipLibCheck',
    '--types',
    'node',
  ];
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const code = await run(node(), [tsc, '--ignoreConfig', join(lib, 'src', 'index.ts'), ...flags, ...settings]);
  if (code !== 0) throw new Error('The types could not be made; the compiler says why above.');
}

function copyCode(folder) {
  const { mtimeMs: built } = statSync(join(compiled, 'index.js'));
  for (const path of readdirSync(join(root, lib, 'src'), { recursive: true })) {
    if (!path.endsWith('.ts') || path.endsWith('.d.ts') || path.endsWith('.spec.ts') || path.startsWith('cases'))
      continue;
    const code = join(compiled, path.replace(/\.ts$/, '.js'));
    if (!existsSync(code))
      throw new Error(
        `${relative(root, code)} is not there (built ${new Date(built).toISOString()}). Run "npm run build".`,
      );
    const target = join(folder, 'src', relative(compiled, code));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, readFileSync(code, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  }
}

/** Makes the package's folder anew. */
export async function packLineage(folder) {
  if (!existsSync(compiled) || !existsSync(vendor)) throw new Error('There is no build. Run "npm run build" first.');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'vendor'), { recursive: true });
  copyCode(folder);
  await makeTypes(folder);
  cpSync(vendor, join(folder, 'vendor', 'dt-sql-parser.mjs'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(root, lib, 'npm', 'README.md'), join(folder, 'README.md'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(PACKAGE, null, 2)}\n`);
}

if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2] ?? join(root, 'dist', 'packages', 'sql-lineage');
  await packLineage(folder);
  process.stdout.write(`${folder}\n`);
}
