import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';

import { NotificationsModule } from '../notifications.module.js';
import { sendMessages } from '../send-messages.job.js';
import { SendMessagesProcessor } from './send-messages.processor.js';

@Module({
  imports: [NotificationsModule],
  providers: [SendMessagesProcessor],
  exports: [SendMessagesProcessor],
})
class NotificationsJobsModule {}

/** Sends messages. */
export const notificationsJobs: JobsDoor = {
  module: NotificationsJobsModule,
  contracts: [sendMessages],
  processors: [SendMessagesProcessor],
  consumers: [],
};
