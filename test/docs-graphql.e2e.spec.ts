import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type DemoPlaces } from '#demo';
import { projectRoot } from '#platform/config';
import { createClient } from 'graphql-ws';
import pg from 'pg';

import { harvest } from '../apps/cli/src/commands/harvest.js';
import { importSql } from '../apps/cli/src/commands/lineage/import-sql.js';
import { SOURCE_NAMES } from '../apps/cli/src/demo/places.js';
import { type DemoBank, demoBank } from './support/demo-bank.js';

interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly title: string;
}

/** The GraphQL blocks of the page, each with the JSON block after it. */
function questions(kind: string): Question[] {
  const text = readFileSync(join(projectRoot, 'docs', 'graphql.md'), 'utf8');
  const blocks = new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\`\\n\\n\`\`\`json\\n([^]*?)^\`\`\``, 'gm');
  return [...text.matchAll(blocks)].map(({ index, 1: query = '', 2: json = '' }) => ({
    query,
    variables: JSON.parse(json) as Record<string, unknown>,
    title: [...text.slice(0, index).matchAll(/^## (.*)$/gm)].at(-1)?.[1] ?? '',
  }));
}

describe('docs/graphql.md, asked of a small demo bank', () => {
  let bank: DemoBank;
  let places: DemoPlaces;
  /** Times for the dates of the page: before and after a change of core.product. */
  const times = new Map<string, string>();

  beforeAll(async () => {
    bank = await demoBank('docs');
    places = await bank.make();
    times.set('2026-06-30T23:59:59+08:00', new Date().toISOString());
    await inCore(`ALTER TABLE core.product ADD COLUMN sold_online boolean NOT NULL DEFAULT false;
                  COMMENT ON COLUMN core.product.rate_max IS '最高年利率 Highest yearly rate'`);
    await harvest(bank.client, await sourceId(SOURCE_NAMES.core), {}, { quiet: true });
    times.set('2026-07-31T23:59:59+08:00', new Date().toISOString());
    // The ETL of the demo is understood to the last statement.
    const script = {
      name: '99_nightly.sql',
      text: "DO $$ BEGIN EXECUTE 'TRUNCATE dwd.loan_' || to_char(now(), 'YYYYMM'); END $$;\n",
    };
    const warehouse = { sourceId: await sourceId(SOURCE_NAMES.warehouse), dialect: 'postgres' };
    const correction = {
      name: '98_correction.sql',
      text: 'INSERT INTO ads.overdue_report (overdue_amount) SELECT outstanding FROM dws.loan_overdue;\n',
    };
    await importSql(bank.client, { ...warehouse, aliases: [], scripts: [correction, script] }, true);
  }, 90_000);
  afterAll(() => bank.stop());

  async function inCore(sql: string): Promise<void> {
    const admin = new URL(process.env.TEST_PG_ADMIN_URL ?? '');
    admin.pathname = `/${places.core.database}`;
    const client = new pg.Client({ connectionString: admin.href });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  /** The one thing of a list that fits. */
  async function oneOf(list: string, fields: string, fits: (node: Record<string, string>) => boolean): Promise<string> {
    const { nodes } = (
      await bank.client.ask<Record<string, { nodes: Record<string, string>[] }>>(
        `{ ${list} { nodes { id ${fields} } } }`,
      )
    )[list.replace(/\(.*/, '')] ?? { nodes: [] };
    const id = nodes.find(fits)?.id;
    if (id === undefined) throw new Error(`${list} has nothing that fits.`);
    return id;
  }
  const sourceId = (name: string) => oneOf('sources', 'name', (source) => source.name === name);

  /** By its OpenLineage name, as the page says. */
  async function asset(name: string): Promise<string> {
    const { host, port } = places.core;
    const database = /^(core|pay)\./.test(name) ? places.core.database : places.warehouse.database;
    const found = await bank.client.ask<{ asset: { id: string } | null }>(
      'query ($urn: String!) { asset(urn: $urn) { ... on Dataset { id } ... on Field { id } } }',
      { urn: `postgres://${host}:${port}/${database}.${name}` },
    );
    if (!found.asset) throw new Error(`There is no ${name}.`);
    return found.asset.id;
  }

  async function schemaVersion(when: string): Promise<string> {
    const at = times.get(when === 'before' ? '2026-06-30T23:59:59+08:00' : '2026-07-31T23:59:59+08:00');
    const { dataset } = await bank.client.ask<{ dataset: { schemaAsOf: { id: string } } }>(
      'query ($id: ID!, $at: DateTime) { dataset(id: $id) { schemaAsOf(validAt: $at) { id } } }',
      { id: await asset('core.product'), at },
    );
    return dataset.schemaAsOf.id;
  }

  async function suffix(): Promise<string> {
    const entityId = await oneOf('masterEntities', 'code', ({ code }) => code === 'customer');
    const { goldenRecords } = await bank.api.as.steward.get<{ goldenRecords: { nodes: { identifier: string }[] } }>(
      'query ($entityId: ID!) { goldenRecords(entityId: $entityId, first: 1) { nodes { identifier } } }',
      { entityId },
    );
    return goldenRecords.nodes[0]?.identifier.slice(-4) ?? '';
  }

  /** What the page writes in words is looked up. */
  async function meant(value: unknown): Promise<unknown> {
    if (typeof value !== 'string') return value;
    const { kind, name = '' } =
      /^id of (?<kind>dataset|field|source|entity|schema version|job) (?<name>.+)$/.exec(value)?.groups ?? {};
    switch (kind) {
      case 'dataset':
      case 'field':
        return asset(name);
      case 'source':
        return sourceId(name);
      case 'entity':
        return oneOf('masterEntities', 'code', ({ code }) => code === name);
      case 'schema version':
        return schemaVersion(name);
      case 'job':
        return oneOf(`jobs(name: "${name}")`, 'name', () => true);
      default:
        return value === 'suffix of an identifier' ? suffix() : (times.get(value) ?? value);
    }
  }
  const meantAll = async (variables: Question['variables']) =>
    Object.fromEntries(
      await Promise.all(Object.entries(variables).map(async ([name, value]) => [name, await meant(value)])),
    );

  it('has ten questions and more', () => {
    expect(questions('graphql').length).toBeGreaterThan(10);
  });

  it.each(questions('graphql'))('$title', async ({ query, variables }) => {
    const answer = await bank.api.as.steward.ask(query, await meantAll(variables));
    expect(answer.errors).toBeUndefined();
    expect(isFull(answer.data)).toBe(true);
  });

  it.each(questions('graphql subscription'))('a subscription: $title', async ({ query, variables }) => {
    const { sourceId: of } = await meantAll({ sourceId: `id of source ${SOURCE_NAMES.core}` });
    const { job } = await bank.client.change<{ job: { id: string } }>(
      'mutation ($of: ID!) { runRules(sourceId: $of) { job { id } userErrors { message } } }',
      { of },
    );
    expect(Object.values(variables)).toEqual(['id of job run-rules']);
    const { token } = bank.api.as.viewer;
    class Socket extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, { protocols, headers: { authorization: `Bearer ${token}` } });
      }
    }
    const client = createClient({ url: `${bank.client.url.replace('http', 'ws')}/graphql`, webSocketImpl: Socket });
    const heard: { state: string; progress: number }[] = [];
    for await (const { data } of client.iterate<{ jobProgress: { state: string; progress: number } }>({
      query,
      variables: { id: job.id },
    }))
      if (data) heard.push(data.jobProgress);
    expect(heard.at(-1)).toMatchObject({ state: 'SUCCEEDED', progress: 1 });
    await client.dispose();
  });
});

/** Whether every list and every single thing at the first two levels has something in it. */
function isFull(data: Record<string, unknown>): boolean {
  return Object.values(data).every((found) => {
    if (found === null || found === undefined) return false;
    const { nodes, edges, datasets, changed, paths, added } = found as Record<string, unknown>;
    const lists = [nodes, edges, datasets, changed, paths, added].filter(Array.isArray);
    return lists.every((list) => list.length > 0) && Object.keys(found).length > 0;
  });
}
