import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { InvalidInput } from '#kernel';
import { bureauFiles, type BureauTable, withBureau } from './bureau.js';
import { demoCuration } from './curation.js';
import { demoCustomerEntity } from './customer-entity.js';
import { type DbPlace, withAdmin } from './database.js';
import { type Fault, type Manifest, plantingsOf } from './faults.js';
import { isCardNumber, isCreditCode, isResidentId } from './identifiers.js';
import { Lender } from './lender.js';
import { type DemoPlaces, makeDemo } from './make-demo.js';
import { type Bounds, type DemoRule, demoRules, type DemoTable } from './rules.js';
import { type DemoColumn, demoStandards } from './standards.js';

const PREFIX = `plumbline_demo_test_${process.env.JEST_WORKER_ID ?? '1'}`;
const CUSTOMERS = 360;

function adminUrl(): string {
  const url = process.env.TEST_PG_ADMIN_URL;
  if (!url) throw new Error('TEST_PG_ADMIN_URL is not set: the demo needs the address of a PostgreSQL superuser.');
  return url;
}

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'demo-'));
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await withAdmin(adminUrl(), undefined, async (admin) => {
    for (const database of [`${PREFIX}_core`, `${PREFIX}_dwh`])
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await admin.query(`DROP ROLE IF EXISTS ${PREFIX}_reader`);
  });
});

const make = (options: { seed?: number; customers?: number; faults?: boolean } = {}) =>
  makeDemo({ adminUrl: adminUrl(), folder: join(home, 'bureau'), prefix: PREFIX, customers: CUSTOMERS, ...options });

type Row = Readonly<Record<string, unknown>>;
type Ask = (sql: string) => Promise<Row[]>;

/** Asks the three sources as their readers, one SQL for all. */
async function withSources<T>(places: DemoPlaces, work: (ask: Record<DemoTable['source'], Ask>) => Promise<T>) {
  const [core, warehouse] = [readerOf(places.core), readerOf(places.warehouse)];
  try {
    await Promise.all([core.connect(), warehouse.connect()]);
    return await withBureau(places.bureau.folder, (bureau) =>
      work({
        core: async (sql) => (await core.query<Row>(sql)).rows,
        warehouse: async (sql) => (await warehouse.query<Row>(sql)).rows,
        bureau: async (sql) => (await bureau.runAndReadAll(sql)).getRowObjectsJS(),
      }),
    );
  } finally {
    await Promise.all([core.end(), warehouse.end()]);
  }
}

const readerOf = ({ host, port, database, user, password }: DbPlace) =>
  new pg.Client({ host, port, database, user, password });

const id = (name: string) => pg.escapeIdentifier(name);
const text = (value: string | number) => pg.escapeLiteral(String(value));
const tableOf = ({ schema, table }: { schema: string; table: string }) => `${id(schema)}.${id(table)}`;

/** The rows a rule finds wrong, as a condition on the table `t`. */
function failing(rule: DemoRule): string {
  switch (rule.kind) {
    case 'not_null':
      return `${id(rule.column)} IS NULL`;
    case 'in_set':
      return `CAST(${id(rule.column)} AS varchar) NOT IN (${rule.params.values.map(text).join(', ')})`;
    case 'between':
      return outside(id(rule.column), rule.params);
    case 'unique': {
      const columns = rule.params.columns.map(id).join(', ');
      return `(${columns}) IN (SELECT ${columns} FROM ${tableOf(rule)} GROUP BY ${columns} HAVING count(*) > 1)`;
    }
    case 'foreign_key': {
      const { columns, refColumns, refSchema, refTable } = rule.params;
      const joined = columns.map((column, at) => `ref.${id(refColumns[at] ?? '')} = t.${id(column)}`).join(' AND ');
      const present = columns.map((column) => `t.${id(column)} IS NOT NULL`).join(' AND ');
      const ref = tableOf({ schema: refSchema, table: refTable });
      return `${present} AND NOT EXISTS (SELECT 1 FROM ${ref} AS ref WHERE ${joined})`;
    }
    case 'row_count_compare':
      throw new Error('Two counts are compared, no rows are found.');
  }
}

function outside(column: string, { min, max, strictMin, strictMax }: Bounds): string {
  const type = typeof (min ?? max) === 'string' ? 'date' : 'numeric';
  const bound = (value: number | string) => `CAST(${text(value)} AS ${type})`;
  const value = `CAST(${column} AS ${type})`;
  return [
    ...(min === undefined ? [] : [`${value} ${strictMin ? '<=' : '<'} ${bound(min)}`]),
    ...(max === undefined ? [] : [`${value} ${strictMax ? '>=' : '>'} ${bound(max)}`]),
  ].join(' OR ');
}

const columnsOf = ({ kind, column, params }: DemoRule): string =>
  kind === 'unique' ? params.columns.join() : (column ?? '');

const faultsAt = (faults: readonly Fault[], rule: DemoRule) =>
  faults.filter(
    (fault) =>
      fault.kind === rule.kind &&
      fault.database === rule.source &&
      fault.schema === rule.schema &&
      fault.table === rule.table &&
      (fault.columns?.join() ?? fault.column ?? '') === columnsOf(rule),
  );

/** What each rule finds, against what the manifest says it must. */
async function verdicts(places: DemoPlaces, faults: readonly Fault[]) {
  return withSources(places, async (ask) => {
    const found: Record<string, unknown> = {};
    const planted: Record<string, unknown> = {};
    for (const rule of demoRules) {
      const here = faultsAt(faults, rule);
      if (rule.kind === 'row_count_compare') {
        const { otherSource, otherSchema, otherTable } = rule.params;
        const mine = await ask[rule.source](`SELECT count(*) AS n FROM ${tableOf(rule)}`);
        const other = await ask[otherSource](
          `SELECT count(*) AS n FROM ${tableOf({ schema: otherSchema, table: otherTable })}`,
        );
        found[rule.id] = Number(other[0]?.n) - Number(mine[0]?.n);
        planted[rule.id] = here.length;
        continue;
      }
      const keys = Object.keys(here[0]?.key ?? {});
      const shown =
        keys.length === 0 ? "'?' AS key" : keys.map((key) => `CAST(${id(key)} AS varchar) AS ${id(key)}`).join();
      const rows = await ask[rule.source](`SELECT ${shown} FROM ${tableOf(rule)} AS t WHERE ${failing(rule)}`);
      found[rule.id] = [...new Set(rows.map((row) => Object.values(row).join('/')))].sort();
      const wrong = here.flatMap(({ key, twin }) => (twin ? [key, twin] : [key]));
      planted[rule.id] = [...new Set(wrong.map((key) => Object.values(key).join('/')))].sort();
    }
    return { found, planted };
  });
}

async function manifestOf(places: DemoPlaces): Promise<Manifest> {
  return JSON.parse(await readFile(places.manifestFile, 'utf8')) as Manifest;
}

/** A checksum of every table and file. */
async function checksums(places: DemoPlaces): Promise<Record<string, string>> {
  return withSources(places, async (ask) => {
    const sums: Record<string, string> = {};
    for (const name of Object.keys(places.counts)) {
      const [source, schema = '', ...table] = name.split('.');
      if (source === 'bureau') {
        const file = join(places.bureau.folder, bureauFiles[schema as BureauTable]);
        sums[name] = createHash('sha256')
          .update(await readFile(file))
          .digest('hex');
        continue;
      }
      const [row] = await ask[source === 'core' ? 'core' : 'warehouse'](
        `SELECT md5(string_agg(t::text, ';' ORDER BY t::text COLLATE "C")) AS sum
           FROM ${tableOf({ schema, table: table.join('.') })} AS t`,
      );
      sums[name] = String(row?.sum);
    }
    sums.manifest = createHash('sha256')
      .update(await readFile(places.manifestFile))
      .digest('hex');
    return sums;
  });
}

describe('a bank with faults', () => {
  it.each([1, 2])('seed %i: the rules find what the manifest lists, and nothing else', async (seed) => {
    const places = await make({ seed });
    const { faults } = await manifestOf(places);
    const { found, planted } = await verdicts(places, faults);
    expect(found).toEqual(planted);

    const covered = new Set(demoRules.flatMap((rule) => faultsAt(faults, rule)));
    const uncovered = faults.filter((fault) => !covered.has(fault));
    expect(new Set(uncovered.map(({ kind }) => kind))).toEqual(new Set(['identifier']));
    const kinds = new Set(faults.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set([...demoRules.map(({ kind }) => kind), 'identifier']));
  });

  it('has other people, and other faults in other places, for another seed', () => {
    const names = [1, 2, 3].map((seed) => new Lender(seed, CUSTOMERS).person(0).residentId);
    expect(new Set(names).size).toBe(3);
    const plans = [1, 2, 3].map((seed) => plantingsOf(new Lender(seed, CUSTOMERS)).map(({ fault }) => fault));
    expect(new Set(plans.map((plan) => plan.length)).size).toBeGreaterThan(1);
    expect(new Set(plans.map((plan) => JSON.stringify(plan.map(({ key }) => key)))).size).toBe(3);
  });

  it('is the same bank again for the same seed', async () => {
    const first = await checksums(await make({ seed: 3, customers: 220 }));
    expect(await checksums(await make({ seed: 3, customers: 220 }))).toEqual(first);
  });
});

describe('a bank without faults', () => {
  it.each([1, 2, 3])('seed %i: no rule fires', async (seed) => {
    const places = await make({ seed, faults: false, customers: 220 });
    const { found, planted } = await verdicts(places, []);
    expect(found).toEqual(planted);
    expect((await manifestOf(places)).faults).toEqual([]);
  });
});

describe('one bank', () => {
  let places: DemoPlaces;
  const steps: [string, number][] = [];

  beforeAll(async () => {
    places = await makeDemo({
      adminUrl: adminUrl(),
      folder: join(home, 'bureau'),
      prefix: PREFIX,
      customers: 220,
      onProgress: (name, share) => steps.push([name, share]),
    });
  });

  it('tells how far it is', () => {
    const shares = steps.map(([, share]) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(steps.at(0)).toEqual(['databases', 0]);
    expect(steps.at(-1)).toEqual(['done', 1]);
    expect(JSON.stringify(steps)).not.toContain(places.core.password);
  });

  it('has rows in every table, and an ETL file for every table of the warehouse', async () => {
    expect(Object.entries(places.counts).filter(([, rows]) => rows === 0)).toEqual([]);
    const targets = new Set<string>();
    for (const file of places.etl.files)
      for (const [, target] of (await readFile(join(places.etl.folder, file), 'utf8')).matchAll(
        /(?:INSERT INTO|CREATE TABLE) (\w+\."[^"]+"|[\w.]+)/g,
      ))
        targets.add(`warehouse.${(target ?? '').replaceAll('"', '')}`);
    expect([...targets].sort()).toEqual(
      Object.keys(places.counts)
        .filter((name) => name.startsWith('warehouse.'))
        .sort(),
    );
  });

  it('has identifiers that verify, but for those in the manifest', async () => {
    const { faults } = await manifestOf(places);
    const wrong = faults.filter(({ kind }) => kind === 'identifier').map(({ key }) => String(key.customer_id));
    await withSources(places, async (ask) => {
      const customers = await ask.core(
        'SELECT customer_id, resident_id FROM core.customer WHERE resident_id IS NOT NULL',
      );
      const invalid = customers.filter((row) => !isResidentId(String(row.resident_id))).map((row) => row.customer_id);
      expect(invalid.sort()).toEqual(wrong.sort());
      const valid = async (sql: string, check: (value: string) => boolean) => {
        const values = (await ask.core(sql)).map((row) => String(row.value));
        expect(values.length).toBeGreaterThan(0);
        expect(values.filter((value) => !check(value))).toEqual([]);
      };
      await valid('SELECT card_no AS value FROM core.account', isCardNumber);
      await valid('SELECT credit_code AS value FROM core.company', isCreditCode);
      await valid('SELECT resident_id AS value FROM core.guarantor', isResidentId);
      const reports = await ask.bureau('SELECT resident_id AS value FROM bureau.credit_report');
      expect(reports.filter((row) => !isResidentId(String(row.value)))).toEqual([]);
    });
  });

  it('shows the reader everything and lets it change nothing', async () => {
    await withSources(places, async (ask) => {
      // The foreign tables go to core with the reader's own mapping.
      expect(await ask.warehouse('SELECT count(*) AS n FROM core_src.customer')).toEqual([
        { n: String(places.counts['core.core.customer']) },
      ]);
      expect((await ask.warehouse('SELECT npl_ratio FROM ads.v_npl_ratio')).length).toBe(1);
      for (const [source, sql] of [
        ['core', `DELETE FROM core.customer`],
        ['core', `UPDATE core."贷后""备注""📝" SET "备注 内容" = 'x'`],
        ['core', `CREATE TABLE core.mine (x int)`],
        ['core', `CREATE TABLE public.mine (x int)`],
        ['core', `CREATE TEMPORARY TABLE mine (x int)`],
        ['warehouse', `INSERT INTO ods.branch (branch_id, load_date) VALUES (1, now())`],
        ['warehouse', `TRUNCATE ads.overdue_report`],
        ['warehouse', `UPDATE core_src.branch SET branch_name = 'x'`],
      ] as const)
        await expect(ask[source](sql)).rejects.toThrow(/permission denied|must be owner/);
    });
  });

  it('is curated by columns that exist', async () => {
    const named: DemoColumn[] = [
      ...demoStandards.flatMap(({ columns }) => columns),
      ...demoCuration,
      ...demoCustomerEntity.sources.map(({ record }) => record),
      ...demoCustomerEntity.attributes.flatMap(({ columns }) => columns),
    ];
    await withSources(places, async (ask) => {
      for (const column of named)
        await expect(
          ask[column.source](`SELECT ${id(column.column)} FROM ${tableOf(column)} LIMIT 1`),
        ).resolves.toHaveLength(1);
    });
  });
});

describe('makeDemo refuses', () => {
  it.each([
    ['too few customers', { customers: 3 }],
    ['half a customer', { customers: 300.5 }],
    ['a seed that is no number', { seed: Number.NaN }],
    ['a prefix that is no plain name', { prefix: 'x"; DROP DATABASE postgres' }],
  ])('%s', async (_, options) => {
    await expect(makeDemo({ adminUrl: adminUrl(), folder: join(home, 'no'), ...options })).rejects.toThrow(
      InvalidInput,
    );
  });

  it('to go on when told to stop', async () => {
    const stop = new AbortController();
    const steps: string[] = [];
    const made = makeDemo({
      adminUrl: adminUrl(),
      folder: join(home, 'bureau'),
      prefix: PREFIX,
      customers: CUSTOMERS,
      signal: stop.signal,
      onProgress: (step) => {
        steps.push(step);
        if (step === 'core core.repayment') stop.abort(new Error('enough'));
      },
    });
    await expect(made).rejects.toThrow('enough');
    expect(steps.at(-1)).toBe('core core.repayment');
  });
});
