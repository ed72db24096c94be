import { jest } from '@jest/globals';
import { messageOf } from '#kernel';
import { rows } from '#platform/database';
import { until } from '#platform/testing';
import { Command } from 'commander';
import { DataSource } from 'typeorm';

import { CommandFailed } from '../apps/cli/src/client/exit.js';
import { addLineage } from '../apps/cli/src/commands/lineage.js';
import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

// The server that tests run on has no pg_stat_statements: this is its view, as an extension says it is there.
const LOG = `
  CREATE TABLE a (x int); CREATE TABLE b (x int);
  CREATE TABLE pg_stat_statements (userid oid, dbid oid, queryid bigint, query text, calls bigint, total_exec_time float8);
  CREATE TABLE pg_stat_statements_info (stats_reset timestamptz);
  INSERT INTO pg_stat_statements_info VALUES ('2026-01-01');
  INSERT INTO pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
  SELECT 99999, 'pg_stat_statements', 10, 'public'::regnamespace, true, '1.12';
  INSERT INTO pg_stat_statements
  SELECT 10, oid, 1, 'INSERT INTO b (x) SELECT x FROM a WHERE x > 4711', 3, 1 FROM pg_database WHERE datname = current_database();
`;

describe('the log of queries, from a source to an answer', () => {
  let api: TestApi;
  let database: SourceDatabase;
  let url: string;

  beforeAll(async () => {
    api = await startApi();
    await api.app.listen(0, '127.0.0.1');
    url = await api.app.getUrl();
    await api.work();
    database = await sourceDatabase(LOG);
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const jobs = async (name: string) =>
    rows<{ state: string; result: { problems?: string[] } }>(
      api.app.get(DataSource),
      `SELECT state, result FROM platform.job WHERE name = $1 AND state NOT IN ('queued', 'running') ORDER BY requested_at`,
      [name],
    );
  const harvest = async (id: string) => {
    const before = (await jobs('extract-views')).length;
    await api.as.engineer.get('mutation ($id: ID!) { harvestSource(sourceId: $id) { job { id } } }', { id });
    await until('the lineage to be read', async () => (await jobs('extract-views')).length > before);
  };
  const readLog = async (source: string) => {
    let said = '';
    const streams = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation((text: string | Uint8Array) => {
        said += String(text);
        return true;
      }),
    );
    const before = process.exitCode;
    process.exitCode = 0;
    try {
      const program = new Command().exitOverride();
      addLineage(program);
      const words = ['lineage', 'read-log', source, '--url', url, '--token', api.as.engineer.token];
      await program.parseAsync(words, { from: 'user' });
      return { said, code: Number(process.exitCode) };
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      return { said: said + messageOf(error), code: error.exitCode };
    } finally {
      for (const stream of streams) stream.mockRestore();
      process.exitCode = before;
    }
  };

  it('is left alone when the source does not ask for it, and is read after each harvest when it does', async () => {
    const off = await registerSource(api.as.engineer, '不读', database.settings);
    await harvest(off);
    expect(await jobs('read-query-log')).toEqual([]);
    expect(await readLog('不读')).toMatchObject({ code: 2, said: expect.stringContaining('"queryLog"') });

    const settings = { ...database.settings, queryLog: 'pg_stat_statements' };
    const id = await registerSource(api.as.engineer, '要读', settings);
    await harvest(id);
    await until('the log to be read', async () => (await jobs('read-query-log')).length === 1);
    expect(await jobs('read-query-log')).toMatchObject([
      { state: 'succeeded', result: { seen: 1, added: 1, problems: [], statements: { ok: 1 } } },
    ]);
    const { lineageScripts } = await api.as.viewer.get<{ lineageScripts: { nodes: Record<string, unknown>[] } }>(
      'query ($id: ID!) { lineageScripts(sourceId: $id, origins: [QUERY_LOG]) { nodes { name text calls firstSeenAt } } }',
      { id },
    );
    expect(lineageScripts.nodes).toEqual([
      {
        name: expect.stringMatching(/^INSERT INTO b \(x\) SELECT x FROM a WHERE x > \$1 #[0-9a-f]{12}$/),
        text: 'INSERT INTO b (x) SELECT x FROM a WHERE x > $1',
        calls: 3,
        firstSeenAt: expect.any(String),
      },
    ]);
    expect(await readLog('要读')).toMatchObject({ code: 0, said: expect.stringMatching(/seen +0/) });

    await database.run(`DELETE FROM pg_catalog.pg_extension WHERE oid = 99999`);
    expect(await readLog('要读')).toMatchObject({
      code: 3,
      said: expect.stringContaining('CREATE EXTENSION pg_stat_statements'),
    });
  });
});
