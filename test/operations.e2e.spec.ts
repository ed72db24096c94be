import { statementsOf } from '#platform/database';
import { localId } from '#platform/graphql';
import { DataSource } from 'typeorm';

import { startApi, type TestApi } from './support/api.js';
import { aSource, aTable, keepSnapshot } from './support/catalog.js';

/**
 * How many SQL statements an operation takes must not depend on how many rows it answers with. Each is asked for a short
 * and for a long page of the same list; a field that is fetched row by row would show at once.
 */
describe('statements per operation', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
    const sourceId = await aSource(api.app, '数仓 "dwh" 😀');
    const columns = Array.from({ length: 8 }, (_, at) => ({ name: `列${at}` }));
    await keepSnapshot(
      api.app,
      sourceId,
      Array.from({ length: 40 }, (_, at) => aTable(`ods.t${at}`, ...columns)),
    );
    const { datasets } = await api.as.viewer.get<{
      datasets: { nodes: { id: string; fields: { id: string }[] }[] };
    }>('{ datasets(first: 100) { nodes { id fields { id } } } }');
    const errors = 'userErrors { message }';
    const { describeAssets } = await api.as.steward.get<{ describeAssets: { userErrors: unknown[] } }>(
      `mutation ($assets: [AssetDescriptionInput!]!) { describeAssets(assets: $assets) { ${errors} } }`,
      { assets: datasets.nodes.map(({ id }, at) => ({ id, businessName: `名称 ${at}` })) },
    );
    expect(describeAssets.userErrors).toEqual([]);
    const fieldIds = datasets.nodes.slice(0, 20).map(({ fields }) => localId('Field', fields[0]!.id));
    await api.app.get(DataSource).query(
      `INSERT INTO sensitivity.proposal (field_id, category, level, template, score, masked, reasons, detector_version, state,
                                         proposed_at)
       SELECT id, 'mobile', 'L3', 'jrt-0197', 0.8, false, '[]', 1, 'open', now() FROM unnest($1::uuid[]) AS field (id)`,
      [fieldIds],
    );
    const { addRules } = await api.as.steward.get<{ addRules: { userErrors: unknown[] } }>(
      `mutation ($rules: [AddRuleInput!]!) { addRules(rules: $rules) { ${errors} } }`,
      {
        rules: datasets.nodes.map(({ id, fields }, at) => ({
          datasetId: id,
          fieldIds: [fields[0]?.id],
          kind: 'not_null',
          params: {},
          nameZh: `规则 ${at}`,
        })),
      },
    );
    expect(addRules.userErrors).toEqual([]);
    const { addDataElement } = await api.as.steward.get<{ addDataElement: { dataElement: { id: string } } }>(
      `mutation { addDataElement(code: "DE1", input: { nameZh: "名称", typeFamily: TEXT }) { dataElement { id } ${errors} } }`,
    );
    const elementId = addDataElement.dataElement.id;
    await api.as.steward.get(`mutation ($id: ID!) { publishDataElement(id: $id) { ${errors} } }`, { id: elementId });
    for (const { fields } of datasets.nodes)
      await api.as.steward.get(
        `mutation ($elementId: ID!, $fieldId: ID!) { mapField(elementId: $elementId, fieldId: $fieldId) { ${errors} } }`,
        { elementId, fieldId: fields[0]?.id },
      );
    for (let runs = 0; runs < 12; runs++)
      await api.as.engineer.get('mutation ($ids: [ID!]) { runRules(ruleIds: $ids) { run { id } } }', {
        ids: [(await firstRules(12))[runs]],
      });
  });
  afterAll(() => api.stop());

  const firstRules = async (first: number): Promise<string[]> => {
    const { rules } = await api.as.viewer.get<{ rules: { nodes: { id: string }[] } }>(
      'query ($first: Int) { rules(first: $first) { nodes { id } } }',
      { first },
    );
    return rules.nodes.map(({ id }) => id);
  };

  it.each([
    [
      'datasets with all that belongs to them',
      'datasets',
      'id urn name comment source { id name lastHarvest { state } } entry { businessName } fields { id name entry { definition } dataset { name } } keys { name }',
    ],
    [
      'datasets with levels, proposals and statistics',
      'datasets',
      'id effectiveLevel { level field { name } } statistics { rowCount } fields { name effectiveLevel { level } statistics { nulls } sensitiveProposals { category } } source { name sensitiveProposals { open } statisticsLimits { rowLimit } statisticsSchedule { cron } }',
    ],
    [
      'proposals of sensitive data with their fields',
      'sensitiveProposals',
      'id fieldName category explanationZh field { name effectiveLevel { level } dataset { name source { name } } }',
    ],
    [
      'search hits',
      'search(text: "名称", first: $first)',
      'rank asset { ... on Dataset { id name source { name } entry { businessName } } ... on Field { id name dataset { name } } }',
    ],
    [
      'rules with their data, last result and incident',
      'rules',
      'id nameZh fields { name } dataset { id name source { name } } lastResult { status } openIncident { id } source { name }',
    ],
    [
      'runs with their job and results',
      'ruleRuns',
      'id state counts { status rules } job { state } results(first: 5) { nodes { status } }',
    ],
    ['jobs', 'jobs', 'id titleZh state result'],
    [
      'mappings with element and verdict',
      'mappings',
      'id fieldUrn element { code latest { nameZh } } verdict { overall aspects { aspect } }',
    ],
    ['audit entries', 'auditEntries', 'number action subjectName'],
  ])('%s: as many for a long page as for a short one', async (_, list, fields) => {
    const field = list.includes('(') ? list : `${list}(first: $first)`;
    const query = `query ($first: Int) { ${field} { totalCount nodes { ${fields} } } }`;
    const of = async (first: number) => {
      const { result, statements } = await statementsOf(() =>
        api.as.administrator.get<Record<string, { nodes: unknown[] }>>(query, { first }),
      );
      return { rows: Object.values(result)[0]?.nodes.length ?? 0, statements: statements.length };
    };
    const [short, long] = [await of(2), await of(12)];
    expect([short.rows, long.rows]).toEqual([2, 12]);
    expect(long.statements).toBe(short.statements);
    expect(long.statements).toBeLessThanOrEqual(16);
  });
});
