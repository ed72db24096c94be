import { Type } from 'typebox';

import { wholeFraction } from '../exact.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { countWhen } from '../sql/term.js';
import {
  BOUNDS,
  boundsSay,
  checkBounds,
  checkGroupable,
  columnsNamed,
  compiledGroups,
  countsOfGroups,
  countsOfValue,
  GROUP_BY,
  groupsFound,
  groupsOf,
  groupsSay,
} from '../value-bounds.js';

/** The number of rows lies between two bounds. An empty dataset has a number of rows as well: none. */
export const rowCount = defineRuleKind({
  code: 'row_count',
  title: { en: 'Number of rows', zh: '行数' },
  description: {
    en: 'The number of rows lies between two bounds; with both alike it has to be exactly that. No rows is a number, too.',
    zh: '行数在区间之内；上下限相同表示必须恰好等于该值。没有行时行数为 0，同样参与评价。',
  },
  dimension: 'completeness',
  columns: [0, 0],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({ ...BOUNDS, ...GROUP_BY }, { additionalProperties: false }),
  says: ({ params: { groupBy, ...bounds } }) => {
    const [said, each] = [boundsSay(bounds), groupsSay(groupBy)];
    return { en: `The number of rows ${said.en}${each.en}`, zh: `行数 ${said.zh}${each.zh}` };
  },
  compile: ({ target, where, params }) => {
    checkBounds(params, 'integer');
    if (params.groupBy.length === 0)
      return { asks: { measure: { is: 'values', values: { rows: countWhen() } } }, measures: 'integer' };
    const keys = columnsNamed(target, params.groupBy, 'groupBy');
    checkGroupable(keys, ['params', 'groupBy']);
    return compiledGroups(groupsOf(target, where, keys, countWhen()), params);
  },
  count: (measured, params) => {
    const groups = countsOfGroups(measured);
    if (groups !== undefined) return groups;
    const rows = countIn(oneRow(measured['measure']), 'rows');
    return countsOfValue(rows, wholeFraction(rows), params, 'integer');
  },
  found: groupsFound,
  examples: [
    {
      title: 'two rows, and three were needed',
      columns: { x: 'integer' },
      rows: [[1], [null]],
      rule: { params: { min: 3 } },
      expect: { status: 'fail', rows: 2, checked: 1, violations: 1, metrics: { value: '2' }, failingRows: 0 },
    },
    {
      title: 'exactly two rows',
      columns: { x: 'integer' },
      rows: [[1], [null]],
      rule: { params: { min: 2, max: 2 } },
      expect: { status: 'pass', rows: 2, checked: 1, violations: 0 },
    },
    {
      title: 'no rows are a number of rows',
      columns: { x: 'integer' },
      rows: [],
      rule: { params: { min: 0, strictMin: true } },
      expect: { status: 'fail', rows: 0, checked: 1, violations: 1, metrics: { value: '0' } },
    },
    {
      title: 'any number but these',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      rule: { threshold: { metric: 'value', fail: { between: { min: 1, max: 5 } } } },
      expect: { status: 'fail', metrics: { value: '2' } },
    },
    {
      title: 'for each day',
      columns: { on: 'date' },
      rows: [['2026-01-01'], ['2026-01-01'], ['2026-01-02'], [null]],
      rule: { params: { min: 2, groupBy: ['on'] } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 2, failingRows: 2 },
    },
    {
      title: 'one group may be too small',
      columns: { city: 'text' },
      rows: [['上海'], ['上海'], ['"北京"']],
      rule: {
        params: { min: 2, groupBy: ['city'] },
        threshold: { metric: 'ratio', fail: { gt: 0.5 }, warn: { gt: 0 } },
      },
      expect: { status: 'warn', checked: 2, violations: 1, metrics: { ratio: '0.5' } },
    },
  ],
});
