export { HarvestGraphqlModule } from './harvest-graphql.module.js';
export { HarvestRunType, toHarvestRunType } from './harvest.types.js';
