import { type JobsDoor } from '#platform/queue';

import { makeQualityReport, makeQualityReportWhenDue } from '../reports.job.js';
import { ForgetSchedulesConsumer } from './forget-schedules.consumer.js';
import { MakeQualityReportWhenDueProcessor } from './make-quality-report-when-due.processor.js';
import { MakeQualityReportProcessor } from './make-quality-report.processor.js';
import { ReportsJobsModule } from './reports-jobs.module.js';

export const reportsJobs: JobsDoor = {
  module: ReportsJobsModule,
  contracts: [makeQualityReport, makeQualityReportWhenDue],
  processors: [MakeQualityReportProcessor, MakeQualityReportWhenDueProcessor],
  consumers: [ForgetSchedulesConsumer],
};
