import { importRules } from '../index.js';

/** The rules that a test of a column `x` of the model `m` becomes, or why it is none. */
const test = (yaml: string, at: 'column' | 'model' = 'column') => {
  const indented = yaml.replaceAll('\n', `\n${at === 'column' ? '          ' : '      '}`);
  const text =
    at === 'column'
      ? `version: 2\nmodels:\n  - name: m\n    columns:\n      - name: x\n        tests:\n          - ${indented}\n`
      : `version: 2\nmodels:\n  - name: m\n    tests:\n      - ${indented}\n`;
  const { rules, notUnderstood } = importRules(text, 'dbt');
  return notUnderstood.length > 0
    ? notUnderstood.map(({ reason }) => reason)
    : rules.map(({ rule, other }) => ({ ...rule, ...(other && { other }) }));
};

describe('tests of a column', () => {
  it.each([
    ['not_null', 'not_null', { kind: 'not_null', columns: ['x'], onEmpty: 'pass' }],
    [
      'unique counts groups',
      'unique:\n    config:\n      severity: warn',
      {
        kind: 'unique',
        columns: ['x'],
        params: { nulls: 'ignore_if_any_null', counted: 'groups' },
        threshold: { metric: 'count', warn: { ne: 0 } },
        onEmpty: 'pass',
      },
    ],
    [
      'accepted_values in quotes; yes is true in YAML 1.1',
      'accepted_values:\n    values: [A, 1, yes]',
      { kind: 'in_set', columns: ['x'], params: { values: ['A', '1', true] }, onEmpty: 'pass' },
    ],
    [
      'accepted_values counts wrong values, not rows',
      'accepted_values:\n    values: [1, 2]\n    quote: false\n    error_if: ">5"\n    warn_if: ">1"',
      {
        kind: 'distinct_set',
        columns: ['x'],
        params: { relation: 'subset', values: [1, 2] },
        threshold: { metric: 'count', fail: { gt: 5 }, warn: { gt: 1 } },
        onEmpty: 'pass',
      },
    ],
    [
      'relationships, with a filter',
      "relationships:\n    arguments:\n      to: ref('client')\n      field: id\n    config:\n      where: \"state <> 'test'\"",
      {
        kind: 'foreign_key',
        columns: ['x'],
        params: { refColumns: ['id'] },
        where: "state <> 'test'",
        onEmpty: 'pass',
        other: 'client',
      },
    ],
    [
      'a test under another name',
      'name: codes\n  test_name: accepted_values\n  values: [A]',
      { kind: 'in_set', columns: ['x'], params: { values: ['A'] }, onEmpty: 'pass' },
    ],
    [
      'dbt_utils.accepted_range without its ends',
      'dbt_utils.accepted_range:\n    min_value: 0\n    inclusive: false',
      { kind: 'between', columns: ['x'], params: { min: 0, strictMin: true }, onEmpty: 'pass' },
    ],
    [
      'dbt_utils.expression_is_true at a column',
      "dbt_utils.expression_is_true:\n    expression: '>= 1'",
      { kind: 'expression', params: { failWhen: 'not (x >= 1)' }, nullPolicy: 'pass', onEmpty: 'pass' },
    ],
    [
      'an expression that is SQL stays SQL',
      "dbt_utils.expression_is_true:\n    expression: '::date > now()'\n    config: {where: 'a = 1'}",
      { kind: 'sql_no_rows', params: { sql: 'SELECT * FROM {target} WHERE (a = 1\n) AND (not(x ::date > now())\n)' } },
    ],
    [
      'dbt_utils.not_constant',
      'dbt_utils.not_constant',
      { kind: 'distinct_count', columns: ['x'], onEmpty: 'pass', threshold: { metric: 'value', fail: { eq: 1 } } },
    ],
    [
      'dbt_expectations: absent values fail in a set',
      "dbt_expectations.expect_column_values_to_be_in_set:\n    value_set: [A]\n    row_condition: 'y > 1'",
      {
        kind: 'in_set',
        columns: ['x'],
        params: { values: ['A'] },
        where: 'y > 1',
        nullPolicy: 'fail',
        onEmpty: 'pass',
      },
    ],
    [
      'dbt_expectations: of patterns that must not be met one is enough',
      'dbt_expectations.expect_column_values_to_not_match_regex_list:\n    regex_list: ["a", "b"]',
      { kind: 'regex', columns: ['x'], params: { patterns: ['a', 'b'], match: 'not_all' }, onEmpty: 'pass' },
    ],
    [
      'dbt_expectations: recent data',
      'dbt_expectations.expect_row_values_to_have_recent_data:\n    datepart: day\n    interval: 1',
      { kind: 'freshness', columns: ['x'], params: { maxAge: 1, unit: 'day', future: 'ignored' }, onEmpty: 'fail' },
    ],
  ])('%s', (_, yaml, rule) => expect(test(yaml)).toEqual([rule]));
});

describe('tests of a model', () => {
  it.each([
    [
      'dbt_utils.unique_combination_of_columns',
      'dbt_utils.unique_combination_of_columns:\n    combination_of_columns: [a, b]',
      { kind: 'unique', columns: ['a', 'b'], params: { nulls: 'never_ignore', counted: 'groups' }, onEmpty: 'pass' },
    ],
    [
      'dbt_utils.equality compares sets',
      "dbt_utils.equality:\n    compare_model: source('raw', 'm')\n    exclude_columns: [at]",
      { kind: 'table_equality', params: { duplicates: 'ignored', exclude: ['at'] }, onEmpty: 'pass', other: 'm' },
    ],
    [
      'dbt_expectations: names in any letters',
      'dbt_expectations.expect_table_columns_to_contain_set:\n    column_list: [A]',
      {
        kind: 'columns_match',
        params: { columns: ['A'], relation: 'superset', caseInsensitive: true },
        onEmpty: 'pass',
      },
    ],
    [
      'dbt_expectations: a last day that does not belong',
      "dbt_expectations.expect_row_values_to_have_data_for_every_n_datepart:\n    date_col: d\n    test_start_date: '2026-01-01'\n    test_end_date: '2026-03-01'",
      {
        kind: 'period_complete',
        columns: ['d'],
        params: { unit: 'day', from: '2026-01-01', to: '2026-02-28' },
        onEmpty: 'pass',
      },
    ],
    [
      'dbt_expectations: whole columns add up',
      'dbt_expectations.expect_multicolumn_sum_to_equal:\n    column_list: [a, b]\n    sum_total: 4\n    group_by: [g]',
      { kind: 'columns_sum_equals', columns: ['a', 'b'], params: { total: 4, groupBy: ['g'] }, onEmpty: 'pass' },
    ],
    [
      'dbt_expectations: sums of two tables',
      "dbt_expectations.expect_table_aggregation_to_equal_other_table:\n    expression: sum(amount)\n    compare_model: ref('b')\n    compare_expression: sum(total)\n    tolerance_percent: 0.01",
      {
        kind: 'aggregate_compare',
        columns: ['amount'],
        params: { fn: 'sum', otherColumn: 'total', relative: 0.01 },
        onEmpty: 'pass',
        other: 'b',
      },
    ],
  ])('%s', (_, yaml, rule) => expect(test(yaml, 'model')).toEqual([rule]));
});

describe('what is not understood has a reason', () => {
  it.each([
    ['a test of the project', 'my_own_test', 'a test of the project'],
    ['another package', 'audit.something', 'the package audit is not known'],
    ['a template', 'accepted_values:\n    values: "{{ var(\'codes\') }}"', 'a template inside'],
    ['an argument', 'not_null:\n    loudly: true', '"loudly"'],
    ['a filter that is SQL', "not_null:\n    where: 'd > current_date'", 'write today() or now()'],
    ['a division', "not_null:\n    where: 'a / 2 > 1'", 'a division of whole numbers'],
    ['a count of its own', 'not_null:\n    config: {fail_calc: sum(n)}', 'counts its failures by sum(n)'],
    ['switched off', 'not_null:\n    config: {enabled: false}', 'switched off'],
    ['values without quotes', 'accepted_values:\n    values: [now()]\n    quote: false', 'may be anything'],
    ['months', 'dbt_utils.recency:\n    field: x\n    datepart: month\n    interval: 1', '"month" is none of'],
  ])('%s', (_, yaml, reason) => expect(test(yaml)).toEqual([expect.stringContaining(reason)]));
});

it('places, anchors, sources and their freshness', () => {
  const text = `version: 2
sources:
  - name: core
    loaded_at_field: loaded
    freshness: &fresh
      warn_after: {count: 12, period: hour}
      error_after: {count: 24, period: hour}
    tables:
      - name: account
        identifier: t_account
        columns:
          - name: id
            data_tests: [unique, not_null]
      - name: old
        freshness: null
exposures: []
things: 1
`;
  const { rules, notUnderstood } = importRules(text, 'dbt');
  expect(rules).toMatchObject([
    {
      was: 'unique',
      dataset: 't_account',
      at: { line: 13, path: ['sources', 0, 'tables', 0, 'columns', 0, 'data_tests', 0] },
    },
    { was: 'not_null', dataset: 't_account', at: { line: 13 } },
    {
      was: 'source freshness',
      dataset: 't_account',
      rule: {
        kind: 'freshness',
        columns: ['loaded'],
        params: { unit: 'hour' },
        threshold: { metric: 'value', warn: { gt: 12 }, fail: { gt: 24 } },
        onEmpty: 'fail',
      },
    },
  ]);
  expect(notUnderstood).toMatchObject([{ was: 'things', at: { line: 17 } }]);
});

it('a manifest: generic and singular tests, by the names in the database', () => {
  const test = (name: string, node: object) => ({ [`test.p.${name}`]: { resource_type: 'test', name, ...node } });
  const manifest = {
    metadata: {},
    nodes: {
      'model.p.m': { resource_type: 'model', name: 'm', alias: 'dwd_m' },
      ...test('not_null_m_x', {
        test_metadata: {
          name: 'not_null',
          kwargs: { column_name: 'x', model: "{{ get_where_subquery(ref('m')) }}" },
          namespace: null,
        },
        column_name: 'x',
        attached_node: 'model.p.m',
        config: {
          severity: 'WARN',
          warn_if: '!= 0',
          error_if: '!= 0',
          fail_calc: 'count(*)',
          store_failures: null,
          tags: ['nightly'],
        },
      }),
      ...test('no_orphans', {
        compiled_code: 'select * from a where b is null;',
        depends_on: { nodes: ['model.p.m'] },
        config: { severity: 'ERROR' },
      }),
      ...test('raw_only', { raw_code: "select * from {{ ref('m') }}" }),
    },
  };
  const { rules, notUnderstood } = importRules(JSON.stringify(manifest), 'dbt');
  expect(rules).toMatchObject([
    {
      name: 'not_null_m_x',
      dataset: 'dwd_m',
      tags: ['nightly'],
      rule: { kind: 'not_null', threshold: { warn: { ne: 0 } } },
    },
    {
      name: 'no_orphans',
      dataset: 'dwd_m',
      rule: { kind: 'sql_no_rows', params: { sql: 'select * from a where b is null' } },
    },
  ]);
  expect(notUnderstood).toMatchObject([{ was: 'raw_only', reason: expect.stringContaining('dbt compile') as unknown }]);
});
