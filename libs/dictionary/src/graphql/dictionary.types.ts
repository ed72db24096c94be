import { createUnionType, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { type DatasetKind, type HarvestedIndex, type TypeFamily } from '#core/connector-kit';
import { urnOf } from '#kernel';
import { connectionOf, globalId, Node } from '#platform/graphql';
import { GraphQLJSONObject } from 'graphql-scalars';

import { type DatasetRow } from '../datasets.js';
import { type EntryEntity, type EntryOrigin, type SecurityLevel } from '../entry.entity.js';
import { type FieldFacts, type FieldRow } from '../fields.js';
import { type EffectiveLevel, type LevelOrigin } from '../levels.js';
import { type Impact, type SchemaDiff } from '../schema-diff.js';
import { type SchemaFieldRow, type SchemaVersionRow } from '../schema-history.js';
import {
  DatasetKindEnum,
  EntryOriginEnum,
  ImpactEnum,
  LevelOriginEnum,
  SecurityLevelEnum,
  TypeFamilyEnum,
} from './dictionary.enums.js';

@ObjectType('DatasetKey', { description: 'A primary, unique or foreign key, as the source declares it.' })
export class DatasetKeyType {
  @Field({ description: 'primary, unique or foreign.' }) kind: string;
  @Field() name: string;
  @Field(() => [String], { description: 'Names of the fields, in their order.' }) fields: readonly string[];
  @Field(() => String, {
    nullable: true,
    description: 'Of a foreign key: the dataset it points to, in the same namespace.',
  })
  refQualifiedName?: string;
  @Field(() => [String], { nullable: true }) refFields?: readonly string[];
  @Field({ description: 'The source vouches that every row obeys.' }) validated: boolean;
}

@ObjectType('DatasetCheck', { description: 'A condition that every row has to meet, as the source declares it.' })
export class DatasetCheckType {
  @Field() name: string;
  @Field({ description: 'As the source writes it.' }) expression: string;
  @Field({ description: 'The source vouches that every row obeys.' }) validated: boolean;
}

@ObjectType('IndexPart', { description: 'A field or an expression that an index is built on; the other is null.' })
export class IndexPartType {
  @Field(() => String, { nullable: true, description: 'Name of the field.' }) field: string | null;
  @Field(() => String, { nullable: true, description: 'As the source writes it.' }) expression: string | null;
}

@ObjectType('DatasetIndex')
export class DatasetIndexType {
  @Field() name: string;
  @Field({ description: 'For instance btree, hash, gin, fulltext.' }) kind: string;
  @Field() unique: boolean;
  @Field(() => [IndexPartType], { description: 'What it is built on, in its order.' }) parts: readonly IndexPartType[];
  @Field(() => String, { nullable: true, description: 'Only rows that meet this are in it.' })
  condition: string | null;
}

const toIndexType = ({ name, kind, unique, parts, condition }: HarvestedIndex): DatasetIndexType => ({
  ...{ name, kind, unique },
  parts: parts.map((part) => ({ field: null, expression: null, ...part })),
  condition: condition ?? null,
});

@ObjectType('Dataset', {
  implements: () => Node,
  description:
    'A table, view or file of a source, as a harvest saw it. What people say of it is apart, in "entry", and no harvest changes that.',
})
export class DatasetType extends Node {
  /** The rows' ids, for resolvers of the domains above. */
  readonly datasetId: string;
  readonly sourceId: string;
  @Field({ description: 'Technical name.' }) name: string;
  @Field({ description: 'OpenLineage name in the namespace of the source, for instance risk.dwd.loan.' })
  qualifiedName: string;
  @Field({ description: 'Its name everywhere: namespace/name.' }) urn: string;
  @Field({ description: 'The part of the source it belongs to: a schema, a folder.' }) scope: string;
  @Field(() => DatasetKindEnum) kind: DatasetKind;
  @Field(() => String, {
    nullable: true,
    description: 'The comment in the source. (What people say: entry.definition.)',
  })
  comment: string | null;
  @Field(() => String, { nullable: true, description: 'The query of a view.' }) viewSql: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The account that owns it in the source. (Who answers for it: entry.owner.)',
  })
  sourceOwner: string | null;
  @Field(() => [DatasetKeyType]) keys: readonly DatasetKeyType[];
  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Of a foreign table: namespace, name and columns of the table that it shows.',
  })
  foreignOf: object | null;
  @Field(() => [DatasetCheckType], { nullable: true, description: 'null: the source does not tell.' })
  checks: readonly DatasetCheckType[] | null;
  @Field(() => [DatasetIndexType], { nullable: true, description: 'null: the source does not tell.' })
  indexes: readonly DatasetIndexType[] | null;
  @Field(() => String, {
    nullable: true,
    description:
      'How rows are shared out among partitions, for instance RANGE (booked). Partitions are folded into it.',
  })
  partitionKey: string | null;
  @Field(() => Int, { nullable: true, description: 'Partitions folded into it.' }) partitionCount: number | null;
  @Field(() => Float, { nullable: true, description: 'Rows, as the source guesses.' }) rowEstimate: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'What it takes on disk with its indexes, as the source counted last.',
  })
  sizeBytes: number | null;
  @Field(() => Date, {
    nullable: true,
    description: 'When the source last changed its definition, where it knows; for a file, when it was last written.',
  })
  alteredAt: Date | null;
  @Field({ description: 'The source has it now. Otherwise this is how it was last.' }) present: boolean;
  @Field({ description: 'When the dictionary first heard of it.' }) createdAt: Date;
}

export const DatasetConnection = connectionOf(DatasetType, 'Dataset');

export const toDatasetType = (row: DatasetRow): DatasetType => ({
  id: globalId('Dataset', row.id),
  datasetId: row.id,
  sourceId: row.sourceId,
  name: row.name,
  qualifiedName: row.qualifiedName,
  urn: urnOf({ namespace: row.namespace, name: row.qualifiedName }),
  scope: row.scope,
  kind: row.kind,
  comment: row.comment,
  viewSql: row.viewSql,
  sourceOwner: row.owner,
  keys: row.keys,
  foreignOf: row.foreignOf,
  checks: row.checks,
  indexes: row.indexes?.map(toIndexType) ?? null,
  partitionKey: row.partitionKey,
  partitionCount: row.partitionCount,
  rowEstimate: row.rowEstimate,
  sizeBytes: row.sizeBytes,
  alteredAt: row.alteredAt,
  present: row.present,
  createdAt: row.createdAt,
});

@ObjectType({ isAbstract: true })
abstract class FieldFactsType {
  @Field({ description: 'Technical name.' }) name: string;
  @Field(() => Int, { description: 'Its place among the fields, from 1.' }) ordinal: number;
  @Field({ description: 'The type as the source writes it, for instance numeric(18,2).' }) nativeType: string;
  @Field(() => TypeFamilyEnum) typeFamily: TypeFamily;
  @Field(() => Int, { nullable: true, description: 'Longest text, in characters.' }) length: number | null;
  @Field(() => Int, { nullable: true, description: 'All digits of a number; digits of a fraction of a second.' })
  precision: number | null;
  @Field(() => Int, { nullable: true }) scale: number | null;
  @Field() nullable: boolean;
  @Field(() => String, { nullable: true }) defaultExpression: string | null;
  @Field(() => String, { nullable: true, description: 'The source computes it: the expression, or "identity".' })
  generated: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The comment in the source. (What people say: entry.definition.)',
  })
  comment: string | null;
}

const factsOf = (row: FieldFacts): FieldFacts => ({
  name: row.name,
  ordinal: row.ordinal,
  nativeType: row.nativeType,
  typeFamily: row.typeFamily,
  length: row.length,
  precision: row.precision,
  scale: row.scale,
  nullable: row.nullable,
  defaultExpression: row.defaultExpression,
  generated: row.generated,
  comment: row.comment,
});

@ObjectType('Field', {
  implements: () => Node,
  description: 'A column of a dataset, as a harvest saw it. What people say of it is apart, in "entry".',
})
export class FieldType extends FieldFactsType implements Node {
  @Field(() => ID, { description: 'Opaque; the same for ever, whatever the thing is renamed to.' }) id: string;
  /** The rows' ids, for resolvers of the domains above. */
  readonly fieldId: string;
  readonly datasetId: string;
  @Field({ description: 'Its name everywhere: namespace/name#column.' }) urn: string;
  @Field({ description: 'The source has it now. Otherwise this is how it was last.' }) present: boolean;
}

export const toFieldType = (row: FieldRow): FieldType => ({
  ...factsOf(row),
  id: globalId('Field', row.id),
  fieldId: row.id,
  datasetId: row.datasetId,
  urn: urnOf({ namespace: row.namespace, name: row.qualifiedName, column: row.name }),
  present: row.present,
});

@ObjectType('DictionaryEntry', {
  description: 'What people (or an import, or a rule) say of a dataset or a field. A harvest never changes it.',
})
export class EntryType {
  @Field({ description: '业务名称; empty when nothing was said.' }) businessName: string;
  @Field() definition: string;
  @Field({ description: 'Who answers for it.' }) owner: string;
  @Field(() => [String]) tags: readonly string[];
  @Field(() => SecurityLevelEnum, { nullable: true }) securityLevel: SecurityLevel | null;
  @Field(() => EntryOriginEnum, { description: 'Where the latest change came from.' }) origin: EntryOrigin;
  @Field(() => Int, { description: 'Goes up with each change; give it as expectedRevision.' }) revision: number;
  @Field() changedAt: Date;
  @Field() changedBy: string;
}

export const toEntryType = (entry: EntryEntity): EntryType => ({
  businessName: entry.businessName,
  definition: entry.definition,
  owner: entry.owner,
  tags: entry.tags,
  securityLevel: entry.securityLevel,
  origin: entry.origin,
  revision: entry.revision,
  changedAt: entry.changedAt,
  changedBy: entry.changedBy,
});

@ObjectType('EffectiveLevel', {
  description:
    'The security level that counts. Of a dataset: the highest of its own and its fields’; of a field: its own, or else what is said of its dataset as a whole.',
})
export class EffectiveLevelType {
  /** For the loader. */
  readonly fieldId: string | null;
  @Field(() => SecurityLevelEnum) level: SecurityLevel;
  @Field(() => LevelOriginEnum) origin: LevelOrigin;
  @Field({ description: 'Who set the level.' }) setBy: string;
  @Field() setAt: Date;
}

export const toEffectiveLevelType = ({ fieldId, level, origin, setBy, setAt }: EffectiveLevel): EffectiveLevelType => ({
  fieldId,
  level,
  origin,
  setBy,
  setAt,
});

@ObjectType('SchemaField', { description: 'A field as it was in a schema version.' })
export class SchemaFieldType extends FieldFactsType {
  @Field(() => ID, { description: 'Global id of the Field.' }) fieldId: string;
}

export const toSchemaFieldType = (row: SchemaFieldRow): SchemaFieldType => ({
  ...factsOf(row),
  fieldId: globalId('Field', row.fieldId),
});

@ObjectType('SchemaVersion', {
  implements: () => Node,
  description:
    'A schema that a dataset had for some time. What was found out later does not change it but supersedes it: recordedTo closes.',
})
export class SchemaVersionType extends Node {
  readonly versionId: string;
  @Field(() => DatasetKindEnum) kind: DatasetKind;
  @Field(() => String, { nullable: true }) comment: string | null;
  @Field(() => String, { nullable: true }) viewSql: string | null;
  @Field(() => String, { nullable: true }) sourceOwner: string | null;
  @Field(() => [DatasetKeyType]) keys: readonly DatasetKeyType[];
  @Field(() => [DatasetCheckType], { nullable: true }) checks: readonly DatasetCheckType[] | null;
  @Field(() => [DatasetIndexType], { nullable: true }) indexes: readonly DatasetIndexType[] | null;
  @Field(() => String, { nullable: true }) partitionKey: string | null;
  @Field({ description: 'Of the content: two versions with one digest are alike.' }) digest: string;
  @Field({ description: 'It was true from then on.' }) validFrom: Date;
  @Field(() => Date, { nullable: true, description: 'It was true until then; null: it still is.' })
  validTo: Date | null;
  @Field({ description: 'We held that to be so from then on.' }) recordedFrom: Date;
  @Field(() => Date, { nullable: true, description: 'We held that to be so until then; null: we still do.' })
  recordedTo: Date | null;
}

export const toSchemaVersionType = (row: SchemaVersionRow): SchemaVersionType => ({
  id: globalId('SchemaVersion', row.id),
  versionId: row.versionId,
  kind: row.kind,
  comment: row.comment,
  viewSql: row.viewSql,
  sourceOwner: row.owner,
  keys: row.keys,
  checks: row.checks,
  indexes: row.indexes?.map(toIndexType) ?? null,
  partitionKey: row.partitionKey,
  digest: row.digest,
  validFrom: row.validFrom,
  validTo: row.validTo,
  recordedFrom: row.recordedFrom,
  recordedTo: row.recordedTo,
});

@ObjectType('PropertyChange', { description: 'A property that is not what it was.' })
export class PropertyChangeType {
  @Field({ description: 'For instance nativeType, nullable, comment, keys.' }) property: string;
  @Field(() => String, { nullable: true }) before: string | null;
  @Field(() => String, { nullable: true }) after: string | null;
  @Field(() => ImpactEnum) impact: Impact;
}

@ObjectType('FieldChange')
export class FieldChangeType {
  @Field(() => ID, { description: 'Global id of the Field.' }) fieldId: string;
  @Field() name: string;
  @Field(() => [PropertyChangeType]) changes: readonly PropertyChangeType[];
}

@ObjectType('SchemaDiff', { description: 'What is different in the second of two schema versions.' })
export class SchemaDiffType {
  @Field(() => [SchemaFieldType]) added: SchemaFieldType[];
  @Field(() => [SchemaFieldType]) removed: SchemaFieldType[];
  @Field(() => [FieldChangeType]) changed: FieldChangeType[];
  @Field(() => [PropertyChangeType], { description: 'Of the dataset itself.' }) changes: readonly PropertyChangeType[];
  @Field(() => ImpactEnum, { description: 'The worst of all; a removed field is BREAKING.' }) impact: Impact;
}

export const toSchemaDiffType = (diff: SchemaDiff): SchemaDiffType => ({
  added: diff.added.map((field) => toSchemaFieldType({ ...field, versionId: '' })),
  removed: diff.removed.map((field) => toSchemaFieldType({ ...field, versionId: '' })),
  changed: diff.changed.map((field) => ({ ...field, fieldId: globalId('Field', field.fieldId) })),
  changes: diff.changes,
  impact: diff.impact,
});

export const AssetUnion = createUnionType({
  name: 'Asset',
  description: 'A dataset or a field.',
  types: () => [DatasetType, FieldType] as const,
  resolveType: (value: DatasetType | FieldType) => ('fieldId' in value ? FieldType : DatasetType),
});
