import { Type } from 'typebox';

import { comparable } from '../bind-expression.js';
import { NullsEqual, RowNulls, rowsOf, same } from '../kind-parts.js';
import { defineRuleKind } from '../rule-kind.js';
import { absent, all, any, not, type Test } from '../sql/term.js';
import { termOf } from '../bind-expression.js';

const listed = (columns: readonly string[], quotes: string): string =>
  columns.map((each) => quotes[0]! + each + quotes[1]!).join(', ');

/** No two columns of a row have the same value. */
export const distinctWithinRow = defineRuleKind({
  code: 'distinct_within_row',
  title: { en: 'Columns differ from each other', zh: '行内取值互不相同' },
  description: {
    en: 'In each row, no two of these columns have the same value. Values of types that cannot be compared differ.',
    zh: '每一行中，这些字段的取值两两不同；类型不可比较的值视为不同。',
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
  says: ({ columns }) => ({
    en: `${listed(columns, '""')} differ from each other`,
    zh: `${listed(columns, '“”')}取值互不相同`,
  }),
  compile: ({ columns, params: { nulls, nullsEqual } }) => {
    const pairs = columns.flatMap((one, at) =>
      columns.slice(at + 1).flatMap((other): Test[] => {
        if (!comparable(one, other)) return [];
        const differ = not(same(one, other, nullsEqual));
        // What is absent is not the same as anything, unless it is the same as what is absent.
        const apart = nullsEqual ? not(all(absent(termOf(one)), absent(termOf(other)))) : undefined;
        const missing = any(absent(termOf(one)), absent(termOf(other)));
        return [any(differ, apart === undefined ? missing : all(missing, apart))];
      }),
    );
    return { asks: { measure: rowsOf(columns, all(...pairs), nulls) } };
  },
  examples: [
    {
      title: 'payer and payee are the same',
      columns: { payer: 'text', payee: 'text' },
      rows: [
        ['a', 'b'],
        ['a', 'a'],
        ['a', null],
      ],
      rule: { columns: ['payer', 'payee'] },
      expect: { status: 'fail', rows: 3, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'two of three',
      columns: { a: 'integer', b: 'integer', c: 'integer' },
      rows: [
        [1, 2, 3],
        [1, 2, 1],
        [null, 2, 2],
      ],
      rule: { columns: ['a', 'b', 'c'], params: { nulls: 'ignore_if_all_null' } },
      expect: { status: 'fail', checked: 3, violations: 2 },
    },
    {
      title: 'absent values differ, or are the same',
      columns: { a: 'integer', b: 'integer' },
      rows: [
        [1, null],
        [null, null],
      ],
      rule: { columns: ['a', 'b'], params: { nulls: 'never_ignore', nullsEqual: true } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'a text and a number differ',
      columns: { a: 'text', b: 'integer' },
      rows: [['1', 1]],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'pass', checked: 1, violations: 0 },
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
