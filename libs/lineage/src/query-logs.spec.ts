import { FixedClock } from '#kernel';
import { LineageScripts, QueryLogs } from '#lineage';
import { rows } from '#platform/database';
import { Sources } from '#sources';
import { DataSource } from 'typeorm';

import { lineageCatalog, type LineageCatalog } from '../../../test/support/lineage-of-source.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';
import { LineageReader } from './lineage-reader.js';

const day = (text: string) => new Date(`2026-${text}T00:00:00Z`);

// The server that tests run on has no pg_stat_statements: this is its view, as an extension says it is there.
const EXTENSION = `
  CREATE TABLE pg_stat_statements (userid oid, dbid oid, queryid bigint, query text, calls bigint, total_exec_time float8);
  CREATE TABLE pg_stat_statements_info (stats_reset timestamptz);
  INSERT INTO pg_stat_statements_info VALUES ('2026-01-01');
  INSERT INTO pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
  SELECT 99999, 'pg_stat_statements', 10, 'public'::regnamespace, true, '1.12';
`;

describe('the log of queries of PostgreSQL', () => {
  const clock = new FixedClock(day('01-01'));
  let catalog: LineageCatalog;
  const databases: SourceDatabase[] = [];

  beforeAll(async () => {
    catalog = await lineageCatalog(clock);
  });
  afterAll(async () => {
    await catalog.stop();
    for (const database of databases) await database.drop();
  });
  beforeEach(() => clock.set(day('01-01')));

  const logs = () => catalog.context.app.get(QueryLogs);
  const register = async (extension: string, queryLog = 'pg_stat_statements') => {
    const database = await sourceDatabase(`
      CREATE TABLE a (x int, y int, day date); CREATE SCHEMA etl; CREATE TABLE etl.b (x int, y int); ${extension}
    `);
    databases.push(database);
    const id = await catalog.register('postgres', { ...database.settings, queryLog });
    await catalog.follow(id);
    return { database, id };
  };
  const ran = (
    { run }: SourceDatabase,
    ...statements: readonly (readonly [id: number, calls: number, sql: string])[]
  ) =>
    run(
      `DELETE FROM pg_stat_statements; ${statements
        .map(
          ([id, calls, sql]) =>
            `INSERT INTO pg_stat_statements SELECT 10, oid, ${id}, $q$${sql}$q$, ${calls}, 1.5 FROM pg_database WHERE datname = current_database();`,
        )
        .join('')}`,
    );
  const everything = async () =>
    JSON.stringify(
      await rows(
        catalog.context.app.get(DataSource),
        `SELECT to_jsonb(script) AS row FROM lineage.script UNION ALL SELECT to_jsonb(version) FROM lineage.script_version AS version
         UNION ALL SELECT to_jsonb(statement) FROM lineage.statement UNION ALL SELECT to_jsonb(edge) FROM lineage.edge
         UNION ALL SELECT to_jsonb(node) FROM lineage.node UNION ALL SELECT to_jsonb(entry) FROM audit.entry
         UNION ALL SELECT to_jsonb(reading) FROM lineage.query_log_reading AS reading`,
      ),
    );

  it('says where data went, without a value', async () => {
    const { database, id } = await register(EXTENSION);
    await ran(
      database,
      [1, 3, 'INSERT INTO etl.b (x) SELECT x FROM a WHERE day = DATE $1'],
      [2, 1, `CREATE TABLE etl.c AS SELECT y AS z FROM a WHERE 'planted 张三' <> '' /* planted in a comment */`],
      [3, 1, 'UPDATE b SET y = a.y FROM a WHERE a.x IN ($1 /*, ... */)'],
      [4, 9, 'SELECT x FROM a'],
      [5, 9, `INSERT INTO etl.b (x) VALUES ($1)`],
      [6, 1, `CREATE USER u PASSWORD 'planted'`],
      [7, 1, `INSERT INTO etl.b (x) SELECT x FROM a WHERE 'C:\\' <> 'planted'`],
    );
    expect(await logs().read(id, catalog.work)).toMatchObject({
      ...{ seen: 3, added: 3, read: 3, statements: { ok: 3 } },
      problems: [expect.stringContaining('1 statements were left out')],
    });
    expect(await catalog.flows(id, 'query_log')).toEqual([
      `a.x -> b.x`,
      'a.y -> b.y',
      `a.y -> ${database.name}.etl.c?.z?`,
    ]);
    const kept = await everything();
    expect(kept).not.toContain('planted');
    expect(kept).toContain('INSERT INTO etl.b (x) SELECT x FROM a WHERE day = $1 #');
  });

  it('what ran again is the same; what did not run stays until it is removed, and comes back', async () => {
    const { database, id } = await register(EXTENSION);
    const sql = 'INSERT INTO etl.b (x) SELECT x FROM a';
    await ran(database, [1, 3, sql]);
    await logs().read(id, catalog.work);
    clock.set(day('02-01'));
    await ran(database, [1, 5, sql], [8, 2, `${sql} -- by another`]);
    expect(await logs().read(id, catalog.work)).toMatchObject({ seen: 1, added: 0, read: 0 });
    const scripts = catalog.context.app.get(LineageScripts);
    const [script] = (await scripts.list({ sourceId: id, origins: ['query_log'] }, { first: 5 })).items;
    expect(script).toMatchObject({ calls: 7, firstSeenAt: day('01-01'), lastSeenAt: day('02-01') }); // 3 + (5 - 3) + 2

    clock.set(day('03-01'));
    await ran(database);
    expect(await logs().read(id, catalog.work)).toMatchObject({ seen: 0, edgesClosed: 0 });
    expect(await catalog.flows(id, 'query_log')).toEqual(['a.x -> b.x']);
    await scripts.remove(catalog.actor, script?.id ?? '');
    await catalog.context.app.get(LineageReader).readImported(id, catalog.work);
    expect(await catalog.flows(id, 'query_log')).toEqual([]);
    expect(await catalog.flows(id, 'query_log', { validAt: day('02-15') })).toEqual(['a.x -> b.x']);

    clock.set(day('04-01'));
    await ran(database, [1, 1, sql]);
    expect(await logs().read(id, catalog.work)).toMatchObject({ seen: 1, added: 0 });
    expect(await catalog.flows(id, 'query_log')).toEqual(['a.x -> b.x']);
    expect(await catalog.flows(id, 'query_log', { validAt: day('03-15') })).toEqual([]);
  });

  it('a later harvest resolves what was not known', async () => {
    const { database, id } = await register(EXTENSION);
    await ran(database, [1, 1, 'INSERT INTO etl.b (x) SELECT k FROM etl.later']);
    await logs().read(id, catalog.work);
    expect(await catalog.flows(id, 'query_log')).toEqual([`${database.name}.etl.later?.k? -> b.x`]);
    await database.run('CREATE TABLE etl.later (k int)');
    await catalog.follow(id);
    expect(await catalog.flows(id, 'query_log')).toEqual(['later.k -> b.x']);
  });

  it.each([
    ['without the extension', '', 'CREATE EXTENSION pg_stat_statements'],
    [
      'without the right to see what others ran',
      `${EXTENSION} INSERT INTO pg_stat_statements SELECT 10, oid, NULL, '<insufficient privilege>', 1, 1 FROM pg_database WHERE datname = current_database();`,
      'GRANT pg_read_all_stats',
    ],
  ])('%s it says what to do', async (_, extension, problem) => {
    const { id } = await register(extension);
    expect(await logs().read(id, catalog.work)).toMatchObject({
      seen: 0,
      problems: [expect.stringContaining(problem)],
    });
  });

  it('is not read when the source says nothing of it, or is paused', async () => {
    const { id } = await register('', 'off');
    await expect(logs().request(catalog.actor, id)).rejects.toThrow('"queryLog"');
    await expect(logs().read(id, catalog.work)).rejects.toThrow('"queryLog"');
    const { id: paused } = await register('');
    await catalog.context.app.get(Sources).pause(catalog.actor, paused, true);
    await expect(logs().request(catalog.actor, paused)).rejects.toThrow('paused');
  });
});
