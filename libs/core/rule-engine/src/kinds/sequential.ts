import { Type } from 'typebox';

import { fault, termOf } from '../bind-expression.js';
import { checkMoments } from '../calendar.js';
import { NUMBERS } from '../quantity.js';
import { defineRuleKind } from '../rule-kind.js';
import { besideThePrevious, compiledSteps } from '../sql/neighbours.js';
import { all, call, compared, DECIMAL, INTEGER, integer, notTrue, type Term, type Test, typeOf } from '../sql/term.js';
import { columnsNamed, GROUP_BY } from '../value-bounds.js';

const SECONDS = { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800 } as const;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;
const UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

/** Sorted values follow each other at one distance, without gaps and doubles: numbers of slips, days of a calendar. */
export const sequential = defineRuleKind({
  code: 'sequential',
  title: { en: 'Follows without gaps', zh: '连续无断号' },
  description: {
    en: 'Sorted, each value is just one step after the one before, so there are neither gaps nor doubles. Absent values are left out.',
    zh: '排序后每个取值恰好比前一个大一个步长，既无断号也无重号；空值不参与。',
  },
  dimension: 'consistency',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      step: Type.Integer({ default: 1, minimum: 1, title: 'Step', 'x-title-zh': '步长' }),
      unit: Type.Optional(
        Type.Enum([...UNITS], {
          title: 'Unit, for dates and times',
          'x-title-zh': '单位（日期时间）',
          description: 'A month is from a day to the day of the same number.',
          'x-description-zh': '按月时，日号须相同。',
        }),
      ),
      ...GROUP_BY,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { step, unit, groupBy } }) => {
    const each =
      groupBy.length === 0 ? ['', ''] : [` for each ${groupBy.join(' + ')}`, `（按 ${groupBy.join('、')} 分组）`];
    return {
      en: `"${column}" goes on in steps of ${step}${unit === undefined ? '' : ` ${unit}`}${each[0]}`,
      zh: `“${column}”按步长 ${step}${unit === undefined ? '' : ` ${unit}`} 连续${each[1]}`,
    };
  },
  compile: ({ target, where, columns, params: { step, unit, groupBy } }) => {
    const column = columns[0]!;
    if (unit === undefined && !NUMBERS.includes(column.typeFamily))
      throw fault(`"${column.name}" is ${column.nativeType ?? column.typeFamily}; say in which unit it goes on`, [
        'params',
        'unit',
      ]);
    if (unit !== undefined) checkMoments(column, ['columns', '0']);
    const beside = besideThePrevious(target, where, column, columnsNamed(target, groupBy, 'groupBy'), [
      { by: termOf(column) },
    ]);
    return compiledSteps(beside, notTrue(follows(beside.previous, beside.value, step, unit)));
  },
  examples: [
    {
      title: 'a gap and a double',
      columns: { no: 'integer' },
      rows: [[4], [1], [2], [2], [null]],
      rule: { columns: ['no'] },
      expect: { status: 'fail', rows: 4, checked: 3, violations: 2, failingRows: 2 },
    },
    {
      title: 'even numbers in each group',
      columns: { book: 'text', no: 'integer' },
      rows: [
        ['甲', 2],
        ['甲', 4],
        ['乙', 8],
        ['乙', 10],
      ],
      rule: { columns: ['no'], params: { step: 2, groupBy: ['book'] } },
      expect: { status: 'pass', rows: 4, checked: 2, violations: 0 },
    },
    {
      title: 'hours',
      columns: { at: 'timestamp' },
      rows: [['2026-01-01T00:00:00'], ['2026-01-01T01:00:00'], ['2026-01-01T03:00:00']],
      rule: { columns: ['at'], params: { unit: 'hour' } },
      expect: { status: 'fail', rows: 3, checked: 2, violations: 1 },
    },
    {
      title: 'days, over the end of a leap February',
      columns: { on: 'date' },
      rows: [['2028-02-28'], ['2028-02-29'], ['2028-03-01']],
      rule: { columns: ['on'], params: { unit: 'day' } },
      expect: { status: 'pass', checked: 2, violations: 0 },
    },
    {
      title: 'the first of each quarter',
      columns: { on: 'date' },
      rows: [['2025-10-01'], ['2026-01-01'], ['2026-04-02']],
      rule: { columns: ['on'], params: { unit: 'quarter' } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'an empty table',
      columns: { no: 'integer' },
      rows: [],
      rule: { columns: ['no'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});

function follows(previous: Term, next: Term, step: number, unit: (typeof UNITS)[number] | undefined): Test {
  if (unit === undefined) return compared(call('subtract', typeOf(next), next, previous), 'eq', integer(step));
  if (unit in MONTHS) {
    const months = step * MONTHS[unit as keyof typeof MONTHS];
    const index = (of: Term): Term =>
      call(
        'add',
        INTEGER,
        call('multiply', INTEGER, call('year', INTEGER, of), integer(12)),
        call('month', INTEGER, of),
      );
    return all(
      compared(call('subtract', INTEGER, index(next), index(previous)), 'eq', integer(months)),
      compared(call('day', INTEGER, next), 'eq', call('day', INTEGER, previous)),
    );
  }
  return compared(secondsBetween(previous, next), 'eq', integer(step * SECONDS[unit as keyof typeof SECONDS]));
}

/** Dates as midnights: the difference of two dates is a number in some engines and an interval in others. */
export function secondsBetween(from: Term, to: Term): Term {
  const moment = (of: Term): Term =>
    typeOf(of).family === 'date' ? { is: 'cast', of, type: { family: 'timestamp' }, safe: false } : of;
  return call('seconds_between', DECIMAL, moment(from), moment(to));
}
