import { Type } from 'typebox';

import { LONGEST_LIST } from '../bind-expression.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { occurrences, occurring, OCCURS } from '../sql/occurrences.js';
import { all, any, column, compared, countWhen, type From, INTEGER, integer, notTrue, present } from '../sql/term.js';
import { checkGroupable } from '../value-bounds.js';
import { listOf } from './distinct-set.js';

/** The most frequent value is one of a list. What several values equally frequent mean is for `ties`. */
export const modeInSet = defineRuleKind({
  code: 'mode_in_set',
  title: { en: 'Most frequent value is one of a list', zh: '众数在列表内' },
  description: {
    en: 'The value that occurs most often is one of those listed. Absent values are not counted.',
    zh: '出现次数最多的取值在给定列表之内；空值不计。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      values: Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]), {
        minItems: 1,
        maxItems: LONGEST_LIST,
        title: 'Values',
        'x-title-zh': '取值列表',
      }),
      ties: Type.Enum(['refused', 'any', 'all'], {
        default: 'refused',
        title: 'Values equally frequent',
        'x-title-zh': '并列众数',
        description: 'refused: there may be but one. any: one of them is listed. all: each of them is listed.',
        'x-description-zh': 'refused：不允许并列；any：其中之一在列表内即可；all：全部须在列表内。',
      }),
      rank: Type.Integer({
        default: 1,
        minimum: 1,
        maximum: 1000,
        title: 'Which frequency',
        'x-title-zh': '频次名次',
        description: '1: the highest; 2: the second highest, and so on.',
        'x-description-zh': '1 为最高频次，2 为次高，依此类推。',
      }),
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [name], params: { values, rank } }) => {
    const list = values
      .filter((each) => each !== null)
      .slice(0, 5)
      .map(String)
      .join(', ');
    const which = rank === 1 ? ['most frequent', '众数'] : [`no. ${rank} most frequent`, `第 ${rank} 高频取值`];
    return { en: `The ${which[0]} value of "${name}" is one of ${list}`, zh: `“${name}”的${which[1]}为 ${list} 之一` };
  },
  compile: ({ target, where, columns, params: { values, ties, rank } }) => {
    checkGroupable(columns, ['columns']);
    const { test } = listOf(columns[0]!, values);
    const [found] = occurring(columns);
    const groups = occurrences(target, where, columns);
    const frequency = column('f', 'n', INTEGER);
    // Each frequency once, ranked from the highest.
    const ranked: From = {
      is: 'query',
      as: 'r',
      select: {
        items: [
          { as: 'n', term: frequency },
          {
            as: 'r',
            term: {
              is: 'window',
              fn: 'row_number',
              partition: [],
              order: [{ by: frequency, descending: true }],
              type: INTEGER,
            },
          },
        ],
        from: {
          is: 'query',
          as: 'f',
          select: { distinct: true, items: [{ as: 'n', term: OCCURS }], from: groups, where: present(found!) },
        },
      },
    };
    const from: From = {
      is: 'join',
      kind: 'inner',
      left: groups,
      right: ranked,
      on: compared(OCCURS, 'eq', column('r', 'n', INTEGER)),
    };
    const modes = all(present(found!), compared(column('r', 'r', INTEGER), 'eq', integer(rank)));
    return {
      asks: {
        rows: { is: 'values', values: { rows: countWhen() } },
        measure: {
          is: 'query',
          on: 'target',
          maxRows: 1,
          select: {
            items: [
              { as: 'modes', term: countWhen() },
              { as: 'listed', term: countWhen(test) },
            ],
            from,
            where: modes,
          },
        },
      },
      failing: {
        items: [
          { as: columns[0]!.name, term: found! },
          { as: 'times', term: OCCURS },
        ],
        from,
        where: ties === 'refused' ? modes : all(modes, any(notTrue(test))),
      },
    };
  },
  count: (measured, { ties }) => {
    const row = oneRow(measured['measure']);
    const [modes, listed] = [countIn(row, 'modes'), countIn(row, 'listed')];
    const fits = ties === 'any' ? listed > 0n : listed === modes && (ties === 'all' || modes === 1n);
    return {
      rows: countIn(oneRow(measured['rows']), 'rows'),
      checked: modes === 0n ? 0n : 1n,
      violations: modes === 0n || fits ? 0n : 1n,
      metrics: { modes, listed },
    };
  },
  found: ({ metrics = {} }) => ({
    en: `${metrics['modes']} values are equally frequent, ${metrics['listed']} of them listed`,
    zh: `频次并列的取值 ${metrics['modes']} 个，其中 ${metrics['listed']} 个在列表内`,
  }),
  examples: [
    {
      title: 'the most frequent value is not listed',
      columns: { x: 'text' },
      rows: [['a'], ['b'], ['b'], [null], [null], [null]],
      rule: { columns: ['x'], params: { values: ['a'] } },
      expect: {
        status: 'fail',
        rows: 6,
        checked: 1,
        violations: 1,
        metrics: { modes: '1', listed: '0' },
        failingRows: 1,
      },
    },
    {
      title: 'it is listed',
      columns: { x: 'decimal' },
      rows: [['1.0'], ['1.00'], ['2']],
      rule: { columns: ['x'], params: { values: [1] } },
      expect: { status: 'pass', rows: 3, checked: 1, violations: 0 },
    },
    {
      title: 'two are equally frequent, and that is refused',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      rule: { columns: ['x'], params: { values: [1, 2] } },
      expect: { status: 'fail', metrics: { modes: '2', listed: '2' }, failingRows: 2 },
    },
    {
      title: 'two are equally frequent, and one of them will do',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      rule: { columns: ['x'], params: { values: [2, 3], ties: 'any' } },
      expect: { status: 'pass', violations: 0 },
    },
    {
      title: 'the second most frequent',
      columns: { x: 'text' },
      rows: [['a'], ['a'], ['a'], ['b'], ['b'], ['c']],
      rule: { columns: ['x'], params: { values: ['b'], rank: 2 } },
      expect: { status: 'pass', violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { values: ['a'] } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
