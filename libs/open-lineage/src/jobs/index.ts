import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';

import { resolveNames } from '../open-lineage.jobs.js';
import { OpenLineageModule } from '../open-lineage.module.js';
import { HarvestCompletedConsumer } from './harvest-completed.consumer.js';
import { ResolveNamesProcessor } from './resolve-names.processor.js';

@Module({
  imports: [OpenLineageModule],
  providers: [ResolveNamesProcessor, HarvestCompletedConsumer],
  exports: [ResolveNamesProcessor, HarvestCompletedConsumer],
})
class OpenLineageJobsModule {}

/** What the worker does for OpenLineage events. */
export const openLineageJobs: JobsDoor = {
  module: OpenLineageJobsModule,
  contracts: [resolveNames],
  processors: [ResolveNamesProcessor],
  consumers: [HarvestCompletedConsumer],
};
