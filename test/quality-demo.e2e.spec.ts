import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  bureauFiles,
  type BureauTable,
  type DemoPlaces,
  type DemoRule,
  demoRules,
  type DemoSource,
  makeDemo,
  type Manifest,
} from '#demo';
import { dictionaryEntities } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { systemActor } from '#kernel';
import { rows } from '#platform/database';
import { QualityModule, ResultStore, Rules, type RuleWish, RunPlannedRules, Runs } from '#quality';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import pg from 'pg';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from './support/context.js';

const actor = systemActor('demo 测试');
const PREFIX = `plumbline_quality_test_${process.env.JEST_WORKER_ID ?? '1'}`;

describe('the rules of the demo bank', () => {
  let home: string;
  let places: DemoPlaces;
  let context: TestContext;
  let ids: Record<DemoSource, string>;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'quality-demo-'));
    const folder = join(home, 'bureau');
    const adminUrl = process.env.TEST_PG_ADMIN_URL ?? '';
    places = await makeDemo({ adminUrl, folder, prefix: PREFIX, customers: 300 });
    context = await testContext(
      [SourcesModule, HarvestModule, QualityModule],
      [...sourcesEntities, ...dictionaryEntities],
      undefined,
      { trustedFolders: [home] },
    );
    ids = {
      core: await harvested('核心 core', 'postgres', { ...places.core, tls: 'disable' }),
      warehouse: await harvested('数仓 warehouse', 'postgres', { ...places.warehouse, tls: 'disable' }),
      bureau: await harvested('征信 bureau', 'files', { ...places.bureau, alias: 'bureau' }),
    };
  }, 120_000);
  afterAll(async () => {
    await context.stop();
    await rm(home, { recursive: true, force: true });
    const admin = new pg.Client({ connectionString: process.env.TEST_PG_ADMIN_URL });
    await admin.connect();
    for (const database of [`${PREFIX}_core`, `${PREFIX}_dwh`])
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await admin.query(`DROP ROLE IF EXISTS ${PREFIX}_reader`);
    await admin.end();
  });

  const call = () => ({ actor, signal: new AbortController().signal, progress: () => undefined });
  const harvested = async (name: string, kind: string, settings: object): Promise<string> => {
    const { id: sourceId } = await context.app.get(Sources).register(actor, {
      ...{ name, kind, settings: { ...settings }, include: null, exclude: [] },
      ...{ description: '', owner: '', domain: '', environment: '' },
    });
    await context.app.get(Reader).carryOut({ ...{ runId: randomUUID(), sourceId, confirmRemovals: false }, ...call() });
    return sourceId;
  };
  const one = async (sql: string, ...params: readonly unknown[]): Promise<string> => {
    const [found] = await rows<{ id: string }>(context.app.get(DataSource), sql, params);
    if (!found) throw new Error(`Nothing was harvested for ${JSON.stringify(params)}.`);
    return found.id;
  };
  const datasetOf = (source: DemoSource, schema: string, table: string) =>
    source === 'bureau'
      ? one(
          `SELECT id FROM dictionary.dataset WHERE source_id = $1 AND name = $2`,
          ids.bureau,
          bureauFiles[table as BureauTable],
        )
      : one(
          `SELECT id FROM dictionary.dataset WHERE source_id = $1 AND scope = $2 AND name = $3`,
          ...[ids[source], schema, table],
        );
  const wishOf = async (rule: DemoRule): Promise<RuleWish> => {
    const datasetId = await datasetOf(rule.source, rule.schema, rule.table);
    const fieldIds = await Promise.all(
      columnsOf(rule).map((name) =>
        one(`SELECT id FROM dictionary.field WHERE dataset_id = $1 AND name = $2`, datasetId, name),
      ),
    );
    const other =
      rule.kind === 'foreign_key'
        ? await datasetOf(rule.source, rule.params.refSchema, rule.params.refTable)
        : rule.kind === 'row_count_compare'
          ? await datasetOf(rule.params.otherSource, rule.params.otherSchema, rule.params.otherTable)
          : undefined;
    return {
      ...{ datasetId, fieldIds, kind: rule.kind, params: paramsOf(rule), severity: rule.severity },
      ...{ nameEn: rule.nameEn, nameZh: rule.nameZh, description: rule.id, owner: '', enabled: true },
      ...(other !== undefined && { otherDatasetId: other }),
    };
  };

  it('find every planted fault of their kinds, in databases and in files, and nothing else', async () => {
    const { faults } = JSON.parse(await readFile(places.manifestFile, 'utf8')) as Manifest;
    const added = await context.app.get(Rules).addAll(actor, await Promise.all(demoRules.map(wishOf)));
    const runs = context.app.get(Runs);
    const run = await runs.ofRules(
      actor,
      added.map(({ ruleId }) => ruleId),
    );
    const outcome = await context.app.get(RunPlannedRules).run(run.id, { jobId: run.jobId ?? '', ...call() });
    expect(outcome).toMatchObject({ state: 'succeeded', planned: demoRules.length });
    const pages = await context.app.get(ResultStore).pagesOfRuns([run.id], undefined, { first: 500 });
    const items = pages.get(run.id)?.items ?? [];
    const results = new Map(items.map((result) => [result.ruleId, result]));
    const found = demoRules.map((rule, at) => {
      const result = results.get(added[at]!.ruleId)!;
      const wrong =
        rule.kind === 'row_count_compare' ? 0 - Number(result.metrics['difference']) : Number(result.violations);
      return [rule.id, wrong, result.status];
    });
    const planted = demoRules.map((rule) => {
      const here = faults.filter(
        (fault) =>
          fault.kind === rule.kind &&
          fault.database === rule.source &&
          fault.schema === rule.schema &&
          fault.table === rule.table &&
          (fault.columns?.join() ?? fault.column ?? '') === columnsOf(rule).join(),
      );
      return [rule.id, here.length, here.length === 0 ? 'pass' : 'fail'];
    });
    expect(found).toEqual(planted);
    expect(planted.filter(([, , status]) => status === 'fail').length).toBeGreaterThan(10);
  });
});

const columnsOf = (rule: DemoRule): readonly string[] =>
  rule.kind === 'unique' ? rule.params.columns : rule.column === undefined ? [] : [rule.column];

function paramsOf(rule: DemoRule): object {
  switch (rule.kind) {
    case 'not_null':
    case 'unique':
      return {};
    case 'in_set':
    case 'between':
      return rule.params;
    case 'foreign_key':
      return { refColumns: rule.params.refColumns };
    case 'row_count_compare':
      return {
        ...(rule.params.toleranceAbs !== undefined && { absolute: rule.params.toleranceAbs }),
        ...(rule.params.toleranceRel !== undefined && { relative: rule.params.toleranceRel }),
      };
    default:
      return rule satisfies never;
  }
}
