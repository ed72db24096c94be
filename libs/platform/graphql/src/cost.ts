import { BREAK, type DocumentNode, GraphQLError, type GraphQLSchema, visit } from 'graphql';
import { type ComplexityEstimatorArgs, fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';

import { type GraphqlContext } from './request.js';

/**
 * Refuses an operation that asks for more fields than `most`, where the fields below a list count as often as the
 * list may have rows (`first`, 50 when not given). A field that says its own cost (`complexity`) is believed.
 */
export function refuseCostly(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Record<string, unknown>,
  most: number,
): void {
  let cost: number;
  try {
    cost = getComplexity({ schema, query, variables, estimators: [fieldExtensionsEstimator(), estimate] });
  } catch {
    // An operation it cannot read will be refused by the execution itself, with a better sentence.
    return;
  }
  if (cost <= most) return;
  throw new GraphQLError(
    `The query asks for up to ${cost} fields, but at most ${most} are answered at once. Ask for smaller pages ("first") or fewer fields.`,
    { extensions: { code: 'PLUMBLINE_QUERY_TOO_COSTLY' } },
  );
}

function estimate({ args, childComplexity, field }: ComplexityEstimatorArgs): number {
  const paged = field.args.some(({ name }) => name === 'first');
  if (!paged) return 1 + childComplexity;
  const first: unknown = args.first;
  return 1 + (typeof first === 'number' && first > 0 ? first : 50) * Math.max(1, childComplexity);
}

/** The schema is for those who may use it. */
export function refuseStrangersIntrospection(query: DocumentNode, context: GraphqlContext): void {
  if (context.req.actor) return;
  let asked = false;
  visit(query, {
    Field({ name }) {
      asked = name.value === '__schema' || name.value === '__type';
      return asked ? BREAK : undefined;
    },
  });
  if (!asked) return;
  throw new GraphQLError('Sign in, or send an API token, to read the schema.', {
    extensions: { code: 'PLUMBLINE_UNAUTHENTICATED' },
  });
}
