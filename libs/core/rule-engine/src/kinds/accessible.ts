import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { wholeFraction } from '../exact.js';
import { oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { integer, table } from '../sql/term.js';

/**
 * The dataset, or some columns of it, can be read, and soon enough. Here a refusal or a lost connection is not an error of the run but
 * what the rule looks for. The measured value is the milliseconds until one row came.
 */
export const accessible = defineRuleKind({
  code: 'accessible',
  title: { en: 'Can be read', zh: '可访问' },
  description: {
    en: 'The source answers, and the dataset (or the columns named) may be read; perhaps within a time.',
    zh: '数据源可连接，数据集（或所列字段）可读取，并可限定响应时间。',
  },
  dimension: 'accessibility',
  columns: [0, 16],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      withinMs: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 600_000,
          title: 'Within milliseconds',
          'x-title-zh': '响应时间上限（毫秒）',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  says: ({ columns, params: { withinMs } }) => {
    const what =
      columns.length === 0
        ? ['The dataset', '数据集']
        : [columns.map((name) => `"${name}"`).join(', '), columns.join('、')];
    const soon = withinMs === undefined ? ['', ''] : [` within ${withinMs} ms`, `，响应不超过 ${withinMs} 毫秒`];
    return { en: `${what[0]} can be read${soon[0]}`, zh: `${what[1]}可读取${soon[1]}` };
  },
  compile: ({ target, columns }) => ({
    asks: {
      tried: {
        is: 'query',
        on: 'target',
        attempt: true,
        maxRows: 1,
        select: {
          items:
            columns.length === 0
              ? [{ as: 'there', term: integer(1) }]
              : columns.map((each, at) => ({ as: `c${at + 1}`, term: termOf(each) })),
          from: table(target),
          limit: 1,
        },
      },
    },
    measures: 'integer',
  }),
  count: ({ tried }, { withinMs }) => {
    const { reached, ms, reason } = oneRow(tried);
    if (reached !== '1' || ms == null)
      return { rows: 0n, checked: 1n, violations: 1n, metrics: { reason: reason ?? '' } };
    const late = withinMs !== undefined && BigInt(ms) > BigInt(withinMs);
    return { rows: 0n, checked: 1n, violations: late ? 1n : 0n, value: wholeFraction(BigInt(ms)) };
  },
  found: ({ value, metrics = {} }) =>
    value === undefined ? { en: `it cannot: ${metrics['reason']}`, zh: `不可读取：${metrics['reason']}` } : undefined,
  examples: [
    {
      title: 'it can be read, even without rows',
      columns: { x: 'integer' },
      rows: [],
      rule: {},
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'a column can be read',
      columns: { '姓"名': 'text' },
      rows: [[null]],
      rule: { columns: ['姓"名'], params: { withinMs: 600_000 } },
      expect: { status: 'pass', violations: 0 },
    },
    {
      title: 'any time is too long',
      columns: { x: 'integer' },
      rows: [[1]],
      rule: { threshold: { metric: 'value', fail: { gte: 0 } } },
      expect: { status: 'fail', violations: 0, failingRows: 0 },
    },
  ],
});
