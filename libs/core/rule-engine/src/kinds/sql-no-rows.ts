import { Type } from 'typebox';

import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { reviewedSql, SQL } from '../reviewed-sql.js';

/**
 * A query that people wrote finds nothing. Each row that it finds is a violation; they are counted and not shown, since nobody knows
 * whose secrets its columns hold. `checked` is one question, or as many as rows came back.
 */
export const sqlNoRows = defineRuleKind({
  code: 'sql_no_rows',
  title: { en: 'SQL that finds no rows', zh: 'SQL 查不到行' },
  description: {
    en: 'A query finds no rows; each that it finds is a violation. The text is parsed first: one statement that only reads.',
    zh: '查询不应返回任何行，返回的每一行为一条违规；语句先经解析，须为一条只读查询。',
  },
  dimension: 'accuracy',
  columns: [0, 0],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({ sql: SQL }, { additionalProperties: false }),
  says: () => ({ en: 'The SQL finds no rows', zh: 'SQL 查询无结果' }),
  compile: (bound) => ({
    asks: {
      // The text parsed as one query, so the brackets hold it together; the line break ends a comment at its end.
      found: {
        is: 'sql',
        sql: `SELECT count(*) AS n FROM (\n${reviewedSql(bound, bound.params.sql)}\n) AS found`,
        maxRows: 1,
      },
    },
  }),
  count: ({ found }) => {
    const violations = countIn(oneRow(found), 'n');
    return { rows: violations, checked: violations === 0n ? 1n : violations, violations };
  },
  found: ({ violations }) => ({ en: `it finds ${violations}`, zh: `返回 ${violations} 行` }),
  examples: [
    {
      title: 'two orders that should not be',
      columns: { x: 'integer', d: 'date' },
      rows: [
        [1, '2026-01-01'],
        [2, null],
        [3, null],
      ],
      rule: { params: { sql: 'SELECT * FROM {target} WHERE d IS NULL -- forgotten' } },
      expect: { status: 'fail', violations: 2, failingRows: 0 },
    },
    {
      title: 'none, by group',
      columns: { who: 'text' },
      rows: [['甲'], ['乙']],
      rule: { params: { sql: 'SELECT who FROM {target} GROUP BY who HAVING count(*) > 1' } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'an empty table has none',
      columns: { x: 'integer' },
      rows: [],
      rule: { params: { sql: 'SELECT * FROM {target}' } },
      expect: { status: 'pass', violations: 0 },
    },
    {
      title: 'one may be found',
      columns: { x: 'integer' },
      rows: [[1]],
      rule: {
        params: { sql: 'SELECT x FROM {target}' },
        threshold: { metric: 'count', warn: { gte: 1 }, fail: { gt: 1 } },
      },
      expect: { status: 'warn', violations: 1 },
    },
  ],
});
