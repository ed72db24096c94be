import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';

import { extractViews, importPipelines, importSql } from '../lineage.jobs.js';
import { LineageModule } from '../lineage.module.js';
import { ExtractViewsProcessor } from './extract-views.processor.js';
import { HarvestCompletedConsumer } from './harvest-completed.consumer.js';
import { ImportPipelinesProcessor } from './import-pipelines.processor.js';
import { ImportSqlProcessor } from './import-sql.processor.js';
import { ReadingThreads } from './reading-threads.js';

@Module({
  imports: [LineageModule],
  providers: [
    ReadingThreads,
    ExtractViewsProcessor,
    ImportSqlProcessor,
    ImportPipelinesProcessor,
    HarvestCompletedConsumer,
  ],
  exports: [ExtractViewsProcessor, ImportSqlProcessor, ImportPipelinesProcessor, HarvestCompletedConsumer],
})
class LineageJobsModule {}

/** What the worker does for lineage. */
export const lineageJobs: JobsDoor = {
  module: LineageJobsModule,
  contracts: [extractViews, importSql, importPipelines],
  processors: [ExtractViewsProcessor, ImportSqlProcessor, ImportPipelinesProcessor],
  consumers: [HarvestCompletedConsumer],
};
