import { importRules } from '../index.js';

const shown = (text: string) => {
  const { rules, notUnderstood } = importRules(text, 'soda');
  return notUnderstood.length > 0
    ? notUnderstood.map(({ reason }) => reason)
    : rules.map(({ rule, other }) => ({ ...rule, ...(other && { other }) }));
};

/** A check of SodaCL on the dataset `t`. */
const cl = (check: string) => shown(`checks for t:\n  - ${check.replaceAll('\n', '\n  ')}\n`);

describe('SodaCL', () => {
  it.each([
    ['row_count > 0', [{ kind: 'row_count', params: { min: 0, strictMin: true } }]],
    ['row_count between (10 and 20]', [{ kind: 'row_count', params: { min: 10, max: 20, strictMin: true } }]],
    ['missing_count(x) = 0', [{ kind: 'not_null', columns: ['x'], onEmpty: 'pass' }]],
    [
      'missing_percent(x) < 5 %:\n    missing values: [N/A, "0"]\n    filter: y > 1',
      [
        {
          kind: 'not_null',
          columns: ['x'],
          params: { treatAsNull: ['N/A', '0'] },
          where: 'y > 1',
          threshold: { metric: 'ratio', fail: { gte: 0.05 } },
          denominator: 'all',
          onEmpty: 'pass',
        },
      ],
    ],
    [
      'missing_count(x) = 0:\n    missing regex: ^-+$',
      [{ kind: 'expression', columns: ['x'], params: { failWhen: "x is null or x matches '^-+$'" }, onEmpty: 'pass' }],
    ],
    [
      'invalid_count(x) = 0:\n    valid min: 1\n    valid max: 5',
      [{ kind: 'between', columns: ['x'], params: { min: 1, max: 5 }, onEmpty: 'pass' }],
    ],
    [
      'invalid_count(x) = 0:\n    valid length: 3\n    valid regex: ^A\n    missing values: ["-"]',
      [
        {
          kind: 'expression',
          columns: ['x'],
          params: { passWhen: "x in ('-') or (x matches '^A' and (length(x) >= 3 and length(x) <= 3))" },
          onEmpty: 'pass',
        },
      ],
    ],
    [
      'duplicate_count(a, b) = 0',
      [
        {
          kind: 'unique',
          columns: ['a', 'b'],
          params: { nulls: 'ignore_if_any_null', counted: 'groups' },
          onEmpty: 'pass',
        },
      ],
    ],
    [
      'avg(x):\n    warn: when > 10\n    fail: when not between 0 and 20',
      [
        {
          kind: 'aggregate',
          columns: ['x'],
          params: { fn: 'avg' },
          threshold: { metric: 'value', fail: { notBetween: { min: 0, max: 20 } }, warn: { gt: 10 } },
        },
      ],
    ],
    [
      'percentile(x, 0.95) <= 5',
      [{ kind: 'quantiles', columns: ['x'], params: { method: 'nearest_rank', quantiles: [{ q: 0.95, max: 5 }] } }],
    ],
    [
      'freshness(at) < 1d',
      [{ kind: 'freshness', columns: ['at'], params: { maxAge: 1, unit: 'day' }, onEmpty: 'fail' }],
    ],
    [
      'freshness(at):\n    warn: when > 1d12h\n    fail: when > 2d',
      [
        {
          kind: 'freshness',
          columns: ['at'],
          params: { unit: 'hour' },
          threshold: { metric: 'value', warn: { gt: 36 }, fail: { gt: 48 } },
          onEmpty: 'fail',
        },
      ],
    ],
    ['row_count same as other', [{ kind: 'row_count_compare', onEmpty: 'pass', other: 'other' }]],
    [
      'values in (a, b) must exist in other (c, d)',
      [
        {
          kind: 'foreign_key',
          columns: ['a', 'b'],
          params: { refColumns: ['c', 'd'] },
          onEmpty: 'pass',
          other: 'other',
        },
      ],
    ],
    [
      "failed rows:\n    name: odd\n    fail condition: amount < 0 and state = 'A'",
      [{ kind: 'expression', params: { failWhen: "amount < 0 and state = 'A'" }, nullPolicy: 'pass', onEmpty: 'pass' }],
    ],
    ['failed rows:\n    fail query: SELECT 1', [{ kind: 'sql_no_rows', params: { sql: 'SELECT 1' } }]],
    [
      'share < 0.1:\n    share expression: SUM(a) / COUNT(*)',
      [{ kind: 'sql_scalar', params: { sql: 'SELECT SUM(a) / COUNT(*)\nFROM {target}', max: 0.1, strictMax: true } }],
    ],
    [
      'schema:\n    fail:\n      when required column missing: [a]\n      when wrong column type: {a: varchar}\n    warn:\n      when forbidden column present: [ssn]',
      [
        { kind: 'columns_match', params: { columns: ['a'], relation: 'superset' } },
        { kind: 'column_type', columns: ['a'], params: { types: ['varchar'] } },
        {
          kind: 'columns_match',
          params: { columns: ['ssn'], relation: 'disjoint' },
          threshold: { metric: 'count', warn: { gt: 0 } },
        },
      ],
    ],
  ])('%s', (check, rules) => expect(cl(check)).toEqual(rules));

  it('filters of parts of a dataset, and settings of columns', () => {
    const text = `filter t [daily]:
  where: d = '2026-01-01'
configurations for t:
  valid values for x: [A, B]
checks for t [daily]:
  - invalid_count(x) = 0
`;
    expect(shown(text)).toEqual([
      { kind: 'in_set', columns: ['x'], params: { values: ['A', 'B'] }, where: "d = '2026-01-01'", onEmpty: 'pass' },
    ]);
  });

  it.each([
    ['change for row_count < 50', 'compares with earlier runs'],
    ['anomaly detection for row_count', 'the kind anomaly'],
    ['freshness(at, CUTOFF) < 1d', 'comes from the variable CUTOFF'],
    ['row_count', 'it has no threshold'],
    ['row_count ~ 5', 'is not understood'],
    ['invalid_count(x) = 0', 'does not say which values are valid'],
    ['invalid_count(x) = 0:\n    valid format: phone number', '"phone number" is not known'],
    ['missing_count(x) = 0:\n    filter: x > ${X}', 'cannot be said here'],
    ['row_count > 0:\n    tolerance: 5', '"tolerance"'],
    ['schema:\n    fail:\n      when schema changes: any', 'the kind schema_baseline'],
    ['nonsense < 5', 'there is no metric "nonsense"'],
  ])('says why not: %s', (check, reason) => expect(cl(check)).toEqual([expect.stringContaining(reason)]));
});

describe('contracts', () => {
  const contract = (checks: string) =>
    shown(
      `dataset: pg/db/schema/t\nfilter: live = true\ncolumns:\n  - name: x\n    checks:\n      - ${checks.replaceAll('\n', '\n      ')}\n`,
    );
  it.each([
    ['missing:', [{ kind: 'not_null', columns: ['x'], where: 'live = true', onEmpty: 'pass' }]],
    [
      'invalid:\n    valid_values: [1, 2]\n    threshold:\n      metric: percent\n      must_be_less_than: 10\n      level: warn',
      [
        {
          kind: 'in_set',
          columns: ['x'],
          params: { values: [1, 2] },
          where: 'live = true',
          threshold: { metric: 'ratio', warn: { gte: 0.1 } },
          denominator: 'all',
          onEmpty: 'pass',
        },
      ],
    ],
    [
      'invalid:\n    valid_reference_data: {dataset: pg/db/s/codes, column: code}',
      [
        {
          kind: 'foreign_key',
          columns: ['x'],
          params: { refColumns: ['code'] },
          where: 'live = true',
          onEmpty: 'pass',
          other: 'codes',
        },
      ],
    ],
    [
      'duplicate:\n    threshold: {must_be_between: {greater_than: 0, less_than_or_equal: 3}}',
      [
        {
          kind: 'unique',
          columns: ['x'],
          params: { nulls: 'ignore_if_any_null', counted: 'extra_rows' },
          where: 'live = true',
          threshold: { metric: 'count', fail: { notBetween: { min: 0, max: 3, strictMin: true } } },
          onEmpty: 'fail',
        },
      ],
    ],
    [
      'aggregate:\n    function: avgLength\n    filter: y > 0\n    threshold:\n      must_be_greater_than: 5\n      additional: {must_be_greater_than: 6, level: warn}',
      [
        {
          kind: 'aggregate',
          columns: ['x'],
          params: { fn: 'avg_length' },
          where: '(live = true) and (y > 0)',
          threshold: { metric: 'value', fail: { lte: 5 }, warn: { lte: 6 } },
        },
      ],
    ],
  ])('%s', (check, rules) => expect(contract(check)).toEqual(rules));

  it('of a dataset', () => {
    const text = `dataset: pg/db/schema/t
columns:
  - name: id
    data_type: integer
  - name: note
    optional: true
checks:
  - schema:
  - row_count:
  - freshness:
      column: at
      threshold: {unit: day, must_be_less_than: 2}
  - metric:
      query: SELECT 1
      threshold: {must_be: 1}
  - group_by:
`;
    const { rules, notUnderstood } = importRules(text, 'soda');
    expect(rules.map(({ rule }) => rule)).toEqual([
      { kind: 'columns_match', params: { columns: ['id'], relation: 'superset' } },
      { kind: 'columns_match', params: { columns: ['id', 'note'], relation: 'subset' } },
      { kind: 'column_type', columns: ['id'], params: { types: ['integer'] } },
      { kind: 'row_count', params: { min: 0, strictMin: true } },
      { kind: 'freshness', columns: ['at'], params: { maxAge: 2, unit: 'day', strictMax: true }, onEmpty: 'fail' },
      { kind: 'sql_scalar', params: { sql: 'SELECT 1', min: 1, max: 1 } },
    ]);
    expect(rules[0]).toMatchObject({
      dataset: 't',
      at: { line: 8 },
      notes: [expect.stringContaining('order of the columns')],
    });
    expect(notUnderstood).toMatchObject([{ was: 'group_by', at: { line: 16 } }]);
  });
});
