import { demoCodeSets, demoStandards } from '#demo';

import { type Client } from '../client/client.js';
import { watchJob } from '../client/watch-job.js';
import { type DemoIndex } from './places.js';

const ERRORS = 'userErrors { code message path }';
const TYPE_FAMILIES = { string: 'TEXT', decimal: 'DECIMAL', date: 'DATE', integer: 'INTEGER' } as const;

/** Sets the demo's standards: code sets, published data elements, mappings; then has every mapped column checked. */
export async function setStandards(client: Client, index: DemoIndex, sourceIds: readonly string[]): Promise<string> {
  const codeSets = await setCodeSets(client);
  const elements = await setElements(client, codeSets);
  let mapped = 0;
  for (const { code, columns } of demoStandards)
    for (const column of columns) {
      await client.change(
        `mutation ($elementId: ID!, $fieldId: ID!) { mapField(elementId: $elementId, fieldId: $fieldId) { ${ERRORS} } }`,
        { elementId: elements.get(code), fieldId: index.column(column) },
      );
      mapped += 1;
    }
  for (const sourceId of sourceIds) {
    const { job } = await client.change<{ job: { id: string } }>(
      `mutation ($sourceId: ID!) { checkStandards(sourceId: $sourceId) { job { id } ${ERRORS} } }`,
      { sourceId },
    );
    await watchJob(client, job.id, { quiet: true });
  }
  const { complianceRates } = await client.ask<{ complianceRates: { pass: number; fail: number }[] }>(
    '{ complianceRates(by: SOURCE) { pass fail } }',
  );
  const sum = (of: 'pass' | 'fail') => complianceRates.reduce((total, rate) => total + rate[of], 0);
  return `${elements.size} data elements, ${mapped} columns mapped: ${sum('pass')} comply, ${sum('fail')} do not`;
}

async function setCodeSets(client: Client): Promise<Map<string, string>> {
  const { codeSets } = await client.ask<{ codeSets: { nodes: { id: string; code: string }[] } }>(
    '{ codeSets(first: 500) { nodes { id code } } }',
  );
  const ids = new Map(codeSets.nodes.map(({ code, id }) => [code, id]));
  for (const { code, nameZh, nameEn, origin, values } of demoCodeSets) {
    if (ids.has(code)) continue;
    const { codeSet } = await client.change<{ codeSet: { id: string } }>(
      `mutation ($code: String!, $input: CodeSetInput!) { addCodeSet(code: $code, input: $input) { codeSet { id } ${ERRORS} } }`,
      {
        code,
        input: {
          nameZh,
          nameEn,
          basis: origin ?? '',
          values: values.map((value) => ({ code: value.code, nameZh: value.zh, nameEn: value.en })),
        },
      },
    );
    ids.set(code, codeSet.id);
  }
  return ids;
}

async function setElements(client: Client, codeSets: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const { dataElements } = await client.ask<{ dataElements: { nodes: { id: string; code: string }[] } }>(
    '{ dataElements(first: 500, states: [PUBLISHED]) { nodes { id code } } }',
  );
  const ids = new Map(dataElements.nodes.map(({ code, id }) => [code, id]));
  for (const standard of demoStandards) {
    if (ids.has(standard.code)) continue;
    const { dataElement } = await client.change<{ dataElement: { id: string } }>(
      `mutation ($code: String!, $input: DataElementInput!) { addDataElement(code: $code, input: $input) { dataElement { id } ${ERRORS} } }`,
      {
        code: standard.code,
        input: {
          nameZh: standard.nameZh,
          nameEn: standard.nameEn,
          definition: `${standard.definitionZh} ${standard.definitionEn}`,
          typeFamily: TYPE_FAMILIES[standard.dataType],
          length: standard.length,
          precision: standard.precision,
          scale: standard.scale,
          identifierFormat: standard.code === 'DE001' ? 'RESIDENT_ID' : undefined,
          codeSetId: standard.codeSet === undefined ? undefined : codeSets.get(standard.codeSet),
        },
      },
    );
    await client.change(`mutation ($id: ID!) { publishDataElement(id: $id) { ${ERRORS} } }`, { id: dataElement.id });
    ids.set(standard.code, dataElement.id);
  }
  return ids;
}
