import { Refused } from './mapped.js';
import { type Params } from './params.js';
import { bounds, otherIn, said } from './beside.js';
import { mapping, type Mappings, type Own } from './rule-of.js';

/** A rule that holds of every table: what a rule without its list or type comes to. */
const always: Own = { kind: 'column_count', params: {} };

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

function columnType(params: Params): Own {
  const types = said<string[]>(params, 'types');
  const column = params.column('column');
  // It only makes sense where types are those of values, as in pandas; here a column has one.
  params.ignore('mostly');
  if (types === undefined) return always;
  const families = [...new Set(types.flatMap((type) => FAMILIES[type.toLowerCase()] ?? []))];
  return { kind: 'column_type', columns: [column], params: { types, families } };
}

function columnsMatch(params: Params): Own {
  const columns = said<string[]>(params, 'columns');
  const relation = said<string>(params, 'relation');
  const caseInsensitive = said<boolean>(params, 'caseInsensitive');
  return columns === undefined ? always : { kind: 'columns_match', params: { columns, relation, caseInsensitive } };
}

function columnExists(params: Params): Own {
  const column = said<string>(params, 'column');
  if (column === undefined) throw new Refused('it names no column');
  return {
    kind: 'column_exists',
    params: { column, index: said(params, 'index'), caseInsensitive: params.tool.anyCase },
  };
}

const columnCount = (params: Params): Own => ({ kind: 'column_count', params: bounds(params) });
const columnCountThere = (params: Params): Own => ({ kind: 'column_count_compare', other: otherIn(params) });

/** Rules about what the catalog knows of a table. */
export const SCHEMA: Mappings = {
  column_exists: mapping('value', columnExists),
  column_type: mapping('rows', columnType),
  columns_match: mapping('rows', columnsMatch),
  column_count_between: mapping('value', columnCount),
  column_count_equals_table: mapping('rows', columnCountThere),
};
