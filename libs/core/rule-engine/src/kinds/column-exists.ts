import { Type } from 'typebox';

import { knownFaults, countsOfKnown, knownFound } from '../known-facts.js';
import { defineRuleKind } from '../rule-kind.js';

/** There is a column of this name, and if asked for, at this place. The name is a parameter: a rule's columns have to exist. */
export const columnExists = defineRuleKind({
  code: 'column_exists',
  title: { en: 'A column exists', zh: '字段存在' },
  description: {
    en: 'The dataset has a column of this name, spelled just so unless the rule says otherwise, perhaps at a certain place.',
    zh: '数据集存在该名称的字段（默认区分大小写），并可要求其位于指定位置。',
  },
  dimension: 'consistency',
  columns: [0, 0],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      column: Type.String({ minLength: 1, title: 'Column', 'x-title-zh': '字段名' }),
      index: Type.Optional(
        Type.Integer({
          minimum: 0,
          title: 'Place',
          'x-title-zh': '位置',
          description: 'Counted from 0.',
          'x-description-zh': '从 0 开始计数。',
        }),
      ),
      caseInsensitive: Type.Boolean({
        default: false,
        title: 'Upper and lower case are the same',
        'x-title-zh': '忽略大小写',
      }),
    },
    { additionalProperties: false },
  ),
  says: ({ params: { column, index } }) => ({
    en: `There is a column "${column}"${index === undefined ? '' : ` at place ${index}`}`,
    zh: `存在字段“${column}”${index === undefined ? '' : `，位于第 ${index} 位（从 0 计）`}`,
  }),
  compile: ({ target, params: { column, index, caseInsensitive } }) => {
    const folded = (name: string) => (caseInsensitive ? name.toLowerCase() : name);
    const at = target.columns.findIndex(({ name }) => folded(name) === folded(column));
    if (at === -1) return knownFaults(1, [{ en: 'there is none', zh: '不存在' }]);
    const elsewhere = { en: `it is at place ${at}`, zh: `实际位于第 ${at} 位` };
    return knownFaults(1, index === undefined || index === at ? [] : [elsewhere], { index: String(at) });
  },
  count: countsOfKnown,
  found: knownFound,
  examples: [
    {
      title: 'it is not there',
      columns: { a: 'integer' },
      rows: [[1]],
      rule: { params: { column: 'A' } },
      expect: { status: 'fail', checked: 1, violations: 1, failingRows: 0 },
    },
    {
      title: 'it is there, even without rows',
      columns: { '姓"名': 'text' },
      rows: [],
      rule: { params: { column: '姓"名', index: 0 } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { index: '0' } },
    },
    {
      title: 'it is at another place',
      columns: { a: 'integer', b: 'text' },
      rows: [],
      rule: { params: { column: 'B', index: 0, caseInsensitive: true } },
      expect: { status: 'fail', violations: 1, metrics: { index: '1' } },
    },
  ],
});
