import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { followJob, isOver, type Job } from './jobs.queries';

/** Keeps the jobs on the screen that are not over up to date. */
export function useLiveJobs(jobs: readonly Job[]): void {
  const queries = useQueryClient();
  const open = jobs
    .filter((job) => !isOver(job))
    .map(({ id }) => id)
    .join(' ');
  useEffect(() => {
    const stops = open.split(' ').flatMap((id) => (id === '' ? [] : [followJob(queries, id)]));
    return () => stops.forEach((stop) => stop());
  }, [open, queries]);
}
