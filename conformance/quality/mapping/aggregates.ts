import { whereOf } from './common.js';
import { named, written, type Value } from './literals.js';
import { NotMapped, Refused } from './mapped.js';
import { type Params } from './params.js';
import { bounds, said } from './beside.js';
import { mapping, type Mappings, type Own } from './rule-of.js';

/** What we call functions otherwise. A name that nobody knows is refused by the rule's own check. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  stddev_samp: 'stddev',
  stddev_sample: 'stddev',
  stdev: 'stddev',
  mean: 'avg',
  var_samp: 'variance',
  var_pop: 'variance_pop',
  avgLength: 'avg_length',
  minLength: 'min_length',
  maxLength: 'max_length',
  mean_length: 'avg_length',
};

/** Values that stand for absent ones take no part, as if the filter left their rows out. */
function withoutListed(params: Params, column: string, where: string | undefined): { where?: string } {
  const listed = said<Value[]>(params, 'treatAsNull');
  if (listed === undefined || listed.length === 0) return where === undefined ? {} : { where };
  const present = `not ${named(column)} in (${listed.map(written).join(', ')})`;
  return { where: where === undefined ? present : `(${where}) and ${present}` };
}

function aggregate(params: Params): Own {
  const column = params.column('column');
  if (column === undefined) throw new NotMapped('not mapped: an aggregate of no column');
  const fn = said<string>(params, 'fn') ?? '';
  return {
    kind: 'aggregate',
    columns: [column],
    params: { fn: FUNCTIONS[fn] ?? fn, ...bounds(params, column) },
    more: withoutListed(params, column, whereOf(params).where),
  };
}

interface Range {
  readonly q: number;
  readonly min?: number;
  readonly max?: number;
}

/** Quantiles are values that occur, as in SQL's PERCENTILE_DISC, which Great Expectations asks for. */
function quantiles(params: Params): Own {
  const at = said<number[]>(params, 'quantiles') ?? [];
  const ranges = said<(readonly (number | null)[] | number | null)[]>(params, 'ranges') ?? [];
  // Our quantiles are exact.
  params.ignore('allowRelativeError');
  if (at.length !== ranges.length) throw new Refused(`${at.length} quantiles and ${ranges.length} ranges`);
  const listed = at.map((q, place): Range => {
    const range = ranges[place];
    if (!Array.isArray(range) || range.length !== 2) throw new Refused(`${JSON.stringify(range)} is no range`);
    const [min, max] = range as (number | null)[];
    return { q, ...(min == null ? {} : { min }), ...(max == null ? {} : { max }) };
  });
  return {
    kind: 'quantiles',
    columns: [params.column('column')],
    params: { quantiles: listed, method: 'nearest_rank' },
  };
}

/** The sums of several columns together; the total may be the sum of another. */
function columnsSum(params: Params): Own {
  const total = said<number | string>(params, 'total');
  const numeric = typeof total === 'number' || /^-?\d+(\.\d+)?$/.test(total ?? '');
  return {
    kind: 'columns_sum_equals',
    columns: params.columns('columns'),
    params: {
      ...(numeric ? { total } : { totalColumn: params.column('total') }),
      groupBy: params.columns('groupBy'),
    },
  };
}

const rowCount = (params: Params): Own => ({
  kind: 'row_count',
  params: { ...bounds(params), groupBy: params.columns('groupBy') },
});

export const AGGREGATES: Mappings = {
  aggregate_between: mapping('value', aggregate),
  quantiles_between: mapping('value', quantiles),
  columns_sum_equals: mapping('value', columnsSum),
  row_count_between: mapping('value', rowCount),
};
