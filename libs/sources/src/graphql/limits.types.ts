import { Field, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Payload } from '#platform/graphql';

import { QUIET_DAYS, type QuietDays, type QuietHours } from '../quiet-hours.js';
import { type Limits, WHEN_QUIET, type WhenQuiet } from '../source-limits.js';
import { SourceType } from './sources.types.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

const QuietDaysEnum = enumOf(QUIET_DAYS);
registerEnumType(QuietDaysEnum, { name: 'QuietDays', description: 'By the institution’s calendar.' });

const WhenQuietEnum = enumOf(WHEN_QUIET);
registerEnumType(WhenQuietEnum, {
  name: 'WhenQuiet',
  description: 'What becomes of a run of rules that meets quiet hours.',
  valuesMap: {
    WAIT: { description: 'It goes on when they are over.' },
    SKIP: { description: 'It leaves the rules out, with the code SOURCE_QUIET.' },
  },
});

@ObjectType('QuietHours')
export class QuietHoursType {
  @Field({ description: 'For instance 09:00.' }) from: string;
  @Field({ description: 'One that is earlier is on the next day.' }) to: string;
  @Field(() => QuietDaysEnum, { description: 'Days on which they begin.' }) days: QuietDays;
}

@ObjectType('SourceLimits', { description: 'How gently a source is asked by runs of rules.' })
export class LimitsType {
  @Field(() => Int, { description: 'Statements at once, over all workers.' }) statementsAtOnce: number;
  @Field(() => Int, { description: 'After that, a statement is stopped in the source.' }) statementSeconds: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Statements that the source expects to take longer are not sent, unless their rule says otherwise.',
  })
  budgetMs: number | null;
  @Field(() => [QuietHoursType]) quietHours: QuietHoursType[];
  @Field({ description: 'Of the quiet hours.' }) timeZone: string;
  @Field(() => WhenQuietEnum) whenQuiet: WhenQuiet;
}

export const toLimitsType = (limits: Limits): LimitsType => ({ ...limits, quietHours: [...limits.quietHours] });

@InputType()
export class QuietHoursInput {
  @Field() from: string;
  @Field() to: string;
  @Field(() => QuietDaysEnum, { defaultValue: 'every_day' }) days: QuietDays;
}

@InputType({ description: 'What is left out stays as it is.' })
export class SourceLimitsInput {
  @Field(() => Int, { nullable: true, description: '1 to 32; 2 at first.' }) statementsAtOnce?: number | null;
  @Field(() => Int, { nullable: true, description: '1 to 86400; 600 at first.' }) statementSeconds?: number | null;
  @Field(() => Int, { nullable: true, description: '0: no limit.' }) budgetMs?: number | null;
  @Field(() => [QuietHoursInput], { nullable: true }) quietHours?: QuietHoursInput[] | null;
  @Field(() => String, { nullable: true }) timeZone?: string | null;
  @Field(() => WhenQuietEnum, { nullable: true }) whenQuiet?: WhenQuiet | null;
}

export const toLimitsWish = (input: SourceLimitsInput): Partial<Limits> => ({
  ...(input.statementsAtOnce != null && { statementsAtOnce: input.statementsAtOnce }),
  ...(input.statementSeconds != null && { statementSeconds: input.statementSeconds }),
  ...(input.budgetMs != null && { budgetMs: input.budgetMs === 0 ? null : input.budgetMs }),
  ...(input.quietHours != null && { quietHours: input.quietHours.map(plain) }),
  ...(input.timeZone != null && { timeZone: input.timeZone }),
  ...(input.whenQuiet != null && { whenQuiet: input.whenQuiet }),
});

const plain = ({ from, to, days }: QuietHoursInput): QuietHours => ({ from, to, days });

@ObjectType()
export class SourceLimitsPayload extends Payload {
  @Field(() => SourceType, { nullable: true }) source?: SourceType;
}
