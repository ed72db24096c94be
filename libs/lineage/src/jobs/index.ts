import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';

import { extractViews, importSql } from '../lineage.jobs.js';
import { LineageModule } from '../lineage.module.js';
import { ExtractViewsProcessor } from './extract-views.processor.js';
import { HarvestCompletedConsumer } from './harvest-completed.consumer.js';
import { ImportSqlProcessor } from './import-sql.processor.js';
import { ReadingThreads } from './reading-threads.js';

@Module({
  imports: [LineageModule],
  providers: [ReadingThreads, ExtractViewsProcessor, ImportSqlProcessor, HarvestCompletedConsumer],
  exports: [ExtractViewsProcessor, ImportSqlProcessor, HarvestCompletedConsumer],
})
class LineageJobsModule {}

/** What the worker does for lineage. */
export const lineageJobs: JobsDoor = {
  module: LineageJobsModule,
  contracts: [extractViews, importSql],
  processors: [ExtractViewsProcessor, ImportSqlProcessor],
  consumers: [HarvestCompletedConsumer],
};
