import { AppError, NotFound } from '#kernel';

/** The file of a report is not there: not asked for, or not made yet. */
export class ReportFileMissing extends NotFound {
  constructor(reportId: string, format: string) {
    super(`${format} file of a report`, reportId);
  }
}

/** A report that would be too large to be of use. */
export class ReportTooLarge extends AppError {
  readonly code = 'REPORT_TOO_LARGE';

  constructor(results: number, most: number) {
    super(
      `The period has ${results} results, and a CSV file holds at most ${most}. Choose a shorter period, or the other formats only.`,
      { results, most },
    );
  }
}
