import { conditionOf } from './common.js';
import { NotMapped } from './mapped.js';
import { type Params } from './params.js';
import { type Mappings, mapping, type Own } from './rule-of.js';
import { literalFor, retyped, typeOf, type Value } from './literals.js';

const OPERATORS: Readonly<Record<string, string>> = {
  '=': 'eq',
  '==': 'eq',
  '!=': 'ne',
  '<>': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
};

/** Which rows with absent values are left out, where the rule does not say it. */
const USUAL_NULLS = {
  gx: 'ignore_if_all_null',
  // A condition that is unknown is no failure of a test, and no success of a metric.
  dbt: 'ignore_if_any_null',
  soda: 'ignore_if_any_null',
  deequ: 'never_ignore',
} as const;

const nullsOf = (params: Params): string => params.take<string>('nullPolicy') ?? USUAL_NULLS[params.tool.name];

function compareColumns(params: Params): Own {
  const sign = params.take<string>('op') ?? '=';
  const op = OPERATORS[sign];
  if (op === undefined) throw new NotMapped(`not mapped: op ${sign}`);
  const [left, right] = [params.column('left'), params.column('right')];
  const table = retyped(params, left, typeOf(params, right)) ?? retyped(params, right, typeOf(params, left));
  return {
    kind: 'compare_columns',
    columns: [left, right],
    params: { op, nulls: nullsOf(params) },
    ...(table && { table }),
  };
}

function pairInSet(params: Params): Own {
  const columns = params.columns('columns') ?? [];
  const nulls = nullsOf(params);
  const values = params.take<Value[][]>('values')?.flatMap((combination) => {
    const read = combination.map((value, at) => literalFor(value, typeOf(params, columns[at]), params));
    return read.includes(undefined) ? [] : [read as Value[]];
  });
  return { kind: 'pair_in_set', columns, params: { values, nulls } };
}

function expression(params: Params): Own {
  const [passWhen, failWhen] = [params.take<string>('passWhen'), params.take<string>('failWhen')];
  return {
    kind: 'expression',
    params: {
      ...(passWhen !== undefined && { passWhen: conditionOf(passWhen, params) }),
      ...(failWhen !== undefined && { failWhen: conditionOf(failWhen, params) }),
    },
    // Deequ counts rows of which the condition holds; the others count rows of which it is false.
    ...(params.tool.name === 'deequ' && { more: { nullPolicy: passWhen === undefined ? 'pass' : 'fail' } }),
  };
}

/** Rules about several columns of a row. */
export const COLUMNS: Mappings = {
  compare_columns: mapping('rows', compareColumns),
  distinct_within_row: mapping('rows', (params) => ({
    kind: 'distinct_within_row',
    columns: params.columns('columns') ?? [],
    params: { nulls: nullsOf(params) },
  })),
  pair_in_set: mapping('rows', pairInSet),
  row_sum_equals: mapping('rows', (params) => ({
    kind: 'row_sum_equals',
    columns: params.columns('columns') ?? [],
    params: { total: params.take('total'), nulls: nullsOf(params) },
  })),
  expression: mapping('rows', expression),
  all_not_null: mapping('rows', (params) => ({ kind: 'all_not_null', columns: params.columns('columns') ?? [] })),
  any_not_null: mapping('rows', (params) => ({ kind: 'any_not_null', columns: params.columns('columns') ?? [] })),
};
