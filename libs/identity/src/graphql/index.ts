export { IdentityGraphqlModule } from './identity-graphql.module.js';
export { recognise } from './recognise.js';
