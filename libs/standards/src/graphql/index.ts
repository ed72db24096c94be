export { IdentifierFormatEnum } from './enums.js';
export { StandardsGraphqlModule } from './standards-graphql.module.js';
