export { ReconciliationGraphqlModule } from './reconciliation-graphql.module.js';
