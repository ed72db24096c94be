import { initGraphQLTada } from 'gql.tada';

import type { introspection } from '../graphql-env';

/** Writes a GraphQL document whose answer and variables are typed from schema.graphql. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { DateTime: string; JSON: unknown; JSONObject: Record<string, unknown> };
}>();

export type { ResultOf, VariablesOf } from 'gql.tada';
