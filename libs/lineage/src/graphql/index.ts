export { LineageGraphqlModule } from './lineage-graphql.module.js';
