import { Type } from 'typebox';

import { fault, termOf } from '../bind-expression.js';
import { toDecimal } from '../exact.js';
import { NUMBERS, ORDERED } from '../quantity.js';
import { defineRuleKind } from '../rule-kind.js';
import { besideThePrevious, compiledSteps } from '../sql/neighbours.js';
import { call, compared, DECIMAL, notTrue, typeOf, value } from '../sql/term.js';
import { columnsNamed, GROUP_BY } from '../value-bounds.js';

/** Values only rise, or only fall, in the order of other columns. A table has no order of its own, so the rule names one. */
export const monotonic = defineRuleKind({
  code: 'monotonic',
  title: { en: 'Only rises, or only falls', zh: '单调递增或递减' },
  description: {
    en: 'In the order of the columns named, each value is no less (or no more) than the one before. Absent values are left out.',
    zh: '按指定字段排序后，每个取值不小于（或不大于）前一个；空值不参与。',
  },
  dimension: 'consistency',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      orderBy: Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        maxItems: 8,
        title: 'In the order of',
        'x-title-zh': '排序字段',
        'x-columns-of': 'target',
      }),
      direction: Type.Enum(['asc', 'desc'], { default: 'asc', title: 'Rises or falls', 'x-title-zh': '方向' }),
      strict: Type.Boolean({ default: false, title: 'Never stays the same', 'x-title-zh': '不允许相等' }),
      step: Type.Optional(
        Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.String({ pattern: '^[0-9]{1,20}(\\.[0-9]{1,10})?$' })], {
          title: 'By just this much',
          'x-title-zh': '固定步长',
        }),
      ),
      ...GROUP_BY,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { orderBy, direction, step } }) => {
    const by = step === undefined ? ['', ''] : [` by ${step}`, `，步长 ${step}`];
    const [en, zh] = direction === 'asc' ? ['rises', '递增'] : ['falls', '递减'];
    return {
      en: `"${column}" ${en}${by[0]} in the order of ${orderBy.join(', ')}`,
      zh: `“${column}”按 ${orderBy.join('、')} ${zh}${by[1]}`,
    };
  },
  compile: ({ target, where, columns, params: { orderBy, direction, strict, step, groupBy } }) => {
    const column = columns[0]!;
    const fits = step === undefined ? ORDERED : NUMBERS;
    if (!fits.includes(column.typeFamily))
      throw fault(`"${column.name}" is ${column.nativeType ?? column.typeFamily}, which does not rise`, [
        'columns',
        '0',
      ]);
    const order = columnsNamed(target, orderBy, 'orderBy').map((each) => ({ by: termOf(each) }));
    const beside = besideThePrevious(target, where, column, columnsNamed(target, groupBy, 'groupBy'), order);
    const [later, earlier] = direction === 'asc' ? [beside.value, beside.previous] : [beside.previous, beside.value];
    const risen = call('subtract', typeOf(later), later, earlier);
    const holds =
      step === undefined
        ? compared(later, strict ? 'gt' : 'gte', earlier)
        : compared(risen, 'eq', value({ family: DECIMAL.family, text: stepText(step) }));
    return compiledSteps(beside, notTrue(holds));
  },
  examples: [
    {
      title: 'it falls once',
      columns: { id: 'integer', x: 'integer' },
      rows: [
        [1, 10],
        [2, 11],
        [3, 9],
        [4, 9],
        [5, null],
      ],
      rule: { columns: ['x'], params: { orderBy: ['id'] } },
      expect: { status: 'fail', rows: 4, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'it rises in each group',
      columns: { who: 'text', on: 'date', x: 'decimal' },
      rows: [
        ['a', '2026-01-01', '1.0'],
        ['a', '2026-01-02', '1.5'],
        ['b', '2026-01-01', '0.5'],
      ],
      rule: { columns: ['x'], params: { orderBy: ['on'], groupBy: ['who'], strict: true } },
      expect: { status: 'pass', rows: 3, checked: 1, violations: 0 },
    },
    {
      title: 'it stays the same, and must not',
      columns: { id: 'integer', at: 'timestamp' },
      rows: [
        [1, '2026-01-01T00:00:00'],
        [2, '2026-01-01T00:00:00'],
      ],
      rule: { columns: ['at'], params: { orderBy: ['id'], strict: true } },
      expect: { status: 'fail', checked: 1, violations: 1 },
    },
    {
      title: 'it falls by one half each time',
      columns: { id: 'integer', x: 'decimal' },
      rows: [
        [1, '2'],
        [2, '1.5'],
        [3, '1'],
      ],
      rule: { columns: ['x'], params: { orderBy: ['id'], direction: 'desc', step: '0.5' } },
      expect: { status: 'pass', checked: 2, violations: 0 },
    },
    {
      title: 'one row has none before it',
      columns: { id: 'integer' },
      rows: [[1]],
      rule: { columns: ['id'], params: { orderBy: ['id'] } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});

function stepText(step: string | number): string {
  const text = String(step);
  if (toDecimal(text) !== undefined && !/e/i.test(text)) return text;
  throw fault('write the step as a decimal number', ['params', 'step']);
}
