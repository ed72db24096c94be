export { CalendarStore, type DeclaredDay } from './calendar.store.js';
