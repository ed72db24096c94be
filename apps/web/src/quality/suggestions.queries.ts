import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf } from '../graphql/graphql';
import { made } from '../graphql/refused';
import { jobFields } from '../jobs/jobs.queries';

const openSuggestions = graphql(`
  query OpenRuleSuggestions($datasetId: ID!) {
    ruleSuggestions(datasetId: $datasetId, states: [OPEN], first: 200) {
      totalCount
      nodes {
        id
        kind
        fields {
          name
        }
        params
        origin
        confidence
        evidence {
          name
          value
        }
        evidenceAt
      }
    }
  }
`);

export type Suggestion = ResultOf<typeof openSuggestions>['ruleSuggestions']['nodes'][number];

export const suggestionsQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['rule-suggestions', datasetId],
    queryFn: async ({ signal }) => (await ask(openSuggestions, { datasetId }, signal)).ruleSuggestions.nodes,
  });

const suggestDocument = graphql(
  `
    mutation SuggestRules($datasetId: ID!) {
      suggestRules(datasetId: $datasetId) {
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

export const suggestRules = async (datasetId: string) => made((await ask(suggestDocument, { datasetId })).suggestRules);

const decideDocument = graphql(`
  mutation DecideRuleSuggestions($ids: [ID!]!, $accept: Boolean!) {
    decideRuleSuggestions(ids: $ids, accept: $accept) {
      suggestions {
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

export const decideSuggestions = async (ids: readonly string[], accept: boolean) =>
  made((await ask(decideDocument, { ids: [...ids], accept })).decideRuleSuggestions);
