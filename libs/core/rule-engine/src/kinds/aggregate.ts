import { type Static, Type } from 'typebox';

import { type TypeFamily, type Words } from '#core/connector-kit';

import { fault, termOf } from '../bind-expression.js';
import { addFractions, divideFractions, type Fraction, negated, wholeFraction } from '../exact.js';
import { type ColumnFact } from '../facts.js';
import { countIn, oneRow } from '../measured-row.js';
import { NUMBERS, ORDERED, type Quantity, quantityOf } from '../quantity.js';
import { type Ask, type Bound, defineRuleKind, type MeasuredRow, type Measurements } from '../rule-kind.js';
import {
  askCorrelation,
  askEntropy,
  askMoments,
  correlationIn,
  entropyIn,
  kurtosisIn,
  skewnessIn,
} from '../sql/moments.js';
import { askQuantiles, quantileByGroup, quantileIn } from '../sql/ranks.js';
import {
  type AggregateName,
  call,
  compared,
  countWhen,
  FLOAT,
  INTEGER,
  integer,
  present,
  type Term,
  type TermType,
  typeOf,
} from '../sql/term.js';
import {
  BOUNDS,
  boundsSay,
  checkBounds,
  checkGroupable,
  columnsNamed,
  compiledGroups,
  countsOfGroups,
  countsOfValue,
  GROUP_BY,
  groupsFound,
  groupsOf,
  groupsSay,
} from '../value-bounds.js';

const FNS = {
  min: { en: 'the least value', zh: '最小值' },
  max: { en: 'the greatest value', zh: '最大值' },
  sum: { en: 'the sum', zh: '合计' },
  avg: { en: 'the average', zh: '平均值' },
  median: { en: 'the median', zh: '中位数' },
  quantile: { en: 'the quantile', zh: '分位数' },
  stddev: { en: 'the standard deviation (of a sample)', zh: '样本标准差' },
  stddev_pop: { en: 'the standard deviation (of all)', zh: '总体标准差' },
  variance: { en: 'the variance (of a sample)', zh: '样本方差' },
  variance_pop: { en: 'the variance (of all)', zh: '总体方差' },
  range: { en: 'the greatest less the least value', zh: '极差' },
  iqr: { en: 'the distance between the quartiles', zh: '四分位距' },
  skewness: { en: 'the skewness', zh: '偏度' },
  kurtosis: { en: 'the excess kurtosis', zh: '超额峰度' },
  zeros: { en: 'the number of zeros', zh: '零值个数' },
  min_length: { en: 'the shortest length', zh: '最短长度' },
  max_length: { en: 'the longest length', zh: '最长长度' },
  avg_length: { en: 'the average length', zh: '平均长度' },
  entropy: { en: 'the entropy', zh: '信息熵' },
  correlation: { en: 'the correlation', zh: '相关系数' },
  mutual_information: { en: 'the mutual information', zh: '互信息' },
  ratio_of_sums: { en: 'the ratio of the sums', zh: '合计之比' },
} as const satisfies Record<string, Words>;
type Fn = keyof typeof FNS;

const PAIRS: readonly Fn[] = ['correlation', 'mutual_information', 'ratio_of_sums'];
const LENGTHS: readonly Fn[] = ['min_length', 'max_length', 'avg_length'];
const WHOLE: readonly Fn[] = ['zeros', 'min_length', 'max_length'];

const params = Type.Object(
  {
    fn: Type.Enum(Object.keys(FNS) as Fn[], {
      title: 'What is measured',
      'x-title-zh': '度量',
      description:
        'quantile and median interpolate between neighbours. skewness and kurtosis are those of the whole population. entropy and ' +
        'mutual_information are in nats. correlation, mutual_information and ratio_of_sums take two columns.',
      'x-description-zh':
        '分位数与中位数在相邻值之间线性插值；偏度与峰度按总体计算；熵与互信息以自然对数为底；相关系数、互信息、合计之比需两个字段。',
    }),
    q: Type.Optional(
      Type.Union(
        [Type.Number({ minimum: 0, maximum: 1 }), Type.String({ pattern: '^(0(\\.[0-9]{1,6})?|1(\\.0{1,6})?)$' })],
        {
          title: 'Which quantile',
          'x-title-zh': '分位点',
          description: 'From 0 to 1; 0.5 is the median.',
          'x-description-zh': '0 到 1，0.5 即中位数。',
        },
      ),
    ),
    ...BOUNDS,
    ...GROUP_BY,
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** A value made of all rows of a column, such as its sum, lies between two bounds. Absent values take no part. */
export const aggregate = defineRuleKind({
  code: 'aggregate',
  title: { en: 'A figure made of all values', zh: '聚合指标' },
  description: {
    en: 'A sum, an average, a quantile or another figure made of a column lies between two bounds. Without values it is not evaluated.',
    zh: '由字段全部取值算出的指标（合计、平均、分位数等）在区间之内；没有取值时不予评价。',
  },
  dimension: 'accuracy',
  columns: [1, 2],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns, params: { fn, q, groupBy, ...bounds } }) => {
    const of = columns.map((column) => `"${column}"`).join(' + ');
    const [figure, said, each] = [FNS[fn], boundsSay(bounds), groupsSay(groupBy)];
    const which = fn === 'quantile' && q !== undefined ? ` ${q}` : '';
    return {
      en: `${capital(figure.en)}${which} of ${of} ${said.en}${each.en}`,
      zh: `${of}的${figure.zh}${which} ${said.zh}${each.zh}`,
    };
  },
  compile: (bound) => {
    const { params: given, target, where } = bound;
    checkColumns(bound);
    const family = familyOf(given.fn, bound.columns[0]!.typeFamily);
    // A text is no quantity: whether it lies between others is for the engine to say, as it is for groups.
    const ofTexts = family === 'text';
    if (!ofTexts) checkBounds(given, family);
    if (given.groupBy.length === 0 && !ofTexts) return { asks: asksOf(bound), measures: family };
    const keys = columnsNamed(target, given.groupBy, 'groupBy');
    checkGroupable(keys, ['params', 'groupBy']);
    const q = given.fn === 'median' ? '0.5' : given.fn === 'quantile' ? quantileAt(given) : undefined;
    if (q !== undefined)
      return compiledGroups({ keys, ...quantileByGroup(target, where, bound.columns[0]!, q, keys) }, given);
    const term = termForGroups(given.fn, bound.columns[0]!);
    if (term === undefined) throw fault(`${given.fn} cannot be asked for groups`, ['params', 'groupBy']);
    const compiled = compiledGroups(groupsOf(target, where, keys, term), given);
    return keys.length > 0 ? compiled : { ...compiled, asks: { ...compiled.asks, rows: ROWS } };
  },
  count: (measured, given, bound) => {
    const family = familyOf(given.fn, bound.columns[0]!.typeFamily);
    const groups = countsOfGroups(measured);
    const rows = measured['rows'] === undefined ? undefined : countIn(oneRow(measured['rows']), 'rows');
    if (groups !== undefined) return { ...groups, rows: rows ?? groups.rows };
    return countsOfValue(rows!, valueIn(measured, given, family), given, family);
  },
  found: (counts) =>
    counts.value === undefined && counts.checked === 1n
      ? counts.violations === 0n
        ? { en: 'it is so', zh: '符合' }
        : { en: 'it is not so', zh: '不符合' }
      : groupsFound(counts),
  examples: [
    {
      title: 'a sum beyond its bound',
      columns: { x: 'decimal' },
      rows: [['0.10'], ['0.20'], [null]],
      rule: { columns: ['x'], params: { fn: 'sum', max: '0.3', strictMax: true } },
      expect: { status: 'fail', rows: 3, checked: 1, violations: 1, metrics: { value: '0.3' }, failingRows: 0 },
    },
    {
      title: 'a sum that is exactly its bound',
      columns: { x: 'decimal' },
      rows: [['0.10'], ['0.20']],
      rule: { columns: ['x'], params: { fn: 'sum', min: 0.3, max: 0.3 } },
      expect: { status: 'pass', rows: 2, checked: 1, violations: 0, metrics: { value: '0.3' } },
    },
    {
      title: 'whole numbers beyond what a double holds',
      columns: { x: 'integer' },
      rows: [['9007199254740993'], ['1']],
      rule: { columns: ['x'], params: { fn: 'sum', max: '9007199254740993' } },
      expect: { status: 'fail', metrics: { value: '9007199254740994' } },
    },
    {
      title: 'an average is a fraction, not rounded before it is compared',
      columns: { x: 'integer' },
      rows: [[1], [1], [2]],
      rule: { columns: ['x'], params: { fn: 'avg', max: '1.33333333333333333333333333333333333333' } },
      expect: { status: 'fail', checked: 1, violations: 1, metrics: { value: '1.333333333333' } },
    },
    {
      title: 'nothing but absent values has no average',
      columns: { x: 'integer' },
      rows: [[null]],
      rule: { columns: ['x'], params: { fn: 'avg', min: 0 } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0, violations: 0 },
    },
    {
      title: 'an empty table has no least value',
      columns: { x: 'integer' },
      rows: [],
      rule: { columns: ['x'], params: { fn: 'min', min: 0 }, onEmpty: 'fail' },
      expect: { status: 'fail', rows: 0, checked: 0 },
    },
    {
      title: 'a threshold on the value warns first',
      columns: { x: 'integer' },
      rows: [[5], [7]],
      rule: { columns: ['x'], params: { fn: 'avg' }, threshold: { metric: 'value', warn: { gt: 5 }, fail: { gt: 6 } } },
      expect: { status: 'warn', checked: 1, violations: 0, metrics: { value: '6' } },
    },
    {
      title: 'the latest date',
      columns: { x: 'date' },
      rows: [['2026-01-31'], ['2026-02-28'], [null]],
      rule: { columns: ['x'], params: { fn: 'max', min: '2026-02-01', max: '2026-02-27' } },
      expect: { status: 'fail', rows: 3, checked: 1, violations: 1, metrics: { value: '2026-02-28' } },
    },
    {
      title: 'the first point in time',
      columns: { x: 'timestamptz' },
      rows: [['2026-01-01T08:00:00+08:00'], ['2026-01-01T01:00:00.5Z']],
      rule: { columns: ['x'], params: { fn: 'min', min: '2026-01-01T00:00:00Z', max: '2026-01-01T00:00:00Z' } },
      expect: { status: 'pass', metrics: { value: '2026-01-01 00:00:00Z' } },
    },
    {
      title: 'the median of an even number of values lies between two',
      columns: { x: 'integer' },
      rows: [[1], [12], [10], [11], [null]],
      rule: { columns: ['x'], params: { fn: 'median', min: 10.5, max: 10.5 } },
      expect: { status: 'pass', rows: 5, checked: 1, violations: 0, metrics: { value: '10.5' } },
    },
    {
      title: 'a quantile, of decimals, exactly',
      columns: { x: 'decimal' },
      rows: [['0.1'], ['0.2'], ['0.3'], ['0.4']],
      rule: { columns: ['x'], params: { fn: 'quantile', q: '0.1', max: '0.13', strictMax: true } },
      expect: { status: 'fail', metrics: { value: '0.13' } }, // 0.1 + 0.3 · 0.1
    },
    {
      title: 'the standard deviation of a sample, and of all',
      columns: { x: 'integer' },
      rows: [[1], [3]],
      rule: { columns: ['x'], params: { fn: 'stddev_pop', min: 1, max: 1 } },
      expect: { status: 'pass', metrics: { value: '1' } },
    },
    {
      title: 'one value has no spread of a sample',
      columns: { x: 'decimal' },
      rows: [['1.5']],
      rule: { columns: ['x'], params: { fn: 'stddev', min: 0 } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
    {
      title: 'the variance of a sample',
      columns: { x: 'integer' },
      rows: [[1], [3]],
      rule: { columns: ['x'], params: { fn: 'variance', min: 2, max: 2 } },
      expect: { status: 'pass', metrics: { value: '2' } },
    },
    {
      title: 'the distance between the quartiles',
      columns: { x: 'integer' },
      rows: [[1], [2], [3], [4], [5]],
      rule: { columns: ['x'], params: { fn: 'iqr', max: 1 } },
      expect: { status: 'fail', metrics: { value: '2' } },
    },
    {
      title: 'the greatest less the least value',
      columns: { x: 'decimal' },
      rows: [['-0.5'], ['0.25']],
      rule: { columns: ['x'], params: { fn: 'range', max: '0.75' } },
      expect: { status: 'pass', metrics: { value: '0.75' } },
    },
    {
      title: 'what is the same left and right has no skewness',
      columns: { x: 'float' },
      rows: [[-1], [0], [1]],
      rule: { columns: ['x'], params: { fn: 'skewness', min: -0.1, max: 0.1 } },
      expect: { status: 'pass', metrics: { value: '0' } },
    },
    {
      title: 'two values of equal weight have the least kurtosis',
      columns: { x: 'integer' },
      rows: [[-1], [1]],
      rule: { columns: ['x'], params: { fn: 'kurtosis', min: 0 } },
      expect: { status: 'fail', metrics: { value: '-2' } },
    },
    {
      title: 'two values of equal weight are ln 2 of entropy',
      columns: { x: 'text' },
      rows: [['a'], ['b'], [null]],
      rule: { columns: ['x'], params: { fn: 'entropy', min: '0.693', max: '0.694' } },
      expect: { status: 'pass', rows: 3, metrics: { value: '0.69314718056' } },
    },
    {
      title: 'two columns that rise together',
      columns: { x: 'integer', y: 'float' },
      rows: [
        [1, 10],
        [2, 20],
        [3, 30],
        [4, null],
      ],
      rule: { columns: ['x', 'y'], params: { fn: 'correlation', min: 0.999 } },
      expect: { status: 'pass', rows: 4, metrics: { value: '1' } },
    },
    {
      title: 'a column that tells all about another',
      columns: { x: 'text', y: 'integer' },
      rows: [
        ['a', 1],
        ['b', 2],
      ],
      rule: { columns: ['x', 'y'], params: { fn: 'mutual_information', max: 0.5 } },
      expect: { status: 'fail', metrics: { value: '0.69314718056' } },
    },
    {
      title: 'one sum is a third of the other',
      columns: { x: 'integer', y: 'integer' },
      rows: [
        [1, 2],
        [1, 4],
      ],
      rule: { columns: ['x', 'y'], params: { fn: 'ratio_of_sums', max: '0.3333' } },
      expect: { status: 'fail', metrics: { value: '0.333333333333' } },
    },
    {
      title: 'lengths in characters, not in bytes',
      columns: { x: 'text' },
      rows: [['正常😀'], ['a'], [null]],
      rule: { columns: ['x'], params: { fn: 'max_length', max: 3 } },
      expect: { status: 'pass', rows: 3, metrics: { value: '3' } },
    },
    {
      title: 'the average length',
      columns: { x: 'text' },
      rows: [['ab'], ['a']],
      rule: { columns: ['x'], params: { fn: 'avg_length', min: 2 } },
      expect: { status: 'fail', metrics: { value: '1.5' } },
    },
    {
      title: 'how many zeros',
      columns: { x: 'decimal' },
      rows: [['0.00'], ['1'], [null]],
      rule: { columns: ['x'], params: { fn: 'zeros', max: 0 } },
      expect: { status: 'fail', metrics: { value: '1' } },
    },
    {
      title: 'the last text, by code points: capitals come before small letters',
      columns: { x: 'text' },
      rows: [['a'], ['Z'], [null]],
      rule: { columns: ['x'], params: { fn: 'max', min: 'Z', max: 'a', strictMin: true } },
      expect: { status: 'pass', rows: 3, checked: 1, violations: 0 },
    },
    {
      title: 'the first text lies before its bound',
      columns: { x: 'text' },
      rows: [['北京'], ['a']],
      rule: { columns: ['x'], params: { fn: 'min', min: 'b' } },
      expect: { status: 'fail', checked: 1, violations: 1, failingRows: 1 },
    },
    {
      title: 'no text at all',
      columns: { x: 'text' },
      rows: [[null]],
      rule: { columns: ['x'], params: { fn: 'max', max: 'b' } },
      expect: { status: 'not_evaluated', checked: 0 },
    },
    {
      title: 'for each group',
      columns: { who: 'text', x: 'integer' },
      rows: [
        ['甲', 1],
        ['甲', 2],
        ['乙', 9],
        ['丙', null],
      ],
      rule: { columns: ['x'], params: { fn: 'sum', max: 3, groupBy: ['who'] } },
      expect: { status: 'fail', rows: 3, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'the median of each group',
      columns: { who: 'text', x: 'integer' },
      rows: [
        ['a', 1],
        ['a', 2],
        ['b', 9],
      ],
      rule: { columns: ['x'], params: { fn: 'median', min: 1.5, max: 9, groupBy: ['who'] } },
      expect: { status: 'pass', rows: 2, checked: 2, violations: 0 },
    },
    {
      title: 'only the rows of a filter',
      columns: { x: 'integer', on: 'boolean' },
      rows: [
        [1, true],
        [100, false],
      ],
      rule: {
        columns: ['x'],
        params: { fn: 'max', max: 1 },
        where: { op: 'eq', left: { column: 'on' }, right: { literal: true } },
      },
      expect: { status: 'pass', rows: 1, checked: 1, violations: 0 },
    },
  ],
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function checkColumns({ columns, params: given }: Bound<Params>): void {
  const { fn } = given;
  const needed = PAIRS.includes(fn) ? 2 : 1;
  if (columns.length !== needed)
    throw fault(`${fn} is made of ${needed} column${needed === 1 ? '' : 's'}`, ['columns']);
  if (fn === 'quantile' && given.q === undefined) throw fault('it does not say which quantile', ['params', 'q']);
  if (fn !== 'quantile' && given.q !== undefined) throw fault(`${fn} has no use for q`, ['params', 'q']);
  if (fn === 'entropy' || fn === 'mutual_information') return checkGroupable(columns, ['columns']);
  const fits: readonly TypeFamily[] = LENGTHS.includes(fn)
    ? ['text']
    : fn === 'min' || fn === 'max'
      ? [...ORDERED, 'text']
      : NUMBERS;
  columns.forEach(({ name, typeFamily, nativeType }, at) => {
    if (!fits.includes(typeFamily))
      throw fault(`"${name}" is ${nativeType ?? typeFamily}, and ${fn} is made of ${fits.join(', ')}`, [
        'columns',
        String(at),
      ]);
  });
}

const familyOf = (fn: Fn, column: TypeFamily): TypeFamily =>
  fn === 'min' || fn === 'max' ? column : WHOLE.includes(fn) ? 'integer' : 'decimal';

const agg = (fn: AggregateName, of: Term, type: TermType = typeOf(of)): Term => ({ is: 'aggregate', fn, of, type });
const lengthOf = (column: ColumnFact): Term => call('length', INTEGER, termOf(column));

const quantileAt = ({ q }: Params): string => {
  const text = String(q);
  if (/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/.test(text)) return text;
  throw fault('a quantile has at most six digits after the point', ['params', 'q']);
};

const ROWS: Ask = { is: 'values', values: { rows: countWhen() } };

function asksOf({ columns, params: given, target, where }: Bound<Params>): Record<string, Ask> {
  const [first, second] = columns as [ColumnFact, ColumnFact];
  const term = termOf(first);
  const counted = countWhen(present(term));
  const values = (terms: Record<string, Term>): Ask => ({ is: 'values', values: terms });
  const rows = ROWS;
  switch (given.fn) {
    case 'min':
    case 'max':
    case 'sum':
    case 'stddev':
    case 'stddev_pop':
    case 'variance':
    case 'variance_pop':
      return { rows, one: values({ value: agg(given.fn, term) }) };
    case 'min_length':
      return { rows, one: values({ value: agg('min', lengthOf(first)) }) };
    case 'max_length':
      return { rows, one: values({ value: agg('max', lengthOf(first)) }) };
    case 'zeros':
      return { rows, one: values({ value: countWhen(compared(term, 'eq', integer(0))) }) };
    case 'avg':
      return { rows, share: values({ of: agg('sum', term), by: counted }) };
    case 'avg_length':
      return { rows, share: values({ of: agg('sum', lengthOf(first)), by: counted }) };
    case 'ratio_of_sums':
      return { rows, share: values({ of: agg('sum', term), by: agg('sum', termOf(second)) }) };
    case 'range':
      return { rows, ends: values({ low: agg('min', term), high: agg('max', term) }) };
    case 'median':
      return { rows, ranks: askQuantiles(target, where, first, ['0.5'], 'linear') };
    case 'iqr':
      return { rows, ranks: askQuantiles(target, where, first, ['0.25', '0.75'], 'linear') };
    case 'quantile':
      return { rows, ranks: askQuantiles(target, where, first, [quantileAt(given)], 'linear') };
    case 'skewness':
    case 'kurtosis':
      return { rows, moments: askMoments(target, where, first) };
    case 'correlation':
      return { rows, moments: askCorrelation(target, where, columns) };
    case 'entropy':
      return { rows, x: askEntropy(target, where, [first], [first]) };
    case 'mutual_information':
      return {
        rows,
        x: askEntropy(target, where, [first], columns),
        y: askEntropy(target, where, [second], columns),
        xy: askEntropy(target, where, columns, columns),
      };
    default:
      return given.fn satisfies never;
  }
}

function termForGroups(fn: Fn, column: ColumnFact): Term | undefined {
  const term = termOf(column);
  switch (fn) {
    case 'min':
    case 'max':
    case 'sum':
      return agg(fn, term);
    case 'avg':
    case 'stddev':
    case 'stddev_pop':
    case 'variance':
    case 'variance_pop':
      return agg(fn, term, FLOAT);
    case 'range':
      return call('subtract', typeOf(term), agg('max', term), agg('min', term));
    case 'zeros':
      return countWhen(compared(term, 'eq', integer(0)));
    case 'min_length':
      return agg('min', lengthOf(column));
    case 'max_length':
      return agg('max', lengthOf(column));
    case 'avg_length':
      return agg('avg', lengthOf(column), FLOAT);
    default:
      return undefined;
  }
}

/** The measured value, exactly as far as the engine gave it exactly. */
function valueIn(measured: Measurements, { fn, q }: Params, family: TypeFamily): Quantity | undefined {
  const read = (row: MeasuredRow, name: string): Quantity | undefined =>
    row[name] == null ? undefined : quantityOf(row[name], family);
  const rounded = (number: number | undefined): Quantity | undefined =>
    number === undefined ? undefined : quantityOf(number, 'float');
  const ranks = measured['ranks'];
  if (ranks !== undefined) {
    if (fn !== 'iqr') return quantileIn(ranks, fn === 'median' ? '0.5' : String(q), 'linear', family);
    return difference(quantileIn(ranks, '0.75', 'linear', family), quantileIn(ranks, '0.25', 'linear', family));
  }
  if (measured['one'] !== undefined) return read(oneRow(measured['one']), 'value');
  if (measured['share'] !== undefined) {
    const row = oneRow(measured['share']);
    return quotient(read(row, 'of'), read(row, 'by'));
  }
  if (measured['ends'] !== undefined) {
    const row = oneRow(measured['ends']);
    return difference(read(row, 'high'), read(row, 'low'));
  }
  if (measured['moments'] !== undefined) {
    const row = oneRow(measured['moments']);
    return rounded(fn === 'skewness' ? skewnessIn(row) : fn === 'kurtosis' ? kurtosisIn(row) : correlationIn(row));
  }
  const [x, y, xy] = ['x', 'y', 'xy'].map((name) =>
    measured[name] === undefined ? undefined : entropyIn(oneRow(measured[name])),
  );
  // I(X;Y) = H(X) + H(Y) - H(X,Y).
  return rounded(fn === 'entropy' || x === undefined ? x : x + y! - xy!);
}

const finite = (quantity: Quantity | undefined): quantity is Fraction =>
  quantity !== undefined && typeof quantity !== 'string';

function quotient(of: Quantity | undefined, by: Quantity | undefined): Quantity | undefined {
  if (of === undefined || by === undefined) return undefined;
  if (!finite(of)) return of;
  return finite(by) ? divideFractions(of, by) : wholeFraction(0n);
}

function difference(one: Quantity | undefined, other: Quantity | undefined): Quantity | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (finite(one) && finite(other)) return addFractions(one, negated(other));
  return 'infinity';
}
