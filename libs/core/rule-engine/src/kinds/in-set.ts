import { Type } from 'typebox';

import { provenAmong, provenPresent, provenTogether } from '../constraint-proof.js';
import { CaseInsensitive, listed, ValuesList } from '../kind-parts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';

/** The value is one of a list. A NULL in the list is left out: what to do with absent values is for `nullPolicy`. */
export const inSet = defineRuleKind({
  code: 'in_set',
  title: { en: 'Is one of a list', zh: '取值在列表内' },
  description: {
    en: 'The value is one of those listed. Absent values are left alone unless the rule says otherwise.',
    zh: '取值必须在所列值之内；空值默认不检查。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params: Type.Object(
    {
      values: ValuesList('Values', '允许的取值'),
      caseInsensitive: CaseInsensitive,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { values } }) => {
    const shown = values.filter((value) => value !== null).map(String);
    const more = shown.length > 5 ? ', …' : '';
    const list = shown.slice(0, 5).join(', ') + more;
    return { en: `"${column}" is one of ${list}`, zh: `“${column}”取值为 ${list} 之一` };
  },
  provenBy: ({ target, columns, params: { values }, nullPolicy }) => {
    const among = provenAmong(target, columns[0]!, values);
    return nullPolicy === 'fail' ? provenTogether(among, provenPresent(target, [columns[0]!.name])) : among;
  },
  compile: ({ columns, params: { values, caseInsensitive }, nullPolicy }) => ({
    asks: { measure: rowsThatPass(columns, listed(columns[0]!, values, caseInsensitive), nullPolicy) },
  }),
  examples: [
    {
      title: 'an unknown state',
      columns: { state: 'text' },
      rows: [['open'], ['closed'], ['opne'], [null]],
      rule: { columns: ['state'], params: { values: ['open', 'closed'] } },
      expect: { status: 'fail', rows: 4, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'a NULL in the list hides nothing',
      columns: { state: 'text' },
      rows: [['open'], ['opne']],
      rule: { columns: ['state'], params: { values: ['open', null] } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'absent values fail when asked to',
      columns: { state: 'text' },
      rows: [['open'], [null]],
      rule: { columns: ['state'], params: { values: ['open'] }, nullPolicy: 'fail' },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'absent values pass when asked to, and are counted',
      columns: { state: 'text' },
      rows: [['open'], [null], ['x'], [null]],
      rule: {
        columns: ['state'],
        params: { values: ['open'] },
        nullPolicy: 'pass',
        threshold: { metric: 'ratio', fail: { gt: '0.25' } },
      },
      expect: { status: 'pass', rows: 4, checked: 4, violations: 1, metrics: { ratio: '0.25' } },
    },
    {
      title: 'letters differ by case, and blanks count',
      columns: { x: 'text' },
      rows: [['A'], ['a'], ['a ']],
      rule: { columns: ['x'], params: { values: ['a'] } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 2 },
    },
    {
      title: 'in any case, in every script, when asked to',
      columns: { x: 'text' },
      rows: [['OPEN'], ['Ünpaid'], ['a.c'], ['abc']],
      rule: { columns: ['x'], params: { values: ['open', 'ünPAID', 'A.C'], caseInsensitive: true } },
      expect: { status: 'fail', rows: 4, checked: 4, violations: 1, failingRows: 1 },
    },
    {
      title: 'an empty list allows nothing',
      columns: { x: 'integer' },
      rows: [[1], [null]],
      rule: { columns: ['x'], params: { values: [] } },
      expect: { status: 'fail', rows: 2, checked: 1, violations: 1 },
    },
    {
      title: 'quotes, backslashes, Chinese and emoji are only values',
      columns: { x: 'text' },
      rows: [["it's"], ['a\\'], ['"; DROP TABLE x; --'], ['正常😀'], ['%']],
      rule: { columns: ['x'], params: { values: ["it's", 'a\\', '"; DROP TABLE x; --', '正常😀', '%'] } },
      expect: { status: 'pass', rows: 5, checked: 5, violations: 0 },
    },
    {
      title: 'decimals are exact',
      columns: { x: 'decimal' },
      rows: [['0.1'], ['0.30'], ['0.3000001']],
      rule: { columns: ['x'], params: { values: ['0.10', 0.3] } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1 },
    },
    {
      title: 'whole numbers beyond what a double holds',
      columns: { x: 'integer' },
      rows: [['9007199254740993'], ['9007199254740992']],
      rule: { columns: ['x'], params: { values: ['9007199254740993'] } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'dates, as dates',
      columns: { x: 'date' },
      rows: [['2026-02-28'], ['2026-03-01']],
      rule: { columns: ['x'], params: { values: ['2026-02-28'] } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'points in time, whatever zone they are written in',
      columns: { x: 'timestamptz' },
      rows: [['2026-01-01T00:00:00Z']],
      rule: { columns: ['x'], params: { values: ['2026-01-01T08:00+08:00'] } },
      expect: { status: 'pass', rows: 1, checked: 1, violations: 0 },
    },
    {
      title: 'truth values',
      columns: { x: 'boolean' },
      rows: [[true], [false]],
      rule: { columns: ['x'], params: { values: [true] } },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'the share of all rows, absent ones too',
      columns: { x: 'text' },
      rows: [['x'], ['a'], [null], [null]],
      rule: {
        columns: ['x'],
        params: { values: ['a'] },
        denominator: 'all',
        threshold: { metric: 'ratio', fail: { gt: 0.25 } },
      },
      expect: { status: 'pass', rows: 4, checked: 2, violations: 1, metrics: { ratio: '0.25' } },
    },
  ],
});
