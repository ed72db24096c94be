/** The kinds of our jobs that receivers can be told of, and the jobs of `platform.job` that they are. */
export const TOLD_JOBS = {
  harvest: 'harvest-source',
  lineage: 'extract-views',
  quality: 'run-rules',
  master_data: 'build-golden-records',
} as const;
export type ToldJob = keyof typeof TOLD_JOBS;
export const TOLD_KINDS = Object.keys(TOLD_JOBS) as readonly ToldJob[];
