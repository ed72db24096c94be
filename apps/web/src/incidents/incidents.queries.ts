import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql';
import { made } from '../graphql/refused';

const incidentFields = graphql(`
  fragment IncidentFields on Incident {
    id
    kind
    state
    possibleSteps
    severity
    titleEn
    titleZh
    openedAt
    dueAt
    waivedAt
    assignee
    flappingSince
    childCount
    sentenceEn
    sentenceZh
    datasetId
    datasetName
    sourceId
    sourceName
  }
`);

const incidents = graphql(
  `
    query Incidents(
      $first: Int!
      $after: String
      $states: [IncidentState!]
      $severity: RuleSeverity
      $assignee: String
      $overdue: Boolean
      $parentsOnly: Boolean
      $parentId: ID
      $text: String
    ) {
      incidents(
        first: $first
        after: $after
        states: $states
        severity: $severity
        assignee: $assignee
        overdue: $overdue
        parentsOnly: $parentsOnly
        parentId: $parentId
        text: $text
      ) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...IncidentFields
        }
      }
    }
  `,
  [incidentFields],
);

export type Incident = ResultOf<typeof incidentFields>;

export const incidentsQuery = (wanted: VariablesOf<typeof incidents>) =>
  queryOptions({
    queryKey: ['incidents', wanted],
    queryFn: async ({ signal }) => (await ask(incidents, wanted, signal)).incidents,
  });

const incident = graphql(
  `
    query Incident($id: ID!) {
      incident(id: $id) {
        ...IncidentFields
        ruleId
        owner
        cause
        violations
        checked
        failingRuns
        passingRuns
        parent {
          id
          titleEn
          titleZh
        }
        waiver {
          id
          state
          until
          reason
          requestedBy
        }
        events {
          kind
          at
          byWhom
          text
        }
      }
    }
  `,
  [incidentFields],
);

export type WholeIncident = ResultOf<typeof incident>['incident'];

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ['incidents', 'one', id],
    queryFn: async ({ signal }) => (await ask(incident, { id }, signal)).incident,
  });

const assignees = graphql(`
  query IncidentAssignees {
    incidentAssignees {
      login
      displayName
    }
  }
`);

export const assigneesQuery = queryOptions({
  queryKey: ['incident-assignees'],
  queryFn: async ({ signal }) => (await ask(assignees, {}, signal)).incidentAssignees,
});

const acknowledge = graphql(`
  mutation AcknowledgeIncidents($ids: [ID!]!) {
    acknowledgeIncidents(ids: $ids) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const assign = graphql(`
  mutation AssignIncidents($ids: [ID!]!, $assignee: String!) {
    assignIncidents(ids: $ids, assignee: $assignee) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const startFixing = graphql(`
  mutation StartFixingIncident($id: ID!, $comment: String) {
    startFixingIncident(id: $id, comment: $comment) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const awaitVerification = graphql(`
  mutation AwaitIncidentVerification($id: ID!, $cause: IncidentCause!, $comment: String) {
    awaitIncidentVerification(id: $id, cause: $cause, comment: $comment) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const falsePositive = graphql(`
  mutation MarkIncidentFalsePositive($id: ID!, $reason: String!) {
    markIncidentFalsePositive(id: $id, reason: $reason) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const reopen = graphql(`
  mutation ReopenIncident($id: ID!, $reason: String!) {
    reopenIncident(id: $id, reason: $reason) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const changeSeverity = graphql(`
  mutation ChangeIncidentSeverity($id: ID!, $severity: RuleSeverity!, $reason: String!) {
    changeIncidentSeverity(id: $id, severity: $severity, reason: $reason) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const setCause = graphql(`
  mutation SetIncidentCause($id: ID!, $cause: IncidentCause!, $comment: String) {
    setIncidentCause(id: $id, cause: $cause, comment: $comment) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const comment = graphql(`
  mutation CommentIncident($id: ID!, $text: String!) {
    commentIncident(id: $id, text: $text) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const requestWaiverDocument = graphql(`
  mutation RequestWaiver($ruleId: ID!, $reason: String!, $until: DateTime!) {
    requestWaiver(ruleId: $ruleId, reason: $reason, until: $until) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const decideWaiverDocument = graphql(`
  mutation DecideWaiver($id: ID!, $approve: Boolean!, $comment: String) {
    decideWaiver(id: $id, approve: $approve, comment: $comment) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const revokeWaiverDocument = graphql(`
  mutation RevokeWaiver($id: ID!, $reason: String!) {
    revokeWaiver(id: $id, reason: $reason) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const acknowledgeIncidents = async (ids: string[]) =>
  made((await ask(acknowledge, { ids })).acknowledgeIncidents);
export const assignIncidents = async (ids: string[], login: string) =>
  made((await ask(assign, { ids, assignee: login })).assignIncidents);
export const decideWaiver = async (id: string, approve: boolean, text: string) =>
  made((await ask(decideWaiverDocument, { id, approve, comment: text })).decideWaiver);
export const revokeWaiver = async (id: string, reason: string) =>
  made((await ask(revokeWaiverDocument, { id, reason })).revokeWaiver);

export type Cause = VariablesOf<typeof setCause>['cause'];
export type Severity = VariablesOf<typeof changeSeverity>['severity'];

/** What a person fills in for a step. */
export interface StepWish {
  readonly text?: string;
  readonly cause?: Cause;
  readonly severity?: Severity;
  readonly assignee?: string;
  readonly until?: string;
}

/** Takes a step; the server says why it cannot be taken. */
export async function takeStep(
  { id, ruleId }: WholeIncident,
  step: WholeIncident['possibleSteps'][number],
  { text = '', cause = 'OTHER', severity = 'S3', assignee = '', until = '' }: StepWish,
): Promise<unknown> {
  switch (step) {
    case 'ACKNOWLEDGE':
      return acknowledgeIncidents([id]);
    case 'ASSIGN':
      return assignIncidents([id], assignee);
    case 'START_FIXING':
      return made((await ask(startFixing, { id, comment: text })).startFixingIncident);
    case 'AWAIT_VERIFICATION':
      return made((await ask(awaitVerification, { id, cause, comment: text })).awaitIncidentVerification);
    case 'MARK_FALSE_POSITIVE':
      return made((await ask(falsePositive, { id, reason: text })).markIncidentFalsePositive);
    case 'REOPEN':
      return made((await ask(reopen, { id, reason: text })).reopenIncident);
    case 'CHANGE_SEVERITY':
      return made((await ask(changeSeverity, { id, severity, reason: text })).changeIncidentSeverity);
    case 'SET_CAUSE':
      return made((await ask(setCause, { id, cause, comment: text })).setIncidentCause);
    case 'COMMENT':
      return made((await ask(comment, { id, text })).commentIncident);
    case 'REQUEST_WAIVER':
      return made(
        (await ask(requestWaiverDocument, { ruleId: ruleId ?? '', reason: text, until: new Date(until).toISOString() }))
          .requestWaiver,
      );
    default:
      return step satisfies never;
  }
}

const waivers = graphql(`
  query Waivers($first: Int!, $after: String) {
    waivers(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        state
        ruleNameEn
        ruleNameZh
        severity
        datasetId
        datasetName
        sourceName
        reason
        until
        requestedAt
        requestedBy
        decidedBy
        decision
        endReason
      }
    }
  }
`);

export type Waiver = ResultOf<typeof waivers>['waivers']['nodes'][number];

export const waiversQuery = (wanted: VariablesOf<typeof waivers>) =>
  queryOptions({
    queryKey: ['waivers', wanted],
    queryFn: async ({ signal }) => (await ask(waivers, wanted, signal)).waivers,
  });
