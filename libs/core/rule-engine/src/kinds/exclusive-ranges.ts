import { type Static, Type } from 'typebox';

import { comparable, fault, termOf } from '../bind-expression.js';
import { countIn, oneRow } from '../measured-row.js';
import { ORDERED } from '../quantity.js';
import { type ColumnFact } from '../facts.js';
import { defineRuleKind } from '../rule-kind.js';
import {
  absent,
  all,
  any,
  call,
  column,
  compared,
  countWhen,
  FALSE,
  type From,
  INTEGER,
  integer,
  not,
  present,
  table,
  type Term,
  type Test,
  typeOf,
} from '../sql/term.js';
import { columnsNamed } from '../value-bounds.js';
import { secondsBetween } from './sequential.js';

const params = Type.Object(
  {
    partitionBy: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      maxItems: 16,
      title: 'For each',
      'x-title-zh': '分组字段',
      'x-columns-of': 'target',
    }),
    gaps: Type.Enum(['allowed', 'not_allowed', 'required'], {
      default: 'allowed',
      title: 'Gaps between ranges',
      'x-title-zh': '区间之间的间隙',
      description:
        'allowed: the next begins where one ends, or later. not_allowed: it begins just there. required: it begins later.',
      'x-description-zh': 'allowed：下一区间紧接或稍后开始；not_allowed：必须紧接；required：必须留有间隙。',
    }),
    zeroLengthAllowed: Type.Boolean({ default: false, title: 'A range may be empty', 'x-title-zh': '允许零长度区间' }),
    upperIncluded: Type.Boolean({
      default: false,
      title: 'The end belongs to the range',
      'x-title-zh': '区间含终点',
      description: 'Then the next begins a day, or a number, later. For dates and whole numbers.',
      'x-description-zh': '下一区间应从次日（或下一整数）开始；适用于日期和整数。',
    }),
    absentUpper: Type.Enum(['open', 'violation'], {
      default: 'open',
      title: 'A range without an end',
      'x-title-zh': '终点为空',
      description: 'open: it goes on, and has to be the last. violation: it is a fault.',
      'x-description-zh': 'open：视为持续有效，须为最后一段；violation：视为违规。',
    }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** Ranges from one column to another do not overlap, as the validity of versions of a record (SCD2). */
export const exclusiveRanges = defineRuleKind({
  code: 'exclusive_ranges',
  title: { en: 'Ranges do not overlap', zh: '区间互不重叠' },
  description: {
    en: 'From the first column to the second, each range ends after it begins and before the next one begins, as the versions of a record do. Rows without a beginning are left out.',
    zh: '由第一个字段到第二个字段的区间，终点晚于起点，且不晚于下一区间的起点，例如拉链表的有效期；起点为空的行不参与。',
  },
  dimension: 'consistency',
  columns: [2, 2],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns: [lower, upper], params: { partitionBy } }) => {
    const each =
      partitionBy.length === 0
        ? ['', '']
        : [` for each ${partitionBy.join(' + ')}`, `（按 ${partitionBy.join('、')} 分组）`];
    return {
      en: `Ranges from "${lower}" to "${upper}" do not overlap${each[0]}`,
      zh: `区间“${lower}”至“${upper}”互不重叠${each[1]}`,
    };
  },
  compile: ({ target, where, columns, params: given }) => {
    const [begins, ends] = columns as [ColumnFact, ColumnFact];
    columns.forEach(({ name, typeFamily, nativeType }, at) => {
      const fits = given.upperIncluded ? ['integer', 'date'].includes(typeFamily) : ORDERED.includes(typeFamily);
      if (!fits)
        throw fault(`"${name}" is ${nativeType ?? typeFamily}, which has no such ranges`, ['columns', String(at)]);
    });
    if (!comparable(begins, ends)) throw fault('the two columns have types that cannot be compared', ['columns']);
    const keys = columnsNamed(target, given.partitionBy, 'partitionBy');
    const partition = keys.map((each) => termOf(each));
    const [lower, upper] = [termOf(begins), termOf(ends)];
    // Open ranges after others that begin with them; not by NULLS LAST, which some engines do not have.
    const open: Term = { is: 'case', whens: [[absent(upper), integer(1)]], otherwise: integer(0) };
    const from: From = {
      is: 'query',
      as: 'w',
      select: {
        items: [
          ...partition.map((term, at) => ({ as: `k${at + 1}`, term })),
          { as: 'lo', term: lower },
          { as: 'up', term: upper },
          {
            as: 'nx',
            term: {
              ...{ is: 'window', fn: 'lead', of: lower, partition, type: typeOf(lower) },
              order: [{ by: lower }, { by: open }, { by: upper }],
            },
          },
        ],
        from: table(target),
        // Without a beginning a range has no place among the others.
        where: all(where, present(lower)),
      },
    };
    const [lo, up, next] = [
      column('w', 'lo', typeOf(lower)),
      column('w', 'up', typeOf(upper)),
      column('w', 'nx', typeOf(lower)),
    ];
    const broken = any(
      given.absentUpper === 'violation' ? absent(up) : FALSE,
      all(present(up), compared(lo, given.zeroLengthAllowed || given.upperIncluded ? 'gt' : 'gte', up)),
      all(present(next), any(absent(up), not(fitsNext(up, next, given)))),
    );
    return {
      asks: {
        whole: { is: 'rows', checked: present(lower), violation: absent(lower) },
        measure: {
          is: 'query',
          on: 'target',
          maxRows: 1,
          select: { items: [{ as: 'n', term: countWhen(broken) }], from },
        },
      },
      failing: {
        items: [
          ...keys.map((each, at) => ({ as: each.name, term: column('w', `k${at + 1}`, typeOf(termOf(each))) })),
          { as: begins.name, term: lo },
          { as: ends.name, term: up },
          { as: 'the next begins', term: next },
        ],
        from,
        where: broken,
      },
    };
  },
  count: ({ whole, measure }) => {
    const row = oneRow(whole);
    const [rows, without] = [countIn(row, 'rows'), countIn(row, 'violations')];
    return {
      rows,
      checked: rows,
      violations: without + countIn(oneRow(measure), 'n'),
      metrics: { withoutBeginning: without },
    };
  },
  examples: [
    {
      title: 'the second begins before the first has ended',
      columns: { who: 'integer', a: 'date', b: 'date' },
      rows: [
        [1, '2026-01-01', '2026-02-01'],
        [1, '2026-01-31', '2026-03-01'],
        [2, '2026-01-15', '2026-02-15'],
      ],
      rule: { columns: ['a', 'b'], params: { partitionBy: ['who'] } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'one ends where the next begins, and the last is open',
      columns: { a: 'integer', b: 'integer' },
      rows: [
        [0, 1],
        [1, 2],
        [2, null],
      ],
      rule: { columns: ['a', 'b'], params: { gaps: 'not_allowed' } },
      expect: { status: 'pass', rows: 3, checked: 3, violations: 0 },
    },
    {
      title: 'an open one that is not the last, one without a beginning, one that ends before it begins',
      columns: { a: 'integer', b: 'integer' },
      rows: [
        [1, null],
        [5, 4],
        [null, 9],
      ],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'fail', rows: 3, violations: 3, metrics: { withoutBeginning: '1' } },
    },
    {
      title: 'gaps are required',
      columns: { a: 'timestamp', b: 'timestamp' },
      rows: [
        ['2026-01-01T00:00:00', '2026-01-01T01:00:00'],
        ['2026-01-01T01:00:00', '2026-01-01T02:00:00'],
      ],
      rule: { columns: ['a', 'b'], params: { gaps: 'required' } },
      expect: { status: 'fail', violations: 1 },
    },
    {
      title: 'an empty range, where that is allowed',
      columns: { a: 'date', b: 'date' },
      rows: [
        ['2026-05-08', '2026-05-10'],
        ['2026-05-08', '2026-05-08'],
      ],
      rule: { columns: ['a', 'b'], params: { zeroLengthAllowed: true } },
      expect: { status: 'pass', violations: 0 },
    },
    {
      title: 'with ends that belong to it, the next begins a day later',
      columns: { a: 'date', b: 'date' },
      rows: [
        ['2026-01-01', '2026-01-31'],
        ['2026-02-01', '2026-02-01'],
        ['2026-02-03', null],
      ],
      rule: { columns: ['a', 'b'], params: { upperIncluded: true, gaps: 'not_allowed' } },
      expect: { status: 'fail', violations: 1, failingRows: 1 },
    },
    {
      title: 'an empty table',
      columns: { a: 'date', b: 'date' },
      rows: [],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});

/** Whether one range leaves room for the next, as the rule wants it. */
function fitsNext(up: Term, next: Term, { gaps, upperIncluded }: Params): Test {
  if (!upperIncluded) return compared(up, gaps === 'allowed' ? 'lte' : gaps === 'required' ? 'lt' : 'eq', next);
  const whole = typeOf(up).family === 'integer';
  const apart = whole ? call('subtract', INTEGER, next, up) : secondsBetween(up, next);
  return compared(apart, gaps === 'allowed' ? 'gte' : gaps === 'required' ? 'gt' : 'eq', integer(whole ? 1 : 86_400));
}
