import { ArgsType, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  type EdgeSubtype,
  type SqlDialect,
  SQL_DIALECTS,
  STATEMENT_STATUSES,
  type StatementStatus,
} from '#core/sql-lineage';
import { JobType } from '#graphql/audit';
import { connectionOf, globalId, Node, PageArgs, PageInfo, Payload } from '#platform/graphql';
import { GraphQLJSONObject } from 'graphql-scalars';

import {
  type ColumnOrigin,
  EDGE_DETAILS,
  type EdgeDetail,
  type GraphEdge,
  type GraphNode,
  type StatementPlace,
} from '../graph.store.js';
import { DIRECTIONS, type DirectionName } from '../direction.js';
import { EDGE_TYPES, type EdgeTypeName, type Level, LEVELS, MOST_NODES } from '../graph/question.js';
import { type Coverage, type Share, type SourceCoverage } from '../lineage-coverage.js';
import { type Change, type LineageDifference } from '../lineage-diff.js';
import {
  type AnsweredNode,
  type AnswerTimes,
  type CoarseEdge,
  type LineageAnswer,
  MOST_COARSE,
  MOST_FRONTIER,
  type PathsAnswer,
} from '../lineage-graph.js';
import { type Affected, type Impact } from '../lineage-impact.js';
import { type EdgeKind, KIND } from '../planned-edge.js';
import { EDGE_ORIGIN_OF, EDGE_ORIGINS, type EdgeOrigin, SCRIPT_ORIGINS, type ScriptOrigin } from '../script.entity.js';
import { type ScriptRow, type StatementRow } from '../scripts.js';
import { LineageReportType, toReportType } from './pipeline.types.js';
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

export const DirectionEnum = enumOf<DirectionName>(DIRECTIONS);
registerEnumType(DirectionEnum, { name: 'LineageDirection', description: 'Towards what feeds it, or what it feeds.' });

export const LevelEnum = enumOf<Level>(LEVELS);
registerEnumType(LevelEnum, { name: 'LineageLevel', description: 'Column by column, or table by table.' });

export const EdgeOriginEnum = enumOf<EdgeOrigin>(EDGE_ORIGINS);
registerEnumType(EdgeOriginEnum, {
  name: 'LineageOrigin',
  description: 'How it is known that data flows.',
  valuesMap: {
    PARSED: { description: 'Read from code: a view, a stored routine, a script, a logged query.' },
    DECLARED: { description: 'Stated by a design: a foreign table, a pipeline’s file, a job or dataset event.' },
    OBSERVED: { description: 'Seen in a run, told by OpenLineage run events.' },
    MANUAL: { description: 'Said by a person.' },
  },
});

export const ScriptOriginEnum = enumOf<ScriptOrigin>(SCRIPT_ORIGINS);
registerEnumType(ScriptOriginEnum, {
  name: 'LineageScriptOrigin',
  description: 'What an edge is known from.',
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

export const NODE_KINDS = ['column', 'dataset', 'job'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];
export const NodeKindEnum = enumOf<NodeKind>(NODE_KINDS);
registerEnumType(NodeKindEnum, {
  name: 'LineageNodeKind',
  valuesMap: {
    JOB: {
      description: 'A job of which only its inputs and outputs are known: data goes through it, nobody told how.',
    },
  },
});

@ObjectType('LineageNode', { description: 'A column, a dataset or a job that lineage touches.' })
export class LineageNodeType {
  @Field(() => ID, { description: 'Edges refer to it, and lineage can be asked of it.' }) id: string;
  @Field(() => NodeKindEnum) kind: NodeKind;
  @Field({ description: 'False when no harvested source has it: it is known by name only.' }) resolved: boolean;
  @Field(() => ID, { nullable: true, description: 'Global id of the field, for a column that the catalog knows.' })
  fieldId: string | null;
  @Field(() => ID, { nullable: true, description: 'Global id of the dataset, if the catalog knows it.' })
  datasetId: string | null;
  @Field(() => ID, { nullable: true }) sourceId: string | null;
  @Field(() => String, { nullable: true }) sourceName: string | null;
  @Field({ description: 'For instance postgres://dwh:5432.' }) namespace: string;
  @Field({ description: 'The dataset’s (or job’s) name in the namespace, for instance risk.dwd.loan.' })
  qualifiedName: string;
  @Field({ description: 'The dataset’s own name.' }) datasetName: string;
  @Field(() => String, {
    nullable: true,
    description: 'Null for a dataset; “*” for columns that could not be told apart.',
  })
  column: string | null;
}

@ObjectType('LineageReachedNode', { description: 'A node of an answer, with how far away it is.' })
export class ReachedNodeType extends LineageNodeType {
  @Field(() => Int, { description: 'Steps from what was asked about; upstream the number is negative.' })
  distance: number;
}

export const nodeId = (id: string): string => globalId('LineageNode', id);

export const toNodeType = (node: GraphNode): LineageNodeType => ({
  id: nodeId(node.id),
  kind: node.isJob ? 'job' : node.column === null ? 'dataset' : 'column',
  resolved: node.isJob || (node.datasetId !== null && (node.column === null || node.fieldId !== null)),
  fieldId: node.fieldId === null ? null : globalId('Field', node.fieldId),
  datasetId: node.datasetId === null ? null : globalId('Dataset', node.datasetId),
  sourceId: node.sourceId === null ? null : globalId('Source', node.sourceId),
  sourceName: node.sourceName,
  namespace: node.namespace,
  qualifiedName: node.qualifiedName,
  datasetName: node.datasetName,
  column: node.column,
});

export const toReachedType = (node: AnsweredNode): ReachedNodeType => ({
  ...toNodeType(node),
  distance: node.distance,
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
    description: 'Id of a node. Null when the column is filled without any: a constant, a sequence, a count.',
  })
  from: string | null;
  @Field(() => ID, {
    description: 'Id of a node. An INDIRECT edge to a dataset decides about all its rows, and so about each column.',
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
  @Field(() => EdgeOriginEnum) origin: EdgeOrigin;
  @Field(() => ScriptOriginEnum, { description: 'What says so.' }) scriptOrigin: ScriptOrigin;
  @Field(() => ID, { description: 'Global id of the LineageScript that says so.' }) scriptId: string;
  @Field({ description: 'Its name: of the view, script, pipeline or job.' }) scriptName: string;
  @Field(() => String, { nullable: true, description: 'Who says so, of a manual edge.' }) author: string | null;
  @Field({ description: 'Since when it is so.' }) validFrom: Date;
  @Field({ description: 'Since when we know.' }) recordedFrom: Date;
  /** For the field `place`. */
  statementKey: string | null;
}

/** Thousands of edges make an answer, and most of their fields are never asked for: each is worked out when it is. */
class AnsweredEdge implements LineageEdgeType {
  constructor(private readonly edge: GraphEdge) {}

  get id() {
    return globalId('LineageEdge', this.edge.id);
  }
  get from() {
    return this.edge.from === null ? null : nodeId(this.edge.from);
  }
  get to() {
    return nodeId(this.edge.to);
  }
  get type() {
    return typeOf(this.edge.kind);
  }
  get subtype() {
    return this.edge.subtype as EdgeSubtype | null;
  }
  get confidence() {
    return this.edge.confidence;
  }
  get expression() {
    return this.edge.expression;
  }
  get masked() {
    return this.edge.masking;
  }
  get author() {
    return this.edge.author;
  }
  get origin() {
    return EDGE_ORIGIN_OF[this.edge.origin];
  }
  get scriptOrigin() {
    return this.edge.origin;
  }
  get scriptId() {
    return globalId('LineageScript', this.edge.scriptId);
  }
  get scriptName() {
    return this.edge.scriptName;
  }
  get validFrom() {
    return new Date(this.edge.validFrom);
  }
  get recordedFrom() {
    return new Date(this.edge.recordedFrom);
  }
  get statementKey() {
    return this.edge.statement === null ? null : `${this.edge.scriptId} ${this.edge.statement}`;
  }
}

/** Which details the fields of LineageEdge are made of. */
const DETAILS_OF: Readonly<Record<string, readonly EdgeDetail[]>> = {
  id: ['id'],
  ...{ subtype: ['how'], confidence: ['how'], expression: ['how'], masked: ['how'] },
  ...{ origin: ['script'], scriptOrigin: ['script'], scriptId: ['script'], scriptName: ['script'] },
  place: ['script', 'statement'],
  ...{ validFrom: ['times'], recordedFrom: ['times'] },
  ...{ from: [], to: [], type: [], __typename: [] },
};

/** What must be fetched for some fields of LineageEdge; for one that is not known here, everything. */
export const edgeDetails = (fields: ReadonlySet<string>): ReadonlySet<EdgeDetail> =>
  new Set([...fields].flatMap((field) => DETAILS_OF[field] ?? EDGE_DETAILS));

export const toEdgeType = (edge: GraphEdge): LineageEdgeType => new AnsweredEdge(edge);

function typeOf(kind: EdgeKind): EdgeTypeName | null {
  if (kind === KIND.dataset) return null;
  return kind === KIND.direct || kind === KIND.generated ? 'DIRECT' : 'INDIRECT';
}

@ObjectType('LineageTimes', { description: 'The times that an answer is about.' })
export class LineageTimesType {
  @Field({ description: 'Lineage as it was then.' }) asOf: Date;
  @Field({ description: 'As we knew it then.' }) knownAt: Date;
  @Field({ description: 'Everything that was committed before this moment is in the answer.' }) freshAsOf: Date;
}

export const toTimesType = ({ asOf, knownAt, freshAsOf }: AnswerTimes): LineageTimesType => ({
  ...{ asOf, knownAt, freshAsOf },
});

@ObjectType('LineageCoarseEdge', {
  description: 'Data flows between two datasets (or a job), but nobody has told from which column to which.',
})
export class CoarseEdgeType {
  @Field(() => LineageNodeType) from: LineageNodeType;
  @Field(() => LineageNodeType) to: LineageNodeType;
}

@ObjectType('LineageGraph', {
  description: 'The part of the lineage that was asked for: all of it, or saying what is missing.',
})
export class LineageGraphType extends LineageTimesType {
  @Field({ description: 'False: nothing feeds it and it feeds nothing that the catalog knows of, at this time.' })
  hasLineage: boolean;
  @Field(() => [ReachedNodeType], {
    description: 'Near ones first. Empty when no lineage ever touched what was asked about.',
  })
  nodes: ReachedNodeType[];
  @Field(() => [LineageEdgeType], {
    description: 'Edges that join nodes of this page with one another or with nodes of pages before.',
  })
  edges: LineageEdgeType[];
  @Field(() => Int, { description: 'Nodes on all pages.' }) totalCount: number;
  @Field(() => PageInfo) pageInfo: PageInfo;
  @Field({ description: 'There is more than depth allows.' }) truncated: boolean;
  @Field(() => [LineageNodeType], { description: `Nodes from which it goes on, at most ${MOST_FRONTIER}.` })
  frontier: LineageNodeType[];
  @Field(() => [CoarseEdgeType], {
    description: `Gaps of an answer by column: what may feed (or be fed by) a dataset in it, by columns that are not known. At most ${MOST_COARSE}.`,
  })
  coarse: CoarseEdgeType[];
  @Field(() => Int, {
    description:
      'Statements that were not wholly understood, in scripts of the sources in the answer (see notUnderstood).',
  })
  notUnderstood: number;
}

const toCoarseType = ({ from, to }: CoarseEdge): CoarseEdgeType => ({ from: toNodeType(from), to: toNodeType(to) });

export const toGraphType = (answer: LineageAnswer, after: string | null): LineageGraphType => ({
  hasLineage: answer.edges.length > 0 || answer.coarse.length > 0 || answer.total > answer.nodes.length,
  nodes: answer.nodes.map(toReachedType),
  edges: answer.edges.map(toEdgeType),
  totalCount: answer.total,
  pageInfo: {
    hasNextPage: answer.hasNextPage,
    hasPreviousPage: after !== null,
    startCursor: null,
    endCursor: answer.endCursor,
  },
  truncated: answer.truncated,
  frontier: answer.frontier.map(toNodeType),
  coarse: answer.coarse.map(toCoarseType),
  notUnderstood: answer.notUnderstood,
  ...toTimesType(answer),
});

@ArgsType()
export class EdgeFilterArgs {
  @Field(() => [EdgeTypeEnum], { nullable: true, description: 'Both when not given.' }) kinds?: EdgeTypeName[] | null;
  @Field(() => [EdgeOriginEnum], { nullable: true, description: 'All when not given.' }) origins?: EdgeOrigin[] | null;
}

@ArgsType()
export class AsOfArgs extends EdgeFilterArgs {
  @Field(() => Date, { nullable: true, description: 'Lineage as it was then; now when not given.' })
  asOf?: Date | null;
  @Field(() => Date, { nullable: true, description: 'As we knew it then; now when not given.' })
  knownAt?: Date | null;
  @Field(() => Int, { nullable: true, description: 'Edges on the way, at most; no limit when not given.' }) depth?:
    number | null;
}

const OF = 'Global id of a Field, a Dataset or a LineageNode.';
const LEVEL =
  'By COLUMN, a dataset stands for all its columns. By DATASET, a column stands for its dataset and kinds do not count.';

@ArgsType()
export class ImpactArgs extends AsOfArgs {
  @Field(() => ID, { description: OF }) of: string;
}

@ArgsType()
export class NodeNameArgs {
  @Field({ description: 'Of the dataset or the job, in its namespace.' }) name: string;
  @Field(() => String, { nullable: true, description: 'Any when not given.' }) namespace?: string | null;
  @Field(() => String, { nullable: true, description: 'The dataset or the job itself when not given.' }) column?:
    string | null;
}

@ArgsType()
export class LineageArgs extends ImpactArgs {
  @Field(() => DirectionEnum, { defaultValue: 'both' }) direction: DirectionName;
  @Field(() => LevelEnum, { defaultValue: 'column', description: LEVEL }) level: Level;
  @Field(() => Int, { defaultValue: 1_000, description: `Nodes of a page, up to ${MOST_NODES}.` }) first: number;
  @Field(() => String, { nullable: true, description: 'Nodes after this cursor (pageInfo.endCursor).' }) after?:
    string | null;
}

@ArgsType()
export class PathsArgs extends AsOfArgs {
  @Field(() => ID, { description: OF }) from: string;
  @Field(() => ID, { description: OF }) to: string;
  @Field(() => LevelEnum, { defaultValue: 'column', description: LEVEL }) level: Level;
  @Field(() => Int, { defaultValue: 10, description: 'Most paths, up to 1000.' }) first: number;
}

@ObjectType('LineagePath', { description: 'A way by which data gets from one thing to another.' })
export class LineagePathType {
  @Field(() => [ID], { description: 'Ids of nodes, in the direction of the data.' }) nodes: string[];
}

@ObjectType('LineagePaths')
export class LineagePathsType extends LineageTimesType {
  @Field(() => [LineagePathType], {
    description: 'Shortest first. Empty when no data gets there by any way that the catalog knows of.',
  })
  paths: LineagePathType[];
  @Field(() => [LineageNodeType], { description: 'The nodes on the paths.' }) nodes: LineageNodeType[];
  @Field(() => [LineageEdgeType], { description: 'The edges between neighbours on the paths.' })
  edges: LineageEdgeType[];
  @Field({ description: 'There are more paths.' }) truncated: boolean;
}

export const toPathsType = (answer: PathsAnswer): LineagePathsType => ({
  paths: answer.paths.map((path) => ({ nodes: path.map(nodeId) })),
  nodes: answer.nodes.map(toNodeType),
  edges: answer.edges.map(toEdgeType),
  truncated: answer.truncated,
  ...toTimesType(answer),
});

@InputType({ description: 'A moment on both time axes.' })
export class LineageMomentInput {
  @Field(() => Date, { nullable: true, description: 'Lineage as it was then; now when not given.' })
  asOf?: Date | null;
  @Field(() => Date, { nullable: true, description: 'As we knew it then; now when not given.' })
  knownAt?: Date | null;
}

@ArgsType()
export class DiffArgs extends EdgeFilterArgs {
  @Field(() => ID, { description: OF }) of: string;
  @Field(() => LineageMomentInput) from: LineageMomentInput;
  @Field(() => LineageMomentInput, { nullable: true, description: 'Now when not given.' })
  to?: LineageMomentInput | null;
  @Field(() => DirectionEnum, { defaultValue: 'upstream' }) direction: DirectionName;
  @Field(() => LevelEnum, { defaultValue: 'column', description: LEVEL }) level: Level;
  @Field(() => Int, { nullable: true, description: 'Edges on the way, at most; no limit when not given.' }) depth?:
    number | null;
}

@ObjectType('LineageDiff', {
  description: 'How the lineage of something differs between two moments. By whom an edge is said does not count.',
})
export class LineageDiffType {
  @Field(() => [LineageEdgeType], { description: 'There at the second moment and not at the first.' })
  added: LineageEdgeType[];
  @Field(() => [LineageEdgeType], { description: 'There at the first moment and not at the second.' })
  removed: LineageEdgeType[];
  @Field(() => Int, { description: 'Edges that were there both times.' }) unchanged: number;
  @Field(() => [LineageNodeType], { description: 'The nodes that the edges refer to.' }) nodes: LineageNodeType[];
  @Field({ description: 'One of the two goes further than depth allows.' }) truncated: boolean;
  @Field(() => LineageTimesType) from: LineageTimesType;
  @Field(() => LineageTimesType) to: LineageTimesType;
}

export function toDiffType({ changes, nodes, unchanged, truncated, from, to }: LineageDifference): LineageDiffType {
  const edges = (wanted: Change['change']) =>
    changes.filter(({ change }) => change === wanted).map(({ edge }) => toEdgeType(edge));
  return {
    ...{ added: edges('added'), removed: edges('removed'), unchanged, truncated },
    nodes: nodes.map(toNodeType),
    ...{ from: toTimesType(from), to: toTimesType(to) },
  };
}

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
  @Field({ description: 'It is a job of which only inputs and outputs are known.' }) isJob: boolean;
  @Field({ description: 'As the dictionary says, else its source’s; empty when nobody has said so.' }) owner: string;
  @Field({ description: 'Its source’s; empty when nobody has said so.' }) domain: string;
  @Field(() => Int, { description: 'Steps to the nearest part of it.' }) distance: number;
  @Field({ description: 'All its rows are filtered, joined, grouped or sorted by it.' }) rows: boolean;
  @Field({ description: 'Only that something flows there is known, not into which columns.' }) coarse: boolean;
  @Field(() => [ImpactedColumnType]) columns: ImpactedColumnType[];
}

@ObjectType('ImpactGroup', { description: 'What is affected of one owner or domain.' })
export class ImpactGroupType {
  @Field({ description: 'Empty for datasets of which nobody has said it.' }) name: string;
  @Field(() => Int) columns: number;
  @Field(() => [ImpactedDatasetType]) datasets: ImpactedDatasetType[];
}

@ObjectType('LineageImpact', { description: 'Everything that depends on something.' })
export class LineageImpactType extends LineageTimesType {
  @Field(() => [ImpactedDatasetType], { description: 'Near ones first.' }) datasets: ImpactedDatasetType[];
  @Field(() => Int, { description: 'Columns in all of them.' }) columns: number;
  @Field(() => [ImpactGroupType], { description: 'Those with the most first.' }) byOwner: ImpactGroupType[];
  @Field(() => [ImpactGroupType], { description: 'Those with the most first.' }) byDomain: ImpactGroupType[];
  @Field(() => [LineageReportType], { description: 'Reports that show something affected, as exposures of dbt say.' })
  reports: LineageReportType[];
  @Field({ description: 'There is more than depth allows.' }) truncated: boolean;
  /** For what other domains know of the affected: ids of the catalog. */
  affected: readonly Affected[];
}

export function toImpactType({ affected, reports, truncated, ...times }: Impact): LineageImpactType {
  const datasets = affected.map(toImpactedType);
  return {
    ...{ datasets, affected, truncated, columns: columnsIn(datasets) },
    reports: reports.map(toReportType),
    byOwner: groupsOf(datasets, ({ owner }) => owner),
    byDomain: groupsOf(datasets, ({ domain }) => domain),
    ...toTimesType(times),
  };
}

const toImpactedType = (one: Affected): ImpactedDatasetType => ({
  datasetId: one.datasetId === null ? null : globalId('Dataset', one.datasetId),
  sourceId: one.sourceId === null ? null : globalId('Source', one.sourceId),
  sourceName: one.sourceName,
  namespace: one.namespace,
  qualifiedName: one.qualifiedName,
  isJob: one.isJob,
  owner: one.owner,
  domain: one.domain,
  distance: one.distance,
  rows: one.rows,
  coarse: one.isCoarse,
  columns: one.columns.map(({ fieldId, name, direct }) => ({
    fieldId: fieldId === null ? null : globalId('Field', fieldId),
    name,
    direct,
  })),
});

const columnsIn = (datasets: readonly ImpactedDatasetType[]): number =>
  datasets.reduce((sum, { columns }) => sum + columns.length, 0);

function groupsOf(
  datasets: readonly ImpactedDatasetType[],
  nameOf: (dataset: ImpactedDatasetType) => string,
): ImpactGroupType[] {
  return [...Map.groupBy(datasets, nameOf)]
    .map(([name, own]) => ({ name, datasets: own, columns: columnsIn(own) }))
    .sort((a, b) => b.datasets.length - a.datasets.length || (a.name < b.name ? -1 : 1));
}

@ObjectType('LineageShare')
export class ShareType implements Share {
  @Field(() => Int) total: number;
  @Field(() => Int) withLineage: number;
}

@ObjectType('LineageStatementCount')
export class StatementCountType {
  @Field(() => ScriptOriginEnum) origin: ScriptOrigin;
  @Field(() => StatementStatusEnum) status: StatementStatus;
  @Field(() => Int) count: number;
}

@ObjectType('LineageCoverage', { description: 'How much of a source’s lineage is known.' })
export class LineageCoverageType {
  @Field(() => ID) sourceId: string;
  @Field(() => ShareType) views: ShareType;
  @Field(() => ShareType, { description: 'Stored procedures and functions that move data anywhere.' })
  routines: ShareType;
  @Field(() => ShareType, {
    description: 'Tables that anything feeds. Those of a source system are fed by what no catalog sees.',
  })
  tables: ShareType;
  @Field(() => ShareType, { description: 'Columns of views and tables.' }) columns: ShareType;
  @Field(() => [StatementCountType], { description: 'By what they stand in and how far they were understood.' })
  statements: StatementCountType[];
  @Field(() => Int, { description: 'Statements that were not wholly understood.' }) notUnderstoodCount: number;
  @Field(() => Int, { description: 'Scripts whose present text has not been read yet.' }) unread: number;
}

export const toSourceCoverageType = ({ sourceId, statements, ...shares }: SourceCoverage): LineageCoverageType => ({
  ...shares,
  sourceId: globalId('Source', sourceId),
  statements: statements.map(({ origin, status, count }) => ({ origin, count, status: status as StatementStatus })),
  notUnderstoodCount: statements
    .filter(({ status }) => status !== 'ok' && status !== 'fallback')
    .reduce((sum, { count }) => sum + count, 0),
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

@ObjectType('DatasetLineageCoverage', { description: 'How many columns of a dataset have a known origin.' })
export class DatasetCoverageType {
  @Field(() => Int, { description: 'All columns.' }) columns: number;
  @Field(() => Int, { description: 'With at least one DIRECT origin.' }) direct: number;
  @Field(() => Int, { description: 'Filled with a constant, a sequence or a count, and by no column.' })
  generated: number;
  @Field(() => [ColumnOriginType]) origins: ColumnOriginType[];
}

export const toCoverageType = ({ columns, direct, generated, origins }: Coverage): DatasetCoverageType => ({
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
