import { EntryEntity } from './entry.entity.js';

export { assetsRenamed } from './assets-renamed.event.js';
export { datasetCursor, type DatasetFilter, type DatasetRow, Datasets } from './datasets.js';
export { AmbiguousAsset } from './dictionary.errors.js';
export { DictionaryModule } from './dictionary.module.js';
export { type AssetRef, Entries, type EntryWish } from './entries.js';
export { ENTRY_ORIGINS, EntryEntity, type EntryOrigin, SECURITY_LEVELS, type SecurityLevel } from './entry.entity.js';
export { type FieldFacts, type FieldRow, Fields } from './fields.js';
export { indexForSearch } from './index-for-search.job.js';
export { levelsChanged } from './levels-changed.event.js';
export { type EffectiveLevel, LEVEL_ORIGINS, type LevelOrigin, Levels } from './levels.js';
export {
  RENAME_STATES,
  renameCursor,
  type RenameFilter,
  type RenameRow,
  Renames,
  type RenameState,
} from './renames.js';
export { type FieldChange, type Impact, IMPACTS, type PropertyChange, type SchemaDiff } from './schema-diff.js';
export { type RoutineFilter, type RoutineRow, Routines, type RoutineVersionRow } from './routines.js';
export { type SchemaFieldRow, SchemaHistory, type SchemaVersionRow } from './schema-history.js';
export { ASSET_KINDS, type AssetKind, Search, type SearchHit } from './search.js';
export { SearchIndex } from './search-index.js';
export { type KeptSnapshot, type Snapshot, type SnapshotChange, type SnapshotDifference } from './snapshot.js';
export { type KnownDataset, type KnownRoutine, SnapshotSieve } from './snapshot-sieve.js';
export { Snapshots } from './snapshots.js';

export const dictionaryEntities = [EntryEntity];
