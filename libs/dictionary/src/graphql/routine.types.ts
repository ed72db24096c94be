import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import { type RoutineKind } from '#core/connector-kit';
import { connectionOf, globalId, Node, PageArgs } from '#platform/graphql';

import { type RoutineRow, type RoutineVersionRow } from '../routines.js';
import { RoutineKindEnum } from './dictionary.enums.js';

@ArgsType()
export class RoutineArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => String, { nullable: true }) scope?: string | null;
  @Field(() => RoutineKindEnum, { nullable: true }) kind?: RoutineKind | null;
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' }) nameContains?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Also those that the source has no more.' })
  includeVanished?: boolean | null;
}

@ObjectType({ isAbstract: true })
abstract class RoutineFactsType {
  @Field(() => RoutineKindEnum) kind: RoutineKind;
  @Field({ description: 'For instance sql or plpgsql.' }) language: string;
  @Field({ description: 'As the source writes them.' }) arguments: string;
  @Field(() => String, { nullable: true, description: 'The type of what a function gives back.' })
  returns: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Its text; null when it is none, or the account may not see it.',
  })
  body: string | null;
  @Field(() => String, { nullable: true, description: 'The comment in the source.' }) comment: string | null;
  @Field(() => String, { nullable: true, description: 'The account that owns it in the source.' })
  sourceOwner: string | null;
}

const factsOf = ({
  kind,
  language,
  arguments: args,
  returns,
  body,
  comment,
  owner,
}: RoutineRow | RoutineVersionRow) => ({
  ...{ kind, language, arguments: args, returns, body, comment },
  sourceOwner: owner,
});

@ObjectType('Routine', {
  implements: () => Node,
  description: 'A procedure or function that is kept in a source, as a harvest saw it.',
})
export class RoutineType extends RoutineFactsType implements Node {
  @Field(() => ID, { description: 'Opaque; the same for ever, whatever the thing is renamed to.' }) id: string;
  /** The rows' ids, for resolvers. */
  readonly routineId: string;
  readonly sourceId: string;
  @Field() name: string;
  @Field({
    description: 'Name in the namespace of the source; with the arguments where one name can stand for several.',
  })
  qualifiedName: string;
  @Field({ description: 'The part of the source it belongs to: a schema.' }) scope: string;
  @Field(() => Date, { nullable: true, description: 'When the source last changed it, where the source knows.' })
  alteredAt: Date | null;
  @Field({ description: 'The source has it now. Otherwise this is how it was last.' }) present: boolean;
  @Field({ description: 'When the dictionary first heard of it.' }) createdAt: Date;
}

export const RoutineConnection = connectionOf(RoutineType, 'Routine');

export const toRoutineType = (row: RoutineRow): RoutineType => ({
  ...factsOf(row),
  id: globalId('Routine', row.id),
  routineId: row.id,
  sourceId: row.sourceId,
  name: row.name,
  qualifiedName: row.qualifiedName,
  scope: row.scope,
  alteredAt: row.alteredAt,
  present: row.present,
  createdAt: row.createdAt,
});

@ObjectType('RoutineVersion', { description: 'A definition that a routine had for some time.' })
export class RoutineVersionType extends RoutineFactsType {
  @Field({ description: 'Of the content: two versions with one digest are alike.' }) digest: string;
  @Field({ description: 'It was true from then on.' }) validFrom: Date;
  @Field(() => Date, { nullable: true, description: 'It was true until then; null: it still is.' })
  validTo: Date | null;
  @Field({ description: 'We held that to be so from then on.' }) recordedFrom: Date;
}

export const toRoutineVersionType = (row: RoutineVersionRow): RoutineVersionType => ({
  ...factsOf(row),
  digest: row.digest,
  validFrom: row.validFrom,
  validTo: row.validTo,
  recordedFrom: row.recordedFrom,
});
