import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf } from '../graphql/graphql';
import { made } from '../graphql/refused';
import { jobFields } from '../jobs/jobs.queries';

const resultFields = graphql(`
  fragment ResultFields on RuleResult {
    id
    status
    severity
    sentenceEn
    sentenceZh
    finishedAt
    rows
    checked
    violations
    ruleVersion
    failingSample {
      rowCount
      withheld
      expiresAt
    }
    statements {
      on
      purpose
      sql
      params
    }
  }
`);

export type RuleResult = ResultOf<typeof resultFields>;

const qualityOfDataset = graphql(
  `
    query QualityOfDataset($datasetId: ID!) {
      qualityScore(datasetId: $datasetId) {
        score
        evaluated
        planned
        dimensions {
          dimension
          score
        }
      }
      ruleKinds {
        code
        titleEn
        titleZh
      }
      rules(datasetId: $datasetId, first: 200) {
        totalCount
        nodes {
          id
          nameEn
          nameZh
          kind
          dimension
          severity
          enabled
          description
          fields {
            name
          }
          openIncident {
            id
          }
          lastResult {
            ...ResultFields
          }
        }
      }
    }
  `,
  [resultFields],
);

type QualityOfDataset = ResultOf<typeof qualityOfDataset>;
export type Rule = QualityOfDataset['rules']['nodes'][number];
export type RuleKind = QualityOfDataset['ruleKinds'][number];
export type Score = QualityOfDataset['qualityScore'];

export const qualityQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['quality', datasetId],
    queryFn: ({ signal }) => ask(qualityOfDataset, { datasetId }, signal),
  });

const ruleResults = graphql(
  `
    query RuleResults($ruleId: ID!) {
      ruleResults(ruleId: $ruleId, first: 20) {
        nodes {
          ...ResultFields
        }
      }
    }
  `,
  [resultFields],
);

export const ruleResultsQuery = (ruleId: string) =>
  queryOptions({
    queryKey: ['rule-results', ruleId],
    queryFn: async ({ signal }) => (await ask(ruleResults, { ruleId }, signal)).ruleResults.nodes,
  });

const openSampleDocument = graphql(`
  mutation OpenFailingSample($resultId: ID!) {
    openFailingSample(resultId: $resultId) {
      sample {
        columns
        masked
        withheld
        rows
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export type FailingSample = NonNullable<ResultOf<typeof openSampleDocument>['openFailingSample']['sample']>;

/** Shows rows that broke a rule; the catalog writes down who saw them. */
export const openFailingSample = async (resultId: string) =>
  made((await ask(openSampleDocument, { resultId })).openFailingSample);

const runRulesDocument = graphql(
  `
    mutation RunRules($ruleIds: [ID!]!) {
      runRules(ruleIds: $ruleIds) {
        job {
          ...JobFields
        }
        userErrors {
          code
          message
          path
        }
      }
    }
  `,
  [jobFields],
);

export const runRules = async (ruleIds: string[]) => made((await ask(runRulesDocument, { ruleIds })).runRules);
