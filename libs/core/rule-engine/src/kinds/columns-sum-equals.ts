import { type Static, Type } from 'typebox';

import { columnOf, fault, termOf } from '../bind-expression.js';
import { addFractions, decimalText, toDecimal } from '../exact.js';
import { type ColumnFact } from '../facts.js';
import { countIn, oneRow } from '../measured-row.js';
import { compareQuantities, NUMBERS, type Quantity, quantityOf, quantityText } from '../quantity.js';
import { type Bound, type Compiled, defineRuleKind, type MeasuredRow } from '../rule-kind.js';
import { isNear } from '../sql/figures.js';
import {
  call,
  column,
  compared,
  countWhen,
  type From,
  notTrue,
  table,
  type Term,
  type TermType,
  typeOf,
  value,
} from '../sql/term.js';
import { checkGroupable, columnsNamed, GROUP_BY, groupsFound, groupsSay } from '../value-bounds.js';

const NUMERAL = '^-?[0-9]{1,20}(\\.[0-9]{1,10})?$';

const params = Type.Object(
  {
    total: Type.Optional(
      Type.Union([Type.Number(), Type.String({ pattern: NUMERAL })], {
        title: 'What they add up to',
        'x-title-zh': '合计应为',
      }),
    ),
    totalColumn: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'Or the sum of this column',
        'x-title-zh': '或等于该字段之和',
        'x-columns-of': 'target',
      }),
    ),
    absolute: Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: NUMERAL })], {
      default: 0,
      title: 'Difference allowed',
      'x-title-zh': '允许的差额',
      description: 'Sums of doubles may differ in their last digits.',
      'x-description-zh': '浮点数之和的末位可能有差异。',
    }),
    ...GROUP_BY,
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** All values of several columns add up to a number, or to the sum of another column; or they do for each group. Absent values add nothing. */
export const columnsSumEquals = defineRuleKind({
  code: 'columns_sum_equals',
  title: { en: 'Columns add up to a total', zh: '多字段合计等于总数' },
  description: {
    en: 'The sums of several columns, together, are a number or the sum of another column, over all rows or for each group.',
    zh: '多个字段全部取值之和等于给定数值或另一字段之和，可按组检查；空值不计。',
  },
  dimension: 'consistency',
  columns: [1, 16],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns, params: { total, totalColumn, groupBy } }) => {
    const of = columns.map((name) => `"${name}"`).join(' + ');
    const each = groupsSay(groupBy);
    return totalColumn === undefined
      ? { en: `The sum of ${of} is ${total}${each.en}`, zh: `${of}之和为 ${total}${each.zh}` }
      : {
          en: `The sum of ${of} is that of "${totalColumn}"${each.en}`,
          zh: `${of}之和等于“${totalColumn}”之和${each.zh}`,
        };
  },
  compile: (bound) => {
    const summed = summedOf(bound);
    if (bound.params.groupBy.length > 0) return ofGroups(bound, summed);
    const sums = Object.fromEntries(summed.map((each, at) => [`s${at}`, sumOf(termOf(each))]));
    return { asks: { sums: { is: 'values', values: { rows: countWhen(), ...sums } } }, measures: 'decimal' };
  },
  count: ({ sums, groups }, given, { columns }) => {
    if (groups !== undefined) {
      const row = oneRow(groups);
      const of = (name: string) => countIn(row, name);
      return { rows: of('rows'), checked: of('rows'), violations: of('violations') };
    }
    const row = oneRow(sums);
    const rows = countIn(row, 'rows');
    if (rows === 0n) return { rows, checked: 0n, violations: 0n };
    const sum = columns.map((_, at) => sumIn(row, at)).reduce(added);
    const total = given.totalColumn === undefined ? quantityOf(given.total!, 'decimal')! : sumIn(row, columns.length);
    return {
      rows,
      checked: 1n,
      violations: equals(sum, total, given) ? 0n : 1n,
      value: sum,
      metrics: { total: quantityText(total) },
    };
  },
  found: ({ value: sum, metrics = {}, ...counts }) =>
    sum === undefined
      ? groupsFound({ ...counts, metrics })
      : {
          en: `it is ${quantityText(sum)}, and the total ${metrics['total']}`,
          zh: `实测为 ${quantityText(sum)}，总数为 ${metrics['total']}`,
        },
  examples: [
    {
      title: 'two columns of all rows, exactly',
      columns: { a: 'decimal', b: 'decimal' },
      rows: [
        ['0.10', '0.20'],
        ['0.30', null],
      ],
      rule: { columns: ['a', 'b'], params: { total: '0.6' } },
      expect: { status: 'pass', rows: 2, checked: 1, violations: 0, metrics: { value: '0.6', total: '0.6' } },
    },
    {
      title: 'a cent too much',
      columns: { a: 'decimal', b: 'integer' },
      rows: [['0.61', 1]],
      rule: { columns: ['a', 'b'], params: { total: 1.6 } },
      expect: { status: 'fail', checked: 1, violations: 1, metrics: { value: '1.61' }, failingRows: 0 },
    },
    {
      title: 'parts and the whole',
      columns: { cash: 'integer', card: 'integer', total: 'integer' },
      rows: [
        [1, 2, 4],
        [3, 4, 6],
      ],
      rule: { columns: ['cash', 'card'], params: { totalColumn: 'total' } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { total: '10' } },
    },
    {
      title: 'for each group',
      columns: { branch: 'text', debit: 'decimal', credit: 'decimal' },
      rows: [
        ['上海', '1.5', '-1.5'],
        ['北京', '2.5', '-2.25'],
        [null, '1', '-1'],
      ],
      rule: { columns: ['debit', 'credit'], params: { total: 0, groupBy: ['branch'] } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'a group without values adds up to nothing',
      columns: { branch: 'text', a: 'integer', b: 'integer' },
      rows: [
        ['x', 1, 2],
        ['y', null, 3],
      ],
      rule: { columns: ['a'], params: { totalColumn: 'b', absolute: 3, groupBy: ['branch'] } },
      expect: { status: 'pass', checked: 2, violations: 0 },
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

/** The columns, and the one of the total after them. */
function summedOf({ columns, target, params: given }: Bound<Params>): readonly ColumnFact[] {
  const { total, totalColumn } = given;
  if ((total === undefined) === (totalColumn === undefined))
    throw fault('it says either the total or the column of it', ['params', 'total']);
  const summed = [
    ...columns,
    ...(totalColumn === undefined ? [] : [columnOf(target, totalColumn, ['params', 'totalColumn'])]),
  ];
  summed.forEach(({ name, typeFamily }, at) => {
    if (!NUMBERS.includes(typeFamily))
      throw fault(
        `"${name}" holds no numbers`,
        at < columns.length ? ['columns', String(at)] : ['params', 'totalColumn'],
      );
  });
  return summed;
}

const sumOf = (of: Term): Term => ({ is: 'aggregate', fn: 'sum', of, type: typeOf(of) });

function sumIn(row: MeasuredRow, at: number): Quantity {
  const text = row[`s${at}`];
  return text == null ? { numerator: 0n, denominator: 1n } : quantityOf(text, 'decimal')!;
}

const added = (one: Quantity, other: Quantity): Quantity => {
  if (typeof one !== 'string' && typeof other !== 'string') return addFractions(one, other);
  if (one === other || typeof other !== 'string') return one;
  if (typeof one !== 'string') return other;
  throw new RangeError('the sum is NaN, which is no number');
};

function equals(one: Quantity, other: Quantity, { absolute }: Params): boolean {
  if (typeof one === 'string' || typeof other === 'string') return compareQuantities(one, other) === 0;
  return isNear(one, other, toDecimal(absolute)!, toDecimal(0)!);
}

const DECIMAL: TermType = { family: 'decimal' };
const decimal = (numeral: string | number): Term =>
  value({ family: 'decimal', text: decimalText(toDecimal(numeral)!) });

function ofGroups({ target, where, columns, params: given }: Bound<Params>, summed: readonly ColumnFact[]): Compiled {
  const keys = columnsNamed(target, given.groupBy, 'groupBy');
  checkGroupable(keys, ['params', 'groupBy']);
  const terms = keys.map((each) => termOf(each));
  const sums = summed.map((each, at) => ({ as: `s${at}`, term: sumOf(termOf(each)), type: typeOf(termOf(each)) }));
  const from: From = {
    is: 'query',
    as: 'g',
    select: {
      items: [...terms.map((term, at) => ({ as: `k${at + 1}`, term })), ...sums.map(({ as, term }) => ({ as, term }))],
      from: table(target),
      where,
      groupBy: terms,
    },
  };
  const zero = decimal(0);
  const read = sums.map(({ as, type }) => call('coalesce', DECIMAL, column('g', as, type), zero));
  const sum = read.slice(0, columns.length).reduce((one, other) => call('add', DECIMAL, one, other));
  const total = given.totalColumn === undefined ? decimal(given.total!) : read.at(-1)!;
  const apart = call('abs', DECIMAL, call('subtract', DECIMAL, sum, total));
  const broken = notTrue(compared(apart, 'lte', decimal(given.absolute)));
  return {
    asks: {
      groups: {
        is: 'query',
        on: 'target',
        maxRows: 1,
        select: {
          items: [
            { as: 'rows', term: countWhen() },
            { as: 'violations', term: countWhen(broken) },
          ],
          from,
        },
      },
    },
    failing: {
      items: [
        ...keys.map(({ name }, at) => ({ as: name, term: column('g', `k${at + 1}`, typeOf(terms[at]!)) })),
        { as: 'sum', term: sum },
        { as: 'total', term: total },
      ],
      from,
      where: broken,
    },
  };
}
