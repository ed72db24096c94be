import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import { connectionOf, globalId, Node, PageArgs, Payload } from '#platform/graphql';

import { type RenameRow, type RenameState } from '../renames.js';
import { type Impact, type SchemaDiff } from '../schema-diff.js';
import { type SchemaChangeRow } from '../schema-history.js';
import { ImpactEnum, RenameStateEnum } from './dictionary.enums.js';
import { SchemaDiffType, toSchemaDiffType } from './dictionary.types.js';

@ArgsType()
export class SchemaChangesArgs extends PageArgs {
  @Field(() => ID) sourceId: string;
  @Field({ description: 'What was true then …' }) from: Date;
  @Field(() => Date, { nullable: true, description: '… and what was true then; now when not given.' })
  to?: Date | null;
}

@ObjectType('SchemaChange', { description: 'A dataset that was not at one time what it was at another.' })
export class SchemaChangeType {
  readonly datasetId: string;
  @Field() qualifiedName: string;
  @Field({ description: 'It was not there at the first time.' }) added: boolean;
  @Field({ description: 'It was not there at the second time.' }) vanished: boolean;
  @Field(() => ImpactEnum, { description: 'BREAKING when it vanished.' }) impact: Impact;
  @Field(() => SchemaDiffType, { nullable: true, description: 'null when it was added or vanished.' })
  diff: SchemaDiffType | null;
}

export const SchemaChangeConnection = connectionOf(SchemaChangeType, 'SchemaChange');

export const toSchemaChangeType = (row: SchemaChangeRow, diff: SchemaDiff | undefined): SchemaChangeType => ({
  datasetId: row.datasetId,
  qualifiedName: row.qualifiedName,
  added: row.beforeId === null,
  vanished: row.afterId === null,
  impact: diff?.impact ?? (row.afterId === null ? 'breaking' : 'compatible'),
  diff: diff ? toSchemaDiffType(diff) : null,
});

@ObjectType('Rename', {
  implements: () => Node,
  description: 'A dataset or a field that is gone, and one like it that came in its place. A person decides.',
})
export class RenameType extends Node {
  readonly sourceId: string;
  readonly fromAsset: { readonly kind: 'dataset' | 'field'; readonly id: string };
  readonly toAsset: { readonly kind: 'dataset' | 'field'; readonly id: string };
  @Field({ description: 'Qualified name; of a field with its own after #.' }) fromName: string;
  @Field() toName: string;
  @Field(() => RenameStateEnum) state: RenameState;
  @Field() proposedAt: Date;
  @Field(() => Date, { nullable: true }) decidedAt: Date | null;
  @Field(() => String, { nullable: true }) decidedBy: string | null;
}

export const RenameConnection = connectionOf(RenameType, 'Rename');

export const toRenameType = (row: RenameRow): RenameType => ({
  id: globalId('Rename', row.id),
  sourceId: row.sourceId,
  fromAsset:
    row.fromFieldId === null ? { kind: 'dataset', id: row.fromDatasetId } : { kind: 'field', id: row.fromFieldId },
  toAsset: row.toFieldId === null ? { kind: 'dataset', id: row.toDatasetId } : { kind: 'field', id: row.toFieldId },
  fromName: row.fromName,
  toName: row.toName,
  state: row.state,
  proposedAt: row.proposedAt,
  decidedAt: row.decidedAt,
  decidedBy: row.decidedBy,
});

@ArgsType()
export class RenamesArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => RenameStateEnum, { nullable: true, description: 'OPEN when not given.' }) state?: RenameState | null;
}

@ObjectType()
export class DecideRenamesPayload extends Payload {
  @Field(() => [RenameType], { nullable: true }) renames?: RenameType[];
}
