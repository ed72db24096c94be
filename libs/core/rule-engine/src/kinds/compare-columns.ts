import { Type } from 'typebox';

import { comparable, fault, termOf } from '../bind-expression.js';
import { COMPARISONS } from '../expression.js';
import { NullsEqual, RowNulls, rowsOf, same } from '../kind-parts.js';
import { defineRuleKind } from '../rule-kind.js';
import { any, compared, not } from '../sql/term.js';

const SIGNS = { eq: '=', ne: '≠', gt: '>', gte: '≥', lt: '<', lte: '≤' } as const;

/** Two columns of a row stand in an order. */
export const compareColumns = defineRuleKind({
  code: 'compare_columns',
  title: { en: 'One column compared with another', zh: '字段间比较' },
  description: {
    en: 'In each row, the first column is equal to, less than or greater than the second, as asked. Both have to have types that can be compared.',
    zh: '每一行的第一个字段与第二个字段满足指定的比较关系；两个字段的类型必须可比较。',
  },
  dimension: 'consistency',
  columns: [2, 2],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      op: Type.Enum([...COMPARISONS], {
        title: 'Comparison',
        'x-title-zh': '比较方式',
        description: 'eq =, ne ≠, gt >, gte ≥, lt <, lte ≤: of the first column to the second.',
        'x-description-zh': '第一个字段与第二个字段比较：eq =、ne ≠、gt >、gte ≥、lt <、lte ≤。',
      }),
      nulls: RowNulls,
      nullsEqual: NullsEqual,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [left, right], params: { op } }) => ({
    en: `"${left}" ${SIGNS[op]} "${right}"`,
    zh: `“${left}” ${SIGNS[op]} “${right}”`,
  }),
  compile: ({ columns, params: { op, nulls, nullsEqual } }) => {
    const [left, right] = [columns[0]!, columns[1]!];
    if (!comparable(left, right))
      throw fault(`"${left.name}" and "${right.name}" have types that cannot be compared`, ['columns', '1']);
    const plain = compared(termOf(left), op, termOf(right));
    const equal = same(left, right, nullsEqual);
    const orEqual = nullsEqual && ['eq', 'gte', 'lte'].includes(op);
    const passes = op === 'ne' ? not(equal) : orEqual ? any(plain, equal) : plain;
    return { asks: { measure: rowsOf(columns, passes, nulls) } };
  },
  examples: [
    {
      title: 'ends before it begins',
      columns: { starts: 'date', ends: 'date' },
      rows: [
        ['2026-01-01', '2026-01-31'],
        ['2026-02-01', '2026-01-31'],
        ['2026-01-01', null],
        [null, null],
      ],
      rule: { columns: ['ends', 'starts'], params: { op: 'gte' } },
      expect: { status: 'fail', rows: 4, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'one absent value breaks it when only rows without any are left out',
      columns: { a: 'integer', b: 'integer' },
      rows: [
        [2, 1],
        [2, null],
        [null, null],
      ],
      rule: { columns: ['a', 'b'], params: { op: 'gt', nulls: 'ignore_if_all_null' } },
      expect: { status: 'fail', rows: 3, checked: 2, violations: 1 },
    },
    {
      title: 'absent values break it when no row is left out',
      columns: { a: 'integer', b: 'integer' },
      rows: [
        [1, 1],
        [2, null],
        [null, null],
      ],
      rule: { columns: ['a', 'b'], params: { op: 'eq', nulls: 'never_ignore' } },
      expect: { status: 'fail', checked: 3, violations: 2 },
    },
    {
      title: 'unless they equal each other',
      columns: { a: 'integer', b: 'integer' },
      rows: [
        [1, 1],
        [2, null],
        [null, null],
      ],
      rule: { columns: ['a', 'b'], params: { op: 'eq', nulls: 'never_ignore', nullsEqual: true } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'texts by their characters',
      columns: { a: 'text', b: 'text' },
      rows: [
        ['b', 'a'],
        ['a', 'B'],
        ['汉', 'z'],
      ],
      rule: { columns: ['a', 'b'], params: { op: 'gt' } },
      expect: { status: 'pass', checked: 3, violations: 0 },
    },
    {
      title: 'numbers of two types',
      columns: { a: 'integer', b: 'decimal' },
      rows: [
        [1, '1.00'],
        [2, '2.01'],
      ],
      rule: { columns: ['a', 'b'], params: { op: 'eq' } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'an empty table',
      columns: { a: 'text', b: 'text' },
      rows: [],
      rule: { columns: ['a', 'b'], params: { op: 'ne' } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
