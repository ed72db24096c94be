import { type EdgeSubtype, type SqlDialect, type StatementStatus } from '#core/sql-lineage';
import { JobType } from '#graphql/audit';
import { connectionOf, globalId, Node, PageArgs, Payload } from '#platform/graphql';
import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import { type EdgeTypeName } from '../graph/question.js';
import { type ScriptOrigin } from '../script.entity.js';
import { type ScriptRow, type StatementRow } from '../scripts.js';
import {
  EdgeSubtypeEnum,
  EdgeTypeEnum,
  ScriptOriginEnum,
  SqlDialectEnum,
  StatementStatusEnum,
} from './lineage.enums.js';
import { NameValueInput, RevisionInput, RevisionType } from './script-origin.types.js';

@ObjectType('LineageReason', { description: 'What was not understood or not known, and where.' })
export class LineageReasonType {
  @Field({ description: 'Stable code, for instance not-parsed.' }) code: string;
  @Field() message: string;
  @Field(() => Int, { description: 'Line in the script, from 1.' }) line: number;
  @Field(() => Int, { description: 'UTF-16 offset into the script’s text.' }) start: number;
  @Field(() => Int) end: number;
}

@ObjectType('LineageStatement', { description: 'One statement of a script.' })
export class LineageStatementType {
  @Field(() => ID) id: string;
  @Field(() => Int, { description: 'Place among the statements, from 0.' }) position: number;
  @Field(() => Int, { description: 'Line in the script, from 1.' }) line: number;
  @Field(() => Int, { description: 'UTF-16 offset into the script’s text.' }) start: number;
  @Field(() => Int) end: number;
  @Field({ description: 'insert, create_view, merge …' }) kind: string;
  @Field(() => StatementStatusEnum) status: StatementStatus;
  @Field(() => [LineageReasonType]) reasons: LineageReasonType[];
  /** For the fields `script` and `text`. */
  scriptId: string;
}

export const toStatementType = (statement: StatementRow): LineageStatementType => ({
  id: globalId('LineageStatement', statement.id),
  position: statement.position,
  line: statement.line,
  start: statement.start,
  end: statement.end,
  kind: statement.kind,
  status: statement.status as StatementStatus,
  reasons: [...statement.reasons],
  scriptId: statement.scriptId,
});

export const LineageStatementConnection = connectionOf(LineageStatementType, 'LineageStatement');

@ObjectType('LineageScript', { implements: () => Node, description: 'Something that says where data flows.' })
export class LineageScriptType extends Node {
  @Field(() => ScriptOriginEnum) origin: ScriptOrigin;
  @Field({ description: 'For a view or a foreign table its name in the source.' }) name: string;
  @Field(() => ID, {
    nullable: true,
    description: 'Global id of the source it runs on. Null for a pipeline: what it moves can be of several.',
  })
  sourceId: string | null;
  @Field(() => ID, { nullable: true, description: 'Global id of the view or foreign table.' }) datasetId: string | null;
  @Field() dialect: string;
  @Field(() => String, { nullable: true }) defaultSchema: string | null;
  @Field(() => GraphQLJSONObject, { description: 'Names that stand for other sources, with their global ids.' })
  aliases: Record<string, string>;
  @Field(() => String, {
    nullable: true,
    description: 'Of a pipeline: datax, dolphinscheduler, flink-cdc, seatunnel, dbt.',
  })
  tool: string | null;
  @Field(() => GraphQLJSONObject, {
    description: 'What its reading depends on besides the text: values of parameters, namespaces, data sources.',
  })
  options: Record<string, unknown>;
  @Field(() => RevisionType, { nullable: true }) revision: RevisionType | null;
  @Field({ description: 'SQL; for a foreign table its declaration as JSON; for a pipeline its file, without secrets.' })
  text: string;
  @Field({ description: 'Since when the text is so.' }) validFrom: Date;
  @Field(() => Date, { nullable: true, description: 'When it ended; null while it is in use.' }) endedAt: Date | null;
  @Field({ description: 'Its present text has been read.' }) isRead: boolean;
  @Field(() => Float, { nullable: true, description: 'Of a statement from a log of queries: how often it was seen.' })
  calls: number | null;
  @Field(() => Date, { nullable: true }) firstSeenAt: Date | null;
  @Field(() => Date, { nullable: true }) lastSeenAt: Date | null;
}

export const toScriptType = (script: ScriptRow): LineageScriptType => ({
  id: globalId('LineageScript', script.id),
  origin: script.origin,
  name: script.name,
  sourceId: script.sourceId === null ? null : globalId('Source', script.sourceId),
  datasetId: script.datasetId === null ? null : globalId('Dataset', script.datasetId),
  dialect: script.dialect,
  defaultSchema: script.defaultSchema,
  aliases: Object.fromEntries(Object.entries(script.aliases).map(([alias, id]) => [alias, globalId('Source', id)])),
  tool: script.options.tool ?? null,
  options: { ...script.options },
  revision: script.revision,
  text: script.text,
  validFrom: script.validFrom,
  endedAt: script.endedAt,
  isRead: script.isRead,
  calls: script.calls,
  firstSeenAt: script.firstSeenAt,
  lastSeenAt: script.lastSeenAt,
});

export const LineageScriptConnection = connectionOf(LineageScriptType, 'LineageScript');

@ArgsType()
export class LineageScriptsArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Only those that run on this source.' }) sourceId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Only the declarations of this view or foreign table.' })
  datasetId?: string | null;
  @Field(() => [ScriptOriginEnum], { nullable: true }) origins?: ScriptOrigin[] | null;
}

@InputType()
export class SqlScriptInput {
  @Field({ description: 'Stable: a script of the same name is replaced. For instance the path of its file.' })
  name: string;
  @Field({ description: 'SQL.' }) text: string;
}

@InputType()
export class SourceAliasInput {
  @Field({ description: 'As it is written in the scripts: the part before the first dot.' }) alias: string;
  @Field(() => ID, { description: 'The source that it stands for.' }) sourceId: string;
}

@ArgsType()
export class ImportSqlArgs {
  @Field(() => ID, { description: 'The source that the scripts run on.' }) sourceId: string;
  @Field(() => SqlDialectEnum) dialect: SqlDialect;
  @Field(() => String, { nullable: true, description: 'Schema of tables that are named without one.' }) defaultSchema?:
    string | null;
  @Field(() => [SourceAliasInput], {
    nullable: true,
    description: 'Files of a source are named without their extension: bureau.credit_report.',
  })
  aliases?: SourceAliasInput[] | null;
  @Field(() => [NameValueInput], {
    nullable: true,
    description: 'Values of parameters: they stand in the place of ${name}, ${hiveconf:name} and ${hivevar:name}.',
  })
  variables?: NameValueInput[] | null;
  @Field(() => String, { nullable: true, description: 'What the scripts are a set of, for pruneScripts.' })
  folder?: string | null;
  @Field(() => RevisionInput, { nullable: true }) revision?: RevisionInput | null;
  @Field(() => [SqlScriptInput]) scripts: SqlScriptInput[];
}

@ArgsType()
export class ManualEdgeArgs {
  @Field(() => ID, { description: 'Global id of a Field or a Dataset.' }) from: string;
  @Field(() => ID, { description: 'Global id of a Field or a Dataset.' }) to: string;
  @Field(() => EdgeTypeEnum) type: EdgeTypeName;
  @Field(() => EdgeSubtypeEnum) subtype: EdgeSubtype;
  @Field({ defaultValue: '', description: 'How it is known.' }) note: string;
}

@ObjectType()
export class LineageJobPayload extends Payload {
  @Field(() => JobType, { nullable: true, description: 'The job that reads the scripts.' }) job?: JobType;
}

@ObjectType()
export class ManualEdgePayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The edge’s id.' }) edgeId?: string;
}
