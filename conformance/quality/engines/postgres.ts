import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { postgres } from '#connectors/postgres';
import { quoteIdentifier } from '#core/connector-kit';
import { startEmbedded } from '#platform/embedded-postgres';
import pg from 'pg';

import { type CaseType } from '../case.js';
import { type Engine, factsOf, oncePerTable } from './engine.js';

const TYPES: Readonly<Record<CaseType, string>> = {
  string: 'text',
  int: 'integer',
  bigint: 'bigint',
  double: 'double precision',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};

/** A PostgreSQL of its own, in a temporary folder. */
export async function openPostgres(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  // The server runs as another account when we are root.
  await chmod(folder, 0o755);
  const server = await startEmbedded({ dataDir: folder, port: 0, settings: { fsync: 'off' } });
  const url = new URL(server.url('postgres'));
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const connection = await postgres.open(
    {
      ...{ host: url.hostname, port: Number(url.port), database: url.pathname.slice(1) },
      ...{ user: decodeURIComponent(url.username), tls: 'disable' },
    },
    url.password === '' ? {} : { password: decodeURIComponent(url.password) },
  );
  return {
    connection,
    table: oncePerTable(async (table, n) => {
      const name = `case_${n}`;
      const relation = connection.relation('public', name);
      const columns = table.columns.map(
        (column) => `${quoteIdentifier('postgres', column.name)} ${TYPES[column.type]}`,
      );
      await client.query(`CREATE TABLE ${relation} (${columns.join(', ')})`);
      const arrays = table.columns.map((_, at) => table.rows.map((row) => (row[at] == null ? null : String(row[at]))));
      const values = table.columns.map(({ type }, at) => `unnest($${at + 1}::text[])::${TYPES[type]}`);
      if (table.rows.length > 0) await client.query(`INSERT INTO ${relation} SELECT ${values.join(', ')}`, arrays);
      return factsOf(relation, name, table, (type) => TYPES[type]);
    }),
    async close() {
      await connection.close();
      await client.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
