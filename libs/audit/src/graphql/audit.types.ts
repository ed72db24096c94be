import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import { connectionOf, PageArgs } from '#platform/graphql';
import { GraphQLJSON } from 'graphql-scalars';

import { type AuditEntryEntity } from '../audit-entry.entity.js';

@ObjectType('AuditEntry', { description: 'One change, by whom and when. Never changed or removed.' })
export class AuditEntryType {
  @Field({ description: 'Place in the chain, from 1.' }) number: string;
  @Field() recordedAt: Date;
  @Field({ description: 'user, token or system.' }) actorKind: string;
  @Field() actorName: string;
  @Field({ description: 'For instance source.registered.' }) action: string;
  @Field() subjectKind: string;
  @Field() subjectId: string;
  @Field({ description: 'The name it had then.' }) subjectName: string;
  @Field(() => GraphQLJSON, { description: 'What changed.' }) details: Record<string, unknown>;
  @Field({ description: 'SHA-256 over the previous entry’s hash and this entry.' }) hash: string;
}

export const AuditEntryConnection = connectionOf(AuditEntryType, 'AuditEntry');

export const toAuditEntryType = (entry: AuditEntryEntity): AuditEntryType => ({
  number: entry.number,
  recordedAt: entry.recordedAt,
  actorKind: entry.actorKind,
  actorName: entry.actorName,
  action: entry.action,
  subjectKind: entry.subjectKind,
  subjectId: entry.subjectId,
  subjectName: entry.subjectName,
  details: entry.details,
  hash: entry.hash,
});

@ArgsType()
export class AuditArgs extends PageArgs {
  @Field(() => String, { nullable: true }) subjectKind?: string | null;
  @Field(() => String, { nullable: true, description: 'As in AuditEntry.subjectId.' }) subjectId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Global id of an account.' }) actorId?: string | null;
  @Field(() => String, { nullable: true }) action?: string | null;
  @Field(() => Date, { nullable: true, description: 'Not before.' }) from?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Before.' }) to?: Date | null;
}

@ObjectType('AuditCheck', { description: 'Whether the chain of audit entries is whole.' })
export class AuditCheckType {
  @Field({ description: 'Entries whose hash was recomputed.' }) entries: number;
  @Field() intact: boolean;
  @Field(() => String, { nullable: true, description: 'The first entry that does not fit.' }) brokenAt: string | null;
}
