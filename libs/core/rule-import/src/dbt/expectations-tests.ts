import { NotUnderstood } from '../imported.js';
import { expressionIsTrue } from './core-tests.js';
import { datasetOf } from './refs.js';
import {
  ageUnit,
  bounds,
  columnOf,
  columnsIn,
  type Convert,
  type Given,
  judged,
  plain,
  valuesOf,
} from './test-parts.js';

type Params = Readonly<Record<string, unknown>>;
type Read = (given: Given) => Params;

const NOTHING: Read = () => ({});
const filter = ({ args }: Given): readonly (string | undefined)[] => [args.optionalText('row_condition')];

/** A test of the single values of a column; absent ones are left alone unless said otherwise. */
const ofValues =
  (kind: string, params: Read = NOTHING, more: { readonly nullPolicy?: string } = {}): Convert =>
  (given) =>
    judged(given, 'rows', kind, { columns: [columnOf(given)], params: params(given), where: filter(given), ...more });

/** A test of one figure of a column, perhaps for each group. */
const ofFigure =
  (kind: string, params: Read): Convert =>
  (given) =>
    judged(given, 'one', kind, {
      columns: [columnOf(given)],
      params: { ...params(given), ...groupBy(given) },
      where: filter(given),
    });

const groupBy = (given: Given): Params => {
  const columns = columnsIn(given.args, 'group_by');
  return columns.length > 0 ? { groupBy: columns } : {};
};

const between: Read = ({ args }) => bounds(args, args.flag('strictly', false));
const fn =
  (name: string): Read =>
  (given) => ({ fn: name, ...between(given) });
const values: Read = ({ args }) => ({ values: valuesOf(args, 'value_set', 'quote_values') });
const exactly: Read = ({ args }) => ({ min: args.numeral('value'), max: args.numeral('value') });

/** `match_on` of a list of patterns that must not be met: with `any`, which is what it is, one that is not met is enough. */
const MATCHED = { any: 'any', all: 'all' } as const;
const NOT_MATCHED = { any: 'not_all', all: 'none' } as const;

function flags({ args }: Given): Params {
  const given = args.optionalText('flags') ?? '';
  args.ignore('is_raw');
  if (given === '' || given === 'c') return {};
  if (given === 'i') return { caseInsensitive: true };
  throw new NotUnderstood(`the flags ${JSON.stringify(given)} belong to one engine; only i is known`);
}

const regex =
  (name: string, match: string): Read =>
  (given) => ({ patterns: [given.args.text(name)], match, ...flags(given) });
const regexes =
  (match: Readonly<Record<'any' | 'all', string>>): Read =>
  (given) => ({
    patterns: given.args.texts('regex_list'),
    match: match[given.args.oneOf('match_on', ['any', 'all'], 'any')],
    ...flags(given),
  });
const like =
  (match: string): Read =>
  ({ args }) => ({ patterns: [args.text('like_pattern')], match });
const likes =
  (match: Readonly<Record<'any' | 'all', string>>): Read =>
  ({ args }) => ({
    patterns: args.texts('like_pattern_list'),
    match: match[args.oneOf('match_on', ['any', 'all'], 'any')],
  });

const monotonic =
  (direction: 'asc' | 'desc'): Convert =>
  (given) => {
    const { args } = given;
    const column = columnOf(given);
    const step = args.optionalNumeral('step');
    return judged(given, 'rows', 'monotonic', {
      columns: [column],
      params: {
        orderBy: args.has('sort_column') ? columnsIn(args, 'sort_column') : [column],
        direction,
        strict: args.flag('strictly', true),
        ...(step !== undefined && { step }),
        ...groupBy(given),
      },
      where: filter(given),
    });
  };

const ROW_NULLS = {
  all_values_are_missing: 'ignore_if_all_null',
  any_value_is_missing: 'ignore_if_any_null',
  never: 'never_ignore',
} as const;
const ignored = ({ args }: Given): string =>
  ROW_NULLS[
    args.oneOf('ignore_row_if', ['all_values_are_missing', 'any_value_is_missing', 'never'], 'all_values_are_missing')
  ];

const ofTable =
  (kind: string, params: Read): Convert =>
  (given) =>
    judged(given, 'one', kind, { params: { ...params(given), ...groupBy(given) }, where: filter(given) });

/** `transform: upper`, which is what it is, makes names alike whatever their letters. */
const columnsMatch =
  (relation: string): Convert =>
  (given) => {
    const transform = given.args.oneOf('transform', ['upper', 'lower', 'none'], 'upper');
    return judged(given, 'one', 'columns_match', {
      params: { columns: given.args.texts('column_list'), relation, caseInsensitive: transform !== 'none' },
    });
  };

const compareRows = (given: Given, factor: Params): ReturnType<Convert> => {
  const { args } = given;
  const otherGroupBy = columnsIn(args, 'compare_group_by');
  const otherWhere = args.optionalText('compare_row_condition');
  return judged(given, 'one', 'row_count_compare', {
    params: {
      ...factor,
      ...groupBy(given),
      ...(otherGroupBy.length > 0 && { otherGroupBy }),
      ...(otherWhere !== undefined && { otherWhere }),
    },
    where: filter(given),
    other: datasetOf(args.text('compare_model')),
  });
};

const FIGURE = /^\s*(sum|avg|min|max|count)\s*\(\s*(distinct\s+)?([\p{L}\p{N}_$"`]+|\*)\s*\)\s*$/iu;

/** `sum(amount)`, `count(distinct id)`, `count(*)`. */
function figureIn(expression: string): { readonly fn: string; readonly column: string } {
  const [, name, distinct, column] = FIGURE.exec(expression) ?? [];
  if (name === undefined || (distinct !== undefined && name.toLowerCase() !== 'count'))
    throw new NotUnderstood(
      `the expression ${JSON.stringify(expression)} is no sum, average, least, greatest or number of one column`,
    );
  return {
    fn: distinct === undefined ? name.toLowerCase() : 'distinct',
    column: column === '*' ? '*' : plain(column!),
  };
}

const aggregation: Convert = (given) => {
  const { args } = given;
  const expression = args.text('expression');
  const [one, other] = [figureIn(expression), figureIn(args.optionalText('compare_expression') ?? expression)];
  const [absolute, relative] = [args.optionalNumeral('tolerance'), args.optionalNumeral('tolerance_percent')];
  const tolerance = { ...(absolute !== undefined && { absolute }), ...(relative !== undefined && { relative }) };
  if (one.column === '*' && other.column === '*') return compareRows(given, tolerance);
  if (one.fn !== other.fn || one.column === '*' || other.column === '*')
    throw new NotUnderstood('two different figures are compared: use sql_scalar');
  const otherGroupBy = columnsIn(args, 'compare_group_by');
  const otherWhere = args.optionalText('compare_row_condition');
  return judged(given, 'one', 'aggregate_compare', {
    columns: [one.column],
    params: {
      fn: one.fn,
      otherColumn: other.column,
      ...tolerance,
      ...groupBy(given),
      ...(otherGroupBy.length > 0 && { otherGroupBy }),
      ...(otherWhere !== undefined && { otherWhere }),
    },
    where: filter(given),
    other: datasetOf(args.text('compare_model')),
  });
};

const pair = (given: Given): readonly string[] => [
  plain(given.args.text('column_A')),
  plain(given.args.text('column_B')),
];

const dayBefore = (day: string): string => {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) throw new NotUnderstood(`${JSON.stringify(day)} is no date`);
  return new Date(at.getTime() - 86_400_000).toISOString().slice(0, 10);
};

const refused =
  (reason: string): Convert =>
  () => {
    throw new NotUnderstood(reason);
  };

/** Tests of the package dbt_expectations, of either owner. */
export const EXPECTATIONS_TESTS: Readonly<Record<string, Convert>> = {
  expect_column_values_to_not_be_null: ofValues('not_null'),
  expect_column_values_to_be_null: ofValues('is_null'),
  expect_column_values_to_be_unique: (given) =>
    judged(given, 'groups', 'unique', {
      columns: [columnOf(given)],
      params: { nulls: 'ignore_if_all_null', counted: 'groups' },
      where: filter(given),
    }),
  // It joins the list from the left, and what is absent joins nothing.
  expect_column_values_to_be_in_set: ofValues('in_set', values, { nullPolicy: 'fail' }),
  expect_column_values_to_not_be_in_set: ofValues('not_in_set', values),
  expect_column_values_to_be_between: ofValues('between', between),
  expect_column_values_to_be_increasing: monotonic('asc'),
  expect_column_values_to_be_decreasing: monotonic('desc'),
  expect_column_value_lengths_to_be_between: ofValues('length_between', between),
  expect_column_value_lengths_to_equal: ofValues('length_between', exactly),
  expect_column_values_to_match_regex: ofValues('regex', regex('regex', 'all')),
  expect_column_values_to_not_match_regex: ofValues('regex', regex('regex', 'none')),
  expect_column_values_to_match_regex_list: ofValues('regex', regexes(MATCHED)),
  expect_column_values_to_not_match_regex_list: ofValues('regex', regexes(NOT_MATCHED)),
  expect_column_values_to_match_like_pattern: ofValues('like', like('all')),
  expect_column_values_to_not_match_like_pattern: ofValues('like', like('none')),
  expect_column_values_to_match_like_pattern_list: ofValues('like', likes(MATCHED)),
  expect_column_values_to_not_match_like_pattern_list: ofValues('like', likes(NOT_MATCHED)),
  expect_column_values_to_be_of_type: (given) =>
    judged(given, 'one', 'column_type', {
      columns: [columnOf(given)],
      params: { types: [given.args.text('column_type')] },
    }),
  expect_column_values_to_be_in_type_list: (given) =>
    judged(given, 'one', 'column_type', {
      columns: [columnOf(given)],
      params: { types: given.args.texts('column_type_list') },
    }),
  expect_column_values_to_have_consistent_casing: refused(
    'there is no kind for values that differ in their letters only',
  ),

  expect_column_distinct_count_to_equal: ofFigure('distinct_count', exactly),
  expect_column_distinct_count_to_be_greater_than: ofFigure('distinct_count', ({ args }) => ({
    min: args.numeral('value'),
    strictMin: true,
  })),
  expect_column_distinct_count_to_be_less_than: ofFigure('distinct_count', ({ args }) => ({
    max: args.numeral('value'),
    strictMax: true,
  })),
  expect_column_distinct_count_to_equal_other_table: (given) => {
    const { args } = given;
    const column = columnOf(given);
    const otherWhere = args.optionalText('compare_row_condition');
    return judged(given, 'one', 'aggregate_compare', {
      columns: [column],
      params: {
        fn: 'distinct',
        otherColumn: plain(args.optionalText('compare_column_name') ?? column),
        ...(otherWhere !== undefined && { otherWhere }),
      },
      where: filter(given),
      other: datasetOf(args.text('compare_model')),
    });
  },
  expect_column_distinct_values_to_be_in_set: (given) => {
    const { values: allowed } = values(given);
    return judged(given, 'one', 'in_set', {
      columns: [columnOf(given)],
      params: { values: allowed },
      where: filter(given),
      nullPolicy: 'fail',
    });
  },
  expect_column_distinct_values_to_contain_set: (given) =>
    judged(given, 'one', 'distinct_set', {
      columns: [columnOf(given)],
      params: { relation: 'superset', ...values(given) },
      where: filter(given),
      onEmpty: 'fail',
    }),
  expect_column_distinct_values_to_equal_set: (given) =>
    judged(given, 'one', 'distinct_set', {
      columns: [columnOf(given)],
      params: { relation: 'equal', ...values(given) },
      where: filter(given),
      onEmpty: 'fail',
      notes: ['absent values are left aside here'],
    }),
  expect_column_most_common_value_to_be_in_set: (given) => {
    if ((given.args.optionalWhole('top_n') ?? 1) !== 1)
      throw new NotUnderstood('it looks at several most frequent values; make one rule for each rank');
    given.args.ignore('data_type', 'strictly');
    return judged(given, 'one', 'mode_in_set', {
      columns: [columnOf(given)],
      params: { ...values(given), ties: 'all' },
      where: filter(given),
    });
  },
  expect_column_min_to_be_between: ofFigure('aggregate', fn('min')),
  expect_column_max_to_be_between: ofFigure('aggregate', fn('max')),
  expect_column_mean_to_be_between: ofFigure('aggregate', fn('avg')),
  expect_column_median_to_be_between: ofFigure('aggregate', fn('median')),
  expect_column_sum_to_be_between: ofFigure('aggregate', fn('sum')),
  expect_column_stdev_to_be_between: ofFigure('aggregate', fn('stddev')),
  expect_column_quantile_values_to_be_between: ofFigure('aggregate', (given) => ({
    fn: 'quantile',
    q: given.args.numeral('quantile'),
    ...between(given),
  })),
  expect_column_unique_value_count_to_be_between: ofFigure('distinct_count', between),
  expect_column_proportion_of_unique_values_to_be_between: ofFigure('distinct_ratio', between),

  expect_column_pair_values_a_to_be_greater_than_b: (given) =>
    judged(given, 'rows', 'compare_columns', {
      columns: pair(given),
      params: { op: given.args.flag('or_equal', false) ? 'gte' : 'gt', nulls: 'ignore_if_any_null' },
      where: filter(given),
    }),
  expect_column_pair_values_to_be_equal: (given) =>
    judged(given, 'rows', 'compare_columns', {
      columns: pair(given),
      params: { op: 'eq', nulls: 'ignore_if_any_null' },
      where: filter(given),
    }),
  expect_column_pair_values_to_be_in_set: (given) =>
    judged(given, 'rows', 'pair_in_set', {
      columns: pair(given),
      params: { values: given.args.list('value_pairs_set'), nulls: 'ignore_if_any_null' },
      where: filter(given),
    }),
  expect_select_column_values_to_be_unique_within_record: (given) => {
    given.args.ignore('quote_columns');
    return judged(given, 'one', 'distinct_within_row', {
      columns: columnsIn(given.args, 'column_list'),
      params: { nulls: ignored(given) },
      where: filter(given),
    });
  },
  expect_compound_columns_to_be_unique: (given) => {
    given.args.ignore('quote_columns');
    return judged(given, 'groups', 'unique', {
      columns: columnsIn(given.args, 'column_list'),
      params: { nulls: ignored(given), counted: 'groups' },
      where: filter(given),
    });
  },
  // It adds up whole columns, not the values of each row.
  expect_multicolumn_sum_to_equal: (given) => {
    const total = given.args.any('sum_total');
    const isNumber = typeof total === 'number' || (typeof total === 'string' && /^-?\d+(\.\d+)?$/.test(total));
    if (!isNumber && typeof total !== 'string')
      throw new NotUnderstood('its "sum_total" is neither a number nor a column');
    return judged(given, 'one', 'columns_sum_equals', {
      columns: columnsIn(given.args, 'column_list'),
      params: { ...(isNumber ? { total } : { totalColumn: plain(total) }), ...groupBy(given) },
      where: filter(given),
    });
  },

  expect_column_to_exist: (given) => {
    const index = given.args.optionalWhole('column_index');
    const transform = given.args.oneOf('transform', ['upper', 'lower', 'none'], 'upper');
    return judged(given, 'one', 'column_exists', {
      params: {
        column: columnOf(given),
        caseInsensitive: transform !== 'none',
        // It counts from 1.
        ...(index !== undefined && { index: index - 1 }),
      },
    });
  },
  expect_row_values_to_have_recent_data: (given) =>
    judged(given, 'one', 'freshness', {
      columns: [columnOf(given)],
      params: { maxAge: given.args.numeral('interval'), unit: ageUnit(given.args, 'datepart'), future: 'ignored' },
      where: filter(given),
      onEmpty: 'fail',
    }),
  expect_grouped_row_values_to_have_recent_data: refused('an age is measured for the whole dataset, not for groups'),
  expect_table_aggregation_to_equal_other_table: aggregation,
  expect_table_column_count_to_be_between: ofTable('column_count', between),
  expect_table_column_count_to_equal: ofTable('column_count', exactly),
  expect_table_column_count_to_equal_other_table: (given) =>
    judged(given, 'one', 'column_count_compare', { other: datasetOf(given.args.text('compare_model')) }),
  expect_table_columns_to_match_ordered_list: columnsMatch('ordered_equal'),
  expect_table_columns_to_match_set: columnsMatch('equal'),
  expect_table_columns_to_contain_set: columnsMatch('superset'),
  expect_table_columns_to_not_contain_set: columnsMatch('disjoint'),
  expect_table_row_count_to_be_between: ofTable('row_count', between),
  expect_table_row_count_to_equal: ofTable('row_count', exactly),
  expect_table_row_count_to_equal_other_table: (given) => compareRows(given, factorOf(given)),
  expect_table_row_count_to_equal_other_table_times_factor: (given) => compareRows(given, factorOf(given)),

  expect_row_values_to_have_data_for_every_n_datepart: (given) => {
    const { args } = given;
    if ((args.optionalWhole('interval') ?? 1) !== 1) throw new NotUnderstood('it looks at several periods at once');
    const [from, to] = [args.optionalText('test_start_date'), args.optionalText('test_end_date')];
    return judged(given, 'one', 'period_complete', {
      columns: [plain(args.text('date_col'))],
      params: {
        unit: (args.optionalText('date_part') ?? 'day').toLowerCase(),
        ...(from !== undefined && { from: from.slice(0, 10) }),
        // Its last day does not belong to it.
        ...(to !== undefined && { to: dayBefore(to) }),
      },
      where: filter(given),
    });
  },
  expect_column_values_to_be_within_n_moving_stdevs: refused(
    'it compares periods with those before in one run: see the kind anomaly',
  ),
  expect_column_values_to_be_within_n_stdevs: refused('there is no kind for outliers among rows'),
  expression_is_true: (given) =>
    expressionIsTrue(given, given.args.text('expression'), given.args.optionalText('row_condition')),
};

const factorOf = ({ args }: Given): Params => {
  const factor = args.optionalNumeral('factor');
  return factor === undefined ? {} : { factor };
};
