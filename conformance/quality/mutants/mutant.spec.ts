import { type CaseTable, type QualityCase } from '../case.js';
import { mutantOf } from './mutant.js';

const TABLE: CaseTable = {
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 's', type: 'string' },
    { name: 'd', type: 'date' },
  ],
  rows: [
    [1, 'abc', '2026-01-01'],
    [2, 'abd', '2026-01-02'],
    [3, null, null],
  ],
};

const changeOf = (rule: string, params: QualityCase['params'], suite = 'gx', table = TABLE) => {
  const given = { id: 'x', suite, rule, params, table, expect: { success: true } };
  return mutantOf(given)?.change;
};

describe('one cell is changed so that the rule is broken', () => {
  it.each<[string, QualityCase['params'], string]>([
    ['not_null', { column: 'id' }, 'row 1, id: 1 is now null'],
    ['in_set', { column: 's', values: ['abc', 'abd'] }, 'row 1, s: "abc" is now "abc~"'],
    ['not_in_set', { column: 'id', values: [7] }, 'row 1, id: 1 is now 7'],
    ['between', { column: 'd', min: '2026-01-01' }, 'row 1, d: "2026-01-01" is now "1901-01-01"'],
    ['regex', { column: 's', patterns: ['^a'], match: 'all' }, 'row 1, s: "abc" is now "~"'],
    ['like', { column: 's', patterns: ['x_'], match: 'none' }, 'row 1, s: "abc" is now "xx"'],
    ['unique', { columns: ['id'] }, 'row 1, id: 1 is now 2'],
    ['aggregate_between', { column: 'id', fn: 'max', max: 3 }, 'row 1, id: 1 is now 1000003'],
    ['aggregate_between', { column: 'id', fn: 'median', min: 2 }, 'row 2, id: 2 is now 1'],
    ['sequential_values', { column: 'id' }, 'row 1, id: 1 is now 2'],
    // It comes under the filter.
    ['not_null', { column: 's', where: 'id < 3' }, 'row 3, id: 3 is now 2'],
  ])('%s %j', (rule, params, change) => {
    expect(changeOf(rule, params)).toBe(change);
  });
});

it.each<[string, QualityCase['params']]>([
  ['is_null', { column: 'id' }], // does not hold to begin with
  ['aggregate_between', { column: 'id', fn: 'max' }], // no bound to leave
  ['not_null', { column: 'id', mostly: 0.1 }], // one cell is not enough
  ['between', { column: 'id', min: 2, where: 'id > 1' }], // a row that leaves the filter breaks nothing
  ['row_count_between', { min: 1 }], // not about cells
  ['not_null', { column: 'id', where: 'lower(s) = s' }], // a filter that is not read here
])('none can be made: %s %j', (rule, params) => {
  expect(changeOf(rule, params)).toBeUndefined();
});
