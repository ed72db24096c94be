import { planRule, type RuleFacts } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

const columns = [
  { name: 'n', typeFamily: 'integer' },
  { name: 'd', typeFamily: 'decimal' },
  { name: 'on', typeFamily: 'date' },
  { name: 't', typeFamily: 'text' },
  { name: 'j', typeFamily: 'json' },
] as const;
const facts: RuleFacts = {
  target: { relation: '"t"', name: 't', columns },
  other: { relation: '"o"', name: 'o', columns, dialect: 'postgres', sameConnection: true },
};
const now = new Date('2026-06-30T00:00:00Z');

it.each([
  ['an average of texts', { kind: 'aggregate', columns: ['t'], params: { fn: 'avg' } }, 'columns.0'],
  ['a correlation of one column', { kind: 'aggregate', columns: ['n'], params: { fn: 'correlation' } }, 'columns'],
  ['a quantile that is not named', { kind: 'aggregate', columns: ['n'], params: { fn: 'quantile' } }, 'params.q'],
  ['bounds that no value meets', { kind: 'row_count', params: { min: 2, max: 1 } }, 'params.min'],
  [
    'a date as the bound of a number',
    { kind: 'aggregate', columns: ['n'], params: { fn: 'max', max: '2026-01-01' } },
    'params.max',
  ],
  [
    'a threshold on a value that there is none of',
    { kind: 'not_null', columns: ['n'], threshold: { metric: 'value', fail: { gt: 1 } } },
    'threshold.metric',
  ],
  [
    'a threshold on a value for groups',
    { kind: 'row_count', params: { groupBy: ['t'] }, threshold: { metric: 'value', fail: { gt: 1 } } },
    'threshold.metric',
  ],
  [
    'a date as a threshold of a count',
    { kind: 'not_null', columns: ['n'], threshold: { metric: 'count', fail: { gt: '2026-01-01' } } },
    'threshold.fail.gt',
  ],
  [
    'a number as a threshold of a date',
    { kind: 'aggregate', columns: ['on'], params: { fn: 'max' }, threshold: { metric: 'value', warn: { lt: 1 } } },
    'threshold.warn.lt',
  ],
  ['groups of documents', { kind: 'row_count', params: { groupBy: ['j'] } }, 'params.groupBy.0'],
  ['groups of a column that is not there', { kind: 'row_count', params: { groupBy: ['x'] } }, 'params.groupBy.0'],
  [
    'skewness for groups',
    { kind: 'aggregate', columns: ['n'], params: { fn: 'skewness', groupBy: ['t'] } },
    'params.groupBy',
  ],
  [
    'a zone that is not there',
    { kind: 'freshness', columns: ['on'], params: { timeZone: 'Mars/Base' } },
    'params.timeZone',
  ],
  ['the age of a number', { kind: 'freshness', columns: ['n'] }, 'columns.0'],
  ['steps of a date without a unit', { kind: 'sequential', columns: ['on'] }, 'params.unit'],
  ['ranges of which the end is of another type', { kind: 'exclusive_ranges', columns: ['on', 'n'] }, 'columns'],
  [
    'a key that is compared with itself',
    { kind: 'table_diff', columns: ['n'], params: { compare: ['n'] } },
    'params.compare',
  ],
  [
    'fewer keys there',
    { kind: 'table_diff', columns: ['n', 't'], params: { otherKeys: ['n'], compare: ['d'] } },
    'params.otherKeys',
  ],
  [
    'keys that cannot be compared',
    { kind: 'table_diff', columns: ['n'], params: { otherKeys: ['t'], compare: ['d'] } },
    'params.otherKeys',
  ],
  [
    'a tolerance of fewer rows',
    { kind: 'row_count_compare', params: { relation: 'fewer', absolute: 1 } },
    'params.relation',
  ],
  ['SQL that nobody can read', { kind: 'sql_no_rows', params: { sql: 'SELECT 1' } }, 'params.sql'],
  [
    'a filter beside SQL',
    {
      kind: 'sql_no_rows',
      params: { sql: 'SELECT 1' },
      where: { op: 'eq', left: { column: 'n' }, right: { literal: 1 } },
    },
    'where',
  ],
  [
    'a baseline without bins',
    { kind: 'drift', columns: ['n'], params: { baseline: { counts: [1, 1], nulls: 0 } } },
    'params.baseline',
  ],
  [
    'a baseline with too few counts',
    { kind: 'drift', columns: ['n'], params: { baseline: { edges: [1, 2], counts: [1, 1], nulls: 0 } } },
    'params.baseline.counts',
  ],
  [
    'a baseline whose edges do not rise',
    { kind: 'drift', columns: ['n'], params: { baseline: { edges: [1, '1.0'], counts: [1, 1, 1], nulls: 0 } } },
    'params.baseline.edges.1',
  ],
  [
    'a baseline of no row',
    { kind: 'drift', columns: ['n'], params: { baseline: { edges: [1], counts: [0, 0], nulls: 0 } } },
    'params.baseline.counts',
  ],
  [
    'a list of a hundred thousand',
    { kind: 'in_set', columns: ['n'], params: { values: Array.from({ length: 100_000 }, (_, at) => at) } },
    'params.values',
  ],
  [
    'a condition with as many',
    { kind: 'not_null', columns: ['n'], where: `n in (${Array.from({ length: 100_000 }, (_, at) => at).join(', ')})` },
    'where',
  ],
  [
    'a distribution without its shape',
    { kind: 'distribution_fit', columns: ['n'], params: { distribution: 'gamma' } },
    'params.parameters',
  ],
  ['the null ratio of no column', { kind: 'anomaly', params: { metric: 'null_ratio' } }, 'columns'],
  ['periods of a number', { kind: 'volume_anomaly', columns: ['n'] }, 'columns.0'],
  [
    'days of the week of hours',
    { kind: 'volume_anomaly', columns: ['on'], params: { bucket: { unit: 'hour' }, seasonality: 'day_of_week' } },
    'params.seasonality',
  ],
  [
    'periods left out by what they do not have',
    { kind: 'volume_anomaly', columns: ['on'], params: { exclude: 'amount > 1' } },
    'params.exclude',
  ],
  [
    'the average of texts over time',
    { kind: 'column_anomaly', columns: ['t'], params: { timeColumn: 'on', metrics: ['null_count', 'avg'] } },
    'params.metrics.1',
  ],
  [
    'groups of documents over time',
    { kind: 'dimension_anomaly', columns: ['j'], params: { timeColumn: 'on' } },
    'columns.0',
  ],
  ['no total', { kind: 'columns_sum_equals', columns: ['n'] }, 'params.total'],
  [
    'a total of texts',
    { kind: 'columns_sum_equals', columns: ['n'], params: { totalColumn: 't' } },
    'params.totalColumn',
  ],
  [
    'a schema that is none',
    { kind: 'json_schema', columns: ['t'], params: { schema: { type: 'thing' } } },
    'params.schema',
  ],
  [
    'a schema with a pattern that can take forever',
    { kind: 'json_schema', columns: ['t'], params: { schema: { properties: { a: { pattern: '(a+)+' } } } } },
    'params.schema.properties.a.pattern',
  ],
  ['a schema for numbers', { kind: 'json_schema', columns: ['n'], params: { schema: {} } }, 'columns.0'],
  ['a type that is not named', { kind: 'column_type', columns: ['n'] }, 'params'],
])('refuses %s', (_, rule, place) => {
  const refusal = (): unknown => {
    try {
      return planRule(rule, facts, { dialect: 'postgres', now });
    } catch (error) {
      return error;
    }
  };
  const error = refusal();
  expect(error).toBeInstanceOf(InvalidInput);
  expect((error as InvalidInput).faults.map(({ path }) => path.join('.'))).toEqual([place]);
});
