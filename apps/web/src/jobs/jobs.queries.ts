import { type QueryClient, queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql';
import { follow } from '../graphql/live';
import { made } from '../graphql/refused';

export const jobFields = graphql(`
  fragment JobFields on Job {
    id
    name
    titleEn
    titleZh
    state
    progress
    message
    result
    errorCode
    errorMessage
    attempt
    requestedBy
    requestedAt
    startedAt
    finishedAt
    cancelRequested
  }
`);

export type Job = ResultOf<typeof jobFields>;
export type JobState = Job['state'];

/** A harvest can also stop to ask. */
export type HarvestRunState = JobState | 'NEEDS_CONFIRMATION';

const jobs = graphql(
  `
    query Jobs($first: Int!, $after: String, $states: [JobState!], $subjectId: ID) {
      jobs(first: $first, after: $after, states: $states, subjectId: $subjectId) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...JobFields
        }
      }
    }
  `,
  [jobFields],
);

type JobsAnswer = ResultOf<typeof jobs>['jobs'];

export const isOver = ({ finishedAt }: Job): boolean => finishedAt !== null;

/** While news comes by itself we look only now and then, for jobs that are new. */
const lookAgainAfter = (connected: boolean, answer: JobsAnswer | undefined): number =>
  answer?.nodes.every(isOver) || connected ? 10_000 : 1_500;

export const jobsQuery = (wanted: VariablesOf<typeof jobs>, connected: boolean) =>
  queryOptions({
    queryKey: ['jobs', wanted],
    queryFn: async ({ signal }) => (await ask(jobs, wanted, signal)).jobs,
    refetchInterval: ({ state }) => lookAgainAfter(connected, state.data),
  });

const jobProgress = graphql(
  `
    subscription JobProgress($id: ID!) {
      jobProgress(id: $id) {
        ...JobFields
      }
    }
  `,
  [jobFields],
);

const job = graphql(
  `
    query Job($id: ID!) {
      job(id: $id) {
        ...JobFields
      }
    }
  `,
  [jobFields],
);

/** A job that is not over, asked again until it is. */
export const jobQuery = (asked: Job, connected: boolean) =>
  queryOptions({
    queryKey: ['job', asked.id],
    queryFn: async ({ signal }) => (await ask(job, { id: asked.id }, signal)).job,
    initialData: asked,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : connected ? 10_000 : 1_500),
  });

/** Writes a job's news where it is shown, until it has ended or the answer is called. */
export function followJob(queries: QueryClient, id: string): () => void {
  return follow(jobProgress, { id }, ({ jobProgress: news }) => {
    queries.setQueryData<Job>(['job', id], news);
    queries.setQueriesData<JobsAnswer>(
      { queryKey: ['jobs'] },
      (answer) => answer && { ...answer, nodes: answer.nodes.map((job) => (job.id === id ? news : job)) },
    );
  });
}

const cancelJobDocument = graphql(`
  mutation CancelJob($id: ID!) {
    cancelJob(id: $id) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const cancelJob = async (id: string) => made((await ask(cancelJobDocument, { id })).cancelJob);
