import { Type } from 'typebox';

import { quantityOf } from '../quantity.js';
import { defineRuleKind } from '../rule-kind.js';
import { reviewedSql, SQL } from '../reviewed-sql.js';
import { BOUNDS, boundsSay, checkBounds, countsOfValue } from '../value-bounds.js';

/** A query that people wrote gives one number, and it lies between two bounds. The last resort, where no other kind will do. */
export const sqlScalar = defineRuleKind({
  code: 'sql_scalar',
  title: { en: 'A number from SQL', zh: 'SQL 指标' },
  description: {
    en: 'A query gives one row with one number, which lies between two bounds. The text is parsed first: one statement that only reads.',
    zh: '查询返回一行一列的数值且在区间之内；语句先经解析，须为一条只读查询。',
  },
  dimension: 'accuracy',
  columns: [0, 0],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({ sql: SQL, ...BOUNDS }, { additionalProperties: false }),
  says: ({ params }) => {
    const said = boundsSay(params);
    return { en: `The number from SQL ${said.en}`, zh: `SQL 指标 ${said.zh}` };
  },
  compile: (bound) => {
    checkBounds(bound.params, 'decimal');
    return {
      asks: { number: { is: 'sql', sql: reviewedSql(bound, bound.params.sql), maxRows: 1 } },
      measures: 'decimal',
    };
  },
  count: ({ number = [] }, params) => {
    const values = Object.values(number[0] ?? {});
    if (values.length > 1) throw new TypeError(`the SQL gives ${values.length} columns, and one is needed`);
    const text = values[0] ?? undefined;
    const measured = text === undefined ? undefined : quantityOf(text, 'decimal');
    if (text !== undefined && measured === undefined)
      throw new TypeError(`the SQL gives ${JSON.stringify(text)}, which is no number`);
    return countsOfValue(0n, measured, params, 'decimal');
  },
  examples: [
    {
      title: 'the share of open orders',
      columns: { state: 'text' },
      rows: [['open'], ['closed'], ['closed']],
      rule: { params: { sql: `SELECT count(*) FROM {target} WHERE state = 'open';`, max: 0 } },
      expect: { status: 'fail', checked: 1, violations: 1, metrics: { value: '1' }, failingRows: 0 },
    },
    {
      title: 'a CTE, comments and quotes',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      rule: {
        params: { sql: `WITH a AS (SELECT x FROM {target}) -- it's all\nSELECT sum(x) FROM a -- done`, min: 3, max: 3 },
      },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { value: '3' } },
    },
    {
      title: 'nothing comes back',
      columns: { x: 'integer' },
      rows: [],
      rule: { params: { sql: 'SELECT max(x) FROM {target}', min: 0 } },
      expect: { status: 'not_evaluated', checked: 0 },
    },
  ],
});
