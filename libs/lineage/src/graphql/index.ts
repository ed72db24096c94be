export { LineageGraphqlModule } from './lineage-graphql.module.js';
export { LineageImpactType } from './lineage.types.js';
