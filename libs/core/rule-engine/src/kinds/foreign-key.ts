import { Type } from 'typebox';

import { bindExpression, columnOf, comparable, fault, termOf } from '../bind-expression.js';
import { provenFound, provenPresent, provenTogether } from '../constraint-proof.js';
import { ExpressionSchema } from '../expression.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind, itemsShown, rowsThatPass } from '../rule-kind.js';
import {
  absent,
  all,
  any,
  column,
  compared,
  countWhen,
  type From,
  not,
  present,
  table,
  type Test,
  TRUE,
} from '../sql/term.js';

/** Each row's key is found in another dataset of the same source. A key with an absent part points nowhere. */
export const foreignKey = defineRuleKind({
  code: 'foreign_key',
  title: { en: 'Is found in another dataset', zh: '外键有效' },
  description: {
    en: 'The value, or combination of values, occurs in the named columns of another dataset of the same source, such as the customer of each loan among the customers.',
    zh: '该字段（或字段组合）的取值在同一数据源另一数据集的指定字段中存在，例如每笔贷款的客户都在客户表中。',
  },
  dimension: 'consistency',
  columns: [1, 16],
  other: 'same_connection',
  nullPolicy: true,
  params: Type.Object(
    {
      refColumns: Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        maxItems: 16,
        title: 'Columns there',
        'x-title-zh': '被引用字段',
        description: 'As many as are named here, in the same order.',
        'x-description-zh': '与本规则的字段一一对应，顺序相同。',
        'x-columns-of': 'other',
      }),
      refWhere: Type.Optional(ExpressionSchema({ title: 'Only rows there where', 'x-title-zh': '被引用行的过滤条件' })),
    },
    { additionalProperties: false },
  ),
  says: ({ columns, params: { refColumns } }) => ({
    en: `${listed(columns)} is found in ${listed(refColumns)} of the other dataset`,
    zh: `${listed(columns)}的取值存在于另一数据集的${listed(refColumns)}`,
  }),
  provenBy: ({ target, columns, params: { refColumns, refWhere }, nullPolicy, other }) => {
    if (refWhere !== undefined || other === undefined) return undefined;
    const names = columns.map(({ name }) => name);
    const found = provenFound(target, names, other, refColumns);
    return nullPolicy === 'fail' ? provenTogether(found, provenPresent(target, names)) : found;
  },
  compile: ({ target, where, columns, params: { refColumns, refWhere }, nullPolicy, other, now }) => {
    // The kind asks for another dataset, so there is one.
    const there = other!;
    if (refColumns.length !== columns.length)
      throw fault(`it names ${columns.length} columns here and ${refColumns.length} there`, ['params', 'refColumns']);
    const otherColumns = refColumns.map((name, at) => columnOf(there, name, ['params', 'refColumns', String(at)]));
    otherColumns.forEach((column, at) => {
      const here = columns[at]!;
      if (!comparable(here, column))
        throw fault(`"${here.name}" and "${column.name}" have types that cannot be compared`, [
          'params',
          'refColumns',
          String(at),
        ]);
    });
    const keys = otherColumns.map((each) => termOf(each, 'o'));
    const found = otherColumns.map(({ name: _, ...each }, at) =>
      column('r', `k${at + 1}`, {
        family: each.typeFamily,
        ...(each.nativeType !== undefined && { nativeType: each.nativeType }),
      }),
    );
    const chosen = refWhere === undefined ? TRUE : bindExpression(refWhere, there, ['params', 'refWhere'], 'o', now);
    // Each key there once, so that a partner that occurs twice does not double the row here.
    const partners: From = {
      is: 'query',
      as: 'r',
      select: {
        distinct: true,
        items: keys.map((term, at) => ({ as: `k${at + 1}`, term })),
        from: table(there, 'o'),
        where: all(...keys.map(present), chosen),
      },
    };
    const on = all(...columns.map((each, at) => compared(termOf(each), 'eq', found[at]!)));
    const from: From = { is: 'join', kind: 'left', left: table(target), right: partners, on };
    const rows = rowsThatPass(columns, present(found[0]!), nullPolicy);
    const terms = columns.map((each) => termOf(each));
    const missing = any(...terms.map(absent));
    const partnered: Test = {
      is: 'found',
      of: terms,
      keys,
      from: table(there, 'o'),
      where: all(...keys.map(present), chosen),
    };
    return {
      asks: {
        // In one scan with other rules; what a join has to carry is only what it is asked for.
        here: { is: 'values', values: { rows: countWhen(), missing: countWhen(missing) } },
        lost: {
          is: 'query',
          on: 'target',
          maxRows: 1,
          select: {
            items: [{ as: 'lost', term: countWhen() }],
            from: table(target),
            where: all(where, not(missing), not(partnered)),
          },
        },
      },
      looksAt: rows.checked,
      failing: { items: itemsShown(target, columns), from, where: all(where, rows.violation) },
    };
  },
  count: ({ here, lost }, _, { nullPolicy }) => {
    const [rows, missing] = [countIn(oneRow(here), 'rows'), countIn(oneRow(here), 'missing')];
    const orphans = countIn(oneRow(lost), 'lost');
    return {
      rows,
      checked: nullPolicy === 'ignore' ? rows - missing : rows,
      violations: nullPolicy === 'fail' ? orphans + missing : orphans,
    };
  },
  examples: [
    {
      title: 'an order of nobody',
      columns: { customer: 'integer' },
      rows: [[1], [2], [3], [null]],
      other: { columns: { id: 'integer' }, rows: [[1], [2]] },
      rule: { columns: ['customer'], params: { refColumns: ['id'] } },
      expect: { status: 'fail', rows: 4, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'a partner that occurs twice counts once',
      columns: { customer: 'integer' },
      rows: [[1], [1], [9]],
      other: { columns: { id: 'integer' }, rows: [[1], [1], [null]] },
      rule: { columns: ['customer'], params: { refColumns: ['id'] } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'a key with an absent part is left alone',
      columns: { a: 'text', b: 'date' },
      rows: [
        ['x', '2026-01-01'],
        ['x', null],
        [null, '2026-01-01'],
        ['y', '2026-01-01'],
      ],
      other: {
        columns: { k1: 'text', k2: 'date' },
        rows: [
          ['x', '2026-01-01'],
          ['x', null],
        ],
      },
      rule: { columns: ['a', 'b'], params: { refColumns: ['k1', 'k2'] } },
      expect: { status: 'fail', rows: 4, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'a key with an absent part fails when asked to',
      columns: { a: 'text', b: 'integer' },
      rows: [
        ['x', 1],
        ['x', null],
      ],
      other: { columns: { k1: 'text', k2: 'integer' }, rows: [['x', 1]] },
      rule: { columns: ['a', 'b'], params: { refColumns: ['k1', 'k2'] }, nullPolicy: 'fail' },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'an empty dataset there',
      columns: { a: 'text' },
      rows: [['x']],
      other: { columns: { k: 'text' }, rows: [] },
      rule: { columns: ['a'], params: { refColumns: ['k'] } },
      expect: { status: 'fail', rows: 1, checked: 1, violations: 1 },
    },
    {
      title: 'filters on both sides',
      columns: { a: 'text', on: 'boolean' },
      rows: [
        ['x', true],
        ['y', true],
        ['z', false],
      ],
      other: {
        columns: { k: 'text', live: 'boolean' },
        rows: [
          ['x', true],
          ['y', false],
        ],
      },
      rule: {
        columns: ['a'],
        where: { op: 'eq', left: { column: 'on' }, right: { literal: true } },
        params: { refColumns: ['k'], refWhere: { op: 'eq', left: { column: 'live' }, right: { literal: true } } },
      },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'a whole number finds a decimal',
      columns: { a: 'integer' },
      rows: [[1], [2]],
      other: { columns: { k: 'decimal' }, rows: [['1.00'], ['2.00']] },
      rule: { columns: ['a'], params: { refColumns: ['k'] } },
      expect: { status: 'pass', rows: 2, checked: 2, violations: 0, failingRows: 0 },
    },
  ],
});

const listed = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(' + ');
