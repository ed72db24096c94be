import { type Static, Type } from 'typebox';

import { wholeFraction } from '../exact.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { occurrences, occurring, OCCURS, sumWhen } from '../sql/occurrences.js';
import {
  absent,
  all,
  call,
  column,
  countWhen,
  INTEGER,
  integer,
  not,
  TRUE,
  type Test,
  type Term,
} from '../sql/term.js';
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
  groupsSay,
} from '../value-bounds.js';

const params = Type.Object(
  {
    nullCountsAsValue: Type.Boolean({
      default: false,
      title: 'Absent counts as a value',
      'x-title-zh': '空值视为一种取值',
    }),
    withoutValues: Type.Enum(['zero', 'left_out'], {
      default: 'zero',
      title: 'Rows without any value',
      'x-title-zh': '全部为空时',
      description: 'zero: they have no different values, which is 0 of them. left_out: there is nothing to check.',
      'x-description-zh': 'zero：不同取值个数为 0；left_out：视为无可检查的数据。',
    }),
    ...BOUNDS,
    ...GROUP_BY,
  },
  { additionalProperties: false },
);

/** How many different values there are, exactly. Of several columns: combinations, of which only the wholly absent one is none. */
export const distinctCount = defineRuleKind({
  code: 'distinct_count',
  title: { en: 'Number of different values', zh: '不同取值个数' },
  description: {
    en: 'The number of different values (or combinations of values) lies between two bounds. It is counted, not estimated.',
    zh: '不同取值（或取值组合）的个数在区间之内；精确计数而非估算。',
  },
  dimension: 'accuracy',
  columns: [1, 16],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns, params: { groupBy, ...bounds } }) => {
    const of = columns.map((name) => `"${name}"`).join(' + ');
    const [said, each] = [boundsSay(bounds), groupsSay(groupBy)];
    return {
      en: `The number of different values of ${of} ${said.en}${each.en}`,
      zh: `${of}的不同取值个数 ${said.zh}${each.zh}`,
    };
  },
  compile: ({ target, where, columns, params: given }) => {
    checkBounds(given, 'integer');
    checkGroupable(columns, ['columns']);
    if (given.groupBy.length === 0) {
      const counted = countWhen(isValue(occurring(columns), given));
      return {
        asks: {
          measure: {
            is: 'query',
            on: 'target',
            maxRows: 1,
            select: {
              items: [
                { as: 'rows', term: sumWhen(OCCURS) },
                { as: 'distinct', term: counted },
              ],
              from: occurrences(target, where, columns),
            },
          },
        },
        measures: 'integer',
      };
    }
    const keys = columnsNamed(target, given.groupBy, 'groupBy');
    checkGroupable(keys, ['params', 'groupBy']);
    const found = occurring([...keys, ...columns]);
    const [ofGroup, ofValue] = [found.slice(0, keys.length), found.slice(keys.length)];
    return compiledGroups(
      {
        keys,
        measured: column('g', 'v', INTEGER),
        select: {
          items: [
            ...ofGroup.map((term, at) => ({ as: `k${at + 1}`, term })),
            { as: 'v', term: measuredOf(countWhen(isValue(ofValue, given)), given) },
          ],
          from: occurrences(target, where, [...keys, ...columns]),
          groupBy: ofGroup,
        },
      },
      given,
    );
  },
  count: (measured, given) => {
    const groups = countsOfGroups(measured);
    if (groups !== undefined) return groups;
    const row = oneRow(measured['measure']);
    const rows = countIn(row, 'rows');
    const distinct = countIn(row, 'distinct');
    const nothing = rows === 0n || (distinct === 0n && given.withoutValues === 'left_out');
    return countsOfValue(rows, nothing ? undefined : wholeFraction(distinct), given, 'integer');
  },
  found: groupsFound,
  examples: [
    {
      title: 'a column that never changes',
      columns: { x: 'text' },
      rows: [['a'], ['a'], [null]],
      rule: { columns: ['x'], params: { min: 2 } },
      expect: { status: 'fail', rows: 3, checked: 1, violations: 1, metrics: { value: '1' }, failingRows: 0 },
    },
    {
      title: 'absent counts when asked to',
      columns: { x: 'text' },
      rows: [['a'], ['A'], [null]],
      rule: { columns: ['x'], params: { min: 3, max: 3, nullCountsAsValue: true } },
      expect: { status: 'pass', rows: 3, checked: 1, metrics: { value: '3' } },
    },
    {
      title: 'decimals that are the same number',
      columns: { x: 'decimal' },
      rows: [['1.10'], ['1.1'], ['1.11']],
      rule: { columns: ['x'], params: { max: 2 } },
      expect: { status: 'pass', metrics: { value: '2' } },
    },
    {
      title: 'combinations',
      columns: { a: 'text', b: 'date' },
      rows: [
        ['x', '2026-01-01'],
        ['x', null],
        [null, null],
      ],
      rule: { columns: ['a', 'b'], params: { min: 3 } },
      expect: { status: 'fail', rows: 3, metrics: { value: '2' } },
    },
    {
      title: 'nothing but absent values are none, and of no rows there is nothing to say',
      columns: { x: 'integer' },
      rows: [],
      rule: { columns: ['x'], params: { min: 1 } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
    {
      title: 'for each group',
      columns: { who: 'text', x: 'integer' },
      rows: [
        ['a', 1],
        ['a', 2],
        ['b', 1],
        ['b', 1],
      ],
      rule: { columns: ['x'], params: { min: 2, groupBy: ['who'] } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'a column without any value is not a constant one',
      columns: { x: 'integer' },
      rows: [[null], [null]],
      rule: { columns: ['x'], params: { min: 2, withoutValues: 'left_out' } },
      expect: { status: 'not_evaluated', rows: 2, checked: 0 },
    },
    {
      title: 'for each group that has values',
      columns: { who: 'text', x: 'integer' },
      rows: [
        ['a', 1],
        ['a', 2],
        ['b', null],
        ['c', 1],
      ],
      rule: { columns: ['x'], params: { min: 2, groupBy: ['who'], withoutValues: 'left_out' } },
      expect: { status: 'fail', rows: 3, checked: 2, violations: 1, failingRows: 1 },
    },
  ],
});

/** What is absent is not checked. */
const measuredOf = (count: Term, { withoutValues }: Static<typeof params>): Term =>
  withoutValues === 'zero' ? count : call('nullif', INTEGER, count, integer(0));

const isValue = (terms: readonly Term[], { nullCountsAsValue }: Static<typeof params>): Test =>
  nullCountsAsValue ? TRUE : not(all(...terms.map(absent)));
