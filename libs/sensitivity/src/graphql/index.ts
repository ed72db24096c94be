export { SensitivityGraphqlModule } from './sensitivity-graphql.module.js';
