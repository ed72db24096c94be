import { Type } from 'typebox';

import { bindExpression, fault } from '../bind-expression.js';
import { print } from '../expression/print.js';
import { type Condition, ExpressionSchema } from '../expression.js';
import { defineRuleKind } from '../rule-kind.js';
import { any, not, notTrue, type Test, TRUE } from '../sql/term.js';

const words = (condition: Condition): string => (typeof condition === 'string' ? condition : print(condition));

/** Each row meets a condition that people wrote. */
export const expression = defineRuleKind({
  code: 'expression',
  title: { en: 'Rows meet a condition', zh: '行满足条件' },
  description: {
    en: 'Each row meets a condition over its columns, written as text: amount > 0 and (closed is null or closed >= opened). Or none meets a condition that must not be.',
    zh: '每一行都满足由字段组成的条件，例如 amount > 0 and (closed is null or closed >= opened)；也可写成不允许出现的条件。',
  },
  dimension: 'consistency',
  columns: [0, 16],
  other: 'none',
  nullPolicy: true,
  params: Type.Object(
    {
      passWhen: Type.Optional(
        ExpressionSchema({
          title: 'A row is right when',
          'x-title-zh': '合格条件',
          description: "Such as: status = 'closed' or balance > 0",
          'x-description-zh': "例如：status = 'closed' or balance > 0",
        }),
      ),
      failWhen: Type.Optional(ExpressionSchema({ title: 'A row is wrong when', 'x-title-zh': '违规条件' })),
    },
    { additionalProperties: false },
  ),
  says: ({ params: { passWhen, failWhen } }) =>
    passWhen === undefined
      ? { en: `it is never so that ${words(failWhen!)}`, zh: `不出现 ${words(failWhen!)}` }
      : { en: words(passWhen), zh: words(passWhen) },
  compile: ({ target, params: { passWhen, failWhen }, nullPolicy, now }) => {
    if ((passWhen === undefined) === (failWhen === undefined))
      throw fault('give either the condition that passes or the one that fails', ['params', 'passWhen']);
    const condition =
      passWhen === undefined
        ? not(bindExpression(failWhen!, target, ['params', 'failWhen'], 't', now))
        : bindExpression(passWhen, target, ['params', 'passWhen'], 't', now);
    const broken: Test = { is: 'true', of: not(condition) };
    // Where a value is absent the condition may be neither true nor false; then there is nothing to judge by.
    const known = any({ is: 'true', of: condition }, broken);
    switch (nullPolicy) {
      case 'ignore':
        return { asks: { measure: { is: 'rows', checked: known, violation: broken } } };
      case 'pass':
        return { asks: { measure: { is: 'rows', checked: TRUE, violation: broken } } };
      case 'fail':
        return { asks: { measure: { is: 'rows', checked: TRUE, violation: notTrue(condition) } } };
      default:
        return nullPolicy satisfies never;
    }
  },
  examples: [
    {
      title: 'closed without a date, and the other way round',
      columns: { status: 'text', closed: 'date' },
      rows: [
        ['closed', '2026-01-01'],
        ['closed', null],
        ['open', null],
        ['open', '2026-01-01'],
        [null, null],
      ],
      rule: {
        columns: ['status', 'closed'],
        params: { passWhen: "(status = 'closed') and closed is not null or status <> 'closed' and closed is null" },
      },
      expect: { status: 'fail', rows: 5, checked: 4, violations: 2, failingRows: 2 },
    },
    {
      title: 'arithmetic',
      columns: { a: 'decimal', b: 'decimal' },
      rows: [
        ['0.3', '0.7'],
        ['0.3', '0.70000001'],
        [null, '1'],
      ],
      rule: { params: { passWhen: 'a + b = 1' } },
      expect: { status: 'fail', rows: 3, checked: 2, violations: 1 },
    },
    {
      title: 'what must not be',
      columns: { 余额: 'decimal', 状态: 'text' },
      rows: [
        ['-1', '正常'],
        ['-1', '透支'],
        ['5', '正常'],
      ],
      rule: { params: { failWhen: "余额 < 0 and 状态 = '正常'" } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'what is unknown fails when asked to',
      columns: { a: 'integer' },
      rows: [[1], [null], [0]],
      rule: { params: { passWhen: 'a > 0' }, nullPolicy: 'fail' },
      expect: { status: 'fail', checked: 3, violations: 2 },
    },
    {
      title: 'what is unknown passes when asked to',
      columns: { a: 'integer' },
      rows: [[1], [null]],
      rule: { params: { failWhen: 'a <= 0' }, nullPolicy: 'pass' },
      expect: { status: 'pass', checked: 2, violations: 0 },
    },
    {
      title: 'as a tree, with a division by zero',
      columns: { a: 'integer', b: 'integer' },
      rows: [
        [6, 3],
        [1, 0],
      ],
      rule: {
        params: {
          passWhen: {
            op: 'eq',
            left: { call: 'divide', args: [{ column: 'a' }, { column: 'b' }] },
            right: { literal: 2 },
          },
        },
      },
      expect: { status: 'pass', rows: 2, checked: 1, violations: 0 },
    },
    {
      title: 'only the rows of a filter',
      columns: { a: 'float', b: 'float' },
      rows: [
        [0.5, 0.5],
        [1, 0.25],
      ],
      rule: { params: { passWhen: 'a = 0.5' }, where: 'b = 0.5' },
      expect: { status: 'pass', rows: 1, checked: 1, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { a: 'integer' },
      rows: [],
      rule: { params: { passWhen: 'a > 0' } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
