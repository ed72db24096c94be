import { registerEnumType } from '@nestjs/graphql';
import { type DatasetKind, ROUTINE_KINDS, type RoutineKind, TYPE_FAMILIES, type TypeFamily } from '#core/connector-kit';

import { ENTRY_ORIGINS, type EntryOrigin, SECURITY_LEVELS, type SecurityLevel } from '../entry.entity.js';
import { LEVEL_ORIGINS, type LevelOrigin } from '../levels.js';
import { RENAME_STATES, type RenameState } from '../renames.js';
import { type Impact, IMPACTS } from '../schema-diff.js';
import { ASSET_KINDS, type AssetKind, SEARCH_RANKS, type SearchRank } from '../search.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

const DATASET_KINDS: readonly DatasetKind[] = [
  'table',
  'view',
  'materialized_view',
  'foreign_table',
  'partitioned_table',
  'file',
];

export const DatasetKindEnum = enumOf<DatasetKind>(DATASET_KINDS);
registerEnumType(DatasetKindEnum, { name: 'DatasetKind' });

export const RoutineKindEnum = enumOf<RoutineKind>(ROUTINE_KINDS);
registerEnumType(RoutineKindEnum, { name: 'RoutineKind' });

export const TypeFamilyEnum = enumOf<TypeFamily>(TYPE_FAMILIES);
registerEnumType(TypeFamilyEnum, {
  name: 'TypeFamily',
  description: 'Kinds of column types that mean the same in every source.',
});

export const SecurityLevelEnum = enumOf<SecurityLevel>(SECURITY_LEVELS);
registerEnumType(SecurityLevelEnum, {
  name: 'SecurityLevel',
  description: 'Level of data security after JR/T 0197: L1 public … L5 most sensitive.',
});

export const EntryOriginEnum = enumOf<EntryOrigin>(ENTRY_ORIGINS);
registerEnumType(EntryOriginEnum, {
  name: 'EntryOrigin',
  description: 'Somebody typed it, a rule derived it, or it came with an import.',
});

export const LevelOriginEnum = enumOf<LevelOrigin>(LEVEL_ORIGINS);
registerEnumType(LevelOriginEnum, {
  name: 'LevelOrigin',
  description: 'Somebody set it, a rule derived it, it came with an import, or somebody accepted a proposal.',
});

export const AssetKindEnum = enumOf<AssetKind>(ASSET_KINDS);
registerEnumType(AssetKindEnum, { name: 'AssetKind' });

export const SearchRankEnum = enumOf<SearchRank>(SEARCH_RANKS);
registerEnumType(SearchRankEnum, {
  name: 'SearchRank',
  description: 'How well a hit fits, best first.',
  valuesMap: {
    EXACT_NAME: { description: 'The text is the name, the business name or the qualified name.' },
    IN_TEXT: { description: 'The words are in the comment, the definition, the tags or the qualified name.' },
    SIMILAR_NAME: { description: 'The name is like the text.' },
  },
});

export const ImpactEnum = enumOf<Impact>(IMPACTS);
registerEnumType(ImpactEnum, {
  name: 'Impact',
  description: 'What a change does to whoever reads the dataset.',
  valuesMap: {
    COMPATIBLE: { description: 'Nothing.' },
    REVIEW: { description: 'A query still runs, and may find what it never met: NULL, longer values, another view.' },
    BREAKING: { description: 'A query that ran fails, or finds another kind of value.' },
  },
});

export const RenameStateEnum = enumOf<RenameState>(RENAME_STATES);
registerEnumType(RenameStateEnum, {
  name: 'RenameState',
  description: 'WITHDRAWN: what was gone is back, or what was new is gone, before anybody decided.',
});
