import { type INestApplicationContext } from '@nestjs/common';
import { type HarvestedDataset } from '#core/connector-kit';
import { systemActor } from '#kernel';
import { rows } from '#platform/database';
import { emptyDatabase, type TestDatabase } from '#platform/testing';
import { Sources } from '#sources';
import pg from 'pg';
import { DataSource } from 'typeorm';

/** A PostgreSQL database that is registered as a source, and whose tables the dictionary knows. */
export interface KnownSource {
  readonly id: string;
  readonly name: string;
  readonly database: TestDatabase;
  /** Runs statements in the source. */
  run(sql: string): Promise<void>;
  /** Reads the source's tables into the dictionary, in place of what was known. */
  read(): Promise<void>;
  /** Id of a dataset by its table's name in the schema public. */
  dataset(table: string): Promise<string>;
  /** Id of a field. */
  field(table: string, column: string): Promise<string>;
  /** Gives a field a security level. */
  classify(table: string, column: string, level: string): Promise<void>;
  drop(): Promise<void>;
}

/** Makes a source with some tables, by their DDL. */
export async function knownSource(app: INestApplicationContext, name: string, ddl: string): Promise<KnownSource> {
  const database = await emptyDatabase();
  const url = new URL(database.url);
  const sources = app.get(Sources, { strict: false });
  const db = app.get(DataSource, { strict: false });
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await run(ddl);
  const { id } = await sources.register(systemActor('test'), {
    ...{ name, kind: 'postgres', include: null, exclude: [], description: '', owner: '', domain: '', environment: '' },
    settings: {
      ...{ host: url.hostname, port: Number(url.port), database: database.name, tls: 'disable' },
      ...{ user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) || 'none' },
    },
  });
  const one = async (sql: string, ...params: readonly unknown[]): Promise<string> => {
    const [found] = await rows<{ id: string }>(db, sql, params);
    if (!found) throw new Error(`Nothing in the dictionary for ${JSON.stringify(params)}.`);
    return found.id;
  };
  const dataset = (table: string) =>
    one(`SELECT id FROM dictionary.dataset WHERE source_id = $1 AND name = $2`, id, table);
  const field = async (table: string, column: string) =>
    one(`SELECT id FROM dictionary.field WHERE dataset_id = $1 AND name = $2`, await dataset(table), column);
  const source: KnownSource = {
    ...{ id, name, database, run, dataset, field },
    read: () => readInto(db, sources, id),
    async classify(table, column, level) {
      await db.query(
        `
        INSERT INTO dictionary.entry (field_id, security_level, origin, changed_at, changed_by)
        VALUES ($1, $2, 'person', now(), 'test')
        ON CONFLICT (field_id) DO UPDATE SET security_level = excluded.security_level
        `,
        [await field(table, column), level],
      );
    },
    drop: () => database.drop(),
  };
  await source.read();
  return source;
}

/** As a harvest leaves it: datasets and fields that are known, each with the version that is valid now. */
async function readInto(db: DataSource, sources: Sources, sourceId: string): Promise<void> {
  const connection = await sources.connect(sourceId);
  try {
    await db.query(`UPDATE dictionary.dataset SET current_version_id = NULL WHERE source_id = $1`, [sourceId]);
    const call = { signal: new AbortController().signal, deadlineMs: 20_000 };
    for await (const part of connection.snapshot({}, call))
      if (part.part === 'dataset') await keep(db, sourceId, part.dataset);
  } finally {
    await connection.close();
  }
}

async function keep(db: DataSource, sourceId: string, dataset: HarvestedDataset): Promise<void> {
  const { scope, name, qualifiedName, kind, keys, fields } = dataset;
  const [kept] = await rows<{ id: string }>(
    db,
    `
    WITH dataset AS (
      INSERT INTO dictionary.dataset (source_id, scope, name, qualified_name, created_at)
      VALUES ($1, $2, $3, $4, now())
      ON CONFLICT (source_id, qualified_name) DO UPDATE SET name = excluded.name RETURNING id
    ), version AS (
      INSERT INTO dictionary.schema_version (dataset_id, digest, kind, keys)
      SELECT id, gen_random_uuid()::text, $5, $6 FROM dataset RETURNING id, dataset_id
    ), known AS (
      INSERT INTO dictionary.field (dataset_id, name)
      SELECT dataset_id, field->>'name' FROM version, jsonb_array_elements($7::jsonb) AS field
      ON CONFLICT (dataset_id, name) DO UPDATE SET name = excluded.name RETURNING id, name
    ), written AS (
      INSERT INTO dictionary.field_version (version_id, field_id, ordinal, native_type, type_family, nullable)
      SELECT version.id, known.id, (field->>'ordinal')::integer, field->>'nativeType', field->>'typeFamily',
             (field->>'nullable')::boolean
        FROM version, known, jsonb_array_elements($7::jsonb) AS field WHERE field->>'name' = known.name
    )
    SELECT id FROM version
    `,
    [sourceId, scope, name, qualifiedName, kind, JSON.stringify(keys), JSON.stringify(fields)],
  );
  await db.query(`UPDATE dictionary.dataset SET current_version_id = $3 WHERE source_id = $1 AND qualified_name = $2`, [
    sourceId,
    qualifiedName,
    kept?.id,
  ]);
}
