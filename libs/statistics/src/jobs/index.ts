import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';
import { SourcesModule } from '#sources';

import { StatisticsModule } from '../statistics.module.js';
import { takeStatistics } from '../take-statistics.job.js';
import { ForgetStatisticsSchedule } from './forget-schedule.consumer.js';
import { ForgetWhenLevelsChange, ForgetWhenProposed } from './forget-values.consumers.js';
import { TakeStatisticsProcessor } from './take-statistics.processor.js';

@Module({
  imports: [StatisticsModule, SourcesModule],
  providers: [TakeStatisticsProcessor, ForgetWhenLevelsChange, ForgetWhenProposed, ForgetStatisticsSchedule],
})
class StatisticsJobsModule {}

export const statisticsJobs: JobsDoor = {
  module: StatisticsJobsModule,
  contracts: [takeStatistics],
  processors: [TakeStatisticsProcessor],
  consumers: [ForgetWhenLevelsChange, ForgetWhenProposed, ForgetStatisticsSchedule],
};
