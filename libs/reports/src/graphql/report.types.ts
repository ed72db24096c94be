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
  REPORT_KINDS,
  REPORT_STATES,
  type ReportFormat,
  type ReportKind,
  type ReportPlan,
  type ReportState,
} from '../report.js';
import { type ReportCheck } from '../check-report.js';
import { type MakeReportWish, type ScheduleReportWish } from '../reports.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

export const ReportFormatEnum = enumOf<ReportFormat>(FORMATS);
registerEnumType(ReportFormatEnum, {
  name: 'ReportFormat',
  valuesMap: {
    HTML: { description: 'One page to read, print and keep.' },
    PDF: { description: 'To print and hand in, with its fonts in it.' },
    XLSX: { description: 'A sheet for each table, with every row.' },
    CSV: { description: 'Every result of the period, one a line; of the other kinds, their tables.' },
    JSON: { description: 'The facts that the other formats were made of.' },
  },
});

export const ReportKindEnum = enumOf<ReportKind>(REPORT_KINDS);
registerEnumType(ReportKindEnum, {
  name: 'ReportKind',
  valuesMap: {
    QUALITY: { description: 'Scores with their coverage, results, causes, incidents and evidence of a period.' },
    REGISTER: {
      description: 'Every rule with its version, owner, effective dates, what it asks and its last verdict.',
    },
    RECONCILIATION: {
      description: 'Every reconciliation with its runs, the figures of both sides, breaks by age and signatures.',
    },
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
  description: 'What stored runs tell of a period: the quality report, or the rule register.',
})
export class ReportType extends Node {
  @Field(() => ReportKindEnum) kind: ReportKind;
  @Field(() => ID, { nullable: true, description: 'Global id of a Source; null for more than one.' })
  sourceId: string | null;
  @Field(() => String, { nullable: true }) sourceName: string | null;
  @Field(() => String, { nullable: true, description: 'It is about the sources of this domain.' })
  domain: string | null;
  @Field(() => String, { nullable: true, description: 'It is about rules of this owner.' }) owner: string | null;
  @Field({ description: 'It tells what was known then.' }) knownAt: Date;
  @Field(() => String, { nullable: true, description: 'SHA-256 of the facts it was made of.' })
  factsSha256: string | null;
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
    kind: report.kind,
    sourceId: report.sourceId === null ? null : globalId('Source', report.sourceId),
    domain: report.domain,
    owner: report.owner,
    knownAt: report.knownAt,
    factsSha256: report.factsSha256,
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
  @Field(() => ReportKindEnum) kind: ReportKind;
  @Field(() => ID, { nullable: true, description: 'Global id of a Source.' }) sourceId: string | null;
  @Field(() => String, { nullable: true }) domain: string | null;
  @Field(() => String, { nullable: true }) owner: string | null;
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
  kind: plan.kind,
  sourceId: plan.sourceId === null ? null : globalId('Source', plan.sourceId),
  domain: plan.domain,
  owner: plan.owner,
  period: plan.period,
  language: plan.language,
  formats: [...plan.formats],
  cron: schedule.cron,
  timeZone: plan.timeZone,
  nextDueAt: nextDue(schedule.cron, plan.timeZone),
});

@ArgsType()
class AboutArgs {
  @Field(() => ReportKindEnum, { nullable: true, description: 'The quality report when left out.' })
  kind?: ReportKind | null;
  @Field(() => ID, { nullable: true, description: 'Without source, domain and owner: the whole catalog.' })
  sourceId?: string | null;
  @Field(() => String, { nullable: true, description: 'Only sources of this domain.' })
  domain?: string | null;
  @Field(() => String, { nullable: true, description: 'Only rules of this owner.' }) owner?: string | null;
}

const toAbout = ({ kind, sourceId, domain, owner }: AboutArgs) => ({
  ...(kind != null && { kind }),
  sourceId: sourceId == null ? null : localId('Source', sourceId, 'sourceId'),
  domain: domain ?? null,
  owner: owner ?? null,
});

@ArgsType()
export class MakeReportArgs extends AboutArgs {
  @Field({ description: 'First day, for instance 2026-06-01.' }) from: string;
  @Field({ description: 'Last day; it belongs to the period. At most 366 days.' }) to: string;
  @Field({ description: 'In which days begin and end, for instance Asia/Shanghai.' }) timeZone: string;
  @Field(() => ReportLanguageEnum) language: Language;
  @Field(() => [ReportFormatEnum]) formats: ReportFormat[];
  @Field(() => Date, { nullable: true, description: 'It tells what was known then; now when left out.' })
  knownAt?: Date | null;
}

export const toMakeWish = ({
  from,
  to,
  timeZone,
  language,
  formats,
  knownAt,
  ...about
}: MakeReportArgs): MakeReportWish => ({
  ...{ ...toAbout(about), from, to, timeZone, language, formats },
  ...(knownAt != null && { knownAt }),
});

@ArgsType()
export class ScheduleReportArgs extends AboutArgs {
  @Field(() => ReportPeriodEnum) period: PeriodKind;
  @Field(() => ReportLanguageEnum) language: Language;
  @Field(() => [ReportFormatEnum]) formats: ReportFormat[];
  @Field({ description: 'For the schedule, and in which days begin and end.' }) timeZone: string;
  @Field(() => String, { nullable: true, description: 'For instance "0 6 1 * *". Without it: no more.' }) cron?:
    string | null;
}

export const toScheduleWish = ({
  period,
  language,
  formats,
  timeZone,
  cron,
  ...about
}: ScheduleReportArgs): ScheduleReportWish => ({
  ...{ ...toAbout(about), period, language, formats, timeZone },
  cron: cron ?? null,
});

@ObjectType('ReportCheck', {
  description: 'Whether a report still is what stored results say, and they are what they were when their runs ended.',
})
export class ReportCheckType implements ReportCheck {
  @Field({ description: 'All that follows is well.' }) intact: boolean;
  @Field({ description: 'The audit’s chain of hashes, in which the digests of results lie.' }) chainIntact: boolean;
  @Field(() => String, { nullable: true, description: 'Of the facts it was made of.' }) factsSha256: string | null;
  @Field({ description: 'Of the facts that the same question gives now.' }) foundSha256: string;
  @Field(() => Int, { description: 'Runs whose results were compared with the digest in the audit.' }) runs: number;
  @Field(() => [ID], { description: 'Global ids of those whose results are not what they were.' })
  changedRuns: string[];
}

export const toReportCheckType = ({ changedRuns, ...check }: ReportCheck): ReportCheckType => ({
  ...check,
  changedRuns: changedRuns.map((id) => globalId('RuleRun', id)),
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
