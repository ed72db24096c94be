import { type DemoRule, demoRules } from '#demo';

import { type Client } from '../client/client.js';
import { watchJob } from '../client/watch-job.js';
import { type DemoIndex } from './places.js';

const ERRORS = 'userErrors { code message path }';
/** The rule set of the demo. */
const RULE_SET = '信贷数据质量 Lending data quality';

/** Sets the demo's rules as one rule set that runs every night, and runs it now. */
export async function runQuality(client: Client, index: DemoIndex): Promise<string> {
  const ruleSetId = await ruleSet(client, index);
  const { job, run } = await client.change<{ job: { id: string }; run: { id: string } }>(
    `mutation ($ruleSetId: ID!) { runRules(ruleSetId: $ruleSetId) { job { id } run { id } ${ERRORS} } }`,
    { ruleSetId },
  );
  await watchJob(client, job.id, { quiet: true });
  const { ruleRun, incidents } = await client.ask<{
    ruleRun: { counts: { status: string; rules: number }[] };
    incidents: { totalCount: number };
  }>('query ($id: ID!) { ruleRun(id: $id) { counts { status rules } } incidents(states: [OPEN]) { totalCount } }', {
    id: run.id,
  });
  const counts = ruleRun.counts.filter(({ rules }) => rules > 0);
  return `${demoRules.length} rules: ${counts.map(({ status, rules }) => `${rules} ${status.toLowerCase()}`).join(', ')}; ${incidents.totalCount} incidents open`;
}

async function ruleSet(client: Client, index: DemoIndex): Promise<string> {
  const { ruleSets } = await client.ask<{ ruleSets: { nodes: { id: string; name: string }[] } }>(
    '{ ruleSets(first: 500) { nodes { id name } } }',
  );
  const there = ruleSets.nodes.find(({ name }) => name === RULE_SET);
  if (there) return there.id;
  const { rules } = await client.change<{ rules: { id: string }[] }>(
    `mutation ($rules: [AddRuleInput!]!) { addRules(rules: $rules) { rules { id } ${ERRORS} } }`,
    { rules: demoRules.map((rule) => inputOf(rule, index)) },
  );
  const added = await client.change<{ ruleSet: { id: string } }>(
    `mutation ($name: String!, $ruleIds: [ID!]!) { addRuleSet(name: $name, ruleIds: $ruleIds) { ruleSet { id } ${ERRORS} } }`,
    { name: RULE_SET, ruleIds: rules.map(({ id }) => id) },
  );
  await client.change(
    `mutation ($id: ID!) { scheduleRuleSet(id: $id, cron: "30 2 * * *", timeZone: "Asia/Shanghai", enabled: true) { ${ERRORS} } }`,
    { id: added.ruleSet.id },
  );
  return added.ruleSet.id;
}

/** A rule of the demo with the catalog's ids. */
function inputOf(rule: DemoRule, index: DemoIndex): object {
  const column = (name: string) => index.column({ ...rule, column: name });
  const { nameZh, nameEn, severity, kind } = rule;
  const input = { datasetId: index.table(rule), kind, nameZh, nameEn, severity };
  switch (rule.kind) {
    case 'unique':
      return { ...input, fieldIds: rule.params.columns.map(column), params: {} };
    case 'foreign_key': {
      const { columns, refSchema, refTable, refColumns } = rule.params;
      const otherDatasetId = index.table({ source: rule.source, schema: refSchema, table: refTable });
      return { ...input, fieldIds: columns.map(column), otherDatasetId, params: { refColumns } };
    }
    case 'row_count_compare': {
      const { otherSource, otherSchema, otherTable, toleranceAbs, toleranceRel } = rule.params;
      const otherDatasetId = index.table({ source: otherSource, schema: otherSchema, table: otherTable });
      return { ...input, otherDatasetId, params: { absolute: toleranceAbs, relative: toleranceRel } };
    }
    case 'not_null':
    case 'in_set':
    case 'between':
      return { ...input, fieldIds: [column(rule.column)], params: rule.params };
    default:
      return rule satisfies never;
  }
}
