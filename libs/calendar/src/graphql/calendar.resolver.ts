import { Args, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import { Allow, CurrentActor, SignedIn } from '#platform/graphql';

import { CalendarDays } from '../calendar-days.js';
import { CalendarDayPayload, CalendarYearType, toCalendarDayType } from './calendar.types.js';

@Resolver()
export class CalendarResolver {
  constructor(private readonly days: CalendarDays) {}

  @SignedIn()
  @Query(() => CalendarYearType, { description: 'Which days of a year are worked.' })
  async calendar(@Args('year', { type: () => Int }) year: number): Promise<CalendarYearType> {
    const days = await this.days.year(year);
    return {
      year,
      workingDays: days.filter(({ working }) => working).length,
      known: days.every(({ known }) => known),
      days: days.map(toCalendarDayType),
    };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => CalendarDayPayload, {
    description: 'Declares a day free or worked, whatever the State Council’s calendar says.',
  })
  async setCalendarDay(
    @CurrentActor() actor: Actor,
    @Args('day', { description: 'For instance 2026-10-10.' }) day: string,
    @Args('working') working: boolean,
    @Args('name', { type: () => String, nullable: true }) name?: string | null,
  ): Promise<CalendarDayPayload> {
    return { day: toCalendarDayType(await this.days.declare(actor, day, working, name ?? '')) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => CalendarDayPayload, { description: 'Takes the declaration of a day back.' })
  async forgetCalendarDay(@CurrentActor() actor: Actor, @Args('day') day: string): Promise<CalendarDayPayload> {
    return { day: toCalendarDayType(await this.days.forget(actor, day)) };
  }
}
