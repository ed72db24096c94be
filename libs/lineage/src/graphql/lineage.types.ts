import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  type EdgeSubtype,
  type SqlDialect,
  SQL_DIALECTS,
  STATEMENT_STATUSES,
  type StatementStatus,
} from '#core/sql-lineage';
import { JobType } from '#graphql/audit';
import { connectionOf, globalId, Node, PageArgs, Payload } from '#platform/graphql';
import { GraphQLJSONObject } from 'graphql-scalars';

import { type ColumnOrigin, type GraphEdge, type GraphNode, type StatementPlace } from '../graph.store.js';
import {
  type Affected,
  type Change,
  type Coverage,
  EDGE_TYPES,
  type EdgeTypeName,
  type Impact,
  type Level,
  LEVELS,
  type LineageAnswer,
  type LineageChanges,
} from '../lineage-graph.js';
import { KIND } from '../planned-edge.js';
import { SCRIPT_ORIGINS, type ScriptOrigin } from '../script.entity.js';
import { type ScriptRow, type StatementRow } from '../scripts.js';
import { NameValueInput, RevisionInput, RevisionType } from './script-origin.types.js';

/** An enum whose names are the values in capitals. */
const enumOf = <T extends string>(values: readonly T[]) =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value])) as Record<string, T>;

export const EdgeTypeEnum = enumOf<EdgeTypeName>(EDGE_TYPES);
registerEnumType(EdgeTypeEnum, {
  name: 'LineageEdgeType',
  description: 'DIRECT gives a value; INDIRECT only decides about it (filter, join, group, sort, window, condition).',
});

const SUBTYPES: readonly EdgeSubtype[] = [
  ...(['IDENTITY', 'TRANSFORMATION', 'AGGREGATION'] as const),
  ...(['JOIN', 'FILTER', 'GROUP_BY', 'SORT', 'WINDOW', 'CONDITIONAL'] as const),
];
export const EdgeSubtypeEnum = enumOf<EdgeSubtype>(SUBTYPES);
registerEnumType(EdgeSubtypeEnum, {
  name: 'LineageEdgeSubtype',
  description: 'In what way; the words of OpenLineage. The first three are DIRECT.',
});

export const DIRECTIONS = ['upstream', 'downstream', 'both'] as const;
export type DirectionName = (typeof DIRECTIONS)[number];
export const DirectionEnum = enumOf<DirectionName>(DIRECTIONS);
registerEnumType(DirectionEnum, { name: 'LineageDirection', description: 'Towards what feeds it, or what it feeds.' });

export const LevelEnum = enumOf<Level>(LEVELS);
registerEnumType(LevelEnum, { name: 'LineageLevel', description: 'Column by column, or table by table.' });

export const ScriptOriginEnum = enumOf<ScriptOrigin>(SCRIPT_ORIGINS);
registerEnumType(ScriptOriginEnum, {
  name: 'LineageOrigin',
  description: 'Where an edge is known from.',
  valuesMap: {
    VIEW: { description: 'Read from the text of a view.' },
    FOREIGN_TABLE: { description: 'Declared: a foreign table shows a table of another source.' },
    ROUTINE: { description: 'Read from the text of a stored procedure or function.' },
    QUERY_LOG: { description: 'Read from the queries that a server logged.' },
    IMPORT: { description: 'Read from a script that somebody imported.' },
    PIPELINE: {
      description: 'Read from a file of a pipeline tool: DataX, DolphinScheduler, Flink CDC, SeaTunnel, dbt.',
    },
    MANUAL: { description: 'Somebody said so.' },
    DECLARED: { description: 'What the design of a job states, told by an OpenLineage event.' },
    OBSERVED: { description: 'What a run showed, told by OpenLineage events.' },
  },
});

export const StatementStatusEnum = enumOf<StatementStatus>(STATEMENT_STATUSES);
registerEnumType(StatementStatusEnum, {
  name: 'LineageStatementStatus',
  description: 'How far a statement was understood.',
  valuesMap: {
    PARTIAL: { description: 'A part was not understood or contradicts the schema.' },
    FALLBACK: { description: 'A second parser understood it.' },
    OPAQUE: { description: 'It may move data, but nobody can read how: procedural code, a command.' },
    FAILED: { description: 'The parser refused it.' },
  },
});

export const SqlDialectEnum = enumOf<SqlDialect>(SQL_DIALECTS);
registerEnumType(SqlDialectEnum, { name: 'SqlDialect', description: 'How SQL is written.' });

@ObjectType('LineageNode', { description: 'A column or a dataset that lineage touches.' })
export class LineageNodeType {
  @Field(() => ID, { description: 'Good within one answer only: edges refer to it.' }) key: string;
  @Field({ description: 'False when no harvested source has it: it is known by name only.' }) resolved: boolean;
  @Field(() => ID, { nullable: true, description: 'Global id of the field, for a column that the catalog knows.' })
  fieldId: string | null;
  @Field(() => ID, { nullable: true, description: 'Global id of the dataset, if the catalog knows it.' })
  datasetId: string | null;
  @Field(() => ID, { nullable: true }) sourceId: string | null;
  @Field(() => String, { nullable: true }) sourceName: string | null;
  @Field({ description: 'For instance postgres://dwh:5432.' }) namespace: string;
  @Field({ description: 'The dataset’s name in the namespace, for instance risk.dwd.loan.' }) qualifiedName: string;
  @Field({ description: 'The dataset’s own name.' }) datasetName: string;
  @Field(() => String, {
    nullable: true,
    description: 'Null for a dataset; “*” for columns that could not be told apart.',
  })
  column: string | null;
}

export const toNodeType = (node: GraphNode): LineageNodeType => ({
  key: node.id,
  resolved: node.datasetId !== null && (node.column === null || node.fieldId !== null),
  fieldId: node.fieldId === null ? null : globalId('Field', node.fieldId),
  datasetId: node.datasetId === null ? null : globalId('Dataset', node.datasetId),
  sourceId: node.sourceId === null ? null : globalId('Source', node.sourceId),
  sourceName: node.sourceName,
  namespace: node.namespace,
  qualifiedName: node.qualifiedName,
  datasetName: node.datasetName,
  column: node.column,
});

@ObjectType('LineageCode', {
  description: 'A procedure, function, trigger, package or block that has statements in it.',
})
export class LineageCodeType {
  @Field({ description: 'How it begins: CREATE PROCEDURE dwd.load_loan' }) head: string;
  @Field(() => Int, { description: 'Counted from 1.' }) line: number;
  @Field(() => Int, { description: 'UTF-16 offset into the script’s text.' }) start: number;
  @Field(() => Int) end: number;
}

@ObjectType('LineagePlace', { description: 'Where a statement stands in its script.' })
export class LineagePlaceType {
  @Field(() => Int, { description: 'Counted from 1.' }) line: number;
  @Field(() => Int, { description: 'Place among the statements, from 0.' }) position: number;
  @Field(() => Int, { description: 'UTF-16 offset into the script’s text.' }) start: number;
  @Field(() => Int) end: number;
  /** For the field `code`. */
  code: StatementPlace['code'];
  scriptId: string;
}

export const toPlaceType = (
  { line, position, start, end, code }: StatementPlace,
  scriptId: string,
): LineagePlaceType => ({
  ...{ line, position, start, end, code, scriptId },
});

/** What a block is called: all before its parameters, its declarations or its body. */
const HEAD = /^[^(;\n]+?(?=\s*(?:\(|;|\n|$|\b(?:as|is|begin|returns?|language)\b))/i;
const LONGEST_HEAD = 120;

export const toCodeType = (
  { line, start, end }: NonNullable<StatementPlace['code']>,
  script: string,
): LineageCodeType => ({
  head: (HEAD.exec(script.slice(start, Math.min(end, start + LONGEST_HEAD)))?.[0] ?? '').trim().replace(/\s+/g, ' '),
  ...{ line, start, end },
});

@ObjectType('LineageEdge', { description: 'Data flows from one node to another, as one statement says.' })
export class LineageEdgeType {
  @Field(() => ID) id: string;
  @Field(() => ID, {
    nullable: true,
    description: 'Key of a node. Null when the column is filled without any: a constant, a sequence, a count.',
  })
  from: string | null;
  @Field(() => ID, {
    description: 'Key of a node. An INDIRECT edge to a dataset decides about all its rows, and so about each column.',
  })
  to: string;
  @Field(() => EdgeTypeEnum, { nullable: true, description: 'Null between datasets.' }) type: EdgeTypeName | null;
  @Field(() => EdgeSubtypeEnum, { nullable: true }) subtype: EdgeSubtype | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Why the column is taken to be of that dataset: schema, single-source, ambiguous (one of several), unknown.',
  })
  confidence: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'SQL of the target column, unless it is a plain column; for a manual edge the note.',
  })
  expression: string | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the value is hidden on the way, by a hash or a mask. Null when nobody can tell.',
  })
  masked: boolean | null;
  @Field(() => ScriptOriginEnum) origin: ScriptOrigin;
  @Field(() => ID, { description: 'Global id of the LineageScript that says so.' }) scriptId: string;
  @Field() scriptName: string;
  @Field({ description: 'Since when it is so.' }) validFrom: Date;
  @Field({ description: 'Since when we know.' }) recordedFrom: Date;
  /** For the field `place`. */
  statementKey: string | null;
}

export const toEdgeType = (edge: GraphEdge): LineageEdgeType => ({
  id: globalId('LineageEdge', edge.id),
  from: edge.from,
  to: edge.to,
  type:
    edge.kind === KIND.direct || edge.kind === KIND.generated
      ? 'DIRECT'
      : edge.kind === KIND.dataset
        ? null
        : 'INDIRECT',
  subtype: edge.subtype as EdgeSubtype | null,
  confidence: edge.confidence,
  expression: edge.expression,
  masked: edge.masking,
  origin: edge.origin,
  scriptId: globalId('LineageScript', edge.scriptId),
  scriptName: edge.scriptName,
  validFrom: edge.validFrom,
  recordedFrom: edge.recordedFrom,
  statementKey: edge.statement === null ? null : `${edge.scriptId} ${edge.statement}`,
});

@ObjectType('LineageAsOf', { description: 'Both times that an answer is about.' })
export class LineageAsOfType {
  @Field({ description: 'Lineage as it was then.' }) validAt: Date;
  @Field({ description: 'As we knew it then.' }) recordedAt: Date;
}

@ObjectType('LineageGraph', { description: 'The part of the lineage that was asked for.' })
export class LineageGraphType {
  @Field(() => [LineageNodeType], {
    description: 'Near ones first. Empty when no lineage touches what was asked about.',
  })
  nodes: LineageNodeType[];
  @Field(() => [LineageEdgeType]) edges: LineageEdgeType[];
  @Field({ description: 'There is more than depth and maximumNodes allow.' }) truncated: boolean;
  @Field(() => [ID], { description: 'Keys of nodes from which it goes on (at most 500 in each direction).' })
  frontier: string[];
  @Field(() => LineageAsOfType) asOf: LineageAsOfType;
}

export const toGraphType = ({ nodes, edges, truncated, frontier, asOf }: LineageAnswer): LineageGraphType => ({
  nodes: nodes.map(toNodeType),
  edges: edges.map(toEdgeType),
  truncated,
  frontier: [...frontier],
  asOf,
});

@ArgsType()
export class AsOfArgs {
  @Field(() => Date, { nullable: true, description: 'Lineage as it was then; now when not given.' })
  validAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'As we knew it then; now when not given.' })
  recordedAt?: Date | null;
}

@ArgsType()
export class ImpactArgs extends AsOfArgs {
  @Field(() => ID, { description: 'Global id of a Field or a Dataset.' }) of: string;
  @Field(() => [EdgeTypeEnum], { nullable: true, description: 'Both when not given.' }) types?: EdgeTypeName[] | null;
  @Field(() => Int, { defaultValue: 1_000, description: 'Most nodes in the answer, up to 20000.' })
  maximumNodes: number;
}

@ArgsType()
export class LineageArgs extends ImpactArgs {
  @Field(() => DirectionEnum, { defaultValue: 'both' }) direction: DirectionName;
  @Field(() => Int, { nullable: true, description: 'Edges on the way, at most; no limit when not given.' }) depth?:
    number | null;
  @Field(() => LevelEnum, {
    defaultValue: 'column',
    description: 'By COLUMN, a dataset stands for all its columns. By DATASET, types do not count.',
  })
  level: Level;
}

@ObjectType('LineageChange')
export class LineageChangeType {
  @Field({ description: 'True: it came; false: it went.' }) added: boolean;
  @Field(() => LineageEdgeType) edge: LineageEdgeType;
}

@ObjectType('LineageChanges', { description: 'How the lineage of a dataset differs between two dates.' })
export class LineageChangesType {
  @Field(() => [LineageChangeType]) changes: LineageChangeType[];
  @Field(() => [LineageNodeType], { description: 'The nodes that the edges refer to.' }) nodes: LineageNodeType[];
}

export const toChangesType = ({ changes, nodes }: LineageChanges): LineageChangesType => ({
  changes: changes.map(({ change, edge }: Change) => ({ added: change === 'added', edge: toEdgeType(edge) })),
  nodes: nodes.map(toNodeType),
});

@ObjectType('ImpactedColumn')
export class ImpactedColumnType {
  @Field(() => ID, { nullable: true }) fieldId: string | null;
  @Field() name: string;
  @Field({ description: 'Its value comes from there; otherwise it is only decided about.' }) direct: boolean;
}

@ObjectType('ImpactedDataset', { description: 'A dataset downstream.' })
export class ImpactedDatasetType {
  @Field(() => ID, { nullable: true }) datasetId: string | null;
  @Field(() => ID, { nullable: true }) sourceId: string | null;
  @Field(() => String, { nullable: true }) sourceName: string | null;
  @Field() namespace: string;
  @Field() qualifiedName: string;
  @Field({ description: 'All its rows are filtered, joined, grouped or sorted by it.' }) rows: boolean;
  @Field(() => [ImpactedColumnType]) columns: ImpactedColumnType[];
}

@ObjectType('LineageImpact', { description: 'Everything downstream, by source and dataset.' })
export class LineageImpactType {
  @Field(() => [ImpactedDatasetType]) datasets: ImpactedDatasetType[];
  @Field({ description: 'There is more than maximumNodes allow.' }) truncated: boolean;
}

export const toImpactType = ({ affected, truncated }: Impact): LineageImpactType => ({
  datasets: affected.map((one: Affected) => ({
    datasetId: one.datasetId === null ? null : globalId('Dataset', one.datasetId),
    sourceId: one.sourceId === null ? null : globalId('Source', one.sourceId),
    sourceName: one.sourceName,
    namespace: one.namespace,
    qualifiedName: one.qualifiedName,
    rows: one.rows,
    columns: one.columns.map(({ fieldId, name, direct }) => ({
      fieldId: fieldId === null ? null : globalId('Field', fieldId),
      name,
      direct,
    })),
  })),
  truncated,
});

@ObjectType('ColumnOrigin', { description: 'Whether it is known where a column comes from.' })
export class ColumnOriginType {
  @Field(() => ID) fieldId: string;
  @Field() name: string;
  @Field(() => Int, { description: 'Edges that give its value.' }) direct: number;
  @Field(() => String, {
    nullable: true,
    description: 'SQL that fills it without any column: a constant, a sequence, a count.',
  })
  generated: string | null;
}

@ObjectType('LineageCoverage', { description: 'How many columns of a dataset have a known origin.' })
export class LineageCoverageType {
  @Field(() => Int, { description: 'All columns.' }) columns: number;
  @Field(() => Int, { description: 'With at least one DIRECT origin.' }) direct: number;
  @Field(() => Int, { description: 'Filled with a constant, a sequence or a count, and by no column.' })
  generated: number;
  @Field(() => [ColumnOriginType]) origins: ColumnOriginType[];
}

export const toCoverageType = ({ columns, direct, generated, origins }: Coverage): LineageCoverageType => ({
  columns,
  direct,
  generated,
  origins: origins.map((origin: ColumnOrigin) => ({
    fieldId: globalId('Field', origin.fieldId),
    name: origin.name,
    direct: origin.direct,
    generated: origin.generated,
  })),
});

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
