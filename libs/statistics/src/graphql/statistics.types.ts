import { ArgsType, Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { JobType } from '#graphql/audit';
import { SourceType } from '#graphql/sources';
import { Payload } from '#platform/graphql';
import { nextDue, type ScheduleEntity } from '#platform/queue';

import { type StatisticsLimits } from '../profiler.js';
import { SHOWN, type Shown } from '../secrecy.js';
import { type DatasetStatistics, type FieldStatistics } from '../statistics.store.js';

const ShownEnum = Object.fromEntries(SHOWN.map((shown) => [shown.toUpperCase(), shown])) as Record<string, Shown>;
registerEnumType(ShownEnum, {
  name: 'ShownValues',
  description: 'What a field’s security level and category allow of its values.',
  valuesMap: {
    VALUES: { description: 'As they are.' },
    MASKED: { description: 'Masked by the category.' },
    WITHHELD: { description: 'None were kept.' },
  },
});

@ObjectType('DatasetStatistics', { description: 'What was read of a dataset’s rows.' })
export class DatasetStatisticsType {
  @Field(() => Date, { nullable: true, description: 'When the rows were read; null: that has not worked yet.' })
  takenAt: Date | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Counted, or the source’s guess where only a sample was read; null: not known.',
  })
  rowCount: number | null;
  @Field(() => Float, { nullable: true, description: 'Rows that were read, when that may not be all.' })
  sampledRows: number | null;
  @Field({ description: 'When it was last tried.' }) triedAt: Date;
  @Field(() => String, {
    nullable: true,
    description: 'Stable code of what stood in the way the last time, for instance SOURCE_TIMED_OUT.',
  })
  problem: string | null;
}

export const toDatasetStatisticsType = (row: DatasetStatistics): DatasetStatisticsType => ({
  takenAt: row.takenAt,
  rowCount: row.rowCount,
  sampledRows: row.sampledRows,
  triedAt: row.triedAt,
  problem: row.problem,
});

@ObjectType('Quantile')
export class QuantileType {
  @Field({ description: 'For instance 0.5: the median.' }) quantile: string;
  @Field() value: string;
}

@ObjectType('FrequentValue')
export class FrequentValueType {
  @Field({ description: 'Masked when shown is MASKED.' }) value: string;
  @Field(() => Float) rows: number;
}

@ObjectType('FieldStatistics', {
  description:
    'What the values of a field are like. Values are only there where the field’s security level allows it: see shown.',
})
export class FieldStatisticsType {
  @Field() takenAt: Date;
  @Field(() => Float, { description: 'Rows that the figures are of.' }) rows: number;
  @Field({ description: 'Those are a sample; the figures of all rows may differ.' }) sampled: boolean;
  @Field(() => Float) nulls: number;
  @Field(() => Float, {
    nullable: true,
    description: 'Different values among those rows; null: its type knows no "the same".',
  })
  distinct: number | null;
  @Field(() => Int, { nullable: true, description: 'Characters of the shortest text.' }) shortest: number | null;
  @Field(() => Int, { nullable: true, description: 'Characters of the longest text.' }) longest: number | null;
  @Field(() => String, { nullable: true }) mean: string | null;
  @Field(() => String, { nullable: true, description: 'Standard deviation.' }) deviation: string | null;
  @Field(() => ShownEnum) shown: Shown;
  @Field(() => String, { nullable: true }) least: string | null;
  @Field(() => String, { nullable: true }) greatest: string | null;
  @Field(() => [QuantileType]) quantiles: QuantileType[];
  @Field(() => [FrequentValueType], { description: 'The most frequent first.' })
  frequent: readonly FrequentValueType[];
}

export const toFieldStatisticsType = (row: FieldStatistics): FieldStatisticsType => ({
  takenAt: row.takenAt,
  rows: row.rows,
  sampled: row.sampled,
  nulls: row.nulls,
  distinct: row.distinct,
  shortest: row.shortest,
  longest: row.longest,
  mean: row.mean,
  deviation: row.deviation,
  shown: row.shown,
  least: row.least,
  greatest: row.greatest,
  quantiles: Object.entries(row.quantiles)
    .map(([quantile, value]) => ({ quantile, value }))
    .sort((a, b) => Number(a.quantile) - Number(b.quantile)),
  frequent: row.frequent,
});

@ObjectType('StatisticsLimits', { description: 'What reading for statistics may cost a source.' })
export class StatisticsLimitsType implements StatisticsLimits {
  @Field(() => Float, { description: 'Of a larger dataset only a sample of so many rows is read.' }) rowLimit: number;
  @Field(() => Int, { description: 'Of one run; what is left then is first in the next one.' }) seconds: number;
  @Field(() => Float, { description: 'Rows that the statements of one run read together.' }) readRows: number;
}

@ObjectType('StatisticsSchedule', { description: 'When the statistics of a source are taken.' })
export class StatisticsScheduleType {
  @Field({ description: 'Minute, hour, day of month, month, day of week.' }) cron: string;
  @Field({ description: 'For instance Asia/Shanghai.' }) timeZone: string;
  @Field() enabled: boolean;
  @Field(() => Date, { nullable: true, description: 'null when it is not enabled, or the source is paused.' })
  nextAt: Date | null;
}

/** @param now null while nothing becomes due. */
export const toStatisticsScheduleType = (
  { cron, timeZone, enabled }: ScheduleEntity,
  now: Date | null,
): StatisticsScheduleType => ({
  cron,
  timeZone,
  enabled,
  nextAt: enabled && now ? nextDue(cron, timeZone, now) : null,
});

@ArgsType()
export class TakeStatisticsArgs {
  @Field(() => ID, { nullable: true, description: 'Of all datasets of this source …' }) sourceId?: string | null;
  @Field(() => ID, { nullable: true, description: '… or of this dataset.' }) datasetId?: string | null;
  @Field(() => Int, { nullable: true, description: 'In place of StatisticsLimits.rowLimit.' }) rowLimit?: number | null;
}

@ArgsType()
export class ScheduleStatisticsArgs {
  @Field(() => ID) sourceId: string;
  @Field({ description: 'Minute, hour, day of month, month, day of week; for instance "30 3 * * 6".' }) cron: string;
  @Field(() => String, { nullable: true, description: 'The setting timeZone when not given.' })
  timeZone?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'true when not given.' }) enabled?: boolean | null;
}

@ArgsType()
export class LimitStatisticsArgs {
  @Field(() => ID) sourceId: string;
  @Field(() => Float, {
    nullable: true,
    description: 'As in StatisticsLimits, as what follows; what is left out stays.',
  })
  rowLimit?: number | null;
  @Field(() => Int, { nullable: true }) seconds?: number | null;
  @Field(() => Float, { nullable: true }) readRows?: number | null;
}

@ObjectType()
export class TakeStatisticsPayload extends Payload {
  @Field(() => JobType, { nullable: true }) job?: JobType;
}

@ObjectType()
export class StatisticsOfSourcePayload extends Payload {
  @Field(() => SourceType, { nullable: true }) source?: SourceType;
}
