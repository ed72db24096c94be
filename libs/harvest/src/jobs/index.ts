import { type JobsDoor } from '#platform/queue';

import { harvestSource } from '../harvest-source.job.js';
import { ForgetScheduleConsumer } from './forget-schedule.consumer.js';
import { HarvestJobsModule } from './harvest-jobs.module.js';
import { HarvestSourceProcessor } from './harvest-source.processor.js';

export const harvestJobs: JobsDoor = {
  module: HarvestJobsModule,
  contracts: [harvestSource],
  processors: [HarvestSourceProcessor],
  consumers: [ForgetScheduleConsumer],
};
