import { type Mapping, Refused } from './mapped.js';
import { type Params } from './params.js';
import { bounds, measuring, otherIn, said } from './values.js';

/** A rule that holds of every table: what a rule without its list or type comes to. */
const always = { kind: 'column_count', params: {} };

/** Names of types that mean a family; any other is taken as the source writes it. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  int: ['integer'],
  integer: ['integer'],
  bigint: ['integer'],
  long: ['integer'],
  number: ['integer', 'decimal', 'float'],
  numeric: ['decimal'],
  decimal: ['decimal'],
  float: ['float'],
  double: ['float'],
  string: ['text'],
  text: ['text'],
  varchar: ['text'],
  boolean: ['boolean'],
  bool: ['boolean'],
  date: ['date'],
  timestamp: ['timestamp'],
  datetime: ['timestamp'],
  timestamptz: ['timestamptz'],
};

function columnType(params: Params) {
  const types = said<string[]>(params, 'types');
  const column = params.column('column');
  // It only makes sense where types are those of values, as in pandas; here a column has one.
  params.ignore('mostly');
  if (types === undefined) return always;
  const families = [...new Set(types.flatMap((type) => FAMILIES[type.toLowerCase()] ?? []))];
  return { kind: 'column_type', columns: [column], params: { types, families } };
}

function columnsMatch(params: Params) {
  const columns = said<string[]>(params, 'columns');
  const relation = said<string>(params, 'relation');
  const caseInsensitive = said<boolean>(params, 'caseInsensitive');
  return columns === undefined ? always : { kind: 'columns_match', params: { columns, relation, caseInsensitive } };
}

function columnExists(params: Params) {
  const column = said<string>(params, 'column');
  if (column === undefined) throw new Refused('it names no column');
  return {
    kind: 'column_exists',
    params: { column, index: said(params, 'index'), caseInsensitive: params.tool.anyCase },
  };
}

export const SCHEMA: Readonly<Record<string, Mapping>> = {
  column_exists: measuring(columnExists),
  column_type: measuring(columnType),
  columns_match: measuring(columnsMatch),
  column_count_between: measuring((params) => ({ kind: 'column_count', params: bounds(params) })),
  column_count_equals_table: measuring(
    () => ({ kind: 'column_count_compare' }),
    (params) => ({ other: otherIn(params) }),
  ),
};
