import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { jest } from '@jest/globals';
import { messageOf } from '#kernel';
import { Command } from 'commander';

import { CommandFailed } from '../apps/cli/src/client/exit.js';
import { addHarvest } from '../apps/cli/src/commands/harvest.js';
import { addLineage } from '../apps/cli/src/commands/lineage.js';
import { addPipeline } from '../apps/cli/src/commands/pipeline.js';
import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

const SOURCE = '数仓 "dwh"';
const SECRET = 'Geheim-密码-7';

/** The commands as a person types them, against an API with a worker. */
describe('taking scripts and pipelines into the catalog', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-import-')));
  let api: TestApi;
  let url: string;
  let database: SourceDatabase;

  beforeAll(async () => {
    api = await startApi();
    await api.app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(api.app.getHttpServer().address() as { port: number }).port}`;
    await api.work();
    database = await sourceDatabase(`
      CREATE SCHEMA core; CREATE SCHEMA ods;
      CREATE TABLE core.customer (id int, "姓名" text); CREATE TABLE ods.customer (customer_id int, customer_name text);
      CREATE TABLE ods.customer_new (customer_id int, customer_name text)`);
    await registerSource(api.as.engineer, SOURCE, database.settings);
    expect(await run('harvest', SOURCE)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a command wrote, to both streams, and its exit code. */
  const run = async (...words: string[]): Promise<{ said: string; out: string; code: number }> => {
    let [said, out] = ['', ''];
    const spies = ([process.stdout, process.stderr] as const).map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation((text: string | Uint8Array) => {
        said += String(text);
        if (stream === process.stdout) out += String(text);
        return true;
      }),
    );
    const before = process.exitCode;
    process.exitCode = 0;
    try {
      const program = new Command().exitOverride();
      for (const add of [addHarvest, addLineage, addPipeline]) add(program);
      await program.parseAsync([...words, '--url', url, '--token', api.as.engineer.token], { from: 'user' });
      return { said, out, code: Number(process.exitCode) };
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      return { said: said + messageOf(error), out, code: error.exitCode };
    } finally {
      process.exitCode = before;
      for (const spy of spies) spy.mockRestore();
    }
  };
  const json = async <T>(...words: string[]): Promise<T & { code: number }> => {
    const { said, out, code } = await run(...words, '--json');
    try {
      return { ...(JSON.parse(out) as T), code };
    } catch {
      throw new Error(`No JSON, but: ${said}`);
    }
  };
  const file = (name: string, text: string | Uint8Array): string => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const git = (where: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      ...{ cwd: join(folder, where), encoding: 'utf8' },
    }).trim();
  const commit = (where: string): string => {
    git(where, 'add', '-A');
    git(where, 'commit', '-qm', 'x');
    return git(where, 'rev-parse', 'HEAD');
  };

  interface Kept {
    readonly name: string;
    readonly text: string;
    readonly sourceId: string | null;
    readonly options: Record<string, unknown>;
    readonly revision: { readonly repository: string | null; readonly commit: string } | null;
    readonly endedAt: string | null;
  }
  const kept = async (origin: string): Promise<Kept[]> =>
    (
      await api.as.viewer.get<{ lineageScripts: { nodes: Kept[] } }>(
        `{ lineageScripts(origins: [${origin}]) { nodes { name text sourceId options revision { repository commit } endedAt } } }`,
      )
    ).lineageScripts.nodes;

  const datax = () => {
    const { host, port } = database.settings as { host: string; port: number };
    const address = `jdbc:postgresql://${host}:${port}/${database.name}?password=${SECRET}`;
    const part = (name: string, table: string, jdbcUrl: unknown) => ({
      ...{ name, parameter: { column: ['*'], connection: [{ table: [table], jdbcUrl }] } },
    });
    return `// 每日\n${JSON.stringify({
      job: {
        content: [
          {
            reader: part('postgresqlreader', 'core.customer', [address]),
            writer: part('postgresqlwriter', 'ods.customer', address),
          },
        ],
      },
    })}`;
  };

  interface Totals {
    readonly scripts: number;
    readonly edgesAdded: number;
    readonly edgesClosed: number;
    readonly unresolvedEdges: number;
    readonly statements: Record<string, number>;
    readonly refused?: { name: string; line: number; message: string }[];
    readonly removed?: string[];
  }

  it('a folder of pipelines: what is broken is told with its place, the rest is kept, and what goes ends', async () => {
    file('jobs/客户.json', datax());
    file('jobs/old.json', datax());
    file('jobs/broken.json', `{"job":\n {"content": [`);
    file('jobs/package.json', '{"name": "x"}');
    const first = await json<Totals>('pipeline', 'import', join(folder, 'jobs'), '--prune');
    // a job, and a remark on its comments, in each of two files
    expect(first).toMatchObject({ code: 3, scripts: 2, unresolvedEdges: 0, statements: { ok: 4 }, removed: [] });
    expect(first.refused).toMatchObject([{ name: 'jobs/broken.json', line: 2 }]);
    const names = (await kept('PIPELINE')).map(({ name, sourceId }) => `${name} ${sourceId}`);
    expect(names.sort()).toEqual(['jobs/old.json null', 'jobs/客户.json null']);
    expect(JSON.stringify(await kept('PIPELINE'))).not.toContain(SECRET);

    rmSync(join(folder, 'jobs/old.json'));
    file('jobs/客户.json', datax().replace('每日', '每周'));
    rmSync(join(folder, 'jobs/broken.json'));
    expect(await json<Totals>('pipeline', 'import', join(folder, 'jobs'), '--prune')).toMatchObject({
      ...{ code: 0, removed: ['jobs/old.json'], edgesAdded: 0, edgesClosed: 0 },
    });
    expect((await run('pipeline', 'list')).said).not.toContain('old.json');
    const shown = (await run('pipeline', 'show', 'jobs/客户.json')).said;
    for (const word of ['datax', 'not strict JSON']) expect(shown).toContain(word);
    expect(await run('pipeline', 'show', '客户')).toMatchObject({
      code: 2,
      said: expect.stringContaining('jobs/客户.json') as string,
    });
    expect((await run('pipeline', 'remove', 'jobs/客户.json')).said).toMatch(/Edges ended +3/);
  });

  it('what nobody can read is listed, and is no success', async () => {
    const { said, code } = await run(
      'pipeline',
      'import',
      file(
        'x/export.json',
        JSON.stringify([
          {
            processDefinition: { code: 1, name: '夜间' },
            processTaskRelationList: [],
            taskDefinitionList: [{ code: 2, name: 'run', taskType: 'SHELL', taskParams: { rawScript: 'x' } }],
          },
        ]),
      ),
    );
    expect({ said, code }).toMatchObject({ code: 3, said: expect.stringContaining('1 opaque') as string });
    expect((await run('pipeline', 'not-understood')).said).toContain('x/export.json:1');
    expect(await run('pipeline', 'import', file('y/none.json', '{}'))).toMatchObject({ code: 2 });
  });

  it('ETL scripts of a git checkout, with parameters, in any encoding', async () => {
    file(
      'etl/load.sql',
      'INSERT INTO ods.${hiveconf:target} (customer_id)\nSELECT id FROM core.customer WHERE id > ${least};',
    );
    // INSERT INTO ods.customer (customer_name) SELECT "姓名" FROM core.customer, in GB18030
    const gbk = Buffer.concat([
      Buffer.from('INSERT INTO ods.customer (customer_name) SELECT "'),
      Buffer.from([0xd0, 0xd5, 0xc3, 0xfb]),
      Buffer.from('" FROM core.customer'),
    ]);
    file('etl/deep/gbk.sql', gbk);
    git('etl', 'init', '-q');
    git('etl', 'remote', 'add', 'origin', `https://li:${SECRET}@git.example.com/risk/etl.git`);
    const head = commit('etl');
    file('etl/.git/x.sql', 'SELECT 1');
    const vars = file('prod.env', '# 生产\nexport target="customer"\nleast=1\ndb_password=' + SECRET);
    const words = ['lineage', 'import-sql', join(folder, 'etl'), '--source', SOURCE, '--dialect', 'postgres'];
    const first = await json<Totals>(...words, '--vars-file', vars, '--var', 'least=5', '--prune');
    expect(first).toMatchObject({ code: 0, unresolvedEdges: 0, statements: { ok: 2 }, removed: [] });
    expect(await kept('IMPORT')).toMatchObject([
      { name: 'deep/gbk.sql', text: expect.stringContaining('"姓名"') as string },
      {
        name: 'load.sql',
        text: expect.stringContaining('${hiveconf:target}') as string,
        options: {
          folder: 'https://git.example.com/risk/etl.git',
          variables: { target: 'customer', least: '5', db_password: '***' },
        },
        revision: { repository: 'https://git.example.com/risk/etl.git', commit: head },
      },
    ]);

    // Other values are another version: what it says is true from then on.
    const second = await json<Totals>(...words, '--var', 'target=customer_new', '--var', 'least=5');
    expect(second).toMatchObject({ code: 0, edgesAdded: 3, edgesClosed: 3 });
    rmSync(join(folder, 'etl/deep'), { recursive: true });
    const third = await json<Totals>(...words, '--var', 'target=customer_new', '--var', 'least=5', '--prune');
    expect(third).toMatchObject({ code: 0, edgesAdded: 0, removed: ['deep/gbk.sql'] });
    expect((await kept('IMPORT')).map(({ name, endedAt }) => `${name} ${endedAt === null}`)).toEqual([
      ...['deep/gbk.sql false', 'load.sql true'],
    ]);
  });

  it.each([
    ['a dialect that nobody said', ['lineage', 'import-sql', 'a.sql', '--source', SOURCE], /Which SQL is/],
    [
      'pruning a file',
      ['lineage', 'import-sql', 'a.sql', '--source', SOURCE, '--dialect', 'hive', '--prune'],
      /is none/,
    ],
    [
      'a bad line of values',
      ['lineage', 'import-sql', 'a.sql', '--source', SOURCE, '--dialect', 'hive', '--vars-file', 'a.sql'],
      /a\.sql:1 is not name=value/,
    ],
    ['pruning one pipeline', ['pipeline', 'import', 'a.sql', '--prune'], /is none/],
    ['nothing there', ['pipeline', 'import', 'nothing'], /no file or folder/],
  ])('%s is refused', async (_, words, message) => {
    const a = file('a.sql', 'select 1');
    const { said, code } = await run(...words.map((word) => (word === 'a.sql' ? a : word)));
    expect(code).toBe(2);
    expect(said).toMatch(message);
  });

  it('only an engineer may', async () => {
    const { errors } = await api.as.viewer.ask(
      'mutation { importPipelines(files: [{ name: "x", text: "{}" }]) { userErrors { code } } }',
    );
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});
