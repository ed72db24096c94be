import { type Static, Type } from 'typebox';

import { fault } from '../condition.js';
import { countIn } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';

const params = Type.Object(
  {
    nulls: Type.Enum(['ignore_if_any_null', 'ignore_if_all_null', 'never_ignore'], {
      default: 'ignore_if_all_null',
      title: 'Rows with absent values',
      'x-title-zh': '含空值的行',
      description:
        'ignore_if_any_null: not checked. ignore_if_all_null: not checked when every column is absent. never_ignore: ' +
        'checked; two absent values are the same.',
      'x-description-zh':
        'ignore_if_any_null：任一列为空则不检查；ignore_if_all_null：全部为空才不检查；never_ignore：一律检查，空值视为相等。',
    }),
    counted: Type.Enum(['extra_rows', 'duplicated_rows', 'groups'], {
      default: 'extra_rows',
      title: 'What counts as a violation',
      'x-title-zh': '违规计数方式',
      description:
        'extra_rows: rows beyond the first of each value. duplicated_rows: all rows whose value occurs more than once. ' +
        'groups: values that occur more than once.',
      'x-description-zh':
        'extra_rows：每个取值首行之外的行数；duplicated_rows：取值重复的全部行数；groups：重复取值的个数。',
    }),
  },
  { additionalProperties: false },
);

const IGNORED = {
  ignore_if_any_null: 'any_null',
  ignore_if_all_null: 'all_null',
  never_ignore: 'none',
} as const satisfies Record<Static<typeof params>['nulls'], string>;

/** No two rows have the same values. Tools count duplicates in three ways; all three are reported. */
export const unique = defineRuleKind({
  code: 'unique',
  title: { en: 'Is unique', zh: '唯一' },
  description: {
    en: 'No two rows have the same value in the column, or the same combination of values in several columns.',
    zh: '任意两行在该字段（或多个字段的组合）上的取值都不相同。',
  },
  dimension: 'uniqueness',
  columns: [1, 16],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns }) => ({ en: `${listed(columns)} is unique`, zh: `${listed(columns)}唯一` }),
  compile: ({ columns, params: { nulls } }) => {
    const json = columns.findIndex(({ typeFamily }) => typeFamily === 'json');
    if (json !== -1)
      throw fault(`"${columns[json]!.name}" holds documents, which have no common notion of "the same"`, [
        'columns',
        String(json),
      ]);
    return [{ purpose: 'measure', on: 'target', question: { shape: 'groups', columns, ignored: IGNORED[nulls] } }];
  },
  count: ({ measure }, { counted }) => {
    const found = {
      extra_rows: countIn(measure, 'extra_rows'),
      duplicated_rows: countIn(measure, 'duplicated_rows'),
      groups: countIn(measure, 'groups'),
    };
    return {
      rows: countIn(measure, 'rows'),
      checked: countIn(measure, 'checked'),
      violations: found[counted],
      metrics: { extraRows: found.extra_rows, duplicatedRows: found.duplicated_rows, groups: found.groups },
    };
  },
  found: ({ checked, violations, metrics = {} }) =>
    violations === 0n
      ? { en: `all ${checked} rows checked differ`, zh: `检查 ${checked} 行，互不重复` }
      : {
          en: `${metrics['groups']} values occur more than once, in ${metrics['duplicatedRows']} of ${checked} rows checked`,
          zh: `检查 ${checked} 行，${metrics['groups']} 个取值重复，涉及 ${metrics['duplicatedRows']} 行`,
        },
  examples: [
    {
      title: 'three ways to count duplicates',
      columns: { x: 'text' },
      rows: [['a'], ['a'], ['a'], ['b'], ['b'], ['c'], [null], [null]],
      rule: { columns: ['x'] },
      expect: {
        status: 'fail',
        rows: 8,
        checked: 6,
        violations: 3, // 2 more a + 1 more b
        metrics: { extraRows: '3', duplicatedRows: '5', groups: '2', ratio: '0.5' },
        failingRows: 2,
      },
    },
    {
      title: 'all rows of a duplicated value as violations',
      columns: { x: 'integer' },
      rows: [[1], [1], [2]],
      rule: { columns: ['x'], params: { counted: 'duplicated_rows' } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 2 },
    },
    {
      title: 'unique values',
      columns: { x: 'decimal' },
      rows: [['1.10'], ['1.11']],
      rule: { columns: ['x'] },
      expect: { status: 'pass', rows: 2, checked: 2, violations: 0, failingRows: 0 },
    },
    {
      title: 'a combination: a row is left out only when all of it is absent',
      columns: { a: 'text', b: 'date' },
      rows: [
        ['x', '2026-01-01'],
        ['x', '2026-01-02'],
        ['y', null],
        ['y', null],
        [null, null],
        [null, null],
      ],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'fail', rows: 6, checked: 4, violations: 1, metrics: { extraRows: '1', groups: '1' } },
    },
    {
      title: 'a combination: a row is left out when any of it is absent',
      columns: { a: 'text', b: 'date' },
      rows: [
        ['x', '2026-01-01'],
        ['y', null],
        ['y', null],
      ],
      rule: { columns: ['a', 'b'], params: { nulls: 'ignore_if_any_null' } },
      expect: { status: 'pass', rows: 3, checked: 1, violations: 0 },
    },
    {
      title: 'a combination: no row is left out',
      columns: { a: 'text', b: 'uuid' },
      rows: [
        [null, null],
        [null, null],
        ['x', null],
      ],
      rule: { columns: ['a', 'b'], params: { nulls: 'never_ignore' } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'nothing to check',
      columns: { x: 'text' },
      rows: [[null], [null]],
      rule: { columns: ['x'], onEmpty: 'pass' },
      expect: { status: 'pass', rows: 2, checked: 0, violations: 0 },
    },
    {
      title: 'one double too many is allowed, two are not',
      columns: { x: 'boolean' },
      rows: [[true], [true], [false]],
      rule: { columns: ['x'], threshold: { metric: 'count', warn: { gte: 1 }, fail: { gt: 1 } } },
      expect: { status: 'warn', rows: 3, checked: 3, violations: 1 },
    },
  ],
});

const listed = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(' + ');
