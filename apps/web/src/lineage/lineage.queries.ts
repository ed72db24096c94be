import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql';

const lineage = graphql(`
  query Lineage(
    $of: ID!
    $direction: LineageDirection!
    $level: LineageLevel!
    $depth: Int
    $kinds: [LineageEdgeType!]
    $first: Int!
  ) {
    lineage(of: $of, direction: $direction, level: $level, depth: $depth, kinds: $kinds, first: $first) {
      hasLineage
      totalCount
      knownAt
      truncated
      frontier {
        id
      }
      notUnderstood
      coarse {
        from {
          id
          namespace
          qualifiedName
          datasetId
          kind
        }
        to {
          id
          namespace
          qualifiedName
          datasetId
          kind
        }
      }
      nodes {
        id
        kind
        namespace
        qualifiedName
        datasetName
        column
        datasetId
        fieldId
        resolved
        sourceName
      }
      edges {
        id
        from
        to
        type
        subtype
        expression
        origin
        scriptOrigin
        confidence
        scriptName
        place {
          line
          code {
            head
          }
        }
      }
    }
  }
`);

export type LineageWish = VariablesOf<typeof lineage>;
export type LineageGraph = ResultOf<typeof lineage>['lineage'];
export type LineageNode = LineageGraph['nodes'][number];
export type LineageEdge = LineageGraph['edges'][number];

export const lineageQuery = (wanted: LineageWish) =>
  queryOptions({
    queryKey: ['lineage', wanted],
    queryFn: async ({ signal }) => (await ask(lineage, wanted, signal)).lineage,
  });
