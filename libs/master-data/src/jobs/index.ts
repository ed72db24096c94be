import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';

import { buildGoldenRecords } from '../build-golden-records.job.js';
import { MasterDataModule } from '../master-data.module.js';
import { BuildGoldenRecordsProcessor } from './build-golden-records.processor.js';

@Module({ imports: [MasterDataModule], providers: [BuildGoldenRecordsProcessor] })
class MasterDataJobsModule {}

export const masterDataJobs: JobsDoor = {
  module: MasterDataJobsModule,
  contracts: [buildGoldenRecords],
  processors: [BuildGoldenRecordsProcessor],
  consumers: [],
};
