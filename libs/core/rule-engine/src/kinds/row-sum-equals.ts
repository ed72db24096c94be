import { Type } from 'typebox';

import { columnOf, fault, termOf } from '../bind-expression.js';
import { RowNulls, rowsOf } from '../kind-parts.js';
import { defineRuleKind } from '../rule-kind.js';
import { call, compared, type Term, type TermType, typeOf, value } from '../sql/term.js';
import { typedValue } from '../typed-values.js';

const NUMBERS: readonly string[] = ['integer', 'decimal', 'float'];

const plus =
  (fn: 'add' | 'subtract') =>
  (one: Term, other: Term): Term => {
    const families = [typeOf(one).family, typeOf(other).family];
    const family = families.includes('float') ? 'float' : families.includes('decimal') ? 'decimal' : 'integer';
    return call(fn, { family } satisfies TermType, one, other);
  };

/** Columns of a row add up. */
export const rowSumEquals = defineRuleKind({
  code: 'row_sum_equals',
  title: { en: 'Columns of a row add up', zh: '行内合计相等' },
  description: {
    en: 'In each row, the columns add up to a number or to another column, exactly or within a tolerance.',
    zh: '每一行中，这些字段之和等于给定数值或另一字段（可设容差）。',
  },
  dimension: 'consistency',
  columns: [1, 16],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      total: Type.Optional(
        Type.Union([Type.Number(), Type.String({ pattern: '^-?[0-9]{1,28}(\\.[0-9]{1,10})?$' })], {
          title: 'Total',
          'x-title-zh': '合计数值',
        }),
      ),
      totalColumn: Type.Optional(
        Type.String({
          minLength: 1,
          title: 'Column with the total',
          'x-title-zh': '合计字段',
          'x-columns-of': 'target',
        }),
      ),
      tolerance: Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,20}(\\.[0-9]{1,10})?$' })], {
        default: 0,
        title: 'Tolerance',
        'x-title-zh': '容差',
      }),
      nulls: RowNulls,
    },
    { additionalProperties: false },
  ),
  says: ({ columns, params: { total, totalColumn } }) => {
    const sum = columns.map((each) => `"${each}"`).join(' + ');
    return { en: `${sum} = ${total ?? `"${totalColumn}"`}`, zh: `${sum} = ${total ?? `“${totalColumn}”`}` };
  },
  compile: ({ target, columns, params: { total, totalColumn, tolerance, nulls } }) => {
    if ((total === undefined) === (totalColumn === undefined))
      throw fault('give either a total or the column that has it', ['params', 'total']);
    columns.forEach(({ name, typeFamily }, at) => {
      if (!NUMBERS.includes(typeFamily)) throw fault(`"${name}" is no number`, ['columns', String(at)]);
    });
    const sum = columns.map((each) => termOf(each)).reduce(plus('add'));
    const other = totalColumn === undefined ? undefined : columnOf(target, totalColumn, ['params', 'totalColumn']);
    if (other !== undefined && !NUMBERS.includes(other.typeFamily))
      throw fault(`"${other.name}" is no number`, ['params', 'totalColumn']);
    const type = { name: 'the sum', typeFamily: typeOf(sum).family };
    const whole = other === undefined ? value(typedValue(total!, type, ['params', 'total'])) : termOf(other);
    const looked = other === undefined ? columns : [...columns, other];
    if (Number(tolerance) === 0) return { asks: { measure: rowsOf(looked, compared(sum, 'eq', whole), nulls) } };
    const difference = plus('subtract')(sum, whole);
    const apart = call('abs', typeOf(difference), difference);
    const most = value(
      typedValue(tolerance, { ...type, typeFamily: typeOf(difference).family }, ['params', 'tolerance']),
    );
    return { asks: { measure: rowsOf(looked, compared(apart, 'lte', most), nulls) } };
  },
  examples: [
    {
      title: 'parts that do not make the whole',
      columns: { a: 'integer', b: 'integer', c: 'integer' },
      rows: [
        [1, 2, 4],
        [3, 3, 1],
        [1, 1, 1],
        [1, null, 6],
      ],
      rule: { columns: ['a', 'b', 'c'], params: { total: 7 } },
      expect: { status: 'fail', rows: 4, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'decimals are exact',
      columns: { a: 'decimal', b: 'decimal', whole: 'decimal' },
      rows: [
        ['0.1', '0.2', '0.3'],
        ['0.1', '0.2', '0.3000000001'],
      ],
      rule: { columns: ['a', 'b'], params: { totalColumn: 'whole' } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'within a tolerance',
      columns: { a: 'float', b: 'float' },
      rows: [
        [0.1, 0.2],
        [0.1, 0.3],
      ],
      rule: { columns: ['a', 'b'], params: { total: 0.3, tolerance: '0.000001' } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'absent values break it when no row is left out',
      columns: { a: 'integer', b: 'integer' },
      rows: [
        [1, null],
        [null, null],
        [0, 1],
      ],
      rule: { columns: ['a', 'b'], params: { total: 1, nulls: 'never_ignore' } },
      expect: { status: 'fail', checked: 3, violations: 2 },
    },
    {
      title: 'beyond 64 bits',
      columns: { a: 'integer', b: 'integer' },
      rows: [['9223372036854775807', '9223372036854775807']],
      rule: { columns: ['a', 'b'], params: { total: '18446744073709551614' } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { a: 'integer' },
      rows: [],
      rule: { columns: ['a'], params: { total: 0 } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
