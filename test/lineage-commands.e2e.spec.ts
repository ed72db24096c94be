import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '#platform/config';
import { until } from '#platform/testing';

import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

const MAIN = join(projectRoot, 'dist', 'apps', 'cli', 'src', 'main.js');
const SOURCE = '数仓 "dwh" 😀';

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

describe('plumbline lineage, the built command against a catalog', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lineage-commands-'));
  let api: TestApi;
  let url: string;
  let database: SourceDatabase;
  let beforeScripts: string;

  beforeAll(async () => {
    api = await startApi();
    await api.app.listen(0, '127.0.0.1');
    url = await api.app.getUrl();
    await api.work();
    database = await sourceDatabase(`
      CREATE SCHEMA "风险";
      CREATE TABLE "风险"."客户 ""表""" (id int PRIMARY KEY, "余额" numeric(18, 2), state text);
      CREATE TABLE public.rate (currency text, rate numeric);
      CREATE TABLE public.lonely (id int);
      CREATE VIEW public.balance AS
        SELECT c.id, c."余额" * r.rate AS "本位币", 'CNY' AS currency
          FROM "风险"."客户 ""表""" c JOIN rate r ON r.currency = 'USD' WHERE c.state = 'A';
      CREATE VIEW public.total AS SELECT sum("本位币") AS total FROM balance;
    `);
    await registerSource(api.as.engineer, SOURCE, database.settings);
    expect(await run('harvest', SOURCE)).toMatchObject({ code: 0 });
    await until('views to be read', async () => {
      const { out } = await run('lineage', 'coverage', SOURCE, '--json');
      return (JSON.parse(out) as { views: { withLineage: number } }).views.withLineage === 2;
    });
    beforeScripts = new Date().toISOString();
    writeFileSync(
      join(folder, '日终.sql'),
      `INSERT INTO rate (rate) SELECT total FROM public.total;\nINSERT INTO 征信.report (no) SELECT currency FROM balance;\nCALL "月末"();`,
    );
    const imported = await run(
      'lineage',
      'import-sql',
      folder,
      '--source',
      SOURCE,
      '--dialect',
      'postgres',
      '--schema',
      'public',
    );
    expect(imported.code).toBe(3);
  }, 120_000);
  afterAll(async () => {
    await api.stop();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  function run(...words: string[]): Promise<Ran> {
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: folder,
      env: { PATH: process.env.PATH, PLUMBLINE_URL: url, PLUMBLINE_TOKEN: api.as.administrator.token },
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
    return new Promise((done) => child.once('close', (code) => done({ out, err, code })));
  }
  /** What a tree says, without the database's name and gaps between its cells. */
  const bare = (text: string) =>
    text
      .replaceAll(`${database.name}.`, '')
      .replaceAll(/(?<=\S) {2,}/g, ' ')
      .split('\n');

  it('shows what feeds a column and what it feeds, and what was not understood', async () => {
    const { out, err, code } = await run('lineage', 'show', 'total#total', '--direct');
    expect(code).toBe(0);
    const lines = bare(out);
    expect(lines[0]).toMatch(/public\.total#total \(数仓 "dwh" 😀\)$/);
    expect(lines[1]).toMatch(/^As of now \(\d{4}-/);
    expect(lines.slice(2)).toEqual([
      '',
      'Fed by',
      '└ ← public.balance#本位币 aggregation public.total:1 sum("本位币")',
      '  ├ ← public.rate#rate transformation public.balance:1 (c."余额" * r.rate)',
      '  │ └ ← public.total#total (above) identity 日终.sql:1',
      '  └ ← 风险.客户 "表"#余额 transformation public.balance:1 (c."余额" * r.rate)',
      '',
      'Feeds',
      '└ → public.rate#rate identity 日终.sql:1',
      '  └ → public.balance#本位币 transformation public.balance:1 (c."余额" * r.rate)',
      '    └ → public.total#total (above) aggregation public.total:1 sum("本位币")',
      '',
    ]);
    expect(err).toContain(`1 statement was not wholly understood`);
    expect(err).toContain(`plumbline lineage not-understood "数仓 \\"dwh\\" 😀"`);
  });

  it('what decides stands below the rows it decides about', async () => {
    const { out } = await run('lineage', 'show', 'balance.本位币', '--up', '--depth', '1');
    expect(bare(out)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^└ ⇠ public\.balance \(all rows\)/),
        expect.stringMatching(/^ {2}. ⇠ 风险\.客户 "表"#state filter public\.balance:1/),
        expect.stringMatching(/^ {2}. ⇠ public\.rate#currency/),
      ]),
    );
    expect(out).not.toContain('Feeds');
  });

  it('says where it was cut, how much there is, and pages on', async () => {
    const shallow = await run('lineage', 'show', 'total#total', '--up', '--depth', '1', '--direct');
    expect(shallow.err).toMatch(/Cut: it goes on from .*balance#本位币\. More with --depth\./);
    expect(shallow.out).toMatch(/本位币 \(goes on\)/);
    const few = await run('lineage', 'show', 'total#total', '--limit', '2', '--direct');
    expect(few.err).toMatch(/Stopped after 2 of 4 nodes, near ones first; more with --limit\./);
  });

  it('as of another time, or as known then: the moment is said', async () => {
    for (const flag of ['--as-of', '--known-at']) {
      const { out } = await run('lineage', 'show', 'total#total', '--down', flag, beforeScripts);
      expect(out).toMatch(/As of .*, known as of/);
      expect(out).toMatch(/The catalog knows of nothing that it feeds\./);
    }
    const early = await run('lineage', 'show', 'total#total', '--as-of', '2001-01-01');
    expect(early.out).toContain('As of 2001-01-01 00:00:00, known as of now');
    expect(early.out).toContain('It has no lineage');
  });

  it('names what is known by name only; its name, and its id as --json gives it, can be asked of', async () => {
    const { out } = await run('lineage', 'show', 'balance#currency', '--down', '--json');
    const graph = JSON.parse(out) as { nodes: { id: string; resolved: boolean; qualifiedName: string }[] };
    const [unresolved] = graph.nodes.filter(({ resolved }) => !resolved);
    expect(unresolved?.qualifiedName).toBe(`${database.name}.征信.report`);
    const back = await run('lineage', 'show', unresolved?.id ?? '', '--up', '--direct');
    expect(bare(back.out)).toContainEqual(expect.stringMatching(/^└ ← public\.balance#currency/));
    const byName = await run('lineage', 'show', `${database.name}.征信.report#no`, '--up', '--direct');
    expect(bare(byName.out)).toContainEqual(expect.stringMatching(/^└ ← public\.balance#currency/));
    const shown = await run('lineage', 'show', 'balance#currency', '--down');
    expect(bare(shown.out)).toContain('└ → 征信.report#no (not in the catalog) identity 日终.sql:2');
  });

  it('draws', async () => {
    const mermaid = await run('lineage', 'show', 'total#total', '--up', '--direct', '--mermaid');
    expect(mermaid.out).toMatch(/^graph LR\n {2}subgraph t1\[".*public\.total"\]/);
    expect(mermaid.out).toContain(`风险.客户 #34;表#34;`);
    const dot = await run('lineage', 'show', 'total', '--level', 'dataset', '--dot');
    expect(dot.out).toMatch(/^digraph lineage \{/);
    expect(dot.out).toContain('风险.客户 \\"表\\"');
  });

  it('impact: counts first, by owner', async () => {
    const { out, code } = await run('lineage', 'impact', '客户 "表"#余额', '--by', 'owner', '--direct');
    expect(code).toBe(0);
    expect(out).toContain('3 datasets with 3 columns depend on it.');
    expect(bare(out)).toContainEqual(expect.stringMatching(/^ {2}public\.total 2 steps → total/));
  });

  it('paths: each step with its script', async () => {
    const { out } = await run('lineage', 'paths', '客户 "表"#余额', 'total#total');
    expect(bare(out).slice(2)).toEqual([
      '',
      'Path 1, 2 steps',
      '  风险.客户 "表"#余额',
      '    → public.balance#本位币 transformation public.balance:1 (c."余额" * r.rate)',
      '    → public.total#total aggregation public.total:1 sum("本位币")',
      '',
    ]);
    const none = await run('lineage', 'paths', 'lonely#id', 'total#total');
    expect(none).toMatchObject({ code: 0, out: expect.stringContaining('No data gets there by any way') });
  });

  it('diff: what came and went, with an exit code where it is wanted', async () => {
    const words = ['lineage', 'diff', 'rate#rate', '--from', beforeScripts];
    const { out, code } = await run(...words, '--direct');
    expect(code).toBe(0);
    expect(bare(out)).toContain('+ public.rate#rate ← public.total#total identity 日终.sql:1');
    expect((await run(...words, '--exit-code')).code).toBe(1);
    const same = await run(
      'lineage',
      'diff',
      'balance#本位币',
      '--known-from',
      beforeScripts,
      '--depth',
      '1',
      '--exit-code',
    );
    expect(same).toMatchObject({ code: 0, out: expect.stringMatching(/No difference; \d+ edges both times\./) });
  });

  it('coverage of a source', async () => {
    const { out, err, code } = await run('lineage', 'coverage', SOURCE);
    expect(code).toBe(0);
    expect(out).toMatch(/Views +2 of 2 \(100 %\)/);
    expect(out).toMatch(/Not understood +1/);
    expect(err).toContain('plumbline lineage not-understood');
  });

  it('an asset without lineage says so', async () => {
    const { out, code } = await run('lineage', 'show', 'lonely');
    expect(code).toBe(0);
    expect(out).toContain(
      'It has no lineage: the catalog knows of nothing that feeds it, and of nothing that it feeds.',
    );
  });

  it.each<[string, string[], RegExp]>([
    ['an unknown name', ['show', 'nobody_here'], /Nothing is named "nobody_here"/],
    ['an unknown column', ['show', '客户 "表"#余'], /客户 "表" has no column "余"\. It has id, 余额, state\./],
    ['a name of several things', ['show', 'id'], /"id" names \d things\. Say which/],
    ['an unknown whole name', ['impact', 'postgres://x/a.b#c'], /knows nothing named postgres:\/\/x\/a\.b#c/],
    ['a time that is none', ['show', 'total', '--as-of', '2026-02-30'], /"2026-02-30" is no time/],
    ['a depth that is no number', ['show', 'total', '--depth', 'all'], /--depth must be a whole number/],
    ['an origin that is none', ['show', 'total', '--origins', 'guessed'], /"guessed" is no origin/],
    ['two ways of writing', ['show', 'total', '--dot', '--json'], /Choose one of/],
    ['a difference since nowhen', ['diff', 'total'], /Say since when/],
    ['an unknown source', ['coverage', 'nobody'], /There is no source "nobody"/],
    ['an id of nothing', ['show', Buffer.from('LineageNode:999999999').toString('base64url')], /999999999/],
  ])('%s is refused with a sentence and exit code 2', async (_, words, sentence) => {
    const { out, err, code } = await run('lineage', ...words);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(sentence);
  });
});
