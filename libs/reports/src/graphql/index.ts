export { ReportsGraphqlModule } from './reports-graphql.module.js';
