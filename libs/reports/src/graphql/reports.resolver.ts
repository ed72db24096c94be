import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { toJobType } from '#graphql/audit';
import { type Actor } from '#kernel';
import {
  Allow,
  type Connection,
  CurrentActor,
  localId,
  PageArgs,
  pageOf,
  SignedIn,
  toConnection,
} from '#platform/graphql';
import { JobStore } from '#platform/queue';

import { CheckReport } from '../check-report.js';
import { reportCursor } from '../report.store.js';
import { Reports } from '../reports.js';
import {
  MakeReportArgs,
  ReportCheckType,
  ReportConnection,
  ReportPayload,
  ReportSchedulePayload,
  ReportScheduleType,
  ReportType,
  ScheduleReportArgs,
  toMakeWish,
  toReportCheckType,
  toReportScheduleType,
  toReportType,
  toScheduleWish,
} from './report.types.js';

@Resolver(() => ReportType)
export class ReportsResolver {
  constructor(
    private readonly store: Reports,
    private readonly jobs: JobStore,
    private readonly checks: CheckReport,
  ) {}

  @SignedIn()
  @Query(() => ReportConnection, { description: 'Quality reports, newest first.' })
  async reports(
    @Args() page: PageArgs,
    @Args('sourceId', { type: () => ID, nullable: true }) sourceId?: string | null,
  ): Promise<Connection<ReportType>> {
    const of = sourceId == null ? undefined : localId('Source', sourceId, 'sourceId');
    return toConnection(await this.store.list(of, pageOf(page)), toReportType, reportCursor, page.after);
  }

  @SignedIn()
  @Query(() => ReportType)
  async report(@Args('id', { type: () => ID }) id: string): Promise<ReportType> {
    return toReportType(await this.store.get(localId('QualityReport', id, 'id')));
  }

  @SignedIn()
  @Query(() => [ReportScheduleType], { description: 'Reports that are made by themselves.' })
  async reportSchedules(
    @Args('sourceId', { type: () => ID, nullable: true }) sourceId?: string | null,
  ): Promise<ReportScheduleType[]> {
    const of = sourceId == null ? undefined : localId('Source', sourceId, 'sourceId');
    return (await this.store.plans(of)).map(toReportScheduleType);
  }

  @Allow('compliance', 'steward', 'engineer')
  @Query(() => ReportCheckType, {
    description: 'Makes the facts of a report again and compares; compares results with the digests in the audit.',
  })
  async checkReport(@Args('id', { type: () => ID }) id: string): Promise<ReportCheckType> {
    return toReportCheckType(await this.checks.check(localId('QualityReport', id, 'id')));
  }

  @Allow('compliance', 'steward', 'engineer')
  @Mutation(() => ReportPayload, { description: 'Asks for a report about a period.' })
  async makeQualityReport(@CurrentActor() actor: Actor, @Args() args: MakeReportArgs): Promise<ReportPayload> {
    const report = await this.store.make(actor, toMakeWish(args));
    return {
      report: toReportType(report),
      ...(report.jobId !== null && { job: toJobType(await this.jobs.get(report.jobId)) }),
    };
  }

  @Allow('compliance', 'steward', 'engineer')
  @Mutation(() => ReportSchedulePayload, {
    description: 'Sets when the report of the day, week or month before is made by itself. Without cron: no more.',
  })
  async scheduleQualityReport(
    @CurrentActor() actor: Actor,
    @Args() args: ScheduleReportArgs,
  ): Promise<ReportSchedulePayload> {
    const wish = toScheduleWish(args);
    const plan = await this.store.schedule(actor, wish);
    return plan === undefined || wish.cron === null
      ? {}
      : { schedule: toReportScheduleType({ plan, schedule: { cron: wish.cron } }) };
  }
}
