import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { divideFractions, wholeFraction } from '../exact.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { absent, countWhen, FLOAT, integer, present, type Term } from '../sql/term.js';
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

/** The share of rows with a value lies between two bounds; it is a fraction, not rounded. */
export const notNullRatio = defineRuleKind({
  code: 'not_null_ratio',
  title: { en: 'Share of rows with a value', zh: '非空占比' },
  description: {
    en: 'The share of rows that have a value, from 0 to 1, lies between two bounds. Without rows there is no share.',
    zh: '有值的行所占比例（0 到 1）在区间之内；没有行时不予评价。',
  },
  dimension: 'completeness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({ ...BOUNDS, ...GROUP_BY }, { additionalProperties: false }),
  says: ({ columns: [column], params: { groupBy, ...bounds } }) => {
    const [said, each] = [boundsSay(bounds), groupsSay(groupBy)];
    return {
      en: `The share of rows with a value in "${column}" ${said.en}${each.en}`,
      zh: `“${column}”的非空占比 ${said.zh}${each.zh}`,
    };
  },
  compile: ({ target, where, columns, params }) => {
    checkBounds(params, 'decimal');
    const term = termOf(columns[0]!);
    if (params.groupBy.length === 0)
      return {
        asks: { measure: { is: 'values', values: { rows: countWhen(), present: countWhen(present(term)) } } },
        measures: 'decimal',
      };
    const keys = columnsNamed(target, params.groupBy, 'groupBy');
    checkGroupable(keys, ['params', 'groupBy']);
    return compiledGroups(groupsOf(target, where, keys, ofGroup(term)), params);
  },
  count: (measured, params) => {
    const groups = countsOfGroups(measured);
    if (groups !== undefined) return groups;
    const row = oneRow(measured['measure']);
    const [rows, present] = [countIn(row, 'rows'), countIn(row, 'present')];
    return countsOfValue(rows, divideFractions(wholeFraction(present), wholeFraction(rows)), params, 'decimal');
  },
  found: groupsFound,
  examples: [
    {
      title: 'one of three is missing',
      columns: { x: 'text' },
      rows: [['a'], [null], ['']],
      rule: { columns: ['x'], params: { min: '0.67' } },
      expect: {
        status: 'fail',
        rows: 3,
        checked: 1,
        violations: 1,
        metrics: { value: '0.666666666667' },
        failingRows: 0,
      },
    },
    {
      title: 'exactly one half',
      columns: { x: 'date' },
      rows: [['2026-01-01'], [null]],
      rule: { columns: ['x'], params: { min: 0.5, max: 0.5 } },
      expect: { status: 'pass', rows: 2, checked: 1, violations: 0, metrics: { value: '0.5' } },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { min: 0.5 } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
    {
      title: 'for each group',
      columns: { who: 'text', x: 'integer' },
      rows: [
        ['a', 1],
        ['a', null],
        [null, null],
      ],
      rule: { columns: ['x'], params: { min: 0.5, groupBy: ['who'] } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1, failingRows: 1 },
    },
  ],
});

const ofGroup = (term: Term): Term => ({
  is: 'aggregate',
  fn: 'avg',
  of: { is: 'case', whens: [[absent(term), integer(0)]], otherwise: integer(1) },
  type: FLOAT,
});
