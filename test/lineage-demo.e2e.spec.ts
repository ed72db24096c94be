import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type DemoPlaces, makeDemo } from '#demo';
import { dictionaryEntities } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { systemActor } from '#kernel';
import {
  type LineageAnswer,
  lineageEntities,
  LineageGraph,
  LineageModule,
  LineageReader,
  LineageScripts,
} from '#lineage';
import { rows, statementsOf } from '#platform/database';
import { ThreadPool } from '#platform/threads';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import pg from 'pg';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from './support/context.js';

const actor = systemActor('demo 测试');
const PREFIX = `plumbline_lineage_test_${process.env.JEST_WORKER_ID ?? '1'}`;

describe('the demo bank', () => {
  let home: string;
  let places: DemoPlaces;
  let context: TestContext;
  let pool: ThreadPool;
  let ids: { core: string; warehouse: string; bureau: string };

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'lineage-demo-'));
    const adminUrl = process.env.TEST_PG_ADMIN_URL ?? '';
    const folder = join(home, 'bureau');
    places = await makeDemo({ adminUrl, folder, prefix: PREFIX, customers: 300, faults: false });
    context = await testContext(
      [SourcesModule, HarvestModule, LineageModule],
      [...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
      undefined,
      { trustedFolders: [home] },
    );
    pool = new ThreadPool();
    ids = { warehouse: '', bureau: '', core: '' };
    // The warehouse first: what its foreign tables show is not known yet.
    ids.warehouse = await register('warehouse 风险数仓', 'postgres', { ...places.warehouse, tls: 'disable' });
    await read(ids.warehouse);
  }, 120_000);
  afterAll(async () => {
    await pool.close();
    await context.stop();
    await rm(home, { recursive: true, force: true });
    const admin = new pg.Client({ connectionString: process.env.TEST_PG_ADMIN_URL });
    await admin.connect();
    for (const database of [`${PREFIX}_core`, `${PREFIX}_dwh`])
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await admin.query(`DROP ROLE IF EXISTS ${PREFIX}_reader`);
    await admin.end();
  });

  const work = () => ({
    threads: pool,
    actor,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const register = async (name: string, kind: string, settings: object) => {
    const source = await context.app.get(Sources).register(actor, {
      ...{ name, kind, settings: { ...settings }, include: null, exclude: [] },
      ...{ description: '', owner: '', domain: '', environment: '' },
    });
    await context.app.get(Reader).carryOut({
      ...{ runId: randomUUID(), sourceId: source.id, confirmRemovals: false, actor },
      ...{ signal: new AbortController().signal, progress: () => undefined },
    });
    return source.id;
  };
  /** What the job does after a harvest. */
  const read = (sourceId: string) => context.app.get(LineageReader).readDeclared(sourceId, work());
  const datasetOf = async (sourceId: string, qualifiedName: string): Promise<string> => {
    const [found] = await rows<{ id: string }>(
      context.app.get(DataSource),
      `SELECT id FROM dictionary.dataset WHERE source_id = $1 AND qualified_name = $2`,
      [sourceId, qualifiedName],
    );
    if (!found) throw new Error(`${qualifiedName} was not harvested.`);
    return found.id;
  };
  const fieldOf = async (sourceId: string, qualifiedName: string, name: string): Promise<string> => {
    const [found] = await rows<{ id: string }>(
      context.app.get(DataSource),
      `SELECT id FROM dictionary.field WHERE dataset_id = $1 AND name = $2`,
      [await datasetOf(sourceId, qualifiedName), name],
    );
    if (!found) throw new Error(`${qualifiedName} has no column ${name}.`);
    return found.id;
  };
  const upstream = (id: string, types: readonly ('DIRECT' | 'INDIRECT')[] = ['DIRECT'], maximumNodes = 1_000) =>
    context.app.get(LineageGraph).around({
      ...{ of: { kind: 'field', id }, directions: ['upstream'], depth: null, types, level: 'column', maximumNodes },
      asOf: { validAt: null, recordedAt: null },
    });
  const dwh = (name: string) => `${PREFIX}_dwh.${name}`;

  it('foreign tables lead to a database that is not registered yet, by name', async () => {
    const found = await upstream(await fieldOf(ids.warehouse, dwh('core_src.customer'), 'customer_name'));
    expect(labels(found)).toEqual([
      `${PREFIX}_core.core.customer.customer_name? -> core_src.customer.customer_name IDENTITY`,
    ]);
    expect(found.nodes.filter(({ datasetId }) => datasetId === null)).toHaveLength(1);
  });

  it('and to its columns once it is', async () => {
    ids.core = await register('core 核心系统', 'postgres', { ...places.core, tls: 'disable' });
    const totals = await read(ids.core);
    expect(totals.unresolvedEdges).toBe(0);
    const found = await upstream(await fieldOf(ids.warehouse, dwh('core_src.customer'), 'customer_name'));
    expect(labels(found)).toEqual([`core.customer.customer_name -> core_src.customer.customer_name IDENTITY`]);
    expect((await read(ids.core)).read).toBe(0);
  });

  it('the scripts that fill the warehouse are read: every column of every table they fill has an origin', async () => {
    const scripts = await Promise.all(
      places.etl.files.map(async (name) => ({ name, text: await readFile(join(places.etl.folder, name), 'utf8') })),
    );
    ids.bureau = await register('bureau 征信', 'files', { folder: places.bureau.folder, alias: 'bureau' });
    const terms = {
      sourceId: ids.warehouse,
      dialect: 'postgres' as const,
      defaultSchema: null,
      aliases: { bureau: ids.bureau },
    };
    await context.app.get(LineageScripts).importSql(actor, terms, scripts);
    const report = await context.app.get(LineageReader).readImported(ids.warehouse, work());
    expect(report).toMatchObject({ read: scripts.length, unresolvedEdges: 0 });
    expect(Object.keys(report.statements)).toEqual(['ok']);

    const tables = await rows<{ id: string; name: string }>(
      context.app.get(DataSource),
      `
      SELECT id, scope || '.' || name AS name FROM dictionary.current_dataset
       WHERE source_id = $1 AND kind = 'table' AND scope IN ('ods', 'dwd', 'dws', 'ads') ORDER BY name
      `,
      [ids.warehouse],
    );
    const coverage = await context.app.get(LineageGraph).coverage(tables.map(({ id }) => id));
    const origins = tables.flatMap(({ id, name }) =>
      (coverage.get(id)?.origins ?? []).map((origin) => ({ column: `${name}.${origin.name}`, ...origin })),
    );
    expect(tables.length).toBeGreaterThan(25);
    expect(
      origins.filter(({ direct, generated }) => direct === 0 && generated === null).map(({ column }) => column),
    ).toEqual([]);
    expect(
      origins.filter(({ direct }) => direct === 0).map(({ column, generated }) => `${column} = ${generated}`),
    ).toEqual([]);
  });
});

/** Edges as `schema.table.column -> …`; a question mark after what no source has. */
function labels({ nodes, edges }: LineageAnswer): string[] {
  const names = new Map(
    nodes.map((node) => {
      const table = node.datasetId === null ? node.qualifiedName : node.qualifiedName.split('.').slice(-2).join('.');
      const unknown = node.datasetId === null || (node.column !== null && node.fieldId === null) ? '?' : '';
      return [node.id, `${table}${node.column === null ? '' : `.${node.column}`}${unknown}`];
    }),
  );
  return [
    ...new Set(edges.map(({ from, to, subtype }) => `${names.get(from ?? '')} -> ${names.get(to)} ${subtype}`)),
  ].sort();
}
