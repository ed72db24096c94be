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
  LineageCoverage,
  LineageGraph,
  LineageImpact,
  LiveGraph,
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
  const upstream = (id: string, types: readonly ('DIRECT' | 'INDIRECT')[] = ['DIRECT']) =>
    context.app.get(LineageGraph).around({
      ...{ of: { kind: 'field', id }, directions: ['upstream'], depth: null, types, origins: null, level: 'column' },
      ...{ first: 1_000, after: null, asOf: { validAt: null, recordedAt: null } },
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
    const missed = await context.app.get(LineageScripts).notUnderstood(ids.warehouse, { first: 100 });
    expect(missed.items.map(({ scriptName, status, reasons }) => ({ scriptName, status, reasons }))).toEqual([]);

    const tables = await rows<{ id: string; name: string }>(
      context.app.get(DataSource),
      `
      SELECT id, scope || '.' || name AS name FROM dictionary.current_dataset
       WHERE source_id = $1 AND kind = 'table' AND scope IN ('ods', 'dwd', 'dws', 'ads') ORDER BY name
      `,
      [ids.warehouse],
    );
    const coverage = await context.app.get(LineageCoverage).ofDatasets(tables.map(({ id }) => id));
    const origins = tables.flatMap(({ id, name }) =>
      (coverage.get(id)?.origins ?? []).map((origin) => ({ column: `${name}.${origin.name}`, ...origin })),
    );
    const filled = scripts.flatMap(({ text }) =>
      [...text.matchAll(/^(?:INSERT INTO|CREATE TABLE) (\S+)/gm)].map(([, name]) => name?.replaceAll('"', '')),
    );
    expect(tables.map(({ name }) => name).sort()).toEqual([...new Set(filled)].sort());
    const columns = (which: (origin: (typeof origins)[number]) => boolean) =>
      origins.filter(which).map(({ column }) => column);
    expect(columns(({ direct, generated }) => direct === 0 && generated === null)).toEqual([]);
    // A constant, a rank, a count: no column gives its value. One of several constants comes from what chooses it.
    expect(columns(({ direct }) => direct === 0).filter((column) => !column.endsWith('.load_date'))).toEqual(GENERATED);
    expect(origins.find(({ column }) => column === 'ods.branch.load_date')?.generated).toBe(
      "CAST('2026-06-30' AS DATE)",
    );
  });

  it('a column of the warehouse leads to the bureau’s file', async () => {
    const found = await upstream(await fieldOf(ids.warehouse, dwh('dwd.customer'), 'bureau_mobile'));
    expect(labels(found)).toEqual([
      'credit_report.parquet.mobile -> ods.bureau_report.mobile IDENTITY',
      'dwd.tmp_newest_report.mobile -> dwd.customer.bureau_mobile IDENTITY',
      'ods.bureau_report.mobile -> dwd.tmp_newest_report.mobile IDENTITY',
    ]);
  });

  it('and through a foreign table to the core database, in a number of statements that does not grow', async () => {
    const fieldId = await fieldOf(ids.warehouse, dwh('ads.监管报表_G11'), '金额');
    await context.app.get(LiveGraph).warm();
    const { result: direct, statements } = await statementsOf(() => upstream(fieldId));
    // transaction (2), changes, the node it starts from, the edges, their scripts, the nodes, what was not understood, commit
    expect(statements).toHaveLength(9);
    expect(labels(direct)).toEqual(
      expect.arrayContaining([
        'ads.npl_report.outstanding -> ads.监管报表_G11.金额 AGGREGATION',
        'core_src.loan_contract.principal -> ods.loan_contract.principal IDENTITY',
        'core.loan_contract.principal -> core_src.loan_contract.principal IDENTITY',
      ]),
    );
    const { result: both, statements: asMany } = await statementsOf(() => upstream(fieldId, ['DIRECT', 'INDIRECT']));
    expect(asMany).toHaveLength(9);
    expect(both.edges.length).toBeGreaterThan(direct.edges.length);
    expect(labels(both)).toContain('ads.npl_report.is_npl -> ads.监管报表_G11 FILTER');
  });

  it('a column of core tells what breaks in the warehouse', async () => {
    const id = await fieldOf(ids.core, `${PREFIX}_core.core.customer`, 'mobile');
    const { affected, truncated } = await context.app.get(LineageImpact).impact({
      ...{ of: { kind: 'field', id }, types: ['DIRECT', 'INDIRECT'], origins: null, depth: null },
      asOf: { validAt: null, recordedAt: null },
    });
    expect(truncated).toBe(false);
    const direct = affected.flatMap(({ sourceName, qualifiedName, columns }) =>
      columns.filter((column) => column.direct).map(({ name }) => `${sourceName} ${qualifiedName}.${name}`),
    );
    expect(direct).toEqual(
      expect.arrayContaining([
        `warehouse 风险数仓 ${dwh('core_src.customer')}.mobile`,
        `warehouse 风险数仓 ${dwh('dwd.customer')}.mobile`,
        `warehouse 风险数仓 ${dwh('ods.customer')}.mobile`,
      ]),
    );
  });

  it('read again, nothing is written', async () => {
    const counts = () =>
      rows(
        context.app.get(DataSource),
        `
        SELECT (SELECT count(*) FROM lineage.edge) AS edges, (SELECT count(*) FROM lineage.statement) AS statements,
               (SELECT count(*) FROM lineage.node) AS nodes, (SELECT count(*) FROM lineage.script_version) AS versions,
               (SELECT count(*) FROM audit.entry) AS entries
        `,
      );
    const before = await counts();
    expect(await context.app.get(LineageReader).readImported(ids.warehouse, work())).toMatchObject({ read: 0 });
    for (const id of [ids.core, ids.warehouse, ids.bureau]) expect(await read(id)).toMatchObject({ read: 0 });
    expect(await counts()).toEqual(before);
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
    ...new Set(
      edges
        .filter(({ from }) => from !== null)
        .map(({ from, to, subtype }) => `${names.get(from ?? '')} -> ${names.get(to)} ${subtype}`),
    ),
  ].sort();
}
/** Filled with a constant, a rank or a count. */
const GENERATED = [
  'ads.branch_ranking.lent_rank',
  'ads.npl_report.stat_date',
  'ads.npl_report.loans',
  'ads.overdue_report.stat_date',
  'ads.overdue_report.loans',
  'dwd.branch.branch_level',
  'dwd.loan.has_guarantor',
  'dwd.party.party_role',
  'dws.branch_month.loans_made',
  'dws.customer_risk.loans',
  'dws.customer_risk.risk_rank',
];
