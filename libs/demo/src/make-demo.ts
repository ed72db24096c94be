import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type pg from 'pg';
import { InvalidInput } from '#kernel';
import { etlFolder } from './assets.js';
import { bureauFiles, writeBureau } from './bureau.js';
import { copyRows } from './copy.js';
import { coreTables } from './core-tables.js';
import {
  analyzeTables,
  countRows,
  type DbPlace,
  grantReading,
  linkCore,
  openAs,
  recreateDatabases,
  runDdl,
  withAdmin,
} from './database.js';
import { runEtl } from './etl.js';
import { faultsOf, type Manifest, type Planting, plantingsOf } from './faults.js';
import { Lender } from './lender.js';
import { writePipelines } from './pipelines.js';

export interface DemoOptions {
  /** Connection URL of a PostgreSQL superuser; two databases are (re)created there. */
  readonly adminUrl: string;
  /** Folder for the bureau's files (made if missing). The manifest lies beside it. */
  readonly folder: string;
  /** Another seed gives another bank. */
  readonly seed?: number;
  readonly customers?: number;
  /** Prefix of the names of the databases and of the role. */
  readonly prefix?: string;
  /** Without faults no rule of `demoRules` fires. */
  readonly faults?: boolean;
  /** What is being done, and the share of all work that is behind us. */
  readonly onProgress?: (step: string, share: number) => void;
  readonly signal?: AbortSignal;
}

export interface DemoPlaces {
  readonly core: DbPlace;
  readonly warehouse: DbPlace;
  readonly bureau: { readonly folder: string };
  readonly etl: { readonly folder: string; readonly files: string[] };
  /** Folders of DataX jobs and of dbt's artifacts. */
  readonly pipelines: { readonly datax: string; readonly dbt: string };
  readonly manifestFile: string;
  /** Rows by `core.schema.table`, `warehouse.schema.table` and `bureau.table`. */
  readonly counts: Record<string, number>;
}

const DEFAULT_CUSTOMERS = 20_000;
const FEWEST = 200;
const MOST = 1_000_000;

/**
 * Makes the demo lender: a core-banking database, a bureau's files and a risk warehouse filled from both by the ETL in
 * `libs/demo/etl`. The same seed and size give the same data; run again, it starts over.
 *
 * @example
 * const places = await makeDemo({ adminUrl: 'postgres://postgres@127.0.0.1:5432/postgres', folder: '.plumbline/demo/bureau' });
 */
export async function makeDemo(options: DemoOptions): Promise<DemoPlaces> {
  const { adminUrl, signal, onProgress, seed = 1, customers = DEFAULT_CUSTOMERS, prefix = 'plumbline_demo' } = options;
  checkOptions(seed, customers, prefix);
  const folder = resolve(options.folder);
  const manifestFile = join(dirname(folder), 'manifest.json');
  const lender = new Lender(seed, customers);
  const plantings = (options.faults ?? true) ? plantingsOf(lender) : [];
  const step = (name: string, share: number) => {
    signal?.throwIfAborted();
    onProgress?.(name, share);
  };

  step('databases', 0);
  const databases = { core: `${prefix}_core`, warehouse: `${prefix}_dwh` };
  const reader = { user: `${prefix}_reader`, password: randomBytes(24).toString('base64url') };
  const place = await withAdmin(adminUrl, undefined, async (admin) => {
    await recreateDatabases(admin, Object.values(databases), reader);
    return { host: admin.host, port: admin.port, ...reader };
  });
  const core = { ...place, database: databases.core };
  const warehouse = { ...place, database: databases.warehouse };

  const counts: Record<string, number> = {};
  await withDatabase(adminUrl, core.database, signal, async (client) => {
    await fillCore(client, lender, plantings, step, signal);
    await grantReading(client, core.user, ['core', 'pay']);
    Object.assign(counts, await countRows(client, 'core', ['core', 'pay']));
  });

  step('bureau files', 0.42);
  for (const file of Object.values(bureauFiles)) await rm(join(folder, file), { force: true });
  const changes = plantings.filter(({ fault }) => fault.database === 'bureau');
  Object.assign(counts, await writeBureau(folder, lender, changes, signal));

  const files = await withDatabase(adminUrl, warehouse.database, signal, async (client) => {
    step('warehouse tables', 0.48);
    await linkCore(client, core);
    await runDdl(client, 'warehouse-1-ods.sql', 'warehouse-2-dwd.sql', 'warehouse-3-dws.sql', 'warehouse-4-ads.sql');
    const run = await fillWarehouse(client, folder, plantings, step, signal);
    const layers = ['ods', 'dwd', 'dws', 'ads'];
    await analyzeTables(client, layers);
    await grantReading(client, warehouse.user, ['core_src', ...layers]);
    Object.assign(counts, await countRows(client, 'warehouse', layers));
    return run;
  });

  const manifest: Manifest = { seed, customers, faults: faultsOf(plantings) };
  await writeFile(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
  const pipelines = await writePipelines(join(dirname(folder), 'pipelines'), core, warehouse);
  step('done', 1);
  return { core, warehouse, bureau: { folder }, etl: { folder: etlFolder(), files }, pipelines, manifestFile, counts };
}

function checkOptions(seed: number, customers: number, prefix: string): void {
  if (!Number.isSafeInteger(seed)) throw new InvalidInput('The seed of the demo is a whole number, for instance 1.');
  if (!Number.isInteger(customers) || customers < FEWEST || customers > MOST)
    throw new InvalidInput(`The demo bank has between ${FEWEST} and ${MOST} customers; ${customers} were asked for.`);
  // PostgreSQL cuts names after 63 bytes.
  if (!/^[a-z_][a-z0-9_]{0,49}$/.test(prefix))
    throw new InvalidInput('The prefix of the demo is a short name of small letters, digits and underscores.');
}

/** Opens the database as administrator; an abort cancels the statement that is running there. */
async function withDatabase<T>(
  adminUrl: string,
  database: string,
  signal: AbortSignal | undefined,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await openAs(adminUrl, database);
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const cancel = () =>
    void withAdmin(adminUrl, undefined, (admin) => admin.query('SELECT pg_cancel_backend($1)', [rows[0]?.pid])).catch(
      () => undefined, // the work ends by the signal in any case, only later
    );
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await work(client);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    await client.end();
  }
}

type Step = (name: string, share: number) => void;

async function fillCore(
  client: pg.Client,
  lender: Lender,
  plantings: readonly Planting[],
  step: Step,
  signal?: AbortSignal,
): Promise<void> {
  step('core tables', 0.02);
  await runDdl(client, 'core-1-tables.sql');
  const tables = coreTables(lender);
  for (const [at, table] of tables.entries()) {
    step(`core ${table.schema}.${table.table}`, 0.02 + (0.3 * at) / tables.length);
    await copyRows(client, table, table.rows, signal);
  }
  step('core keys', 0.32);
  await runDdl(client, 'core-2-keys.sql');
  await plant(client, plantings, ({ fault }) => fault.database === 'core');
  await runDdl(client, 'core-3-views.sql', 'core-4-comments.sql');
  await analyzeTables(client, ['core', 'pay']);
}

async function fillWarehouse(
  client: pg.Client,
  bureauFolder: string,
  plantings: readonly Planting[],
  step: Step,
  signal?: AbortSignal,
): Promise<string[]> {
  const here = plantings.filter(({ fault }) => fault.database === 'warehouse');
  const files = await runEtl({
    warehouse: client,
    bureauFolder,
    signal,
    afterFile: async (file, at, of) => {
      await plant(client, here, ({ after }) => after === file);
      step(`etl ${file}`, 0.5 + (0.48 * at) / of);
    },
  });
  await plant(client, here, ({ after }) => after === undefined);
  return files;
}

async function plant(
  client: pg.Client,
  plantings: readonly Planting[],
  which: (planting: Planting) => boolean,
): Promise<void> {
  for (const { fault, sql, values } of plantings.filter(which)) {
    const { rowCount } = await client.query(sql, [...values]);
    if (rowCount !== 1) throw new Error(`Fault ${fault.id} (${fault.note}) changed ${rowCount} rows instead of one.`);
  }
}
