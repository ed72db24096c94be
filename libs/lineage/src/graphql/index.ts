export { LineageGraphqlModule } from './lineage-graphql.module.js';
export { LineageImpactType } from './impact.types.js';
