export { MasterDataGraphqlModule } from './master-data-graphql.module.js';
