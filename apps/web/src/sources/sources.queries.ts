import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql';
import { made } from '../graphql/refused';
import { jobFields } from '../jobs/jobs.queries';

const harvestFields = graphql(
  `
    fragment HarvestFields on HarvestRun {
      id
      state
      requestedAt
      finishedAt
      added
      changed
      unchanged
      vanished
      reasons
      errorCode
      errorMessage
      dry
      job {
        ...JobFields
      }
    }
  `,
  [jobFields],
);

export type Harvest = ResultOf<typeof harvestFields>;

const sourceFields = graphql(
  `
    fragment SourceFields on Source {
      id
      name
      kind
      namespace
      owner
      domain
      environment
      description
      include
      exclude
      settings
      pausedAt
      removalShare
      harvestSchedule {
        cron
        timeZone
        enabled
        nextAt
      }
      lastHarvest {
        ...HarvestFields
      }
    }
  `,
  [harvestFields],
);

export type Source = ResultOf<typeof sourceFields>;

const sources = graphql(
  `
    query Sources($first: Int!, $after: String) {
      sources(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...SourceFields
        }
      }
    }
  `,
  [sourceFields],
);

export const sourcesQuery = (wanted: VariablesOf<typeof sources>) =>
  queryOptions({
    queryKey: ['sources', wanted],
    queryFn: async ({ signal }) => (await ask(sources, wanted, signal)).sources,
  });

const sourceNames = graphql(`
  query SourceNames {
    sources(first: 500) {
      nodes {
        id
        name
      }
    }
  }
`);

/** For a form that asks for a source. */
export const sourceNamesQuery = queryOptions({
  queryKey: ['sources', 'names'],
  queryFn: async ({ signal }) => (await ask(sourceNames, {}, signal)).sources.nodes,
});

const source = graphql(
  `
    query Source($id: ID!) {
      source(id: $id) {
        ...SourceFields
      }
      harvestRuns(sourceId: $id, first: 10) {
        nodes {
          ...HarvestFields
          scopes {
            name
            complete
            datasets
          }
        }
      }
    }
  `,
  [sourceFields, harvestFields],
);

export type HarvestOfSource = ResultOf<typeof source>['harvestRuns']['nodes'][number];

export const sourceQuery = (id: string) =>
  queryOptions({ queryKey: ['source', id], queryFn: ({ signal }) => ask(source, { id }, signal) });

const connectors = graphql(`
  query Connectors {
    connectors {
      kind
      titleEn
      titleZh
      descriptionEn
      descriptionZh
      settingsSchema
      secretSettings
    }
  }
`);

export type Connector = ResultOf<typeof connectors>['connectors'][number];

export const connectorsQuery = queryOptions({
  queryKey: ['connectors'],
  staleTime: Infinity,
  queryFn: async ({ signal }) => (await ask(connectors, {}, signal)).connectors,
});

const registerDocument = graphql(`
  mutation RegisterSource($input: RegisterSourceInput!) {
    registerSource(input: $input) {
      source {
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

export const registerSource = async (input: VariablesOf<typeof registerDocument>['input']) =>
  made((await ask(registerDocument, { input })).registerSource);

const changeDocument = graphql(`
  mutation ChangeSource($id: ID!, $input: ChangeSourceInput!) {
    changeSource(id: $id, input: $input) {
      source {
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

export const changeSource = async (id: string, input: VariablesOf<typeof changeDocument>['input']) =>
  made((await ask(changeDocument, { id, input })).changeSource);

const testDocument = graphql(`
  mutation TestSourceSettings($kind: String!, $settings: JSONObject!, $sourceId: ID) {
    testSourceSettings(kind: $kind, settings: $settings, sourceId: $sourceId) {
      test {
        ok
        server
        user
        scopes
        datasets
        readableDatasets
        problems
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const testSettings = async (wanted: VariablesOf<typeof testDocument>) =>
  made((await ask(testDocument, wanted)).testSourceSettings).test;

export type SourceTest = NonNullable<Awaited<ReturnType<typeof testSettings>>>;

const vanishingDocument = graphql(`
  query Vanishing($id: ID!) {
    harvestRun(id: $id) {
      changes(first: 200) {
        totalCount
        nodes {
          qualifiedName
          outcome
        }
      }
    }
  }
`);

/** What a harvest that asks would have changed. */
export const vanishingQuery = (runId: string) =>
  queryOptions({
    queryKey: ['harvest', runId, 'changes'],
    queryFn: async ({ signal }) => (await ask(vanishingDocument, { id: runId }, signal)).harvestRun.changes,
  });

const confirmDocument = graphql(`
  mutation ConfirmHarvest($runId: ID!) {
    confirmHarvest(runId: $runId) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const confirmHarvest = async (runId: string) => made((await ask(confirmDocument, { runId })).confirmHarvest);

const pauseDocument = graphql(`
  mutation PauseSource($id: ID!) {
    pauseSource(id: $id) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const resumeDocument = graphql(`
  mutation ResumeSource($id: ID!) {
    resumeSource(id: $id) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

/** Pauses a source, or lets it be read again. */
export const pauseSource = async (id: string, paused: boolean) =>
  paused
    ? made((await ask(pauseDocument, { id })).pauseSource)
    : made((await ask(resumeDocument, { id })).resumeSource);

const scheduleDocument = graphql(`
  mutation ScheduleHarvest($id: ID!, $cron: String!, $timeZone: String!, $enabled: Boolean!) {
    scheduleHarvest(sourceId: $id, cron: $cron, timeZone: $timeZone, enabled: $enabled) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export type ScheduleWish = Omit<VariablesOf<typeof scheduleDocument>, 'id'>;

/** Says when a source is harvested by itself. */
export const scheduleHarvest = async (id: string, wish: ScheduleWish) =>
  made((await ask(scheduleDocument, { id, ...wish })).scheduleHarvest);

const retireDocument = graphql(`
  mutation RetireSource($id: ID!) {
    removeSource(id: $id) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

/** Takes a source off the list. */
export const retireSource = async (id: string) => made((await ask(retireDocument, { id })).removeSource);

const renamesDocument = graphql(`
  query Renames($sourceId: ID!) {
    renames(sourceId: $sourceId, first: 100) {
      totalCount
      nodes {
        id
        fromName
        toName
        proposedAt
      }
    }
  }
`);

export type Rename = ResultOf<typeof renamesDocument>['renames']['nodes'][number];

export const renamesQuery = (sourceId: string) =>
  queryOptions({
    queryKey: ['source', sourceId, 'renames'],
    queryFn: async ({ signal }) => (await ask(renamesDocument, { sourceId }, signal)).renames,
  });

const decideDocument = graphql(`
  mutation DecideRenames($ids: [ID!]!, $accepted: Boolean!) {
    decideRenames(ids: $ids, accepted: $accepted) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const decideRenames = async (wanted: VariablesOf<typeof decideDocument>) =>
  made((await ask(decideDocument, wanted)).decideRenames);

const proposalsDocument = graphql(`
  query SensitiveProposals($sourceId: ID!, $category: SensitiveCategory, $first: Int!, $after: String) {
    sensitiveProposals(sourceId: $sourceId, category: $category, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        category
        categoryEn
        categoryZh
        level
        score
        explanationEn
        explanationZh
        field {
          id
          name
          dataset {
            id
            qualifiedName
          }
        }
      }
    }
    source(id: $sourceId) {
      sensitiveProposals {
        open
        accepted
        rejected
      }
    }
  }
`);

export type Proposal = ResultOf<typeof proposalsDocument>['sensitiveProposals']['nodes'][number];

/** Columns that probably hold sensitive data, the likeliest first, and how many there are. */
export const proposalsQuery = (wanted: VariablesOf<typeof proposalsDocument>) =>
  queryOptions({
    queryKey: ['source', wanted.sourceId, 'proposals', wanted],
    queryFn: ({ signal }) => ask(proposalsDocument, wanted, signal),
  });

const decideProposalsDocument = graphql(`
  mutation DecideSensitiveProposals($ids: [ID!]!, $accepted: Boolean!) {
    decideSensitiveProposals(ids: $ids, accepted: $accepted) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const decideProposals = async (wanted: VariablesOf<typeof decideProposalsDocument>) =>
  made((await ask(decideProposalsDocument, wanted)).decideSensitiveProposals);

const harvestDocument = graphql(`
  mutation HarvestSource($sourceId: ID!) {
    harvestSource(sourceId: $sourceId) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const harvestSource = async (sourceId: string) => made((await ask(harvestDocument, { sourceId })).harvestSource);
