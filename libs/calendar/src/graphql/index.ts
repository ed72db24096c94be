export { CalendarGraphqlModule } from './calendar-graphql.module.js';
