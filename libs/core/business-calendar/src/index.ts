export {
  type BusinessCalendar,
  type DayFacts,
  type DayReason,
  isWorkingDay,
  type OwnDay,
  weekdayCalendar,
} from './calendar.js';
export { chinaCalendar, chinaKnows } from './china.js';
export { checkedDay, type Day, isDay, monthOf, plusDays, weekdayOf } from './day.js';
export {
  addWorkingDays,
  firstWorkingDayOfMonth,
  lastWorkingDayOfMonth,
  nextWorkingDay,
  previousWorkingDay,
  type ReckonedDay,
  workingDayOnOrAfter,
  workingDaysBetween,
} from './working-days.js';
export {
  addWorkingTime,
  type BusinessHours,
  checkedHours,
  type ReckonedTime,
  workingMinutesBetween,
} from './working-time.js';
export { checkedZone, dayAt, instantOf, wallClock } from './zone.js';
