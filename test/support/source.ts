import { emptyDatabase } from '#platform/testing';
import pg from 'pg';

import { type Person } from './api.js';

/** A PostgreSQL database that stands for somebody's source. */
export interface SourceDatabase {
  readonly name: string;
  /** Settings of the postgres connector. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Runs statements as its administrator. */
  run(sql: string): Promise<void>;
  /** Makes every reading of its metadata wait, until the function it gives is called. */
  block(): Promise<() => Promise<void>>;
  drop(): Promise<void>;
}

/** A source with some tables. Drop it in `afterAll`. */
export async function sourceDatabase(sql: string): Promise<SourceDatabase> {
  const database = await emptyDatabase();
  const url = new URL(database.url);
  const run = async (statements: string) => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query(statements);
    } finally {
      await client.end();
    }
  };
  await run(sql);
  return {
    name: database.name,
    settings: {
      host: url.hostname,
      port: Number(url.port),
      database: database.name,
      user: decodeURIComponent(url.username),
      ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
      tls: 'disable',
    },
    run,
    async block() {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      // Comments of tables and columns are there.
      await client.query('BEGIN; LOCK TABLE pg_catalog.pg_description IN ACCESS EXCLUSIVE MODE');
      return () => client.end();
    },
    drop: () => database.drop(),
  };
}

/** Registers a source over the API and gives its global id. */
export async function registerSource(
  person: Person,
  name: string,
  settings: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { registerSource: done } = await person.get<{
    registerSource: { source: { id: string } | null; userErrors: { message: string }[] };
  }>(
    `mutation ($input: RegisterSourceInput!) {
       registerSource(input: $input) { source { id } userErrors { message } }
     }`,
    { input: { kind: 'postgres', name, settings, ...more } },
  );
  if (!done.source) throw new Error(done.userErrors.map(({ message }) => message).join('\n'));
  return done.source.id;
}
