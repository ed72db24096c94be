import { type Args, type Numeral } from '../args.js';
import { type Conversion, NotUnderstood, type RuleText } from '../imported.js';
import { rest } from '../requirement.js';
import { rowCondition } from './row-condition.js';

type Convert = (args: Args) => Conversion;
type Params = Readonly<Record<string, unknown>>;

/** Of an empty table a rule about rows is true, and one about a figure is not: there is no figure. */
const ON_EMPTY = { rows: 'pass', figure: 'fail' } as const;

/** `mostly` is a share that has to be reached; a threshold here is the share of violations that is too much. */
function mostly(args: Args): Pick<RuleText, 'threshold'> {
  const share = args.optionalNumeral('mostly');
  return share === undefined || Number(share) === 1
    ? {}
    : { threshold: { metric: 'ratio', fail: { gt: rest(share) } } };
}

const filter = (args: Args): Pick<RuleText, 'where'> => {
  const where = rowCondition(args);
  return where === undefined ? {} : { where };
};

const withParams = (params: Params): Pick<RuleText, 'params'> => (Object.keys(params).length === 0 ? {} : { params });

/** A rule about the single values of a column. */
const ofValues =
  (kind: string, params: (args: Args) => Params = () => ({})): Convert =>
  (args) => ({
    rule: {
      kind,
      columns: [args.text('column')],
      ...withParams(params(args)),
      ...filter(args),
      ...mostly(args),
      onEmpty: ON_EMPTY.rows,
    },
  });

function bounds(args: Args): Params {
  const [min, max] = [args.optionalBound('min_value'), args.optionalBound('max_value')];
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(args.flag('strict_min', false) && { strictMin: true }),
    ...(args.flag('strict_max', false) && { strictMax: true }),
  };
}

/** A rule about one figure of a column. */
const ofFigure =
  (kind: string, params: Params = {}): Convert =>
  (args) => ({
    rule: {
      kind,
      columns: [args.text('column')],
      ...withParams({ ...params, ...bounds(args) }),
      ...filter(args),
      onEmpty: ON_EMPTY.figure,
    },
  });

/** A share, which is 0 where there is nothing to take a share of. */
const ofShare =
  (kind: string, params: Params = {}): Convert =>
  (args) => {
    const made = ofFigure(kind, params)(args);
    const { min, max, strictMin, strictMax } = made.rule.params ?? {};
    const low = min === undefined || (strictMin === true ? Number(min) < 0 : Number(min) <= 0);
    const high = max === undefined || (strictMax === true ? Number(max) > 0 : Number(max) >= 0);
    return { ...made, rule: { ...made.rule, onEmpty: low && high ? 'pass' : 'fail' } };
  };

const PAIR_NULLS = {
  both_values_are_missing: 'ignore_if_all_null',
  either_value_is_missing: 'ignore_if_any_null',
  neither: 'never_ignore',
  never: 'never_ignore',
} as const;
const ROW_NULLS = {
  all_values_are_missing: 'ignore_if_all_null',
  any_value_is_missing: 'ignore_if_any_null',
  never: 'never_ignore',
} as const;

const keys = <K extends string>(of: Readonly<Record<K, unknown>>): K[] => Object.keys(of) as K[];

/** A rule about the two values of each row. */
const ofPair =
  (kind: string, params: (args: Args) => Params): Convert =>
  (args) => ({
    rule: {
      kind,
      columns: [args.text('column_A'), args.text('column_B')],
      params: {
        ...params(args),
        nulls: PAIR_NULLS[args.oneOf('ignore_row_if', keys(PAIR_NULLS), 'both_values_are_missing')],
      },
      ...filter(args),
      ...mostly(args),
      onEmpty: ON_EMPTY.rows,
    },
  });

/** A rule about several values of each row. */
const ofRow =
  (kind: string, params: (args: Args) => Params = () => ({})): Convert =>
  (args) => ({
    rule: {
      kind,
      columns: args.texts('column_list'),
      params: {
        ...params(args),
        nulls: ROW_NULLS[args.oneOf('ignore_row_if', keys(ROW_NULLS), 'all_values_are_missing')],
      },
      ...filter(args),
      ...mostly(args),
      onEmpty: ON_EMPTY.rows,
    },
  });

const ofTable =
  (kind: string, params: (args: Args) => Params): Convert =>
  (args) => ({ rule: { kind, ...withParams(params(args)), ...filter(args) } });

const exactly = (args: Args): Params => {
  const value: Numeral = args.numeral('value');
  return { min: value, max: value };
};

const pattern =
  (name: string, match: string) =>
  (args: Args): Params => ({ patterns: [args.text(name)], match });
const patterns =
  (name: string, match?: string) =>
  (args: Args): Params => ({
    patterns: args.texts(name),
    match: match ?? args.oneOf('match_on', ['any', 'all'], 'any'),
  });

/** In a LIKE pattern the engine's own sign of escape is a backslash on all but Oracle and SQL Server. */
const like =
  (read: (args: Args) => Params) =>
  (args: Args): Params => {
    const escape = args.optionalText('escape');
    if (escape !== undefined && escape !== '\\')
      throw new NotUnderstood('only a backslash escapes a sign of a pattern here');
    return read(args);
  };

const set =
  (relation: 'subset' | 'superset' | 'equal'): Convert =>
  (args) => ({
    rule: {
      kind: 'distinct_set',
      columns: [args.text('column')],
      params: { relation, values: args.values('value_set') },
      ...filter(args),
      onEmpty: relation === 'subset' ? 'pass' : 'fail',
    },
  });

const types =
  (name: 'type_' | 'type_list'): Convert =>
  (args) => {
    const given = name === 'type_' ? [args.text(name)] : args.texts(name);
    args.ignore('mostly');
    return {
      rule: { kind: 'column_type', columns: [args.text('column')], params: { types: given } },
      notes: ['names of types are those of the source: Python names such as int64 or str are met by no database'],
    };
  };

const refused =
  (reason: string): Convert =>
  () => {
    throw new NotUnderstood(reason);
  };

const NO_ORDER = refused(
  'it speaks of the order of rows, and a table has none: use the kind monotonic, which names the columns that order them',
);

const quantiles: Convert = (args) => {
  const ranges = args.any('quantile_ranges') as { quantiles?: unknown; value_ranges?: unknown } | undefined;
  const [qs, between] = [ranges?.quantiles, ranges?.value_ranges];
  if (!Array.isArray(qs) || !Array.isArray(between) || qs.length !== between.length)
    throw new NotUnderstood('its "quantile_ranges" has not one range for each quantile');
  const relative = args.any('allow_relative_error');
  return {
    rule: {
      kind: 'quantiles',
      columns: [args.text('column')],
      params: {
        method: 'nearest_rank',
        quantiles: qs.map((q: unknown, at) => {
          const [min, max] = (between[at] ?? []) as readonly unknown[];
          return { q, ...(min != null && { min }), ...(max != null && { max }) };
        }),
      },
      ...filter(args),
      onEmpty: ON_EMPTY.figure,
    },
    ...(relative !== undefined &&
      relative !== false && { notes: ['quantiles are exact here; an error was allowed there'] }),
  };
};

/** What each expectation of the core is here; names in small letters. */
export const EXPECTATIONS: Readonly<Record<string, Convert>> = {
  expect_column_values_to_not_be_null: ofValues('not_null'),
  expect_column_values_to_be_null: ofValues('is_null'),
  expect_column_values_to_be_unique: ofValues('unique', () => ({
    nulls: 'ignore_if_any_null',
    counted: 'duplicated_rows',
  })),
  expect_column_values_to_be_in_set: ofValues('in_set', (args) => ({ values: args.values('value_set') })),
  expect_column_values_to_not_be_in_set: ofValues('not_in_set', (args) => ({ values: args.values('value_set') })),
  expect_column_values_to_be_between: ofValues('between', bounds),
  expect_column_value_lengths_to_be_between: ofValues('length_between', bounds),
  expect_column_value_lengths_to_equal: ofValues('length_between', exactly),
  expect_column_values_to_match_regex: ofValues('regex', pattern('regex', 'all')),
  expect_column_values_to_not_match_regex: ofValues('regex', pattern('regex', 'none')),
  expect_column_values_to_match_regex_list: ofValues('regex', patterns('regex_list')),
  expect_column_values_to_not_match_regex_list: ofValues('regex', patterns('regex_list', 'none')),
  expect_column_values_to_match_like_pattern: ofValues('like', like(pattern('like_pattern', 'all'))),
  expect_column_values_to_not_match_like_pattern: ofValues('like', like(pattern('like_pattern', 'none'))),
  expect_column_values_to_match_like_pattern_list: ofValues('like', like(patterns('like_pattern_list'))),
  expect_column_values_to_not_match_like_pattern_list: ofValues('like', like(patterns('like_pattern_list', 'none'))),
  expect_column_values_to_match_strftime_format: ofValues('date_format', (args) => ({
    format: args.text('strftime_format'),
    padded: false,
  })),
  expect_column_values_to_be_json_parseable: ofValues('json_valid'),
  expect_column_values_to_match_json_schema: ofValues('json_schema', (args) => ({ schema: args.any('json_schema') })),
  expect_column_values_to_be_of_type: types('type_'),
  expect_column_type_to_be: types('type_'),
  expect_column_values_to_be_in_type_list: types('type_list'),
  expect_column_values_to_be_increasing: NO_ORDER,
  expect_column_values_to_be_decreasing: NO_ORDER,
  expect_column_values_to_be_dateutil_parseable: refused(
    'dateutil guesses dates; say the format with the kind date_format',
  ),
  expect_column_values_to_not_be_outliers: refused('there is no kind for outliers among rows'),
  expect_column_value_z_scores_to_be_less_than: refused('there is no kind for outliers among rows'),

  expect_column_min_to_be_between: ofFigure('aggregate', { fn: 'min' }),
  expect_column_max_to_be_between: ofFigure('aggregate', { fn: 'max' }),
  expect_column_mean_to_be_between: ofFigure('aggregate', { fn: 'avg' }),
  expect_column_median_to_be_between: ofFigure('aggregate', { fn: 'median' }),
  expect_column_sum_to_be_between: ofFigure('aggregate', { fn: 'sum' }),
  expect_column_stdev_to_be_between: ofFigure('aggregate', { fn: 'stddev' }),
  expect_column_unique_value_count_to_be_between: ofFigure('distinct_count'),
  expect_column_proportion_of_unique_values_to_be_between: ofShare('distinct_ratio', { measure: 'distinct_of_rows' }),
  expect_column_proportion_of_non_null_values_to_be_between: ofShare('not_null_ratio'),
  expect_column_quantile_values_to_be_between: quantiles,
  expect_column_most_common_value_to_be_in_set: (args) => ({
    rule: {
      kind: 'mode_in_set',
      columns: [args.text('column')],
      params: { values: args.values('value_set'), ties: args.flag('ties_okay', false) ? 'any' : 'refused' },
      ...filter(args),
      onEmpty: ON_EMPTY.figure,
    },
  }),
  expect_column_distinct_values_to_be_in_set: set('subset'),
  expect_column_distinct_values_to_contain_set: set('superset'),
  expect_column_distinct_values_to_equal_set: set('equal'),
  expect_column_kl_divergence_to_be_less_than: refused(
    'there is no kind for this distance of distributions: see drift',
  ),
  expect_column_chisquare_test_p_value_to_be_greater_than: refused(
    'there is no kind for this test: see distribution_fit',
  ),
  expect_column_bootstrapped_ks_test_p_value_to_be_greater_than: refused(
    'there is no kind for this test: see distribution_fit',
  ),
  expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than: refused(
    'it is not implemented in Great Expectations 1; see distribution_fit',
  ),
  expect_column_pair_cramers_phi_value_to_be_less_than: refused('there is no kind for this test'),

  expect_column_pair_values_a_to_be_greater_than_b: ofPair('compare_columns', (args) => ({
    op: args.flag('or_equal', false) ? 'gte' : 'gt',
  })),
  expect_column_pair_values_to_be_equal: ofPair('compare_columns', () => ({ op: 'eq' })),
  expect_column_pair_values_to_be_in_set: ofPair('pair_in_set', (args) => ({ values: args.list('value_pairs_set') })),
  expect_compound_columns_to_be_unique: ofRow('unique', () => ({ counted: 'duplicated_rows' })),
  expect_select_column_values_to_be_unique_within_record: ofRow('distinct_within_row'),
  expect_multicolumn_values_to_be_unique: ofRow('distinct_within_row'),
  expect_multicolumn_values_to_be_equal: ofRow('columns_equal'),
  expect_multicolumn_sum_to_equal: ofRow('row_sum_equals', (args) => ({ total: args.numeral('sum_total') })),

  expect_table_row_count_to_be_between: ofTable('row_count', bounds),
  expect_table_row_count_to_equal: ofTable('row_count', exactly),
  expect_table_row_count_to_equal_other_table: (args) => ({
    other: args.text('other_table_name'),
    rule: { kind: 'row_count_compare', ...filter(args), onEmpty: 'pass' },
  }),
  expect_table_column_count_to_be_between: ofTable('column_count', bounds),
  expect_table_column_count_to_equal: ofTable('column_count', exactly),
  expect_table_columns_to_match_ordered_list: ofTable('columns_match', (args) => ({
    columns: args.texts('column_list'),
    relation: 'ordered_equal',
  })),
  expect_table_columns_to_match_set: ofTable('columns_match', (args) => ({
    columns: args.texts('column_set'),
    relation: args.flag('exact_match', true) ? 'equal' : 'superset',
  })),
  expect_column_to_exist: ofTable('column_exists', (args) => {
    const index = args.optionalWhole('column_index');
    return { column: args.text('column'), ...(index !== undefined && { index }) };
  }),
  unexpected_rows_expectation: (args) => ({
    rule: {
      kind: 'sql_no_rows',
      params: { sql: args.text('unexpected_rows_query').replaceAll('{batch}', '{target}') },
    },
  }),
  expect_query_results_to_match_comparison: refused('it compares two queries of two sources: see table_diff'),
};
