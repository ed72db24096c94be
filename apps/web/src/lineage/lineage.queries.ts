import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql';

const namedNode = graphql(`
  fragment NamedNode on LineageNode {
    id
    kind
    qualifiedName
    column
    datasetId
  }
`);

const edgeFacts = graphql(`
  fragment EdgeFacts on LineageEdge {
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
`);

const lineage = graphql(
  `
    query Lineage(
      $of: ID!
      $direction: LineageDirection!
      $level: LineageLevel!
      $depth: Int
      $kinds: [LineageEdgeType!]
      $origins: [LineageOrigin!]
      $asOf: DateTime
      $knownAt: DateTime
      $first: Int!
      $after: String
    ) {
      lineage(
        of: $of
        direction: $direction
        level: $level
        depth: $depth
        kinds: $kinds
        origins: $origins
        asOf: $asOf
        knownAt: $knownAt
        first: $first
        after: $after
      ) {
        hasLineage
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        asOf
        knownAt
        freshAsOf
        truncated
        frontier {
          ...NamedNode
        }
        notUnderstood
        coarse {
          from {
            ...NamedNode
          }
          to {
            ...NamedNode
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
          ...EdgeFacts
        }
      }
    }
  `,
  [namedNode, edgeFacts],
);

export type LineageGraph = Omit<ResultOf<typeof lineage>['lineage'], 'pageInfo'>;
export type LineageNode = LineageGraph['nodes'][number];
export type LineageEdge = LineageGraph['edges'][number];
/** As much of a node as names it. */
export type NamedNode = LineageGraph['frontier'][number];
export type LineageWish = Omit<VariablesOf<typeof lineage>, 'first' | 'after'>;
export type LineageOrigin = LineageEdge['origin'];

/** Nodes of a page: more make no picture that one can read. */
const PAGE = 400;

/** A graph page by page, as one graph. */
export const lineageQuery = (wanted: LineageWish) =>
  infiniteQueryOptions({
    queryKey: ['lineage', wanted],
    initialPageParam: null as string | null,
    queryFn: async ({ signal, pageParam }) =>
      (await ask(lineage, { ...wanted, first: PAGE, after: pageParam }, signal)).lineage,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
    select: ({ pages }): LineageGraph | undefined =>
      pages[0] && {
        ...pages[0],
        nodes: pages.flatMap(({ nodes }) => nodes),
        edges: pages.flatMap(({ edges }) => edges),
      },
  });

const impact = graphql(`
  query LineageImpact(
    $of: ID!
    $depth: Int
    $kinds: [LineageEdgeType!]
    $origins: [LineageOrigin!]
    $asOf: DateTime
    $knownAt: DateTime
  ) {
    impact(of: $of, depth: $depth, kinds: $kinds, origins: $origins, asOf: $asOf, knownAt: $knownAt) {
      columns
      truncated
      datasets {
        namespace
        qualifiedName
        datasetId
        sourceName
        owner
        domain
        distance
        isJob
        coarse
        rows
        columns {
          name
          direct
        }
      }
      byOwner {
        name
        columns
        datasets {
          namespace
          qualifiedName
        }
      }
      byDomain {
        name
        columns
        datasets {
          namespace
          qualifiedName
        }
      }
      reports {
        id
        name
        label
        kind
        owner
        url
      }
      rules {
        id
        nameEn
        nameZh
        kind
        severity
        datasetId
        datasetName
        fields {
          name
        }
      }
    }
  }
`);

export type LineageImpact = ResultOf<typeof impact>['impact'];
export type ImpactedDataset = LineageImpact['datasets'][number];
export type ImpactWish = VariablesOf<typeof impact>;

export const impactQuery = (wanted: ImpactWish) =>
  queryOptions({
    queryKey: ['lineage-impact', wanted],
    queryFn: async ({ signal }) => (await ask(impact, wanted, signal)).impact,
  });

const diff = graphql(
  `
    query LineageDifference(
      $of: ID!
      $direction: LineageDirection!
      $level: LineageLevel!
      $depth: Int
      $kinds: [LineageEdgeType!]
      $origins: [LineageOrigin!]
      $from: LineageMomentInput!
      $to: LineageMomentInput!
    ) {
      lineageDiff(
        of: $of
        direction: $direction
        level: $level
        depth: $depth
        kinds: $kinds
        origins: $origins
        from: $from
        to: $to
      ) {
        unchanged
        truncated
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
        added {
          ...EdgeFacts
        }
        removed {
          ...EdgeFacts
        }
      }
    }
  `,
  [edgeFacts],
);

export type DifferenceWish = VariablesOf<typeof diff>;

export const differenceQuery = (wanted: DifferenceWish) =>
  queryOptions({
    queryKey: ['lineage-diff', wanted],
    queryFn: async ({ signal }) => (await ask(diff, wanted, signal)).lineageDiff,
  });
