import { Type } from 'typebox';

import { type TypeFamily } from '#core/connector-kit';

import { columnOf, comparable, fault, termOf } from '../bind-expression.js';
import { provenBetween, provenPresent, provenTogether } from '../constraint-proof.js';
import { type ColumnFact, type DatasetFacts } from '../facts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';
import { all, compared, value } from '../sql/term.js';
import { isGreater, typedValue } from '../typed-values.js';

const ORDERED: readonly TypeFamily[] = ['integer', 'decimal', 'float', 'date', 'time', 'timestamp', 'timestamptz'];

const bound = (title: string, zh: string) =>
  Type.Optional(Type.Union([Type.Number(), Type.String({ minLength: 1 })], { title, 'x-title-zh': zh }));

const boundColumn = (title: string, zh: string) =>
  Type.Optional(Type.String({ minLength: 1, title, 'x-title-zh': zh, 'x-columns-of': 'target' }));

function boundOf(target: DatasetFacts, name: string, column: ColumnFact, path: readonly string[]): ColumnFact {
  const found = columnOf(target, name, path);
  if (comparable(found, column)) return found;
  throw fault(`"${column.name}" and "${name}" have types that cannot be compared`, path);
}

/** The value lies between two bounds, of which one may be open. The bounds belong to it unless they are strict. */
export const between = defineRuleKind({
  code: 'between',
  title: { en: 'Lies between two bounds', zh: '取值在区间内' },
  description: {
    en: 'The number, date or time is neither below the lower nor above the upper bound. Give one bound or both.',
    zh: '数值、日期或时间不低于下限、不高于上限；上下限至少填写一个。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params: Type.Object(
    {
      min: bound('Lower bound', '下限'),
      max: bound('Upper bound', '上限'),
      minColumn: boundColumn('Column with the lower bound', '下限字段'),
      maxColumn: boundColumn('Column with the upper bound', '上限字段'),
      strictMin: Type.Boolean({ default: false, title: 'Above the lower bound, not at it', 'x-title-zh': '不含下限' }),
      strictMax: Type.Boolean({ default: false, title: 'Below the upper bound, not at it', 'x-title-zh': '不含上限' }),
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params }) => {
    const { strictMin, strictMax } = params;
    const [min, max] = [params.min ?? params.minColumn, params.max ?? params.maxColumn];
    const low = min === undefined ? undefined : `${strictMin ? '>' : '≥'} ${min}`;
    const high = max === undefined ? undefined : `${strictMax ? '<' : '≤'} ${max}`;
    const bounds = [low, high].filter((side) => side !== undefined);
    return { en: `"${column}" is ${bounds.join(' and ')}`, zh: `“${column}” ${bounds.join('，')}` };
  },
  provenBy: ({ target, columns, params, nullPolicy }) => {
    if (params.minColumn !== undefined || params.maxColumn !== undefined) return undefined;
    const inside = provenBetween(target, columns[0]!, params);
    return nullPolicy === 'fail' ? provenTogether(inside, provenPresent(target, [columns[0]!.name])) : inside;
  },
  compile: ({ target, columns, params, nullPolicy }) => {
    const { min, max, minColumn, maxColumn, strictMin, strictMax } = params;
    const column = columns[0]!;
    if (!ORDERED.includes(column.typeFamily))
      throw fault(
        `"${column.name}" is ${column.nativeType ?? column.typeFamily}; between is for numbers, dates and times`,
        ['columns', '0'],
      );
    for (const [side, given, byColumn] of [
      ['min', min, minColumn],
      ['max', max, maxColumn],
    ] as const)
      if (given !== undefined && byColumn !== undefined)
        throw fault('a bound is either a value or a column', ['params', `${side}Column`]);
    const bounds = [minColumn, maxColumn].map((name, at) =>
      name === undefined ? undefined : boundOf(target, name, column, ['params', at === 0 ? 'minColumn' : 'maxColumn']),
    );
    const low = min === undefined ? undefined : typedValue(min, column, ['params', 'min']);
    const high = max === undefined ? undefined : typedValue(max, column, ['params', 'max']);
    if (low !== undefined && high !== undefined && isGreater(low, high))
      throw fault('the lower bound is above the upper bound, so no value can pass', ['params', 'min']);
    const lower = low === undefined ? bounds[0] && termOf(bounds[0]) : value(low);
    const upper = high === undefined ? bounds[1] && termOf(bounds[1]) : value(high);
    if (lower === undefined && upper === undefined)
      throw fault('it has neither a lower nor an upper bound', ['params']);
    const term = termOf(column);
    const sides = [
      ...(lower === undefined ? [] : [compared(term, strictMin ? 'gt' : 'gte', lower)]),
      ...(upper === undefined ? [] : [compared(term, strictMax ? 'lt' : 'lte', upper)]),
    ];
    const looked = [column, ...bounds.filter((each) => each !== undefined)];
    return { asks: { measure: rowsThatPass(looked, all(...sides), nullPolicy) } };
  },
  examples: [
    {
      title: 'the bounds belong to it',
      columns: { x: 'integer' },
      rows: [[0], [1], [5], [10], [11], [null]],
      rule: { columns: ['x'], params: { min: 1, max: 10 } },
      expect: { status: 'fail', rows: 6, checked: 5, violations: 2, failingRows: 2 },
    },
    {
      title: 'every value lies between',
      columns: { x: 'time' },
      rows: [['08:00:00'], ['17:59:59']],
      rule: { columns: ['x'], params: { min: '08:00', max: '18:00', strictMax: true } },
      expect: { status: 'pass', rows: 2, checked: 2, violations: 0, failingRows: 0 },
    },
    {
      title: 'strict bounds do not',
      columns: { x: 'integer' },
      rows: [[1], [5], [10]],
      rule: { columns: ['x'], params: { min: 1, max: 10, strictMin: true, strictMax: true } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 2 },
    },
    {
      title: 'one bound is open',
      columns: { x: 'decimal' },
      rows: [['-0.01'], ['0'], ['99999999.99']],
      rule: { columns: ['x'], params: { min: 0 } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1 },
    },
    {
      title: 'decimals are exact',
      columns: { x: 'decimal' },
      rows: [['0.1'], ['0.10000001']],
      rule: { columns: ['x'], params: { max: '0.1' } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'a fraction as a bound of whole numbers',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      rule: { columns: ['x'], params: { max: 1.5 } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'numbers are compared as numbers, not as texts',
      columns: { x: 'float' },
      rows: [[9], [10], [1e300]],
      rule: { columns: ['x'], params: { min: 9.5 } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1 },
    },
    {
      title: 'dates',
      columns: { x: 'date' },
      rows: [['2025-12-31'], ['2026-01-01'], ['2026-12-31']],
      rule: { columns: ['x'], params: { min: '2026-01-01', max: '2026-12-31' } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1 },
    },
    {
      title: 'times of a day without a zone',
      columns: { x: 'timestamp' },
      rows: [['2026-01-31T23:59:59.999999'], ['2026-02-01T00:00:00']],
      rule: { columns: ['x'], params: { max: '2026-02-01T00:00', strictMax: true } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'points in time, whatever zone they are written in',
      columns: { x: 'timestamptz' },
      rows: [['2026-01-01T07:59:59+08:00'], ['2026-01-01T00:00:00Z']],
      rule: { columns: ['x'], params: { min: '2026-01-01T00:00:00Z' } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'bounds from the row itself; without one there is nothing to check by',
      columns: { x: 'decimal', low: 'integer', high: 'decimal' },
      rows: [
        ['1.5', 1, '2'],
        ['2.5', 1, '2'],
        ['0.5', 1, null],
      ],
      rule: { columns: ['x'], params: { minColumn: 'low', maxColumn: 'high' } },
      expect: { status: 'fail', rows: 3, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'absent values fail when asked to',
      columns: { x: 'integer' },
      rows: [[1], [null]],
      rule: { columns: ['x'], params: { min: 0 }, nullPolicy: 'fail' },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'a filter made of every kind of condition',
      columns: { x: 'integer', kind: 'text', on: 'date' },
      rows: [
        [-1, 'a%c', '2026-01-01'],
        [-1, 'abc', '2026-01-01'],
        [-1, 'a%c', null],
        [5, 'a%d', '2026-01-01'],
        [-1, 'zz', '2026-01-01'],
      ],
      rule: {
        columns: ['x'],
        params: { min: 0 },
        where: {
          op: 'and',
          args: [
            { op: 'like', value: { column: 'kind' }, pattern: 'a\\%_' },
            { op: 'not', arg: { op: 'is_null', value: { column: 'on' } } },
            {
              op: 'or',
              args: [
                { op: 'in', value: { column: 'on' }, list: ['2026-01-01', null] },
                { op: 'lt', left: { literal: 100 }, right: { column: 'x' } },
              ],
            },
            { op: 'ne', left: { column: 'kind' }, right: { literal: 'zz' } },
          ],
        },
      },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
  ],
});
