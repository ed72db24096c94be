export const FORMATS = ['html', 'csv'] as const;
export type ReportFormat = (typeof FORMATS)[number];

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const REPORT_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type ReportState = (typeof REPORT_STATES)[number];

/** A quality report that was asked for. */
export interface Report {
  readonly id: string;
  readonly sourceId: string;
  readonly sourceName: string;
  /** First and last day, both in it. */
  readonly first: string;
  readonly last: string;
  readonly timeZone: string;
  readonly language: Language;
  readonly formats: readonly ReportFormat[];
  readonly dueAt: Date | null;
  readonly jobId: string | null;
  readonly state: ReportState;
  readonly errorMessage: string | null;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly madeAt: Date | null;
  /** What there is to download, without the content. */
  readonly files: readonly { readonly format: ReportFormat; readonly bytes: number; readonly sha256: string }[];
}

/** A report that is made again and again. */
export interface ReportPlan {
  readonly id: string;
  readonly sourceId: string;
  readonly period: 'day' | 'week' | 'month';
  readonly language: Language;
  readonly formats: readonly ReportFormat[];
  readonly timeZone: string;
}
