import { importRules } from '../index.js';

const suite = (type: string, kwargs: object, beside: object = {}) =>
  importRules(JSON.stringify({ name: 's', expectations: [{ type, kwargs, ...beside }] }), 'gx');

describe('expectations', () => {
  it.each([
    [
      'not null',
      'expect_column_values_to_not_be_null',
      { column: 'x' },
      { kind: 'not_null', columns: ['x'], onEmpty: 'pass' },
    ],
    [
      'mostly is exact',
      'expect_column_values_to_be_in_set',
      { column: 'x', value_set: ['a', null, 1], mostly: 0.9 },
      {
        kind: 'in_set',
        columns: ['x'],
        params: { values: ['a', null, 1] },
        threshold: { metric: 'ratio', fail: { gt: 0.1 } },
        onEmpty: 'pass',
      },
    ],
    [
      'a figure of nothing fails',
      'expect_column_mean_to_be_between',
      { column: 'x', min_value: 1, strict_min: true },
      { kind: 'aggregate', columns: ['x'], params: { fn: 'avg', min: 1, strictMin: true }, onEmpty: 'fail' },
    ],
    [
      'a share of nothing is 0',
      'expect_column_proportion_of_unique_values_to_be_between',
      { column: 'x', min_value: 0, max_value: 0.5 },
      {
        kind: 'distinct_ratio',
        columns: ['x'],
        params: { measure: 'distinct_of_rows', min: 0, max: 0.5 },
        onEmpty: 'pass',
      },
    ],
    [
      'rows that are ignored',
      'expect_column_pair_values_A_to_be_greater_than_B',
      { column_A: 'a', column_B: 'b', or_equal: true, ignore_row_if: 'either_value_is_missing' },
      {
        kind: 'compare_columns',
        columns: ['a', 'b'],
        params: { op: 'gte', nulls: 'ignore_if_any_null' },
        onEmpty: 'pass',
      },
    ],
    [
      'their default',
      'expect_compound_columns_to_be_unique',
      { column_list: ['a', 'b'] },
      {
        kind: 'unique',
        columns: ['a', 'b'],
        params: { counted: 'duplicated_rows', nulls: 'ignore_if_all_null' },
        onEmpty: 'pass',
      },
    ],
    [
      'a JSON Schema',
      'expect_column_values_to_match_json_schema',
      { column: 'x', json_schema: { type: 'object' } },
      { kind: 'json_schema', columns: ['x'], params: { schema: { type: 'object' } }, onEmpty: 'pass' },
    ],
    [
      'SQL about the batch',
      'unexpected_rows_expectation',
      { unexpected_rows_query: 'SELECT * FROM {batch} WHERE x < 0' },
      { kind: 'sql_no_rows', params: { sql: 'SELECT * FROM {target} WHERE x < 0' } },
    ],
  ])('%s', (_, type, kwargs, rule) => {
    const { rules, notUnderstood } = suite(type, kwargs);
    expect(notUnderstood).toEqual([]);
    expect(rules.map((each) => each.rule)).toEqual([rule]);
  });

  it('of version 0, with places, notes and severity', () => {
    const text = `{
  "expectation_suite_name": "loan.warning",
  "expectations": [
    { "expectation_type": "expect_table_row_count_to_be_between",
      "kwargs": { "min_value": 1, "result_format": "BASIC" },
      "meta": { "notes": { "format": "markdown", "content": ["not", "empty"] } } },
    { "expectation_type": "expect_column_to_exist", "kwargs": { "column": "借据号" } }
  ]
}`;
    expect(importRules(text, 'gx')).toMatchObject({
      rules: [
        { rule: { kind: 'row_count', params: { min: 1 } }, at: { line: 4 }, description: 'not\nempty' },
        { rule: { kind: 'column_exists', params: { column: '借据号' } }, at: { line: 7 } },
      ],
      notUnderstood: [],
    });
    expect(suite('expect_table_row_count_to_equal', { value: 1 }, { severity: 'info' }).rules[0]?.rule.severity).toBe(
      'S4',
    );
  });

  it.each([
    ['pandas', 'a == "x" and (b > 2 or c.notnull())', "a = 'x' and (b > 2 or c is not null)"],
    // To pandas what is absent differs from everything.
    ['pandas', '`a b` != 1', '"a b" <> 1 or "a b" is null'],
    ['great_expectations', 'col("a").notNull()', 'a is not null'],
    ['great_expectations__experimental__', "col('a') >= 5", 'a >= 5'],
    ['spark', "a = 'x' AND b IS NOT NULL", "a = 'x' AND b IS NOT NULL"],
  ])('a row_condition of %s: %s', (parser, condition, where) => {
    const made = suite('expect_column_values_to_not_be_null', {
      column: 'x',
      row_condition: condition,
      condition_parser: parser,
    });
    expect(made.rules[0]?.rule.where ?? made.notUnderstood).toEqual(where);
  });

  it('a row_condition as a tree', () => {
    const column = { name: 'a' };
    const row_condition = {
      type: 'or',
      conditions: [
        { type: 'nullity', column, is_null: false },
        { type: 'comparison', column, operator: 'NOT_IN', parameter: [1, 2] },
      ],
    };
    const { rules } = suite('expect_table_row_count_to_equal', { value: 1, row_condition });
    expect(rules[0]?.rule.where).toBe('a is not null or a not in (1, 2)');
  });

  it.each([
    ['no such expectation', 'expect_the_best', {}, 'no expectation of the core'],
    ['an argument that has no equal', 'expect_column_values_to_not_be_null', { column: 'x', windows: [] }, '"windows"'],
    [
      'a parameter of the suite',
      'expect_table_row_count_to_equal',
      { value: { $PARAMETER: 'n' } },
      'only known when the tool runs',
    ],
    ['the order of rows', 'expect_column_values_to_be_increasing', { column: 'x' }, 'the kind monotonic'],
    [
      'texts compared as dates',
      'expect_column_values_to_be_between',
      { column: 'x', min_value: 1, parse_strings_as_datetimes: true },
      'no equal',
    ],
    ['a look-ahead', 'expect_column_values_to_match_regex', { column: 'x' }, 'its "regex" is missing'],
    [
      'a parser that is not said',
      'expect_column_values_to_be_unique',
      { column: 'x', row_condition: 'a = 1' },
      'its language is not known',
    ],
    [
      'functions of pandas',
      'expect_column_values_to_be_unique',
      { column: 'x', row_condition: 'a.str.len() > 1', condition_parser: 'pandas' },
      'not understood at ".str.len() > 1"',
    ],
  ])('says why not: %s', (_, type, kwargs, reason) => {
    const { rules, notUnderstood } = suite(type, kwargs);
    expect(rules).toEqual([]);
    expect(notUnderstood).toMatchObject([{ was: type, reason: expect.stringContaining(reason) as unknown }]);
  });
});
