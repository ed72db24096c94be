import { Module } from '@nestjs/common';

import { ReportsModule } from '../reports.module.js';
import { ForgetSchedulesConsumer } from './forget-schedules.consumer.js';
import { MakeQualityReportWhenDueProcessor } from './make-quality-report-when-due.processor.js';
import { MakeQualityReportProcessor } from './make-quality-report.processor.js';

@Module({
  imports: [ReportsModule],
  providers: [ForgetSchedulesConsumer, MakeQualityReportProcessor, MakeQualityReportWhenDueProcessor],
})
export class ReportsJobsModule {}
