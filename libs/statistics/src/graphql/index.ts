export { StatisticsGraphqlModule } from './statistics-graphql.module.js';
