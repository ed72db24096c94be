import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';

import { extractViews, importPipelines, importSql, readQueryLog } from '../lineage.jobs.js';
import { LineageModule } from '../lineage.module.js';
import { ExtractViewsProcessor } from './extract-views.processor.js';
import { HarvestCompletedConsumer } from './harvest-completed.consumer.js';
import { ImportPipelinesProcessor } from './import-pipelines.processor.js';
import { ImportSqlProcessor } from './import-sql.processor.js';
import { ReadQueryLogProcessor } from './read-query-log.processor.js';
import { ReadingThreads } from './reading-threads.js';

@Module({
  imports: [LineageModule],
  providers: [
    ReadingThreads,
    ExtractViewsProcessor,
    ImportSqlProcessor,
    ImportPipelinesProcessor,
    ReadQueryLogProcessor,
    HarvestCompletedConsumer,
  ],
  exports: [
    ExtractViewsProcessor,
    ImportSqlProcessor,
    ImportPipelinesProcessor,
    ReadQueryLogProcessor,
    HarvestCompletedConsumer,
  ],
})
class LineageJobsModule {}

/** What the worker does for lineage. */
export const lineageJobs: JobsDoor = {
  module: LineageJobsModule,
  contracts: [extractViews, importSql, importPipelines, readQueryLog],
  processors: [ExtractViewsProcessor, ImportSqlProcessor, ImportPipelinesProcessor, ReadQueryLogProcessor],
  consumers: [HarvestCompletedConsumer],
};
