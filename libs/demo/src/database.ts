import pg from 'pg';
import { readDdl } from './assets.js';
import { NotASuperuser } from './demo.errors.js';

/** Where a demo database is, and a role that may only read it. */
export interface DbPlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** Opens a connection to one database of the server, as the administrator. */
export async function openAs(adminUrl: string, database?: string): Promise<pg.Client> {
  const { host, port, user, password, ssl, database: home } = new pg.Client({ connectionString: adminUrl });
  const client = new pg.Client({ host, port, user, password, ssl, database: database ?? home });
  await client.connect();
  await client.query(`
    SET synchronous_commit = off;
    SET client_min_messages = warning;
    SET work_mem = '64MB';
    SET maintenance_work_mem = '128MB';
    SET default_statistics_target = 20;
  `);
  return client;
}

export async function withAdmin<T>(
  adminUrl: string,
  database: string | undefined,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await openAs(adminUrl, database);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Drops the databases if they are there, makes them anew, and gives the reader a new password. */
export async function recreateDatabases(
  admin: pg.Client,
  databases: readonly string[],
  reader: { readonly user: string; readonly password: string },
): Promise<void> {
  const { rows } = await admin.query<{ rolsuper: boolean; known: boolean }>(
    `
    SELECT rolsuper, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1) AS known
      FROM pg_roles
     WHERE rolname = current_user
    `,
    [reader.user],
  );
  if (!rows[0]?.rolsuper) throw new NotASuperuser();
  await keepOutOfTheLog(admin);
  const role = pg.escapeIdentifier(reader.user);
  await admin.query(
    `${rows[0].known ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT
     PASSWORD ${pg.escapeLiteral(reader.password)}`,
  );
  for (const database of databases) {
    const name = pg.escapeIdentifier(database);
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    await admin.query(`GRANT CONNECT ON DATABASE ${name} TO ${role}`);
  }
}

/** A server may be set to log statements; those with a password stay out of it. */
async function keepOutOfTheLog(client: pg.Client): Promise<void> {
  await client.query(`
    SET log_statement = 'none';
    SET log_min_duration_statement = -1;
    SET log_min_error_statement = 'panic';
  `);
}

export async function runDdl(client: pg.Client, ...files: readonly string[]): Promise<void> {
  for (const file of files) await client.query(await readDdl(file));
}

/** SELECT and nothing else, on everything in these schemas. */
export async function grantReading(client: pg.Client, user: string, schemas: readonly string[]): Promise<void> {
  const role = pg.escapeIdentifier(user);
  for (const schema of schemas.map((name) => pg.escapeIdentifier(name))) {
    await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
  }
}

/** Tables the warehouse reads from core. */
const FOREIGN_TABLES: Readonly<Record<string, readonly string[]>> = {
  core: [
    'branch',
    'product',
    'customer',
    'account',
    'loan_application',
    'loan_contract',
    'repayment_plan',
    'repayment',
    'collateral',
    'guarantor',
  ],
  pay: ['channel', 'payment_order'],
};

/** Schema `core_src` of the warehouse: the core database's tables through postgres_fdw, read with the reader's role. */
export async function linkCore(warehouse: pg.Client, core: DbPlace): Promise<void> {
  await keepOutOfTheLog(warehouse);
  // The server may see itself under another address than we do; without TCP it is found by its socket's folder.
  const { rows } = await warehouse.query<{ host: string; port: string }>(`
    SELECT coalesce(host(inet_server_addr()), split_part(current_setting('unix_socket_directories'), ',', 1)) AS host,
           current_setting('port') AS port
  `);
  const option = (value: string | undefined) => pg.escapeLiteral(value ?? '');
  await warehouse.query(`
    CREATE EXTENSION postgres_fdw;
    CREATE SERVER core_server FOREIGN DATA WRAPPER postgres_fdw
      OPTIONS (host ${option(rows[0]?.host)}, port ${option(rows[0]?.port)}, dbname ${option(core.database)},
               fetch_size '10000', updatable 'false');
    CREATE SCHEMA core_src;
    COMMENT ON SCHEMA core_src IS '核心系统外部表 Foreign tables of the core database';
  `);
  for (const role of ['CURRENT_USER', pg.escapeIdentifier(core.user)])
    // Without password_required = false a plain user is refused where the server trusts local connections.
    await warehouse.query(`
      CREATE USER MAPPING FOR ${role} SERVER core_server
        OPTIONS (user ${option(core.user)}, password ${option(core.password)}, password_required 'false')
    `);
  for (const [schema, tables] of Object.entries(FOREIGN_TABLES))
    await warehouse.query(
      `IMPORT FOREIGN SCHEMA ${schema} LIMIT TO (${tables.join(', ')}) FROM SERVER core_server INTO core_src
       OPTIONS (import_generated 'false')`,
    );
}

/** Lets the planner, and those who read its row estimates, know the tables; catalogs and foreign tables are left out. */
export async function analyzeTables(client: pg.Client, schemas: readonly string[]): Promise<void> {
  const tables = (await tablesIn(client, schemas)).map(([schema, name]) => qualified(schema, name));
  await client.query(`ANALYZE ${tables.join(', ')}`);
}

/** Rows of each table and materialized view, by `database.schema.table`. */
export async function countRows(
  client: pg.Client,
  label: string,
  schemas: readonly string[],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [schema, name] of await tablesIn(client, schemas)) {
    const counted = await client.query<{ rows: string }>(`SELECT count(*) AS rows FROM ${qualified(schema, name)}`);
    counts[`${label}.${schema}.${name}`] = Number(counted.rows[0]?.rows);
  }
  return counts;
}

const qualified = (schema: string, name: string): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;

async function tablesIn(client: pg.Client, schemas: readonly string[]): Promise<[schema: string, name: string][]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `
    SELECT nspname AS schema, relname AS name
      FROM pg_class
      JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE relkind IN ('r', 'm') AND nspname = ANY ($1)
     ORDER BY nspname COLLATE "C", relname COLLATE "C"
    `,
    [schemas],
  );
  return rows.map(({ schema, name }) => [schema, name]);
}
