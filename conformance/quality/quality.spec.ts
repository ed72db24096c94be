import { type CaseTable, type QualityCase } from './case.js';
import { openDuckDb } from './engines/duckdb.js';
import { type Engine } from './engines/engine.js';
import { apart, figuresOf, type Result } from './report.js';
import { runCase } from './run-case.js';

const TABLE: CaseTable = {
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 's', type: 'string' },
    { name: 'n', type: 'double' },
    { name: 'at', type: 'timestamp' },
  ],
  rows: [
    [1, 'abc', 1.5, '2026-06-29T22:00:00'],
    [2, 'Abd', 2.5, '2026-06-29T23:00:00'],
    [3, null, null, null],
    [4, 'abc', 4.5, '2026-06-28T23:00:00'],
  ],
};
const EMPTY: CaseTable = { ...TABLE, rows: [] };
const OTHER: CaseTable = { columns: [{ name: 'k', type: 'string' }], rows: [['abc'], ['ABD']] };

let engine: Engine;

beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine?.close());

const run = (
  suite: string,
  rule: string,
  params: QualityCase['params'],
  expected: QualityCase['expect'],
  table = TABLE,
): Promise<Result> => {
  const given = { id: 'x', suite, rule, params, table, otherTables: { other: OTHER }, now: '2026-06-30T00:00:00Z' };
  return runCase({ ...given, expect: expected }, engine, 'duckdb');
};

const [YES, NO] = [{ success: true }, { success: false }];

describe('a rule means what it means to its tool', () => {
  it.each<[string, string, QualityCase['params'], QualityCase['expect']]>([
    ['gx', 'not_null', { column: 's', mostly: 0.75 }, YES],
    ['deequ', 'not_null', { column: 's', threshold: { eq: 0.75 } }, YES],
    ['soda', 'not_null', { column: 's', threshold: { level: 'warn' } }, { success: true, outcome: 'WARN' }],
    ['soda', 'not_null', { column: 'id', treatAsNull: [3, 4], threshold: { eq: 2 } }, YES],
    ['dx', 'in_set', { column: 's', values: ['abc', 'Abd'], nullPolicy: 'null_fails' }, NO],
    ['gx', 'in_set', { column: 's', values: ['abc', 7, 'Abd'] }, YES],
    ['gx', 'between', { column: 'at', min: '2026-06-01', max: '2026-06-30' }, YES],
    ['gx', 'between', { column: 's', min: 'A', max: 'b' }, YES],
    ['deequ', 'between', { column: 'n', min: 0, strictMin: true, nullPolicy: 'coalesce_0' }, NO],
    ['deequ', 'between', { column: 'n', min: 0, strictMin: true, nullPolicy: 'coalesce_1' }, YES],
    ['dqdl', 'values_assert', { column: 'id', assert: { between: [1, 5], boundsExclusive: true } }, NO],
    ['dqdl', 'length_assert', { column: 's', assert: { in: [0, 3] } }, YES],
    ['dx', 'regex', { column: 's', patterns: ['^a', '^A'], match: 'not_any_single' }, YES],
    ['deequ', 'castable', { column: 's', dataType: 'String', assert: { eq: 1 } }, YES],
    ['gx', 'unique', { columns: ['s'], mostly: 0.4 }, NO], // two of three values share theirs
    ['soda', 'unique', { columns: ['s'], threshold: { lt: 2 } }, YES],
    ['dbt', 'foreign_key', { column: 's', refTable: 'other', refColumn: 'k', where: "s = 'abc'" }, YES],
    ['deequ', 'foreign_key', { columns: ['S'], refColumns: ['k'], other: 'other', threshold: { eq: 0.5 } }, YES],
    ['dbt', 'sequential_values', { column: 'at', interval: 1, datepart: 'hour' }, NO],
    ['gx', 'monotonic', { column: 'at', direction: 'asc' }, NO],
    ['soda', 'freshness', { column: 'at', threshold: { lt: 61, unit: 'minute' } }, YES],
    ['elementary', 'data_freshness_sla', { timestamp_column: 'at', sla_time: '12:01am', timezone: 'UTC' }, YES],
    ['deequ', 'metric', { metric: 'Uniqueness', columns: ['s'] }, { success: null, observed: 1 / 3 }],
    ['deequ', 'metric', { metric: 'Compliance', predicate: 'n > 2' }, { success: null, observed: 0.5 }],
  ])('%s %s %j', async (suite, rule, params, expected) => {
    expect(await run(suite, rule, params, expected)).toMatchObject({ outcome: 'agrees' });
  });

  it.each<[string, string, QualityCase['params'], QualityCase['expect']]>([
    ['gx', 'not_null', { column: 's' }, YES],
    ['deequ', 'not_null', { column: 's' }, NO],
    ['gx', 'distinct_count_between', { column: 's', max: 3 }, YES],
    ['dbt', 'not_null_count_between', { column: 's', min: 1 }, NO],
    ['soda', 'freshness', { column: 'at', threshold: { lt: 1 } }, NO],
  ])('of an empty table: %s %s %j', async (suite, rule, params, expected) => {
    expect(await run(suite, rule, params, expected, EMPTY)).toMatchObject({ outcome: 'agrees' });
  });
});

describe('a disagreement is told', () => {
  it.each<[string, QualityCase['params'], QualityCase['expect'], string]>([
    ['not_null', { column: 's' }, YES, 'pass was expected, not fail'],
    ['not_null', { column: 'id' }, NO, 'fail was expected, not pass'],
    ['not_null', { column: 's' }, { success: false, unexpectedCount: 2 }, '2 rows that break it were expected, not 1'],
    ['not_null', { column: 'id' }, { success: null, error: 'some' }, 'an error was expected, not pass'],
    ['between', { column: 's', min: 1 }, YES, 'pass was expected, not error'],
  ])('%s %j', async (rule, params, expected, words) => {
    const { outcome, detail } = await run('gx', rule, params, expected);
    expect(outcome).toBe('differs');
    expect(detail).toContain(words);
  });

  it('unless the tool says false of a rule that cannot be used', async () => {
    expect(await run('gx', 'not_null', { column: 'nope' }, NO)).toMatchObject({ outcome: 'agrees', refused: true });
  });

  it('and what is not mapped is not guessed', async () => {
    expect(await run('gx', 'not_null', { column: 's', mood: 'good' }, YES)).toMatchObject({
      outcome: 'not mapped',
      detail: 'not mapped: mood',
    });
    expect(await run('gx', 'constructor', {}, YES)).toMatchObject({ outcome: 'not mapped' });
  });
});

it('counts what agrees among what was evaluated', () => {
  const result = (outcome: Result['outcome']): Result => ({ id: '', suite: '', rule: '', outcome, detail: '' });
  expect(figuresOf([result('agrees'), result('agrees'), result('differs'), result('skipped')])).toEqual({
    ...{ agreement: 66.6, cases: 4, evaluated: 3, notMapped: 0, disagreements: 1 },
  });
});

it('names cases of which engines say different things', () => {
  const result = (id: string, counts: string): Result => ({
    ...{ id, suite: '', rule: '', outcome: 'agrees', detail: '', status: 'fail', counts },
  });
  const lines = apart(
    new Map([
      ['one', [result('a', '3 3 1'), result('b', '3 3 1')]],
      ['two', [result('a', '3 3 1'), result('b', '3 3 2')]],
    ]),
  );
  expect(lines).toEqual(['engines differ\tb\tone: fail 3 3 1; two: fail 3 3 2']);
});
