import { type EdgeSubtype } from '#core/sql-lineage';
import { globalId, PageInfo } from '#platform/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { EDGE_DETAILS, type EdgeDetail, type GraphEdge, type GraphNode, type StatementPlace } from '../graph.store.js';
import { type EdgeTypeName } from '../graph/question.js';
import {
  type AnsweredNode,
  type AnswerTimes,
  type CoarseEdge,
  type LineageAnswer,
  MOST_COARSE,
  MOST_FRONTIER,
} from '../lineage-graph.js';
import { type EdgeKind, KIND } from '../planned-edge.js';
import { EDGE_ORIGIN_OF, type EdgeOrigin, type ScriptOrigin } from '../script.entity.js';
import {
  EdgeOriginEnum,
  EdgeSubtypeEnum,
  EdgeTypeEnum,
  type NodeKind,
  NodeKindEnum,
  ScriptOriginEnum,
} from './lineage.enums.js';

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
