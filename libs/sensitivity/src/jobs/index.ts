import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';
import { SourcesModule } from '#sources';

import { detectSensitiveData } from '../detect-sensitive-data.job.js';
import { SensitivityModule } from '../sensitivity.module.js';
import { CarryDecisionsOver } from './carry-decisions-over.consumer.js';
import { DetectAfterHarvest } from './detect-after-harvest.consumer.js';
import { DetectSensitiveDataProcessor } from './detect-sensitive-data.processor.js';

@Module({
  imports: [SensitivityModule, SourcesModule],
  providers: [DetectSensitiveDataProcessor, DetectAfterHarvest, CarryDecisionsOver],
})
class SensitivityJobsModule {}

export const sensitivityJobs: JobsDoor = {
  module: SensitivityJobsModule,
  contracts: [detectSensitiveData],
  processors: [DetectSensitiveDataProcessor],
  consumers: [DetectAfterHarvest, CarryDecisionsOver],
};
