import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { projectRoot } from '#platform/config';

const MAIN = join(projectRoot, 'dist', 'apps', 'cli', 'src', 'main.js');

const DATAX = `{ // 每日
  "job": {"content": [{
    "reader": {"name": "mysqlreader", "parameter": {"password": "geheim", "column": ["id", "md5(证件号)"],
      "connection": [{"jdbcUrl": ["jdbc:mysql://core:3306/bank"], "table": ["客户"]}]}},
    "writer": {"name": "postgresqlwriter", "parameter": {"column": ["cust_id", "cert_hash"],
      "connection": [{"jdbcUrl": "jdbc:postgresql://dw:5432/risk", "table": ["dwd.cust"]}]}}}]}}`;
const EXPORT = JSON.stringify([
  {
    processDefinition: { code: 1, name: 'nightly' },
    processTaskRelationList: [],
    taskDefinitionList: [{ code: 2, name: 'run', taskType: 'SHELL', taskParams: { rawScript: 'x' } }],
  },
]);

describe('plumbline pipeline extract', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    return name;
  };

  /** Runs the built command, where there is no catalog and no server. */
  function run(...args: readonly string[]): Promise<{ out: string; err: string; code: number | null }> {
    const child = spawn(process.execPath, [MAIN, 'pipeline', 'extract', ...args], { cwd: folder, env: {} });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
    return new Promise((done) => child.once('close', (code) => done({ out, err, code })));
  }

  it('shows edges by column for a person', async () => {
    const { out, code } = await run(file('one/cust.json', DATAX));
    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.trim().replace(/ {2,}/g, '  '));
    expect(lines).toEqual(
      expect.arrayContaining([
        'one/cust.json: datax "cust.json", batch',
        'risk.dwd.cust#cust_id  ← bank.客户#id  identity  single-source',
        'risk.dwd.cust#cert_hash  ← bank.客户#证件号  transformation, masked  single-source',
        'one/cust.json:1  not-strict: The text is not strict JSON: it has comments.',
        '1 files, 1 jobs, 1 understood; 1 edges between datasets, 2 between columns',
      ]),
    );
    expect(out).not.toContain('geheim');
  });

  it('reads a folder, passes over what is none, and tells what is broken', async () => {
    file('many/a.json', DATAX);
    file('many/b.json', EXPORT);
    file('many/package.json', '{"name": "x"}');
    file('many/c.json', '{"job":\n {"content": [');
    const { out, err, code } = await run('many', '--json');
    const { files, totals } = JSON.parse(out) as { files: { path: string }[]; totals: object };
    expect(files.map(({ path }) => path)).toEqual(['many/a.json', 'many/b.json']);
    expect(totals).toEqual({ files: 2, jobs: 2, understood: 1, datasetEdges: 1, columnEdges: 2 });
    expect(err).toContain('many/c.json:2: A value should stand where the end of the text is.');
    expect(code).toBe(2);
  });

  it.each([
    ['a job that is opaque', 3, () => [file('b.json', EXPORT)]],
    ['a file of no tool', 2, () => [file('x.json', '{}')]],
    ['a file that is not there', 2, () => ['nothing.json']],
    ['an option that is no pair', 2, () => [file('a.json', DATAX), '--namespace', 'x']],
  ])('ends for %s with %i', async (_, expected, args) => {
    expect((await run(...args())).code).toBe(expected);
  });
});
