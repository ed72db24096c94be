export { CheckReport, type ReportCheck } from './check-report.js';
export { GatherFacts } from './gather-facts.js';
export { type MakeCall, MakeReport } from './make-report.js';
export { type Period, PERIODS, type PeriodKind } from './period.js';
export {
  FORMATS,
  type Language,
  type Report,
  type ReportFormat,
  type ReportKind,
  type ReportPlan,
  type ReportScope,
  type ReportState,
} from './report.js';
export { type QualityReportFacts, type RegisterFacts, type ReportFacts } from './quality-report.facts.js';
export { ReportFileMissing, ReportTooLarge } from './reports.errors.js';
export { makeQualityReport, makeQualityReportWhenDue } from './reports.job.js';
export { ReportsModule } from './reports.module.js';
export { type MakeReportWish, Reports, type ScheduleReportWish } from './reports.js';
