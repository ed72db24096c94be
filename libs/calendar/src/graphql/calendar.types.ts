import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type DayReason } from '#core/business-calendar';
import { Payload } from '#platform/graphql';

import { type CalendarDayFacts } from '../calendar-days.js';

const REASONS: readonly DayReason[] = ['weekday', 'weekend', 'holiday', 'swapped', 'own'];
const DayReasonEnum = Object.fromEntries(REASONS.map((reason) => [reason.toUpperCase(), reason])) as Record<
  string,
  DayReason
>;
registerEnumType(DayReasonEnum, {
  name: 'DayReason',
  description: 'Why a day is worked or not.',
  valuesMap: {
    SWAPPED: { description: 'A day of a weekend that is worked in place of another (调休上班).' },
    OWN: { description: 'The institution has declared it.' },
  },
});

@ObjectType('CalendarDay')
export class CalendarDayType {
  @Field({ description: 'For instance 2026-10-10.' }) day: string;
  @Field() working: boolean;
  @Field({ description: 'false: nobody has published this day yet, so its weekday decides.' }) known: boolean;
  @Field(() => DayReasonEnum) reason: DayReason;
  @Field({ description: 'Of the holiday, or what the institution calls it.' }) nameEn: string;
  @Field() nameZh: string;
  @Field(() => String, { nullable: true, description: 'Who declared it, for one of the institution’s own days.' })
  changedBy: string | null;
}

export const toCalendarDayType = ({
  day,
  working,
  known,
  reason,
  name,
  changedBy,
}: CalendarDayFacts): CalendarDayType => ({
  ...{ day, working, known, reason, changedBy },
  nameEn: name?.en ?? '',
  nameZh: name?.zh ?? '',
});

@ObjectType('CalendarYear', { description: 'A year of the institution’s calendar: China’s working days and its own.' })
export class CalendarYearType {
  @Field(() => Int) year: number;
  @Field(() => Int) workingDays: number;
  @Field({ description: 'false: not all of its days are published yet.' }) known: boolean;
  @Field(() => [CalendarDayType], { description: 'All days in order.' }) days: CalendarDayType[];
}

@ObjectType()
export class CalendarDayPayload extends Payload {
  @Field(() => CalendarDayType, { nullable: true }) day?: CalendarDayType;
}
