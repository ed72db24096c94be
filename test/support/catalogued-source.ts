import { type HarvestedDataset } from '#core/connector-kit';
import { systemActor } from '#kernel';
import { rows } from '#platform/database';
import { emptyDatabase, type TestDatabase } from '#platform/testing';
import { Sources } from '#sources';
import pg from 'pg';
import { DataSource } from 'typeorm';

/** Anything that injects: a Nest application or a testing module. */
interface Injector {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Constructors take whatever they take.
  get<T>(type: abstract new (...args: any[]) => T): T;
}

/** A database with somebody's data, registered as a source and described in the dictionary. */
export interface CataloguedSource {
  readonly id: string;
  readonly db: TestDatabase;
  /** Runs statements in the source. */
  run(sql: string, params?: readonly unknown[]): Promise<void>;
  /** The id of a field: `field('public.customer', 'name')`. */
  field(dataset: string, name: string): string;
  /** Reads the source's tables into the dictionary again: a small harvest. */
  describe(): Promise<void>;
  drop(): Promise<void>;
}

/** Makes a source whose tables come from `sql`. Drop it in `afterAll`. */
export async function cataloguedSource(app: Injector, name: string, sql: string): Promise<CataloguedSource> {
  const db = await emptyDatabase();
  const run = async (text: string, params?: readonly unknown[]) => {
    const client = new pg.Client({ connectionString: db.url });
    await client.connect();
    try {
      await client.query(text, params === undefined ? undefined : [...params]);
    } finally {
      await client.end();
    }
  };
  await run(sql);
  const url = new URL(db.url);
  const sources = app.get(Sources);
  const source = await sources.register(systemActor('test'), {
    name,
    kind: 'postgres',
    settings: {
      host: url.hostname,
      port: Number(url.port),
      database: db.name,
      user: decodeURIComponent(url.username),
      ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    },
    include: null,
    exclude: [],
    description: '',
    owner: '',
    domain: '',
    environment: '',
  });
  const fields = new Map<string, string>();
  const catalog = app.get(DataSource);
  const describe = async () => {
    const connection = await sources.connect(source.id);
    try {
      const call = { signal: new AbortController().signal, deadlineMs: 20_000 };
      for await (const part of connection.snapshot({}, call))
        if (part.part === 'dataset') await describeDataset(catalog, source.id, part.dataset, fields);
    } finally {
      await connection.close();
    }
  };
  await describe();
  return {
    id: source.id,
    db,
    run,
    describe,
    field(dataset, field) {
      const id = fields.get(`${dataset}#${field}`);
      if (id === undefined) throw new Error(`The source has no ${dataset}#${field}.`);
      return id;
    },
    drop: () => db.drop(),
  };
}

async function describeDataset(
  catalog: DataSource,
  sourceId: string,
  dataset: HarvestedDataset,
  known: Map<string, string>,
): Promise<void> {
  const [kept] = await rows<{ id: string }>(
    catalog,
    `
    INSERT INTO dictionary.dataset (source_id, scope, name, qualified_name, created_at) VALUES ($1, $2, $3, $4, now())
    ON CONFLICT (source_id, qualified_name) DO UPDATE SET name = excluded.name RETURNING id
    `,
    [sourceId, dataset.scope, dataset.name, dataset.qualifiedName],
  );
  const [version] = await rows<{ id: string }>(
    catalog,
    `
    INSERT INTO dictionary.schema_version (dataset_id, digest, kind, comment, view_sql, keys)
    VALUES ($1, gen_random_uuid()::text, $2, $3, $4, $5) RETURNING id
    `,
    [kept?.id, dataset.kind, dataset.comment ?? null, dataset.viewSql ?? null, JSON.stringify(dataset.keys)],
  );
  for (const field of dataset.fields) {
    const [added] = await rows<{ id: string }>(
      catalog,
      `
      INSERT INTO dictionary.field (dataset_id, name) VALUES ($1, $2)
      ON CONFLICT (dataset_id, name) DO UPDATE SET name = excluded.name RETURNING id
      `,
      [kept?.id, field.name],
    );
    known.set(`${dataset.scope}.${dataset.name}#${field.name}`, added?.id ?? '');
    await catalog.query(
      `
      INSERT INTO dictionary.field_version (version_id, field_id, ordinal, native_type, type_family, length, precision, scale,
                                            nullable, comment)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      `,
      [
        ...[version?.id, added?.id, field.ordinal, field.nativeType, field.typeFamily, field.length ?? null],
        ...[field.precision ?? null, field.scale ?? null, field.nullable, field.comment ?? null],
      ],
    );
  }
  await catalog.query(`UPDATE dictionary.dataset SET current_version_id = $2 WHERE id = $1`, [kept?.id, version?.id]);
}
