export { IdentifierFormatEnum, TypeFamilyEnum } from './enums.js';
export { StandardsGraphqlModule } from './standards-graphql.module.js';
