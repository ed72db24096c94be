import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql';
import { made } from '../graphql/refused';

const entryFields = graphql(`
  fragment EntryFields on DictionaryEntry {
    businessName
    definition
    owner
    tags
    securityLevel
    origin
    changedBy
    changedAt
    revision
  }
`);

export type Entry = ResultOf<typeof entryFields>;
export type SecurityLevel = NonNullable<Entry['securityLevel']>;

const datasets = graphql(`
  query Datasets($sourceId: ID!, $first: Int!, $after: String, $nameContains: String) {
    datasets(sourceId: $sourceId, first: $first, after: $after, nameContains: $nameContains) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        scope
        kind
        rowEstimate
        comment
        entry {
          businessName
          owner
        }
      }
    }
  }
`);

export type DatasetRow = ResultOf<typeof datasets>['datasets']['nodes'][number];

export const datasetsQuery = (wanted: VariablesOf<typeof datasets>) =>
  queryOptions({
    queryKey: ['datasets', wanted],
    queryFn: async ({ signal }) => (await ask(datasets, wanted, signal)).datasets,
  });

const search = graphql(`
  query Search($text: String!, $kinds: [AssetKind!], $first: Int!, $after: String) {
    search(text: $text, kinds: $kinds, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        rank
        asset {
          __typename
          ... on Dataset {
            id
            name
            kind
            qualifiedName
            comment
            present
            source {
              name
            }
            entry {
              businessName
              definition
              tags
            }
          }
          ... on Field {
            id
            name
            nativeType
            comment
            present
            dataset {
              id
              qualifiedName
              source {
                name
              }
            }
            entry {
              businessName
              definition
              tags
            }
          }
        }
      }
    }
  }
`);

export type Hit = ResultOf<typeof search>['search']['nodes'][number];

export const searchQuery = (wanted: VariablesOf<typeof search>) =>
  queryOptions({
    queryKey: ['search', wanted],
    queryFn: async ({ signal }) => (await ask(search, wanted, signal)).search,
  });

const dataset = graphql(
  `
    query Dataset($id: ID!) {
      dataset(id: $id) {
        id
        name
        qualifiedName
        scope
        urn
        kind
        comment
        present
        rowEstimate
        sourceOwner
        viewSql
        entry {
          ...EntryFields
        }
        statistics {
          takenAt
          rowCount
          sampledRows
          triedAt
          problem
        }
        effectiveLevel {
          level
          origin
          setBy
          field {
            name
          }
        }
        keys {
          kind
          name
          fields
          refQualifiedName
          refFields
        }
        source {
          id
          name
          lastHarvest {
            state
            finishedAt
          }
        }
        fields {
          id
          name
          ordinal
          nativeType
          nullable
          comment
          defaultExpression
          generated
          statistics {
            takenAt
            rows
            sampled
            nulls
            distinct
            shortest
            longest
            mean
            shown
            least
            greatest
            quantiles {
              quantile
              value
            }
            frequent {
              value
              rows
            }
          }
          entry {
            ...EntryFields
          }
        }
      }
    }
  `,
  [entryFields],
);

export type Dataset = ResultOf<typeof dataset>['dataset'];
export type Field = Dataset['fields'][number];

export const datasetQuery = (id: string) =>
  queryOptions({
    queryKey: ['dataset', id],
    queryFn: async ({ signal }) => (await ask(dataset, { id }, signal)).dataset,
  });

const describeDocument = graphql(`
  mutation DescribeAsset(
    $id: ID!
    $businessName: String
    $definition: String
    $owner: String
    $tags: [String!]
    $securityLevel: SecurityLevel
    $expectedRevision: Int
  ) {
    describeAsset(
      id: $id
      businessName: $businessName
      definition: $definition
      owner: $owner
      tags: $tags
      securityLevel: $securityLevel
      expectedRevision: $expectedRevision
    ) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

/** What is left out stays as it was; null takes it away. */
export const describeAsset = async (wish: VariablesOf<typeof describeDocument>) =>
  made((await ask(describeDocument, wish)).describeAsset);

const schemaVersions = graphql(`
  query SchemaVersions($id: ID!) {
    dataset(id: $id) {
      schemaVersions {
        id
        validFrom
        validTo
        recordedTo
        fields {
          name
        }
      }
    }
  }
`);

export type SchemaVersion = ResultOf<typeof schemaVersions>['dataset']['schemaVersions'][number];

export const schemaVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['schema-versions', id],
    queryFn: async ({ signal }) => (await ask(schemaVersions, { id }, signal)).dataset.schemaVersions,
  });

const schemaDiff = graphql(`
  query SchemaDiff($from: ID!, $to: ID!) {
    schemaDiff(from: $from, to: $to) {
      added {
        name
        nativeType
      }
      removed {
        name
        nativeType
      }
      changed {
        name
        changes {
          property
          before
          after
          impact
        }
      }
      impact
      changes {
        property
        before
        after
        impact
      }
    }
  }
`);

export type SchemaDiff = ResultOf<typeof schemaDiff>['schemaDiff'];

export const schemaDiffQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['schema-diff', from, to],
    staleTime: Infinity,
    queryFn: async ({ signal }) => (await ask(schemaDiff, { from, to }, signal)).schemaDiff,
  });

const takeStatisticsDocument = graphql(`
  mutation TakeStatistics($datasetId: ID!) {
    takeStatistics(datasetId: $datasetId) {
      job {
        id
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const takeStatistics = async (datasetId: string) =>
  made((await ask(takeStatisticsDocument, { datasetId })).takeStatistics);
