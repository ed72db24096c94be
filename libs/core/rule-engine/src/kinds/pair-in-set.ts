import { Type } from 'typebox';

import { fault, termOf } from '../bind-expression.js';
import { RowNulls, rowsOf } from '../kind-parts.js';
import { defineRuleKind } from '../rule-kind.js';
import { absent, all, any, compared, value } from '../sql/term.js';
import { typedValue } from '../typed-values.js';

const listed = (columns: readonly string[], quotes: string): string =>
  columns.map((each) => quotes[0]! + each + quotes[1]!).join(', ');

/** The values of several columns are a known combination. */
export const pairInSet = defineRuleKind({
  code: 'pair_in_set',
  title: { en: 'Values together are one of a list', zh: '取值组合在列表内' },
  description: {
    en: 'The values of the columns together are one of the combinations listed, such as a province and its code.',
    zh: '多个字段的取值组合必须是所列组合之一，例如省份及其代码。',
  },
  dimension: 'consistency',
  columns: [2, 4],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      values: Type.Array(
        Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]), {
          minItems: 2,
          maxItems: 4,
        }),
        {
          minItems: 1,
          maxItems: 1_000,
          title: 'Combinations',
          'x-title-zh': '允许的组合',
          description: 'In the order of the columns; null stands for an absent value.',
          'x-description-zh': '按字段顺序填写；null 表示空值。',
        },
      ),
      nulls: RowNulls,
    },
    { additionalProperties: false },
  ),
  says: ({ columns, params: { values } }) => ({
    en: `${listed(columns, '""')} are one of ${values.length} combinations`,
    zh: `${listed(columns, '“”')}为所列 ${values.length} 种组合之一`,
  }),
  compile: ({ columns, params: { values, nulls } }) => {
    const combinations = values.map((combination, at) => {
      const place = ['params', 'values', String(at)];
      if (combination.length !== columns.length)
        throw fault(`it has ${combination.length} values for ${columns.length} columns`, place);
      return all(
        ...combination.map((each, index) => {
          const column = columns[index]!;
          if (each === null) return absent(termOf(column));
          return compared(termOf(column), 'eq', value(typedValue(each, column, [...place, String(index)])));
        }),
      );
    });
    return { asks: { measure: rowsOf(columns, any(...combinations), nulls) } };
  },
  examples: [
    {
      title: 'a code of another province',
      columns: { province: 'text', code: 'integer' },
      rows: [
        ['北京', 11],
        ['上海', 31],
        ['北京', 31],
        ['上海', null],
      ],
      rule: {
        columns: ['province', 'code'],
        params: {
          values: [
            ['北京', 11],
            ['上海', 31],
          ],
        },
      },
      expect: { status: 'fail', rows: 4, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'absent values as part of a combination',
      columns: { a: 'text', b: 'decimal' },
      rows: [
        ['x', null],
        ['x', '1.5'],
        [null, null],
        [null, '1.5'],
      ],
      rule: {
        columns: ['a', 'b'],
        params: {
          values: [
            ['x', null],
            ['x', '1.50'],
          ],
          nulls: 'ignore_if_all_null',
        },
      },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'every combination is known',
      columns: { a: 'boolean', b: 'date' },
      rows: [[true, '2026-01-01']],
      rule: { columns: ['a', 'b'], params: { values: [[true, '2026-01-01']] } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { a: 'text', b: 'text' },
      rows: [],
      rule: { columns: ['a', 'b'], params: { values: [['a', 'b']] } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
