import { Type } from 'typebox';

import { knownFaults, countsOfKnown, knownFound } from '../known-facts.js';
import { defineRuleKind } from '../rule-kind.js';

/** Two datasets, perhaps of different sources, have equally many columns. */
export const columnCountCompare = defineRuleKind({
  code: 'column_count_compare',
  title: { en: 'Has as many columns as another dataset', zh: '字段个数与另一数据集一致' },
  description: {
    en: 'Two datasets have equally many columns, as the catalog knows them. They may be in different sources.',
    zh: '两个数据集登记的字段个数相同；两者可以属于不同数据源。',
  },
  dimension: 'consistency',
  columns: [0, 0],
  other: 'any',
  nullPolicy: false,
  params: Type.Object({}, { additionalProperties: false }),
  says: () => ({ en: 'There are as many columns as in the other dataset', zh: '字段个数与另一数据集一致' }),
  compile: ({ target, other }) => {
    const [here, there] = [target.columns.length, other!.columns.length];
    const fault = {
      en: `${here} columns here and ${there} there`,
      zh: `本数据集 ${here} 个字段，另一数据集 ${there} 个`,
    };
    return knownFaults(1, here === there ? [] : [fault], { columns: String(here), otherColumns: String(there) });
  },
  count: countsOfKnown,
  found: knownFound,
  examples: [
    {
      title: 'one column is missing',
      columns: { a: 'integer' },
      rows: [[1]],
      other: { columns: { a: 'integer', b: 'text' }, rows: [] },
      rule: {},
      expect: {
        status: 'fail',
        checked: 1,
        violations: 1,
        metrics: { columns: '1', otherColumns: '2' },
        failingRows: 0,
      },
    },
    {
      title: 'as many, whatever they are called',
      columns: { a: 'integer' },
      rows: [],
      other: { columns: { 名: 'text' }, rows: [] },
      rule: {},
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
  ],
});
