import { setTimeout as sleep } from 'node:timers/promises';

import { type EmbeddedServer } from '#platform/embedded-postgres';
import pg from 'pg';

import { line } from '../figures.js';
import { type Product } from '../product.js';

const TABLES = 500;
const ROWS = 2_000;
export const RULES = 10_000;
const A_SET = 200;
const A_TABLE = RULES / TABLES;

const COLUMNS = ['loan_id', 'customer', 'status', 'amount', 'rate', 'opened', 'phone', 'branch'] as const;

const MAKE = `
  DO $make$
  BEGIN
    FOR t IN 0..${TABLES - 1} LOOP
      EXECUTE format('CREATE TABLE loan_%s (loan_id bigint, customer text, status text, amount numeric(18, 2), rate numeric(9, 6),
        opened date, phone text, branch text)', t);
      EXECUTE format('INSERT INTO loan_%s SELECT n, ''客户'' || n, (ARRAY[''A'', ''B'', ''C'', NULL])[n %% 4 + 1], n * 1.25, 0.05,
        date ''2026-01-01'' + n %% 300, ''1380000'' || lpad((n %% 10000)::text, 4, ''0''), ''北京'' FROM generate_series(1, ${ROWS}) AS n', t);
      IF t % 50 = 49 THEN COMMIT; END IF;
    END LOOP;
  END $make$`;

export interface Table {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Makes a source of 500 tables, and has it harvested. */
export async function makeBank(server: EmbeddedServer, product: Product, catalog: pg.Client): Promise<Table[]> {
  await query(server.url('postgres'), 'CREATE DATABASE night');
  await query(server.url('night'), MAKE);
  return harvested(product, catalog, new URL(server.url('night')));
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

async function harvested(product: Product, catalog: pg.Client, url: URL): Promise<Table[]> {
  const { registerSource } = await product.ask<{ registerSource: { source: { id: string } } }>(
    'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { source { id } userErrors { message } } }',
    {
      input: {
        ...{ name: 'night', kind: 'postgres' },
        settings: {
          ...{ host: url.hostname, port: Number(url.port), database: 'night', user: decodeURIComponent(url.username) },
          ...{ tls: 'disable', ...(url.password !== '' && { password: decodeURIComponent(url.password) }) },
        },
      },
    },
  );
  await product.ask('mutation ($id: ID!) { harvestSource(sourceId: $id) { userErrors { message } } }', {
    id: registerSource.source.id,
  });
  // What follows a harvest (search, statistics, sensitive data) is another matter.
  await until(async () => {
    await sleep(2_000);
    const { rows } = await catalog.query<{ busy: boolean; datasets: number }>(`
      SELECT EXISTS (SELECT 1 FROM platform.job WHERE state IN ('queued', 'running')) AS busy,
             (SELECT count(*)::int FROM dictionary.dataset) AS datasets`);
    return rows[0]?.busy === false && rows[0].datasets >= TABLES;
  });
  const { rows } = await catalog.query<{ id: string; fields: Record<string, string> }>(`
    SELECT dataset_id AS id, jsonb_object_agg(name, id) AS fields FROM dictionary.current_field GROUP BY dataset_id`);
  return rows;
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}

const globalId = (kind: string, id: string) => Buffer.from(`${kind}:${id}`).toString('base64url');

/** Twenty a table: what people write most. */
function rulesOf({ id, fields }: Table): object[] {
  const field = (name: (typeof COLUMNS)[number]) => [globalId('Field', fields[name] ?? '')];
  const rules = [
    ...COLUMNS.map((name) => ({ kind: 'not_null', fieldIds: field(name) })),
    { kind: 'unique', fieldIds: field('loan_id') },
    { kind: 'in_set', fieldIds: field('status'), params: { values: ['A', 'B', 'C'] } },
    { kind: 'regex', fieldIds: field('phone'), params: { patterns: ['^1\\d{10}$'] } },
    { kind: 'between', fieldIds: field('amount'), params: { min: 0, max: 1000000 } },
    { kind: 'between', fieldIds: field('rate'), params: { min: 0, max: 1 } },
    { kind: 'between', fieldIds: field('opened'), params: { min: '2020-01-01', max: '2030-01-01' } },
    { kind: 'length_between', fieldIds: field('phone'), params: { min: 11, max: 11 } },
    { kind: 'not_blank', fieldIds: field('customer') },
    { kind: 'distinct_count', fieldIds: field('branch'), params: {}, threshold: { metric: 'value', fail: { gt: 10 } } },
    { kind: 'row_count', fieldIds: [], params: {}, threshold: { metric: 'value', fail: { lt: 1 } } },
    {
      kind: 'aggregate',
      fieldIds: field('amount'),
      params: { fn: 'avg' },
      threshold: { metric: 'value', fail: { lt: 0 } },
    },
    {
      kind: 'aggregate',
      fieldIds: field('amount'),
      params: { fn: 'max' },
      threshold: { metric: 'value', fail: { lt: 0 } },
    },
  ];
  return rules
    .slice(0, A_TABLE)
    .map((rule, at) => ({ ...rule, datasetId: globalId('Dataset', id), nameEn: `rule ${at}` }));
}

interface Added {
  readonly addRules: {
    readonly rules: readonly { readonly id: string }[];
    readonly userErrors: readonly { readonly message: string }[];
  };
}

/** Twenty rules a table, in sets of 200; with `due`, all sets are due at that minute of each day. */
export async function writeRules(product: Product, tables: readonly Table[], due?: Date): Promise<void> {
  const began = performance.now();
  const wishes = tables.slice(0, TABLES).flatMap(rulesOf);
  for (let at = 0; at < wishes.length; at += A_SET) {
    const { addRules } = await product.ask<Added>(
      'mutation ($rules: [AddRuleInput!]!) { addRules(rules: $rules) { rules { id } userErrors { message } } }',
      { rules: wishes.slice(at, at + A_SET) },
    );
    if (addRules.userErrors[0]) throw new Error(addRules.userErrors[0].message);
    const { addRuleSet } = await product.ask<{ addRuleSet: { ruleSet: { id: string } } }>(
      'mutation ($name: String!, $ruleIds: [ID!]!) { addRuleSet(name: $name, ruleIds: $ruleIds) { ruleSet { id } } }',
      { name: `night ${at}`, ruleIds: addRules.rules.map(({ id }) => id) },
    );
    if (!due) continue;
    await product.ask(
      'mutation ($id: ID!, $cron: String!) { scheduleRuleSet(id: $id, cron: $cron, timeZone: "UTC") { userErrors { message } } }',
      { id: addRuleSet.ruleSet.id, cron: `${due.getUTCMinutes()} ${due.getUTCHours()} * * *` },
    );
  }
  line(`${wishes.length} rules written`, `${((performance.now() - began) / 1000).toFixed(1)} s`);
}
