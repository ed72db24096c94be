import { queryOptions } from '@tanstack/react-query';

import { ask } from '../../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../../graphql/graphql';
import { made } from '../../graphql/refused';

const form = graphql(`
  query RuleForm($datasetId: ID!) {
    ruleSchema
    ruleKinds {
      code
      titleEn
      titleZh
      descriptionEn
      descriptionZh
      dimension
      fewestFields
      mostFields
      otherDataset
      nullPolicy
      params
    }
    dataset(id: $datasetId) {
      fields {
        id
        name
      }
    }
  }
`);

export type RuleFormFacts = ResultOf<typeof form>;
export type FormKind = RuleFormFacts['ruleKinds'][number];

export const ruleFormQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['rule-form', datasetId],
    queryFn: ({ signal }) => ask(form, { datasetId }, signal),
  });

const others = graphql(`
  query OtherDatasets($search: String!) {
    datasets(nameContains: $search, first: 20) {
      nodes {
        id
        qualifiedName
        source {
          name
        }
      }
    }
  }
`);

/** Datasets that a rule may be compared with, by part of their name. */
export const otherDatasetsQuery = (search: string) =>
  queryOptions({
    queryKey: ['other-datasets', search],
    queryFn: async ({ signal }) => (await ask(others, { search }, signal)).datasets.nodes,
  });

const otherDataset = graphql(`
  query OtherDataset($id: ID!) {
    dataset(id: $id) {
      id
      qualifiedName
      fields {
        name
      }
    }
  }
`);

export const otherDatasetQuery = (id: string) =>
  queryOptions({
    queryKey: ['other-dataset', id],
    queryFn: async ({ signal }) => (await ask(otherDataset, { id }, signal)).dataset,
  });

const ruleContent = graphql(`
  query RuleContent($id: ID!) {
    rule(id: $id) {
      kind
      nameEn
      nameZh
      description
      owner
      severity
      dimension
      enabled
      params
      where
      scope
      threshold
      nullPolicy
      onEmpty
      denominator
      samples
      budgetMs
      verify
      otherDatasetId
      fields {
        id
      }
    }
  }
`);

export type RuleContent = ResultOf<typeof ruleContent>['rule'];

export const ruleContentQuery = (id: string) =>
  queryOptions({
    queryKey: ['rule-content', id],
    queryFn: async ({ signal }) => (await ask(ruleContent, { id }, signal)).rule,
  });

const add = graphql(`
  mutation AddRule($input: AddRuleInput!) {
    addRule(input: $input) {
      rule {
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

export type RuleInput = Omit<VariablesOf<typeof add>['input'], 'datasetId'>;

const change = graphql(`
  mutation ChangeRule($id: ID!, $input: ChangeRuleInput!) {
    changeRule(id: $id, input: $input) {
      rule {
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

/** Writes a rule: a new one of a dataset, or a new version. */
export const keepRule = async (datasetId: string, ruleId: string | undefined, input: RuleInput) =>
  ruleId === undefined
    ? made((await ask(add, { input: { ...input, datasetId } })).addRule)
    : made((await ask(change, { id: ruleId, input })).changeRule);

const tryDocument = graphql(`
  mutation TryRule($input: AddRuleInput!) {
    tryRule(input: $input) {
      trial {
        status
        sentenceEn
        sentenceZh
        statements {
          sql
        }
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export type Trial = NonNullable<ResultOf<typeof tryDocument>['tryRule']['trial']>;

export const tryRule = async (datasetId: string, input: RuleInput) =>
  made((await ask(tryDocument, { input: { ...input, datasetId } })).tryRule).trial;

const retire = graphql(`
  mutation RetireRule($id: ID!) {
    retireRule(id: $id) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const retireRule = async (id: string) => made((await ask(retire, { id })).retireRule);
