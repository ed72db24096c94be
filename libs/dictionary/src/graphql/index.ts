export { DatasetKindEnum, SecurityLevelEnum, TypeFamilyEnum } from './dictionary.enums.js';
export { DatasetLoader, FieldLoader } from './dictionary.loaders.js';
export { AssetUnion, DatasetType, FieldType, toDatasetType, toFieldType } from './dictionary.types.js';
export { DictionaryGraphqlModule } from './dictionary-graphql.module.js';
