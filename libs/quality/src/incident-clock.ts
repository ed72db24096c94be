import { addWorkingDays, type BusinessCalendar, dayAt, instantOf, plusDays } from '#core/business-calendar';

import { type IncidentTerms } from './incident.js';

/**
 * When the time for an incident runs out: so many hours later by the clock, or at the end of the n-th business day after the
 * day it began on.
 */
export function dueBy(
  from: Date,
  { hours, businessDays }: IncidentTerms,
  calendar: BusinessCalendar,
  timeZone: string,
) {
  if (hours !== null) return new Date(from.getTime() + hours * 3_600_000);
  const { day } = addWorkingDays(dayAt(from, timeZone), businessDays ?? 1, calendar);
  return instantOf(plusDays(day, 1), '00:00', timeZone);
}
