export { SourceLoader } from './source.loader.js';
export { SourcesGraphqlModule } from './sources-graphql.module.js';
export { SourceType, toSourceType } from './sources.types.js';
