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

  it('results of before keep their statements, each kept once', async () => {
    const { url } = await fresh();
    const before = migrations.slice(0, migrations.indexOf('0018_statements'));
    await migrate(url, before);
    const measure = { purpose: 'measure', on: 'target', sql: 'SELECT 1 -- "😀"', params: ["a'b"], maxRows: 1 };
    const failing = { purpose: 'failing_rows', on: 'target', sql: 'SELECT 2', params: [] };
    const other = { ...measure, on: 'other' };
    const statements = [[measure, failing], [measure, other, measure], []];
    const read = async (expression: string) =>
      withClient(url, async (client) => {
        const { rows: found } = await client.query<{ sent: unknown; error_code: string | null }>(
          `SELECT ${expression} AS sent, error_code FROM quality.result ORDER BY started_at`,
        );
        return found;
      });
    await withClient(url, async (client) => {
      await client.query(`
        INSERT INTO sources.source (name, kind, namespace, settings, created_at, changed_at)
          VALUES ('s', 'postgres', 'postgres://h', '{}', now(), now());
        INSERT INTO dictionary.dataset (source_id, scope, name, qualified_name, created_at)
          SELECT id, 's', 't', 'd.s.t', now() FROM sources.source;
        INSERT INTO quality.rule (dataset_id, created_at) SELECT id, now() FROM dictionary.dataset;
        INSERT INTO quality.rule_version (rule_id, number, kind, field_ids, dimension, severity, definition, name_en, name_zh,
                                          description, owner, enabled, made_at, made_by)
          SELECT id, 1, 'not_null', '{}', 'completeness', 'S3', '{}', 'x', '', '', '', true, now(), 'me' FROM quality.rule;`);
      for (const [at, sent] of statements.entries())
        await client.query(
          `
          WITH run AS (INSERT INTO quality.run (requested_at, requested_by) VALUES (now(), 'me') RETURNING id)
          INSERT INTO quality.result (run_id, rule_id, version_id, dataset_id, source_id, status, rows, checked, violations,
                                      metrics, statements, sentence_en, sentence_zh, started_at, finished_at)
          SELECT run.id, version.rule_id, version.id, dataset.id, dataset.source_id, 'pass', 1, 1, 0, '{}', $1, '', '',
                 now() + $2 * interval '1 second', now()
            FROM run, quality.rule_version AS version, dictionary.dataset
          `,
          [JSON.stringify(sent), at],
        );
    });
    await migrate(url, migrations);
    const withoutLimit = statements.map((sent) =>
      sent.map(({ purpose, on, sql, params }) => ({ purpose, on, sql, params })),
    );
    expect((await read('quality.statements_of(statement_ids)')).map(({ sent }) => sent)).toEqual(withoutLimit);
    const kept = await withClient(url, (client) => client.query(`SELECT DISTINCT digest FROM quality.statement`));
    expect(kept.rowCount).toBe(3);
    await expect(
      withClient(url, (client) => client.query(`UPDATE quality.result SET status = 'warn'`)),
    ).rejects.toThrow(/never changed/);
    // A pass has no code; what was left out may have one.
    const set = (sql: string) =>
      withClient(url, (client) =>
        client.query(`ALTER TABLE quality.result DISABLE TRIGGER result_is_final; UPDATE quality.result SET ${sql}`),
      );
    await expect(set(`error_code = 'X'`)).rejects.toThrow(/result_error_code/);
    await set(`status = 'skipped', checked = NULL, error_code = 'RULE_OVER_BUDGET'`);
    expect((await read('1')).map(({ error_code: code }) => code)).toEqual(Array(3).fill('RULE_OVER_BUDGET'));
  });

  it('results move into tables for each month, whole, with what they give by day', async () => {
    const { url } = await fresh();
    await migrate(url, migrations.slice(0, migrations.indexOf('0028_result_partitions')));
    const ask = <T extends object>(sql: string) => withClient(url, async (client) => (await client.query<T>(sql)).rows);
    await ask(`
      INSERT INTO sources.source (name, kind, namespace, settings, created_at, changed_at)
        VALUES ('s', 'postgres', 'postgres://h', '{}', now(), now());
      INSERT INTO dictionary.dataset (source_id, scope, name, qualified_name, created_at)
        SELECT id, 's', 't', 'd.s.t', now() FROM sources.source;
      INSERT INTO quality.rule (dataset_id, created_at) SELECT id, '2024-01-01' FROM dictionary.dataset, generate_series(1, 3);
      INSERT INTO quality.rule_version (rule_id, number, kind, field_ids, dimension, severity, definition, name_en, name_zh,
                                        description, owner, enabled, made_at, made_by)
        SELECT id, 1, 'not_null', '{}', 'validity', 'S1', '{}', 'n', '', '', '', true, '2024-01-01', 'me' FROM quality.rule;
      INSERT INTO quality.run (requested_at, requested_by)
        SELECT '2024-11-15T23:30:00Z'::timestamptz + n * interval '5 days', 'me' FROM generate_series(0, 29) n;
      -- Every second run was planned as runs are; the others are of before there was a plan.
      INSERT INTO quality.planned_rule (run_id, position, rule_id, version_id)
        SELECT run.id, 1, rule.id, version.id FROM quality.run JOIN quality.rule ON run.requested_at::date::text ~ '[02468]$'
          JOIN quality.rule_version AS version ON version.rule_id = rule.id AND rule.id = (SELECT id FROM quality.rule ORDER BY id LIMIT 1);
      INSERT INTO quality.result (run_id, rule_id, version_id, dataset_id, source_id, status, rows, checked, violations, metrics,
                                  statement_ids, sentence_en, sentence_zh, error_code, failing_keys, started_at, finished_at)
        SELECT run.id, rule.id, version.id, dataset.id, dataset.source_id, CASE WHEN n = 0 THEN 'fail' ELSE 'pass' END, 10, 10,
               CASE WHEN n = 0 THEN 3 ELSE 0 END, '{"ratio": "0.3"}', '{}', 'e "😀"', '句', NULL, '{"rows": [["a"]]}',
               requested_at, requested_at + n * interval '17 minutes'
          FROM quality.run, dictionary.dataset,
               (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM quality.rule) AS rule
          JOIN quality.rule_version AS version ON version.rule_id = rule.id;
    `);
    const all = `
      SELECT id, run_id, rule_id, version_id, dataset_id, source_id, status, rows, checked, violations, metrics, statement_ids,
             sentence_en, sentence_zh, error_code, failed_source_id, started_at, finished_at
        FROM quality.result ORDER BY id`;
    const before = await ask(all);
    expect(before).toHaveLength(90); // 30 runs × 3 rules
    await migrate(url, migrations);
    expect(await ask(all)).toEqual(before);
    expect(await ask('SELECT 1 FROM quality.result_other')).toEqual([]);
    const [counted] = await ask<{ tables: number; planned: number; days: number; fails: number }>(`
      SELECT (SELECT count(DISTINCT tableoid)::int FROM quality.result) AS tables,
             (SELECT count(*)::int FROM quality.planned_rule WHERE finished_at IS NOT NULL) AS planned,
             (SELECT count(*)::int FROM quality.rule_day) AS days, (SELECT sum(failed)::int FROM quality.rule_day) AS fails`);
    expect(counted).toEqual({ tables: 6, planned: 90, days: 90, fails: 30 }); // November to April
    await expect(ask(`UPDATE quality.result SET status = 'warn'`)).rejects.toThrow(/never changed/);
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
