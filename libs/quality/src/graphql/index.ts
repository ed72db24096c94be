export { QualityGraphqlModule } from './quality-graphql.module.js';
