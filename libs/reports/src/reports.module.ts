import { Module } from '@nestjs/common';
import { NotificationsModule } from '#notifications';
import { QualityModule } from '#quality';
import { ReconciliationModule } from '#reconciliation';
import { SourcesModule } from '#sources';

import { CheckReport } from './check-report.js';
import { GatherFacts } from './gather-facts.js';
import { MakeReport } from './make-report.js';
import { QualityReportStore } from './quality-report.store.js';
import { ReportStore } from './report.store.js';
import { Reports } from './reports.js';

@Module({
  imports: [NotificationsModule, QualityModule, ReconciliationModule, SourcesModule],
  providers: [CheckReport, GatherFacts, MakeReport, QualityReportStore, ReportStore, Reports],
  exports: [CheckReport, GatherFacts, MakeReport, Reports],
})
export class ReportsModule {}
