import { type CaseTable } from '../case.js';
import { commonBlock } from './common.js';
import { spokenIn, translated } from './conditions.js';
import { type Mapping, NotMapped, Refused } from './mapped.js';
import { columnIn, Params } from './params.js';
import { sqlDifference } from './sql.js';
import { otherIn, said } from './beside.js';
import { mapping, type Mappings, type Own } from './rule-of.js';

const tableThere = ({ given }: Params, other: string): CaseTable => {
  const table = given.otherTables?.[other];
  if (table === undefined) throw new Refused(`there is no table ${JSON.stringify(other)}`);
  return table;
};

/** Columns of the second table as the case names them. */
const columnsThere = (params: Params, other: string, names: readonly string[]): string[] =>
  names.map((name) => columnIn(tableThere(params, other), name, params.tool));

function otherWhere(params: Params, other: string): string | undefined {
  const where = said<string>(params, 'otherWhere');
  if (where === undefined) return undefined;
  return translated(where, spokenIn(undefined, params.tool), tableThere(params, other), params.tool);
}

/** A rule on two tables. */
const comparing = (of: 'rows' | 'value', own: (params: Params, other: string) => Own): Mapping =>
  mapping(of, (params) => {
    const other = otherIn(params);
    return { ...own(params, other), other };
  });

/** Rows are a set: how often one occurs does not matter, as in EXCEPT. */
const tableEquality = comparing('rows', (params) => ({
  kind: 'table_equality',
  columns: params.columns('compareColumns') ?? [],
  params: { exclude: params.columns('excludeColumns'), precision: said(params, 'precision'), duplicates: 'ignored' },
  more: { onEmpty: 'pass' },
}));

const cardinality = comparing('rows', (params, other) => ({
  kind: 'cardinality_equality',
  columns: [params.column('column')],
  params: { otherColumns: columnsThere(params, other, [params.take<string>('otherColumn') ?? '']) },
  more: { onEmpty: 'pass' },
}));

type Names = Readonly<Record<string, string>>;

/** Deequ's DataSynchronization: of the rows here, the share that is there with the same values. */
const reconcile = comparing('rows', (params, other) => {
  const keys = said<Names>(params, 'keyMap') ?? {};
  const compared = said<Names>(params, 'compareMap') ?? {};
  const here = (names: Names) => Object.keys(names).map((name) => columnIn(params.given.table, name, params.tool));
  return {
    kind: 'table_diff',
    columns: here(keys),
    params: {
      otherKeys: columnsThere(params, other, Object.values(keys)),
      compare: here(compared),
      otherCompare: columnsThere(params, other, Object.values(compared)),
      extra: 'ignored',
    },
  };
});

const rowCount = comparing('rows', (params, other) => ({
  kind: 'row_count_compare',
  params: {
    factor: said(params, 'factor'),
    groupBy: params.columns('groupBy'),
    otherWhere: otherWhere(params, other),
  },
  // Nothing here and nothing there are equally many.
  more: { onEmpty: 'pass' },
}));

const rowCountRatio = comparing('value', () => ({ kind: 'row_count_compare', params: { relation: 'any' } }));

/** `sum(amount)`, `count(*)`, `count(distinct id)`: one function of one column. */
const ONE_FUNCTION = /^\s*(sum|avg|min|max|count)\s*\(\s*(distinct\s+)?(\*|[\w"`.]+)\s*\)\s*$/i;

interface Figure {
  readonly fn: string;
  readonly column?: string;
}

function figureIn(expression: string): Figure | undefined {
  const [, fn, distinct, column] = ONE_FUNCTION.exec(expression) ?? [];
  if (fn === undefined || column === undefined) return undefined;
  if (column === '*') return fn.toLowerCase() === 'count' && distinct === undefined ? { fn: 'rows' } : undefined;
  if (distinct === undefined) return { fn: fn.toLowerCase(), column };
  return fn.toLowerCase() === 'count' ? { fn: 'distinct', column } : undefined;
}

const aggregateEquals: Mapping = (given) => {
  const params = new Params(given);
  const other = otherIn(params, params.has('compare_model') ? 'compare_model' : 'other');
  const expression = said<string>(params, 'expr') ?? said<string>(params, 'expression');
  const there = said<string>(params, 'otherExpr') ?? said<string>(params, 'compare_expression') ?? expression;
  const relative = said<number>(params, 'tolerancePercent') ?? said<number>(params, 'tolerance_percent');
  const groupBy = params.columns('groupBy') ?? [];
  params.ignore('other', 'compare_model', 'expression', 'compare_expression', 'tolerance_percent');
  if (expression === undefined || there === undefined) throw new NotMapped('not mapped: an aggregate of nothing');
  const common = commonBlock(params, 'rows');
  params.done();
  const [one, two] = [figureIn(expression), figureIn(there)];
  const compared = { groupBy, ...(relative !== undefined && { relative }) };
  if (one !== undefined && one.fn === two?.fn && one.column === undefined)
    return { rule: { ...common, kind: 'row_count_compare', params: compared, onEmpty: 'pass' }, other };
  if (one?.column !== undefined && one.fn === two?.fn)
    return {
      rule: {
        ...common,
        kind: 'aggregate_compare',
        columns: [columnIn(params.given.table, one.column, params.tool)],
        params: { fn: one.fn, otherColumn: columnsThere(params, other, [two.column!])[0], ...compared },
        onEmpty: 'pass',
      },
      other,
    };
  return { rule: sqlDifference({ here: expression, there, groupBy, relative, other }) };
};

export const TABLES: Mappings = {
  table_equality: tableEquality,
  cardinality_equality: cardinality,
  reconcile_columns: reconcile,
  row_count_equals_table: rowCount,
  row_count_ratio: rowCountRatio,
  aggregate_equals_table: aggregateEquals,
};
