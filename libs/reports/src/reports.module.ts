import { Module } from '@nestjs/common';
import { QualityModule } from '#quality';
import { SourcesModule } from '#sources';

import { MakeReport } from './make-report.js';
import { QualityReportStore } from './quality-report.store.js';
import { ReportStore } from './report.store.js';
import { Reports } from './reports.js';

@Module({
  imports: [QualityModule, SourcesModule],
  providers: [MakeReport, QualityReportStore, ReportStore, Reports],
  exports: [MakeReport, Reports],
})
export class ReportsModule {}
