import {
  bureauFiles,
  type BureauTable,
  type DemoPlaces,
  demoRules,
  type DemoRule,
  type Fault,
  type Manifest,
} from '#demo';

import { SOURCE_NAMES } from '../apps/cli/src/demo/places.js';
import { type DemoBank, demoBank, plantedIn } from './support/demo-bank.js';

interface Result {
  readonly status: string;
  readonly violations: string | null;
  readonly rule: {
    readonly nameZh: string;
    readonly kind: string;
    readonly fields: readonly { readonly name: string }[];
    readonly dataset: { readonly scope: string; readonly name: string };
    readonly sourceName: string;
  };
}

const columnsOf = ({ kind, column, params }: DemoRule): string =>
  kind === 'unique' ? params.columns.join() : (column ?? '');

/** Where a rule looks, for people who read a failing test. */
const placeOf = ({ rule: { kind, nameZh, sourceName, dataset, fields } }: Result): string =>
  [kind, nameZh, sourceName, dataset.scope, dataset.name, ...fields.map(({ name }) => name)].join(' / ');

const placeOfDemo = (rule: DemoRule): string => {
  const { source, schema, table, kind, nameZh } = rule;
  const [scope, name] = source === 'bureau' ? ['.', bureauFiles[table as BureauTable]] : [schema, table];
  const columns = kind === 'row_count_compare' ? [] : columnsOf(rule).split(',');
  return [kind, nameZh, SOURCE_NAMES[source], scope, name, ...columns].join(' / ');
};

/** The faults that a rule must find. */
const faultsOf = (faults: readonly Fault[], rule: DemoRule): Fault[] =>
  faults.filter(
    (fault) =>
      fault.kind === rule.kind &&
      fault.database === rule.source &&
      fault.schema === rule.schema &&
      fault.table === rule.table &&
      (fault.columns?.join() ?? fault.column ?? '') === columnsOf(rule),
  );

describe('the main job, on banks that nobody has seen before', () => {
  let bank: DemoBank;
  beforeAll(async () => {
    bank = await demoBank('demo');
  }, 60_000);
  afterAll(() => bank.stop());

  /** What the latest run of the demo's rules found, by the place of the rule. */
  const findings = async (): Promise<Map<string, Result>> => {
    const { ruleRuns } = await bank.client.ask<{
      ruleRuns: { nodes: { state: string; results: { nodes: Result[] } }[] };
    }>(
      `{ ruleRuns(first: 1) { nodes { state results(first: 500) { nodes {
           status violations rule { nameZh kind sourceName fields { name } dataset { scope name } } } } } } }`,
    );
    const [run] = ruleRuns.nodes;
    expect(run?.state).toBe('SUCCEEDED');
    return new Map(run?.results.nodes.map((result) => [placeOf(result), result]));
  };
  const incidentsOpen = async () =>
    (await bank.client.ask<{ incidents: { totalCount: number } }>('{ incidents(states: [OPEN]) { totalCount } }'))
      .incidents.totalCount;

  const coverageOfEtl = async (places: DemoPlaces) => {
    const { sources } = await bank.client.ask<{ sources: { nodes: { id: string; name: string }[] } }>(
      '{ sources { nodes { id name } } }',
    );
    const sourceId = sources.nodes.find(({ name }) => name === SOURCE_NAMES.warehouse)?.id;
    const { datasets } = await bank.client.ask<{
      datasets: { nodes: { id: string; scope: string; name: string; kind: string }[] };
    }>('query ($sourceId: ID!) { datasets(sourceId: $sourceId, first: 500) { nodes { id scope name kind } } }', {
      sourceId,
    });
    const targets = datasets.nodes.filter(({ scope, name }) => `warehouse.${scope}.${name}` in places.counts);
    const filled = Object.keys(places.counts).filter((name) => name.startsWith('warehouse.'));
    expect(targets.map(({ scope, name }) => `warehouse.${scope}.${name}`).sort()).toEqual(filled.sort());
    return Promise.all(
      targets.map(async ({ id, scope, name }) => {
        const { dataset } = await bank.client.ask<{
          dataset: {
            lineageCoverage: { columns: number; origins: { name: string; direct: number; generated: string | null }[] };
          };
        }>('query ($id: ID!) { dataset(id: $id) { lineageCoverage { columns origins { name direct generated } } } }', {
          id,
        });
        return { table: `${scope}.${name}`, ...dataset.lineageCoverage };
      }),
    );
  };

  it.each([11, 12, 13])(
    'seed %i: every fault is found by its rule and counted right, and every column of the warehouse has an origin',
    async (seed) => {
      const places = await bank.make({ seed });
      const { faults } = await plantedIn<Manifest>(places);
      const found = await findings();
      expect(found.size).toBe(demoRules.length);

      const judged = demoRules.map((rule) => {
        const result = found.get(placeOfDemo(rule));
        return [rule.id, result?.status, Number(result?.violations)];
      });
      const planted = demoRules.map((rule) => {
        const { length } = faultsOf(faults, rule);
        // Two counts that differ are one violation, by however much they differ.
        const violations = rule.kind === 'row_count_compare' ? Math.min(length, 1) : length;
        return [rule.id, length > 0 ? 'FAIL' : 'PASS', violations];
      });
      expect(judged).toEqual(planted);

      const missed = faults.filter(
        (fault) => fault.kind !== 'identifier' && !demoRules.some((rule) => faultsOf([fault], rule).length > 0),
      );
      expect(missed).toEqual([]);
      expect(planted.filter(([, status]) => status === 'FAIL').length).toBeGreaterThan(10);
      expect(await incidentsOpen()).toBe(planted.filter(([, status]) => status === 'FAIL').length);

      const coverage = await coverageOfEtl(places);
      expect(coverage.length).toBeGreaterThan(10);
      for (const { table, columns, origins } of coverage) {
        expect(origins).toHaveLength(columns);
        const without = origins.filter(({ direct, generated }) => direct === 0 && generated === null);
        expect({ table, without }).toEqual({ table, without: [] });
      }
    },
    60_000,
  );

  it('a bank without faults: no rule fails, and the incidents of the one before are resolved', async () => {
    await bank.make({ seed: 11, faults: false });
    const found = await findings();
    expect(found.size).toBe(demoRules.length);
    expect([...found.values()].filter(({ status }) => status !== 'PASS')).toEqual([]);
    // S1 and S2 are over after two passing runs.
    await bank.make({ seed: 11, faults: false });
    expect(await incidentsOpen()).toBe(0);
  }, 120_000);
});
