import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql';
import { made } from '../graphql/refused';
import { jobFields } from '../jobs/jobs.queries';

const reconciliations = graphql(`
  query Reconciliations($first: Int!, $after: String) {
    reconciliations(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        leftName
        leftSourceName
        rightName
        rightSourceName
        latestRun {
          id
          state
          verdict
          breakCount
          signed
          requestedAt
          finishedAt
        }
      }
    }
  }
`);

export type Reconciliation = ResultOf<typeof reconciliations>['reconciliations']['nodes'][number];

export const reconciliationsQuery = (wanted: VariablesOf<typeof reconciliations>) =>
  queryOptions({
    queryKey: ['reconciliations', wanted],
    queryFn: async ({ signal }) => (await ask(reconciliations, wanted, signal)).reconciliations,
  });

const runFields = graphql(`
  fragment ReconciliationRunFields on ReconciliationRun {
    id
    state
    verdict
    asOf
    cutoff
    requestedAt
    finishedAt
    breakCount
    signed
    errorSide
    errorMessage
    keys {
      complete
      breaks
      bucketsLeft
    }
    checks {
      kind
      of
      status
      left
      right
      difference
      absolute
      relative
      found {
        group
        figure
        left
        right
        difference
      }
    }
    signOffs {
      byWhom
      at
      comment
      needed
    }
    statements {
      side
      purpose
      sql
    }
  }
`);

export type Run = ResultOf<typeof runFields>;
export type Check = Run['checks'][number];

const reconciliation = graphql(
  `
    query Reconciliation($id: ID!) {
      reconciliation(id: $id) {
        id
        name
        description
        number
        leftDatasetId
        leftName
        leftSourceName
        rightDatasetId
        rightName
        rightSourceName
      }
      reconciliationRuns(reconciliationId: $id, first: 20) {
        nodes {
          ...ReconciliationRunFields
        }
      }
      reconciliationAgeing(reconciliationId: $id) {
        days0To1
        days2To7
        days8To30
        daysOver30
      }
    }
  `,
  [runFields],
);

export type Ageing = ResultOf<typeof reconciliation>['reconciliationAgeing'];

export const reconciliationQuery = (id: string) =>
  queryOptions({
    queryKey: ['reconciliation', id],
    queryFn: ({ signal }) => ask(reconciliation, { id }, signal),
  });

const breaks = graphql(`
  query ReconciliationBreaks($id: ID!, $first: Int!, $after: String, $states: [ReconciliationBreakState!]) {
    reconciliationBreaks(reconciliationId: $id, first: $first, after: $after, states: $states) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        kind
        state
        key
        values {
          column
          left
          right
        }
        leftRows
        rightRows
        firstSeenAt
        openDays
        reason
        decidedBy
      }
    }
  }
`);

export type Break = ResultOf<typeof breaks>['reconciliationBreaks']['nodes'][number];

export const breaksQuery = (wanted: VariablesOf<typeof breaks>) =>
  queryOptions({
    queryKey: ['reconciliation-breaks', wanted],
    queryFn: async ({ signal }) => (await ask(breaks, wanted, signal)).reconciliationBreaks,
  });

const runDocument = graphql(
  `
    mutation RunReconciliation($id: ID!) {
      runReconciliation(id: $id) {
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

export const runReconciliation = async (id: string) => made((await ask(runDocument, { id })).runReconciliation);

const signDocument = graphql(`
  mutation SignReconciliationRun($id: ID!, $comment: String!) {
    signReconciliationRun(id: $id, comment: $comment) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const signRun = async (wanted: VariablesOf<typeof signDocument>) =>
  made((await ask(signDocument, wanted)).signReconciliationRun);

const decideDocument = graphql(`
  mutation DecideReconciliationBreak($id: ID!, $decision: ReconciliationBreakDecision!, $reason: String!) {
    decideReconciliationBreak(id: $id, decision: $decision, reason: $reason) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const decideBreak = async (wanted: VariablesOf<typeof decideDocument>) =>
  made((await ask(decideDocument, wanted)).decideReconciliationBreak);
