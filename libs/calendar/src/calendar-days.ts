import { Injectable } from '@nestjs/common';
import { Changes, type Subject } from '#audit';
import { checkedDay, type Day, type DayFacts, plusDays } from '#core/business-calendar';
import { type Actor, InvalidInput, NotFound } from '#kernel';
import { CalendarStore } from '#platform/calendar';
import { ScheduleStore } from '#platform/queue';

/** A day with who declared it, if the institution did. */
export interface CalendarDayFacts extends DayFacts {
  readonly changedBy: string | null;
}

const LONGEST_NAME = 100;

/** The institution's calendar, to be looked at and to be changed. */
@Injectable()
export class CalendarDays {
  constructor(
    private readonly store: CalendarStore,
    private readonly changes: Changes,
    private readonly schedules: ScheduleStore,
  ) {}

  /** All days of a year, in order. @throws {InvalidInput} */
  async year(year: number): Promise<CalendarDayFacts[]> {
    if (!Number.isInteger(year) || year < 1990 || year > 2199)
      throw new InvalidInput('A year is a number from 1990 to 2199.', [], ['year']);
    const [first, last] = [`${year}-01-01`, `${year}-12-31`];
    const calendar = await this.store.calendar();
    const declared = new Map((await this.store.between(first, last)).map((one) => [one.day, one.changedBy]));
    const days: CalendarDayFacts[] = [];
    for (let day = first; day <= last; day = plusDays(day, 1))
      days.push({ ...calendar.facts(day), changedBy: declared.get(day) ?? null });
    return days;
  }

  /** Declares a day free or worked, whatever the State Council's calendar says. @throws {InvalidInput} */
  async declare(actor: Actor, day: string, working: boolean, name: string): Promise<CalendarDayFacts> {
    const checked = checkedDay(day);
    const called = name.trim();
    if (called.length > LONGEST_NAME)
      throw new InvalidInput(`The name of a day has at most ${LONGEST_NAME} characters.`, [], ['name']);
    const before = (await this.store.calendar()).facts(checked);
    await this.changes.make(actor, async (change) => {
      await this.store.put(change.tx, {
        ...{ day: checked, working, name: called, changedAt: change.at, changedBy: actor.name },
      });
      await this.schedules.calendarChanged(change.tx);
      await change.record('calendar-day.declared', subjectOf(checked), {
        before: { working: before.working, reason: before.reason },
        after: { working, name: called },
      });
    });
    return this.get(checked);
  }

  /** Takes a declaration back. @throws {NotFound} {@link InvalidInput} */
  async forget(actor: Actor, day: string): Promise<CalendarDayFacts> {
    const checked = checkedDay(day);
    const [declared] = await this.store.between(checked, checked);
    if (!declared) throw new NotFound('declared day', checked);
    await this.changes.make(actor, async (change) => {
      await this.store.remove(change.tx, checked);
      await this.schedules.calendarChanged(change.tx);
      await change.record('calendar-day.forgotten', subjectOf(checked), {
        before: { working: declared.working, name: declared.name },
      });
    });
    return this.get(checked);
  }

  private async get(day: Day): Promise<CalendarDayFacts> {
    const [declared] = await this.store.between(day, day);
    return { ...(await this.store.calendar()).facts(day), changedBy: declared?.changedBy ?? null };
  }
}

const subjectOf = (day: Day): Subject => ({ kind: 'calendar-day', id: day, name: day });
