import { harvestJobs } from '#jobs/harvest';
import { qualityJobs } from '#jobs/quality';
import { type JobsDoor } from '#platform/queue';

/** The jobs doors of the domains, in the order of the floors. */
export const doors: readonly JobsDoor[] = [harvestJobs, qualityJobs];
