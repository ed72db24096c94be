import { Type } from 'typebox';

import { wholeFraction } from '../exact.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { BOUNDS, boundsSay, checkBounds, countsOfValue } from '../value-bounds.js';

/** The number of columns lies between two bounds; known without asking the source. */
export const columnCount = defineRuleKind({
  code: 'column_count',
  title: { en: 'Number of columns', zh: '字段个数' },
  description: {
    en: 'The number of columns, as the catalog knows them, lies between two bounds.',
    zh: '目录中登记的字段个数在区间之内。',
  },
  dimension: 'consistency',
  columns: [0, 0],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({ ...BOUNDS }, { additionalProperties: false }),
  says: ({ params }) => {
    const said = boundsSay(params);
    return { en: `The number of columns ${said.en}`, zh: `字段个数 ${said.zh}` };
  },
  compile: ({ target, params }) => {
    checkBounds(params, 'integer');
    return { asks: { known: { is: 'known', row: { columns: String(target.columns.length) } } }, measures: 'integer' };
  },
  count: ({ known }, params) => countsOfValue(0n, wholeFraction(countIn(oneRow(known), 'columns')), params, 'integer'),
  examples: [
    {
      title: 'one column too many',
      columns: { a: 'integer', b: 'text' },
      rows: [],
      rule: { params: { max: 1 } },
      expect: { status: 'fail', checked: 1, violations: 1, metrics: { value: '2' }, failingRows: 0 },
    },
    {
      title: 'exactly two columns, even without rows',
      columns: { a: 'integer', b: 'text' },
      rows: [],
      rule: { params: { min: 2, max: 2 } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'any number but these',
      columns: { a: 'integer', 正: 'text' },
      rows: [[1, null]],
      rule: { threshold: { metric: 'value', fail: { eq: 2 } } },
      expect: { status: 'fail', metrics: { value: '2' } },
    },
  ],
});
