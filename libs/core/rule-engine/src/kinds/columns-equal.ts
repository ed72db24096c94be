import { Type } from 'typebox';

import { comparable, fault } from '../bind-expression.js';
import { NullsEqual, RowNulls, rowsOf, same } from '../kind-parts.js';
import { defineRuleKind } from '../rule-kind.js';
import { all } from '../sql/term.js';

const listed = (columns: readonly string[], quotes: string): string =>
  columns.map((each) => quotes[0]! + each + quotes[1]!).join(', ');

/** Columns of a row are equal. */
export const columnsEqual = defineRuleKind({
  code: 'columns_equal',
  title: { en: 'Columns are equal', zh: '多字段取值相等' },
  description: {
    en: 'In each row, all these columns have the same value.',
    zh: '每一行中，这些字段的取值都相同。',
  },
  dimension: 'consistency',
  columns: [2, 16],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      nulls: RowNulls,
      nullsEqual: NullsEqual,
    },
    { additionalProperties: false },
  ),
  says: ({ columns }) => ({ en: `${listed(columns, '""')} are equal`, zh: `${listed(columns, '“”')}取值相等` }),
  compile: ({ columns, params: { nulls, nullsEqual } }) => {
    const [first, ...others] = columns;
    others.forEach((other, at) => {
      if (!comparable(first!, other))
        throw fault(`"${first!.name}" and "${other.name}" have types that cannot be compared`, [
          'columns',
          String(at + 1),
        ]);
    });
    return {
      asks: { measure: rowsOf(columns, all(...others.map((other) => same(first!, other, nullsEqual))), nulls) },
    };
  },
  examples: [
    {
      title: 'one differs',
      columns: { a: 'text', b: 'text', c: 'text' },
      rows: [
        ['x', 'x', 'x'],
        ['x', 'x', 'X'],
        ['x', null, 'x'],
      ],
      rule: { columns: ['a', 'b', 'c'] },
      expect: { status: 'fail', rows: 3, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'absent values equal each other when asked to',
      columns: { a: 'decimal', b: 'integer' },
      rows: [
        ['1.0', 1],
        [null, null],
      ],
      rule: { columns: ['a', 'b'], params: { nulls: 'never_ignore', nullsEqual: true } },
      expect: { status: 'pass', checked: 2, violations: 0 },
    },
    {
      title: 'a row without any value is left out, one with some is not',
      columns: { a: 'date', b: 'date' },
      rows: [
        ['2026-01-01', null],
        [null, null],
      ],
      rule: { columns: ['a', 'b'], params: { nulls: 'ignore_if_all_null' } },
      expect: { status: 'fail', checked: 1, violations: 1 },
    },
    {
      title: 'an empty table',
      columns: { a: 'text', b: 'text' },
      rows: [],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
