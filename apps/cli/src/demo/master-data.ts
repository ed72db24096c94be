import { demoCustomerEntity } from '#demo';

import { type Client } from '../client/client.js';
import { watchJob } from '../client/watch-job.js';
import { type DemoIndex } from './places.js';

const ERRORS = 'userErrors { code message path }';

interface Entity {
  readonly id: string;
  readonly attributes: readonly { readonly id: string; readonly code: string; readonly mappings: readonly unknown[] }[];
}

/** Defines the customer, maps its attributes to columns of two sources, and builds the golden records. */
export async function buildCustomers(client: Client, index: DemoIndex): Promise<string> {
  const entity = await entityOf(client);
  for (const { code, mappings, id } of entity.attributes) {
    if (mappings.length > 0) continue;
    const columns = demoCustomerEntity.attributes.find((attribute) => attribute.code === code)?.columns ?? [];
    for (const column of columns)
      await client.change(
        `mutation ($attributeId: ID!, $fieldId: ID!, $priority: Int!) {
           mapMasterAttribute(attributeId: $attributeId, fieldId: $fieldId, priority: $priority) { ${ERRORS} } }`,
        { attributeId: id, fieldId: index.column(column), priority: column.source === 'core' ? 1 : 2 },
      );
  }
  const { job } = await client.change<{ job: { id: string } }>(
    `mutation ($entityId: ID!) { buildGoldenRecords(entityId: $entityId) { job { id } ${ERRORS} } }`,
    { entityId: entity.id },
  );
  await watchJob(client, job.id, { quiet: true });
  const { matchSummary } = await client.ask<{
    matchSummary: { records: number; recordsOfSeveralSources: number; unmatched: { rows: number }[] };
  }>('query ($id: ID!) { matchSummary(entityId: $id) { records recordsOfSeveralSources unmatched { rows } } }', {
    id: entity.id,
  });
  const { records, recordsOfSeveralSources, unmatched } = matchSummary;
  const without = unmatched.reduce((total, { rows }) => total + rows, 0);
  return `${records} golden customers, ${recordsOfSeveralSources} from both sources; ${without} rows without a valid resident id`;
}

async function entityOf(client: Client): Promise<Entity> {
  const fields = 'id attributes { id code mappings { fieldId } }';
  const { masterEntities } = await client.ask<{ masterEntities: { nodes: (Entity & { code: string })[] } }>(
    `{ masterEntities(first: 100) { nodes { code ${fields} } } }`,
  );
  const there = masterEntities.nodes.find(({ code }) => code === demoCustomerEntity.code);
  if (there) return there;
  const { masterEntity } = await client.change<{ masterEntity: Entity }>(
    `mutation ($code: String!, $nameZh: String!, $nameEn: String!, $attributes: [MasterAttributeInput!]!) {
       addMasterEntity(code: $code, nameZh: $nameZh, nameEn: $nameEn, attributes: $attributes) { masterEntity { ${fields} } ${ERRORS} } }`,
    {
      code: demoCustomerEntity.code,
      nameZh: demoCustomerEntity.nameZh,
      nameEn: demoCustomerEntity.nameEn,
      attributes: demoCustomerEntity.attributes.map(({ code, nameZh, nameEn, dataType, isIdentifier }) => ({
        code,
        nameZh,
        nameEn,
        typeFamily: dataType === 'date' ? 'DATE' : 'TEXT',
        isMatchKey: isIdentifier,
        identifierFormat: isIdentifier ? 'RESIDENT_ID' : undefined,
      })),
    },
  );
  return masterEntity;
}
