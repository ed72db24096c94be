export { MakeReport } from './make-report.js';
export { type Period, PERIODS, type PeriodKind } from './period.js';
export { FORMATS, type Language, type Report, type ReportFormat, type ReportPlan, type ReportState } from './report.js';
export { ReportFileMissing, ReportTooLarge } from './reports.errors.js';
export { makeQualityReport, makeQualityReportWhenDue } from './reports.job.js';
export { ReportsModule } from './reports.module.js';
export { type MakeReportWish, Reports, type ScheduleReportWish } from './reports.js';
