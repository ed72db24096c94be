import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql } from '../graphql/graphql';

const counts = graphql(`
  query HomeCounts {
    sources(first: 1) {
      totalCount
    }
    incidents(first: 1, states: [OPEN, ACKNOWLEDGED]) {
      totalCount
    }
    jobs(first: 1, states: [QUEUED, RUNNING]) {
      totalCount
    }
  }
`);

export const countsQuery = queryOptions({
  queryKey: ['home'],
  queryFn: ({ signal }) => ask(counts, {}, signal),
  refetchInterval: 15_000,
});
