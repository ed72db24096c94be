export { type CalendarDayFacts, CalendarDays } from './calendar-days.js';
export { CalendarModule } from './calendar.module.js';
