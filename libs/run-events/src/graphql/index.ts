export { RunEventsGraphqlModule } from './run-events-graphql.module.js';
