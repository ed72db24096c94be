import { Type } from 'typebox';

import { inList, LONGEST_LIST } from '../bind-expression.js';
import { type ColumnFact } from '../facts.js';
import { countIn, oneRow } from '../measured-row.js';
import { sameWriting } from '../quantity.js';
import { defineRuleKind } from '../rule-kind.js';
import { occurrences, occurring, OCCURS, sumWhen } from '../sql/occurrences.js';
import { all, countWhen, FALSE, notTrue, present, type Test } from '../sql/term.js';
import { type TypedValue } from '../typed-values.js';
import { checkGroupable } from '../value-bounds.js';

/** The different values of a column are those of a list: all of them, at least, or at most. Absent values are none. */
export const distinctSet = defineRuleKind({
  code: 'distinct_set',
  title: { en: 'Different values are those of a list', zh: '取值集合与列表一致' },
  description: {
    en: 'The set of values that occur equals a list, lies within it, or contains it. Each value too many or missing is a violation.',
    zh: '出现的取值集合等于、包含于或包含给定列表；每个多出或缺少的取值记为一条违规。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      relation: Type.Enum(['equal', 'subset', 'superset'], {
        default: 'equal',
        title: 'The values that occur are',
        'x-title-zh': '集合关系',
        description: 'equal: just those. subset: none but those. superset: all of those, perhaps others.',
        'x-description-zh': 'equal：恰好为列表取值；subset：不超出列表；superset：包含列表全部取值。',
      }),
      values: Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]), {
        maxItems: LONGEST_LIST,
        title: 'Values',
        'x-title-zh': '取值列表',
      }),
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { relation, values } }) => {
    const shown = values.filter((each) => each !== null).map(String);
    const list = shown.slice(0, 5).join(', ') + (shown.length > 5 ? ', …' : '');
    const words = {
      equal: [`The values of "${column}" are ${list}`, `“${column}”的取值恰为 ${list}`],
      subset: [`The values of "${column}" are among ${list}`, `“${column}”的取值不超出 ${list}`],
      superset: [`The values of "${column}" include ${list}`, `“${column}”的取值包含 ${list}`],
    } as const;
    return { en: words[relation][0], zh: words[relation][1] };
  },
  compile: ({ target, where, columns, params: { values, relation } }) => {
    checkGroupable(columns, ['columns']);
    const [of] = columns as [ColumnFact];
    const [{ listed, test }] = [listOf(of, values)];
    const [found] = occurring(columns);
    const there = present(found!);
    const outside = all(there, notTrue(test));
    return {
      asks: {
        measure: {
          is: 'query',
          on: 'target',
          maxRows: 1,
          select: {
            items: [
              { as: 'rows', term: sumWhen(OCCURS) },
              { as: 'distinct', term: countWhen(there) },
              { as: 'outside', term: countWhen(outside) },
            ],
            from: occurrences(target, where, columns),
          },
        },
        list: { is: 'known', row: { listed: String(listed) } },
      },
      ...(relation === 'superset'
        ? {}
        : {
            failing: {
              items: [
                { as: of.name, term: found! },
                { as: 'times', term: OCCURS },
              ],
              from: occurrences(target, where, columns),
              where: outside,
            },
          }),
    };
  },
  count: (measured, { relation }) => {
    const row = oneRow(measured['measure']);
    const [distinct, outside] = [countIn(row, 'distinct'), countIn(row, 'outside')];
    const missing = countIn(oneRow(measured['list']), 'listed') - (distinct - outside);
    const violations = (relation === 'superset' ? 0n : outside) + (relation === 'subset' ? 0n : missing);
    return {
      rows: countIn(row, 'rows'),
      checked: distinct === 0n ? 0n : distinct + (relation === 'subset' ? 0n : missing),
      violations,
      metrics: { distinct, outside, missing },
    };
  },
  found: ({ metrics = {} }) => ({
    en: `of ${metrics['distinct']} different values ${metrics['outside']} are not in the list, and ${metrics['missing']} of the list do not occur`,
    zh: `共 ${metrics['distinct']} 种取值，${metrics['outside']} 种不在列表内，列表中 ${metrics['missing']} 种未出现`,
  }),
  examples: [
    {
      title: 'one too many and one missing',
      columns: { x: 'text' },
      rows: [['a'], ['a'], ['b'], [null]],
      rule: { columns: ['x'], params: { values: ['a', 'c'] } },
      expect: {
        status: 'fail',
        rows: 4,
        checked: 3,
        violations: 2,
        metrics: { distinct: '2', outside: '1', missing: '1' },
        failingRows: 1,
      },
    },
    {
      title: 'none but those',
      columns: { x: 'integer' },
      rows: [[1], [2], [2]],
      rule: { columns: ['x'], params: { relation: 'subset', values: [1, 2, 3, null] } },
      expect: { status: 'pass', rows: 3, checked: 2, violations: 0 },
    },
    {
      title: 'all of those',
      columns: { x: 'date' },
      rows: [['2026-01-01'], ['2026-01-02']],
      rule: { columns: ['x'], params: { relation: 'superset', values: ['2026-01-02', '2026-01-03'] } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'one number written twice is one',
      columns: { x: 'decimal' },
      rows: [['1.5'], ['2']],
      rule: { columns: ['x'], params: { values: ['1.50', 1.5, '2'] } },
      expect: { status: 'pass', violations: 0, metrics: { missing: '0' } },
    },
    {
      title: 'quotes and Chinese are only values',
      columns: { x: 'text' },
      rows: [["it's"], ['正常😀']],
      rule: { columns: ['x'], params: { values: ["it's", '正常😀'] } },
      expect: { status: 'pass', violations: 0 },
    },
    {
      title: 'no value may occur at all',
      columns: { x: 'text' },
      rows: [['a']],
      rule: { columns: ['x'], params: { relation: 'subset', values: [] } },
      expect: { status: 'fail', violations: 1 },
    },
    {
      title: 'nothing but absent values',
      columns: { x: 'text' },
      rows: [[null]],
      rule: { columns: ['x'], params: { relation: 'superset', values: ['a'] } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});

/** The list as a condition on the values that occur, and how many different values it has. */
export function listOf(of: ColumnFact, values: readonly unknown[]): { listed: number; test: Test } {
  if (values.every((each) => each === null)) return { listed: 0, test: FALSE };
  // Bound as a column of the table first, by whose name a fault is told.
  inList(of, values, ['params', 'values']);
  const test = inList({ ...of, name: 'k1' }, values, ['params', 'values'], 'g');
  const typed: readonly TypedValue[] = test.is === 'in' ? test.values : [];
  return { listed: new Set(typed.map(({ text, family }) => sameWriting(text, family))).size, test };
}
