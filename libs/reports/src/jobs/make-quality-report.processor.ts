import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';

import { MakeReport } from '../make-report.js';
import { makeQualityReport } from '../reports.job.js';

@Injectable()
export class MakeQualityReportProcessor implements JobProcessor<typeof makeQualityReport.payload> {
  readonly contract = makeQualityReport;

  constructor(private readonly work: MakeReport) {}

  async run({ reportId }: { reportId: string }, context: JobContext): Promise<JobOutcome> {
    const { files } = await this.work.make(reportId, context);
    return { state: 'succeeded', result: { reportId, files } };
  }
}
