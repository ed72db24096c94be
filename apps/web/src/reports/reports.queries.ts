import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql';
import { made } from '../graphql/refused';

const reports = graphql(`
  query Reports($first: Int!, $after: String) {
    reports(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        kind
        sourceName
        domain
        owner
        knownAt
        from
        to
        language
        state
        errorMessage
        requestedAt
        requestedBy
        dueAt
        files {
          format
          bytes
          path
        }
      }
    }
  }
`);

type ReportsAnswer = ResultOf<typeof reports>['reports'];
export type Report = ReportsAnswer['nodes'][number];

const isBeingMade = ({ state }: Report): boolean => state === 'QUEUED' || state === 'RUNNING';

export const reportsQuery = (wanted: VariablesOf<typeof reports>) =>
  queryOptions({
    queryKey: ['reports', wanted],
    queryFn: async ({ signal }) => (await ask(reports, wanted, signal)).reports,
    refetchInterval: ({ state }) => (state.data?.nodes.some(isBeingMade) ? 1_500 : false),
  });

const makeDocument = graphql(`
  mutation MakeQualityReport(
    $kind: ReportKind
    $sourceId: ID
    $domain: String
    $owner: String
    $knownAt: DateTime
    $from: String!
    $to: String!
    $timeZone: String!
    $language: ReportLanguage!
    $formats: [ReportFormat!]!
  ) {
    makeQualityReport(
      kind: $kind
      sourceId: $sourceId
      domain: $domain
      owner: $owner
      knownAt: $knownAt
      from: $from
      to: $to
      timeZone: $timeZone
      language: $language
      formats: $formats
    ) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export type ReportWish = VariablesOf<typeof makeDocument>;

export const makeReport = async (wish: ReportWish) => made((await ask(makeDocument, wish)).makeQualityReport);
