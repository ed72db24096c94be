import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { JobType } from '#graphql/audit';
import { connectionOf, globalId, localId, Node, Payload } from '#platform/graphql';
import { nextDue, type ScheduleEntity } from '#platform/queue';

import { PERIODS, type PeriodKind } from '../period.js';
import {
  FORMATS,
  type Language,
  LANGUAGES,
  type Report,
  REPORT_STATES,
  type ReportFormat,
  type ReportPlan,
  type ReportState,
} from '../report.js';
import { type MakeReportWish, type ScheduleReportWish } from '../reports.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

export const ReportFormatEnum = enumOf<ReportFormat>(FORMATS);
registerEnumType(ReportFormatEnum, {
  name: 'ReportFormat',
  valuesMap: {
    HTML: { description: 'One page to read, print and keep.' },
    CSV: { description: 'Every result of the period, one a line.' },
  },
});

export const ReportLanguageEnum = enumOf<Language>(LANGUAGES);
registerEnumType(ReportLanguageEnum, { name: 'ReportLanguage' });

export const ReportStateEnum = enumOf<ReportState>(REPORT_STATES);
registerEnumType(ReportStateEnum, { name: 'ReportState' });

export const ReportPeriodEnum = enumOf<PeriodKind>(PERIODS);
registerEnumType(ReportPeriodEnum, {
  name: 'ReportPeriod',
  description: 'What a scheduled report is about: the day, the week (from Monday) or the month before it is due.',
});

@ObjectType('ReportFile', { description: 'A file of a report. It does not change any more.' })
export class ReportFileType {
  @Field(() => ReportFormatEnum) format: ReportFormat;
  @Field(() => Int) bytes: number;
  @Field({ description: 'SHA-256 of the content, in hexadecimal.' }) sha256: string;
  @Field({ description: 'Where it is downloaded, with the same sign-in: a path of this server.' }) path: string;
}

@ObjectType('QualityReport', {
  implements: () => Node,
  description: 'The quality of a source in a period, as stored runs tell it.',
})
export class ReportType extends Node {
  @Field(() => ID, { description: 'Global id of a Source.' }) sourceId: string;
  @Field() sourceName: string;
  @Field({ description: 'First day, for instance 2026-06-01.' }) from: string;
  @Field({ description: 'Last day; it belongs to the period.' }) to: string;
  @Field() timeZone: string;
  @Field(() => ReportLanguageEnum) language: Language;
  @Field(() => [ReportFormatEnum]) formats: ReportFormat[];
  @Field(() => ReportStateEnum) state: ReportState;
  @Field(() => String, { nullable: true, description: 'Why it could not be made.' }) errorMessage: string | null;
  @Field() requestedAt: Date;
  @Field() requestedBy: string;
  @Field(() => Date, { nullable: true, description: 'When a schedule asked for it: the time it was due.' })
  dueAt: Date | null;
  @Field(() => Date, { nullable: true }) madeAt: Date | null;
  @Field(() => [ReportFileType]) files: ReportFileType[];
}

export const ReportConnection = connectionOf(ReportType, 'QualityReport');

export const toReportType = (report: Report): ReportType => {
  const id = globalId('QualityReport', report.id);
  return {
    id,
    sourceId: globalId('Source', report.sourceId),
    sourceName: report.sourceName,
    from: report.first,
    to: report.last,
    timeZone: report.timeZone,
    language: report.language,
    formats: [...report.formats],
    state: report.state,
    errorMessage: report.errorMessage,
    requestedAt: report.requestedAt,
    requestedBy: report.requestedBy,
    dueAt: report.dueAt,
    madeAt: report.madeAt,
    files: report.files.map((file) => ({ ...file, path: `/reports/${id}/${file.format}` })),
  };
};

@ObjectType('ReportSchedule', { description: 'A report that is made again and again.' })
export class ReportScheduleType {
  @Field(() => ID, { description: 'Global id of a Source.' }) sourceId: string;
  @Field(() => ReportPeriodEnum) period: PeriodKind;
  @Field(() => ReportLanguageEnum) language: Language;
  @Field(() => [ReportFormatEnum]) formats: ReportFormat[];
  @Field({ description: 'Minute, hour, day of month, month, day of week.' }) cron: string;
  @Field() timeZone: string;
  @Field() nextDueAt: Date;
}

export const toReportScheduleType = ({
  plan,
  schedule,
}: {
  plan: ReportPlan;
  schedule: Pick<ScheduleEntity, 'cron'>;
}): ReportScheduleType => ({
  sourceId: globalId('Source', plan.sourceId),
  period: plan.period,
  language: plan.language,
  formats: [...plan.formats],
  cron: schedule.cron,
  timeZone: plan.timeZone,
  nextDueAt: nextDue(schedule.cron, plan.timeZone),
});

@ArgsType()
export class MakeReportArgs {
  @Field(() => ID) sourceId: string;
  @Field({ description: 'First day, for instance 2026-06-01.' }) from: string;
  @Field({ description: 'Last day; it belongs to the period. At most 366 days.' }) to: string;
  @Field({ description: 'In which days begin and end, for instance Asia/Shanghai.' }) timeZone: string;
  @Field(() => ReportLanguageEnum) language: Language;
  @Field(() => [ReportFormatEnum]) formats: ReportFormat[];
}

export const toMakeWish = ({ sourceId, ...args }: MakeReportArgs): MakeReportWish => ({
  ...args,
  sourceId: localId('Source', sourceId, 'sourceId'),
});

@ArgsType()
export class ScheduleReportArgs {
  @Field(() => ID) sourceId: string;
  @Field(() => ReportPeriodEnum) period: PeriodKind;
  @Field(() => ReportLanguageEnum) language: Language;
  @Field(() => [ReportFormatEnum]) formats: ReportFormat[];
  @Field({ description: 'For the schedule, and in which days begin and end.' }) timeZone: string;
  @Field(() => String, { nullable: true, description: 'For instance "0 6 1 * *". Without it: no more.' }) cron?:
    string | null;
}

export const toScheduleWish = ({ sourceId, cron, ...args }: ScheduleReportArgs): ScheduleReportWish => ({
  ...args,
  cron: cron ?? null,
  sourceId: localId('Source', sourceId, 'sourceId'),
});

@ObjectType()
export class ReportPayload extends Payload {
  @Field(() => ReportType, { nullable: true }) report?: ReportType;
  @Field(() => JobType, { nullable: true, description: 'The job that makes it.' }) job?: JobType;
}

@ObjectType()
export class ReportSchedulePayload extends Payload {
  @Field(() => ReportScheduleType, { nullable: true, description: 'null when there is none any more.' })
  schedule?: ReportScheduleType;
}
