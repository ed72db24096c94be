import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { wholeFraction } from '../exact.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { countWhen, present, type Term } from '../sql/term.js';
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

/** The number of rows with a value lies between two bounds, as "at least one". */
export const notNullCount = defineRuleKind({
  code: 'not_null_count',
  title: { en: 'Number of rows with a value', zh: '非空行数' },
  description: {
    en: 'The number of rows that have a value lies between two bounds.',
    zh: '有值的行数在区间之内。',
  },
  dimension: 'completeness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({ ...BOUNDS, ...GROUP_BY }, { additionalProperties: false }),
  says: ({ columns: [column], params: { groupBy, ...bounds } }) => {
    const [said, each] = [boundsSay(bounds), groupsSay(groupBy)];
    return {
      en: `The number of rows with a value in "${column}" ${said.en}${each.en}`,
      zh: `“${column}”的非空行数 ${said.zh}${each.zh}`,
    };
  },
  compile: ({ target, where, columns, params }) => {
    checkBounds(params, 'integer');
    const term = termOf(columns[0]!);
    if (params.groupBy.length === 0)
      return {
        asks: { measure: { is: 'values', values: { rows: countWhen(), present: countWhen(present(term)) } } },
        measures: 'integer',
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
    return countsOfValue(rows, rows === 0n ? undefined : wholeFraction(present), params, 'integer');
  },
  found: groupsFound,
  examples: [
    {
      title: 'nothing but absent values',
      columns: { x: 'text' },
      rows: [[null], [null]],
      rule: { columns: ['x'], params: { min: 1 } },
      expect: { status: 'fail', rows: 2, checked: 1, violations: 1, metrics: { value: '0' }, failingRows: 0 },
    },
    {
      title: 'at least one value',
      columns: { x: 'text' },
      rows: [[null], ['']],
      rule: { columns: ['x'], params: { min: 1 } },
      expect: { status: 'pass', rows: 2, checked: 1, violations: 0, metrics: { value: '1' } },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { min: 1 } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
    {
      title: 'at least one for each group',
      columns: { who: 'text', x: 'integer' },
      rows: [
        ['a', 1],
        ['b', null],
      ],
      rule: { columns: ['x'], params: { min: 1, groupBy: ['who'] } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1, failingRows: 1 },
    },
  ],
});

const ofGroup = (term: Term): Term => countWhen(present(term));
