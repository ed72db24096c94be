export const REPORT_KINDS = ['quality', 'register', 'reconciliation'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export const FORMATS = ['html', 'pdf', 'xlsx', 'csv', 'json'] as const;
export type ReportFormat = (typeof FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
};

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const REPORT_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type ReportState = (typeof REPORT_STATES)[number];

/** What a report is about; without anything, the whole catalog. */
export interface ReportScope {
  readonly sourceId: string | null;
  /** The datasets of the sources of this domain. */
  readonly domain: string | null;
  /** Rules of this owner. */
  readonly owner: string | null;
}

/** A report that was asked for. */
export interface Report extends ReportScope {
  readonly id: string;
  readonly kind: ReportKind;
  readonly sourceName: string | null;
  /** Those with rules of the domain when the report was asked for. */
  readonly datasetIds: readonly string[] | null;
  /** It tells what was known then. */
  readonly knownAt: Date;
  /** Of the facts it was made of; null before it is made. */
  readonly factsSha256: string | null;
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
export interface ReportPlan extends ReportScope {
  readonly id: string;
  readonly kind: ReportKind;
  readonly period: 'day' | 'week' | 'month';
  readonly language: Language;
  readonly formats: readonly ReportFormat[];
  readonly timeZone: string;
}
