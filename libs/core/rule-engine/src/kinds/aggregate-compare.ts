import { type Static, Type } from 'typebox';

import { type TypeFamily } from '#core/connector-kit';

import { columnOf, fault, termOf } from '../bind-expression.js';
import { divideFractions, wholeFraction, toDecimal } from '../exact.js';
import { ExpressionSchema } from '../expression.js';
import { type ColumnFact } from '../facts.js';
import { countIn } from '../measured-row.js';
import { compareQuantities, NUMBERS, ORDERED, type Quantity, quantityOf, quantityText } from '../quantity.js';
import { type Bound, defineRuleKind, type MeasuredRow } from '../rule-kind.js';
import { pairsOf, whereOf } from '../sql/both-sides.js';
import { askFigures, isNear, matched } from '../sql/figures.js';
import { countWhen, present, type Term, typeOf } from '../sql/term.js';
import { checkGroupable, columnsNamed, GROUP_BY } from '../value-bounds.js';

const FNS = {
  sum: ['The sum', '合计'],
  avg: ['The average', '平均值'],
  min: ['The least value', '最小值'],
  max: ['The greatest value', '最大值'],
  count: ['The number of values', '非空个数'],
  distinct: ['The number of different values', '不同取值个数'],
} as const;
type Fn = keyof typeof FNS;

const tolerance = (title: string, zh: string, description: string, zhDescription: string) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,30}(\\.[0-9]{1,30})?$' })], {
    default: 0,
    title,
    'x-title-zh': zh,
    description,
    'x-description-zh': zhDescription,
  });

const params = Type.Object(
  {
    fn: Type.Enum(Object.keys(FNS) as Fn[], { title: 'What is compared', 'x-title-zh': '比较的指标' }),
    otherColumn: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'Column there, if it is called otherwise',
        'x-title-zh': '另一数据集的字段（名称不同时填写）',
        'x-columns-of': 'other',
      }),
    ),
    absolute: tolerance(
      'Difference allowed',
      '允许的差额',
      'The larger of the two tolerances counts.',
      '两种容差取较大者。',
    ),
    relative: tolerance(
      'Share of difference allowed',
      '允许的差异比例',
      'Of the figure of the other dataset: 0.01 is one in a hundred.',
      '相对另一数据集的指标，例如 0.01 表示 1%。',
    ),
    ...GROUP_BY,
    otherGroupBy: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        maxItems: 16,
        title: 'For each, there',
        'x-title-zh': '另一数据集的分组字段',
        'x-columns-of': 'other',
      }),
    ),
    otherWhere: Type.Optional(
      ExpressionSchema({ title: 'Only rows of the other where', 'x-title-zh': '另一数据集的过滤条件' }),
    ),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/**
 * A figure of a column is the same in two datasets, perhaps of different sources, give or take; or it is for each group. A group
 * that is only on one side is a violation.
 */
export const aggregateCompare = defineRuleKind({
  code: 'aggregate_compare',
  title: { en: 'A figure equals that of another dataset', zh: '聚合指标与另一数据集一致' },
  description: {
    en: 'A sum, an average or another figure of a column differs from that of another dataset by no more than the tolerance.',
    zh: '字段的合计、平均等指标与另一数据集的差异不超过容差；可按组比较。',
  },
  dimension: 'consistency',
  columns: [1, 1],
  other: 'any',
  nullPolicy: false,
  params,
  says: ({ columns: [column], params: { fn, groupBy } }) => {
    const each =
      groupBy.length === 0 ? ['', ''] : [` for each ${groupBy.join(' + ')}`, `（按 ${groupBy.join('、')} 分组）`];
    return {
      en: `${FNS[fn][0]} of "${column}" equals that of the other dataset${each[0]}`,
      zh: `“${column}”的${FNS[fn][1]}与另一数据集一致${each[1]}`,
    };
  },
  compile: (bound) => {
    const { target, where, columns, other, now, params: given } = bound;
    const [here] = columns as [ColumnFact];
    const there = columnOf(other!, given.otherColumn ?? here.name, ['params', 'otherColumn']);
    checkFits(given.fn, here, ['columns', '0']);
    checkFits(given.fn, there, ['params', 'otherColumn']);
    const keys = columnsNamed(target, given.groupBy, 'groupBy');
    checkGroupable(keys, ['params', 'groupBy']);
    const pairs = pairsOf(keys, other!, given.otherGroupBy, ['params', 'otherGroupBy']);
    return {
      asks: {
        here: askFigures('target', target, where, keys, figuresOf(given.fn, termOf(here))),
        there: askFigures(
          'other',
          other!,
          whereOf(given.otherWhere, other!, now),
          pairs.map((pair) => pair.there),
          figuresOf(given.fn, termOf(there, 'o')),
        ),
      },
    };
  },
  count: ({ here = [], there = [] }, given, bound) => {
    const keys = columnsNamed(bound.target, given.groupBy, 'groupBy');
    const family = familyOf(bound);
    const groups = matched(here, there, keys).map((group) => ({
      here: group.here && figureIn(group.here, given.fn, family),
      there: group.there && figureIn(group.there, given.fn, family),
      both: group.here !== undefined && group.there !== undefined,
    }));
    const checked = groups.filter(({ here: one, there: two, both }) => !both || one !== undefined || two !== undefined);
    const broken = checked.filter(({ here: one, there: two }) => !agree(one, two, given));
    const only = groups.length === 1 && keys.length === 0 ? groups[0] : undefined;
    return {
      rows: here.reduce((sum, row) => sum + countIn(row, 'rows'), 0n),
      checked: BigInt(checked.length),
      violations: BigInt(broken.length),
      metrics: {
        ...(only?.here === undefined ? {} : { here: quantityText(only.here) }),
        ...(only?.there === undefined ? {} : { there: quantityText(only.there) }),
      },
    };
  },
  found: ({ checked, violations, metrics = {} }) =>
    metrics['here'] === undefined && metrics['there'] === undefined
      ? { en: `${violations} of ${checked} groups differ`, zh: `${checked} 组中 ${violations} 组不一致` }
      : {
          en: `${metrics['here'] ?? 'nothing'} here and ${metrics['there'] ?? 'nothing'} there`,
          zh: `本数据集 ${metrics['here'] ?? '无值'}，另一数据集 ${metrics['there'] ?? '无值'}`,
        },
  examples: [
    {
      title: 'a cent too much',
      columns: { x: 'decimal' },
      rows: [['0.10'], ['0.21'], [null]],
      other: { columns: { y: 'decimal' }, rows: [['0.30']] },
      rule: { columns: ['x'], params: { fn: 'sum', otherColumn: 'y' } },
      expect: {
        status: 'fail',
        rows: 3,
        checked: 1,
        violations: 1,
        metrics: { here: '0.31', there: '0.3' },
        failingRows: 0,
      },
    },
    {
      title: 'a cent too much is allowed',
      columns: { x: 'decimal' },
      rows: [['0.10'], ['0.21']],
      other: { columns: { x: 'decimal' }, rows: [['0.30']] },
      rule: { columns: ['x'], params: { fn: 'sum', absolute: '0.01' } },
      expect: { status: 'pass', rows: 2, checked: 1, violations: 0 },
    },
    {
      title: 'a tenth is allowed, and it is exactly that',
      columns: { x: 'integer' },
      rows: [[90]],
      other: { columns: { x: 'integer' }, rows: [[100]] },
      rule: { columns: ['x'], params: { fn: 'avg', relative: 0.1 } },
      expect: { status: 'pass', violations: 0 },
    },
    {
      title: 'for each group, one of which is only there',
      columns: { who: 'text', x: 'integer' },
      rows: [
        ['甲', 1],
        ['甲', 2],
        ['乙', 5],
      ],
      other: {
        columns: { wer: 'text', x: 'integer' },
        rows: [
          ['甲', 3],
          ['乙', 4],
          ['丙', 0],
        ],
      },
      rule: { columns: ['x'], params: { fn: 'sum', groupBy: ['who'], otherGroupBy: ['wer'] } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 2 },
    },
    {
      title: 'the latest day is the same',
      columns: { x: 'date' },
      rows: [['2026-01-02'], ['2026-01-01']],
      other: { columns: { x: 'date' }, rows: [['2026-01-02']] },
      rule: { columns: ['x'], params: { fn: 'max' } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'a sum here, nothing there',
      columns: { x: 'integer' },
      rows: [[1]],
      other: { columns: { x: 'integer' }, rows: [] },
      rule: { columns: ['x'], params: { fn: 'sum' } },
      expect: { status: 'fail', checked: 1, violations: 1, metrics: { here: '1' } },
    },
    {
      title: 'nothing on either side',
      columns: { x: 'integer' },
      rows: [[null]],
      other: { columns: { x: 'integer' }, rows: [] },
      rule: { columns: ['x'], params: { fn: 'sum' } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});

function checkFits(fn: Fn, { name, typeFamily, nativeType }: ColumnFact, path: readonly string[]): void {
  if (fn === 'count' || (fn === 'distinct' && typeFamily !== 'json')) return;
  const fits: readonly TypeFamily[] = fn === 'min' || fn === 'max' ? ORDERED : NUMBERS;
  if (!fits.includes(typeFamily))
    throw fault(`"${name}" is ${nativeType ?? typeFamily}, of which there is no ${fn}`, path);
}

/** An average is made of a sum and a count, so that it stays exact. */
function figuresOf(fn: Fn, of: Term): Record<string, Term> {
  const rows = countWhen();
  const n = countWhen(present(of));
  if (fn === 'count') return { rows, v: n };
  if (fn === 'distinct')
    return { rows, v: { is: 'aggregate', fn: 'count', distinct: true, of, type: { family: 'integer' } } };
  return { rows, v: { is: 'aggregate', fn: fn === 'avg' ? 'sum' : fn, of, type: typeOf(of) }, n };
}

const familyOf = ({ columns, params: { fn } }: Bound<Params>): TypeFamily =>
  fn === 'min' || fn === 'max' ? columns[0]!.typeFamily : 'decimal';

function figureIn(row: MeasuredRow, fn: Fn, family: TypeFamily): Quantity | undefined {
  const value = row['v'] == null ? undefined : quantityOf(row['v'], family);
  if (fn !== 'avg' || value === undefined || typeof value === 'string') return value;
  return divideFractions(value, wholeFraction(countIn(row, 'n')));
}

function agree(one: Quantity | undefined, other: Quantity | undefined, { absolute, relative }: Params): boolean {
  if (one === undefined || other === undefined) return false;
  if (typeof one === 'string' || typeof other === 'string') return compareQuantities(one, other) === 0;
  return isNear(one, other, toDecimal(absolute)!, toDecimal(relative)!);
}
