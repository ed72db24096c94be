import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { migrations } from '#migrations';
import { projectRoot } from '#platform/config';
import { migrate, MigrationFailed, openDatabase, rows } from '#platform/database';
import { emptyDatabase, testDatabase, type TestDatabase } from '#platform/testing';
import pg from 'pg';

import { apiEntities } from '../apps/api/src/api.module.js';

const used: TestDatabase[] = [];
const fresh = async (): Promise<TestDatabase> => {
  const database = await emptyDatabase();
  used.push(database);
  return database;
};
afterAll(() => Promise.all(used.map((database) => database.drop())));

const folderWith = (files: Record<string, string>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, `${name}.sql`), sql);
  return folder;
};

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('the chain of migrations', () => {
  it('runs once, also when two start at the same time', async () => {
    const { url } = await fresh();
    const ran = await Promise.all([migrate(url, migrations), migrate(url, migrations)]);
    expect(ran.map((names) => names.length).sort((a, b) => a - b)).toEqual([0, migrations.length]);
    expect(await migrate(url, migrations)).toEqual([]);
  });

  it('keeps the data of a database that is in use: each step runs on the rows of the steps before it', async () => {
    const { url } = await fresh();
    await migrate(url, ['0001_platform', '0002_audit', '0003_identity', '0004_sources', '0005_dictionary']);
    const count = () =>
      withClient(url, async (client) => {
        const { rows: counted } = await client.query<{ sources: number; fields: number; jobs: number }>(`
          SELECT (SELECT count(*)::int FROM sources.source) AS sources, (SELECT count(*)::int FROM dictionary.field) AS fields,
                 (SELECT count(*)::int FROM platform.job) AS jobs`);
        return counted[0];
      });
    await withClient(url, (client) =>
      client.query(`
        INSERT INTO sources.source (name, kind, namespace, settings, created_at, changed_at)
          SELECT '来源 "' || n || '" 😀', 'postgres', 'postgres://h:' || n, '{}', now(), now() FROM generate_series(1, 5) n;
        INSERT INTO dictionary.dataset (source_id, scope, name, qualified_name, created_at)
          SELECT id, 's', 't', 'd.s.t', now() FROM sources.source;
        INSERT INTO dictionary.field (dataset_id, name) SELECT id, '列' || n FROM dictionary.dataset, generate_series(1, 50) n;
        INSERT INTO platform.job (name, queue, payload, key, title_en, title_zh, actor_kind, actor_id, actor_name)
          VALUES ('x', 'background', '{}', 'k', 'X', 'X', 'system', 's', 's')`),
    );
    const before = await count();
    await migrate(url, migrations);
    expect(await count()).toEqual(before);
    expect(before).toEqual({ sources: 5, fields: 250, jobs: 1 }); // 5 sources × 1 table × 50 columns
  });

  it('a failing one leaves nothing of itself and says which it was', async () => {
    const { url } = await fresh();
    const folder = folderWith({ a: 'CREATE TABLE a (x int)', b: 'CREATE TABLE b (x int); SELECT 1 / 0' });
    await expect(migrate(url, ['a', 'b'], folder)).rejects.toThrow(
      /migration b failed and was rolled back: division by zero/,
    );
    writeFileSync(join(folder, 'b.sql'), 'CREATE TABLE b (x int)');
    expect(await migrate(url, ['a', 'b'], folder)).toEqual(['b']);
  });

  it('one that was changed after it ran, and a database of a newer version, are refused', async () => {
    const { url } = await fresh();
    const folder = folderWith({ a: 'CREATE TABLE a (x int)', b: 'CREATE TABLE b (x int)' });
    await migrate(url, ['a', 'b'], folder);
    await expect(migrate(url, ['a'], folder)).rejects.toThrow(/newer Plumbline \(b\)/);
    writeFileSync(join(folder, 'a.sql'), 'CREATE TABLE a (x bigint)');
    await expect(migrate(url, ['a', 'b'], folder)).rejects.toThrow(MigrationFailed);
  });

  it('every file is in the list', () => {
    for (const name of migrations)
      expect(readFileSync(join(projectRoot, 'migrations', `${name}.sql`), 'utf8').trim()).not.toBe('');
  });
});

describe('entities', () => {
  it('say the same of every table as the migrations do', async () => {
    const database = await testDatabase();
    used.push(database);
    const db = await openDatabase({ url: database.url, pool: 2, entities: apiEntities, applicationName: 'drift' });
    try {
      const columns = await rows<{ place: string; name: string; type: string; nullable: boolean }>(
        db,
        `
        SELECT n.nspname || '.' || c.relname AS place, a.attname AS name, format_type(a.atttypid, NULL) AS type,
               NOT a.attnotnull AS nullable
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
        `,
      );
      const ofTable = Map.groupBy(columns, ({ place }) => place);
      const drift: string[] = [];
      for (const { schema, tableName, columns: declared } of db.entityMetadatas) {
        const place = `${schema}.${tableName}`;
        const there = new Map((ofTable.get(place) ?? []).map((column) => [column.name, column]));
        if (there.size === 0) drift.push(`${place} is no table`);
        for (const column of declared) {
          const found = there.get(column.databaseName);
          there.delete(column.databaseName);
          const type = SAME_TYPE[column.type as string] ?? (column.type as string);
          const wanted = column.isArray ? `${type}[]` : type;
          if (!found) drift.push(`${place}.${column.databaseName} is no column`);
          else if (found.type !== wanted) drift.push(`${place}.${column.databaseName} is ${found.type}, not ${wanted}`);
          else if (found.nullable !== column.isNullable)
            drift.push(`${place}.${column.databaseName} is ${found.nullable ? 'nullable' : 'not null'}`);
        }
        for (const name of there.keys()) drift.push(`${place}.${name} is in no entity`);
      }
      expect(drift).toEqual([]);
    } finally {
      await db.destroy();
    }
  });
});

/** Short names that entities use, as PostgreSQL writes them. */
const SAME_TYPE: Readonly<Record<string, string>> = {
  timestamptz: 'timestamp with time zone',
  int: 'integer',
  bool: 'boolean',
};
