import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';

import { RunEventsModule } from '../run-events.module.js';
import { sendRunEvent } from '../send-run-event.job.js';
import { JobMovedConsumer } from './job-moved.consumer.js';
import { SendRunEventProcessor } from './send-run-event.processor.js';

@Module({
  imports: [RunEventsModule],
  providers: [SendRunEventProcessor, JobMovedConsumer],
  exports: [SendRunEventProcessor, JobMovedConsumer],
})
class RunEventsJobsModule {}

/** Tells others what our jobs do. */
export const runEventsJobs: JobsDoor = {
  module: RunEventsJobsModule,
  contracts: [sendRunEvent],
  processors: [SendRunEventProcessor],
  consumers: [JobMovedConsumer],
};
