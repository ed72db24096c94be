import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { makeQualityReportWhenDue } from '../reports.job.js';
import { Reports } from '../reports.js';

@Injectable()
export class MakeQualityReportWhenDueProcessor implements JobProcessor<typeof makeQualityReportWhenDue.payload> {
  readonly contract = makeQualityReportWhenDue;

  constructor(
    private readonly reports: Reports,
    private readonly clock: Clock,
  ) {}

  async run(
    { planId, dueAt }: Static<typeof makeQualityReportWhenDue.payload>,
    { actor }: JobContext,
  ): Promise<JobOutcome> {
    const due = dueAt === undefined ? this.clock.now() : new Date(dueAt);
    const reportId = await this.reports.whenDue(actor, planId, due);
    return { state: 'succeeded', result: { reportId: reportId ?? null } };
  }
}
