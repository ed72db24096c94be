import { type INestApplicationContext } from '@nestjs/common';
import { type HarvestedDataset } from '#core/connector-kit';
import { systemActor } from '#kernel';
import { rows } from '#platform/database';
import { Sources } from '#sources';
import { DataSource } from 'typeorm';

import { keepSnapshot } from './catalog.js';
import { sourceDatabase, type SourceDatabase } from './source.js';

/** A PostgreSQL database that is registered as a source, and whose tables the dictionary knows. */
export interface KnownSource {
  readonly id: string;
  readonly name: string;
  readonly database: SourceDatabase;
  /** Runs statements in the source. */
  run(sql: string): Promise<void>;
  /** Reads the source's tables into the dictionary, as a harvest does. */
  read(): Promise<void>;
  /** Id of a dataset by its table's name. */
  dataset(table: string): Promise<string>;
  /** Id of a field. */
  field(table: string, column: string): Promise<string>;
  /** Gives a field a security level. */
  classify(table: string, column: string, level: string): Promise<void>;
  drop(): Promise<void>;
}

/** Makes a source with some tables, by their DDL. */
export async function knownSource(app: INestApplicationContext, name: string, ddl: string): Promise<KnownSource> {
  const database = await sourceDatabase(ddl);
  const sources = app.get(Sources, { strict: false });
  const db = app.get(DataSource, { strict: false });
  const { id } = await sources.register(systemActor('test'), {
    ...{ name, kind: 'postgres', include: null, exclude: [], description: '', owner: '', domain: '', environment: '' },
    settings: database.settings,
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
    ...{ id, name, database, dataset, field },
    run: (sql) => database.run(sql),
    read: async () => void (await keepSnapshot(app, id, ...(await readAll(sources, id)))),
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

async function readAll(sources: Sources, sourceId: string): Promise<[HarvestedDataset[], string[]]> {
  const connection = await sources.connect(sourceId);
  const datasets: HarvestedDataset[] = [];
  const scopes: string[] = [];
  try {
    for await (const part of connection.snapshot({}, { signal: new AbortController().signal, deadlineMs: 20_000 }))
      if (part.part === 'dataset') datasets.push(part.dataset);
      else scopes.push(part.scope);
  } finally {
    await connection.close();
  }
  return [datasets, scopes];
}
