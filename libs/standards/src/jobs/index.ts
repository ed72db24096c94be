import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';

import { checkStandards } from '../check-standards.job.js';
import { StandardsModule } from '../standards.module.js';
import { CarryMappingsOver } from './carry-mappings-over.consumer.js';
import { CheckAfterHarvest } from './check-after-harvest.consumer.js';
import { CheckStandardsProcessor } from './check-standards.processor.js';

@Module({ imports: [StandardsModule], providers: [CheckStandardsProcessor, CheckAfterHarvest, CarryMappingsOver] })
class StandardsJobsModule {}

export const standardsJobs: JobsDoor = {
  module: StandardsJobsModule,
  contracts: [checkStandards],
  processors: [CheckStandardsProcessor],
  consumers: [CheckAfterHarvest, CarryMappingsOver],
};
