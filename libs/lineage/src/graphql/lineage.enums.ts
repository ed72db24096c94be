import {
  type EdgeSubtype,
  SQL_DIALECTS,
  type SqlDialect,
  STATEMENT_STATUSES,
  type StatementStatus,
} from '#core/sql-lineage';
import { registerEnumType } from '@nestjs/graphql';
import { type DirectionName, DIRECTIONS } from '../direction.js';
import { EDGE_TYPES, type EdgeTypeName, type Level, LEVELS } from '../graph/question.js';
import { EDGE_ORIGINS, type EdgeOrigin, SCRIPT_ORIGINS, type ScriptOrigin } from '../script.entity.js';

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
