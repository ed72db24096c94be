import { Type } from 'typebox';

import { fault } from '../bind-expression.js';
import { type Fault, knownFaults, countsOfKnown, knownFound } from '../known-facts.js';
import { defineRuleKind } from '../rule-kind.js';

const RELATIONS = {
  ordered_equal: ['are, in this order,', '按此顺序恰为'],
  equal: ['are, in any order,', '（不计顺序）恰为'],
  superset: ['include', '包含'],
  subset: ['are among', '不超出'],
  disjoint: ['include none of', '不包含'],
} as const;

/** The columns of a dataset are those of a list. Each name too many, missing or at the wrong place is a violation. */
export const columnsMatch = defineRuleKind({
  code: 'columns_match',
  title: { en: 'Columns are those of a list', zh: '字段清单一致' },
  description: {
    en: 'The names of the columns equal a list, in its order or any, contain it, lie within it, or have nothing in common with it.',
    zh: '字段名与清单完全一致（计或不计顺序）、包含清单、不超出清单，或与清单无交集。',
  },
  dimension: 'consistency',
  columns: [0, 0],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      columns: Type.Array(Type.String({ minLength: 1 }), {
        maxItems: 2000,
        title: 'Names',
        'x-title-zh': '字段名清单',
      }),
      relation: Type.Enum(['ordered_equal', 'equal', 'superset', 'subset', 'disjoint'], {
        default: 'equal',
        title: 'The columns are',
        'x-title-zh': '关系',
        description:
          'ordered_equal, equal: just these. superset: these and perhaps others. subset: none but these. disjoint: none of these.',
        'x-description-zh':
          'ordered_equal、equal：恰为清单；superset：包含清单；subset：不超出清单；disjoint：与清单无交集。',
      }),
      caseInsensitive: Type.Boolean({
        default: false,
        title: 'Upper and lower case are the same',
        'x-title-zh': '忽略大小写',
      }),
    },
    { additionalProperties: false },
  ),
  says: ({ params: { columns, relation } }) => {
    const list = columns.slice(0, 8).join(', ') + (columns.length > 8 ? ', …' : '');
    return { en: `The columns ${RELATIONS[relation][0]} ${list}`, zh: `字段${RELATIONS[relation][1]} ${list}` };
  },
  compile: ({ target, params: { columns, relation, caseInsensitive } }) => {
    const folded = (name: string) => (caseInsensitive ? name.toLowerCase() : name);
    const listed = columns.map(folded);
    if (new Set(listed).size < listed.length) throw fault('the list names a column twice', ['params', 'columns']);
    const there = target.columns.map(({ name }) => folded(name));
    const missing = listed
      .filter((name) => !there.includes(name))
      .map((name): Fault => ({ en: `${name} is missing`, zh: `缺少 ${name}` }));
    const extra = there
      .filter((name) => !listed.includes(name))
      .map((name): Fault => ({ en: `${name} is not listed`, zh: `多出 ${name}` }));
    const common = there.filter((name) => listed.includes(name));
    const union = listed.length + extra.length;
    switch (relation) {
      case 'superset':
        return knownFaults(listed.length, missing);
      case 'subset':
        return knownFaults(there.length, extra);
      case 'disjoint':
        return knownFaults(
          there.length,
          common.map((name) => ({ en: `${name} is there`, zh: `存在 ${name}` })),
        );
      case 'equal':
        return knownFaults(union, [...missing, ...extra]);
      case 'ordered_equal': {
        const order = listed.filter((name) => there.includes(name));
        const moved = common
          .filter((name, at) => name !== order[at])
          .map((name): Fault => ({ en: `${name} is at another place`, zh: `${name} 位置不符` }));
        return knownFaults(union, [...missing, ...extra, ...moved]);
      }
      default:
        return relation satisfies never;
    }
  },
  count: countsOfKnown,
  found: knownFound,
  examples: [
    {
      title: 'one is missing and one is not listed',
      columns: { a: 'integer', b: 'text' },
      rows: [[1, null]],
      rule: { params: { columns: ['a', 'c'] } },
      expect: {
        status: 'fail',
        checked: 3,
        violations: 2,
        metrics: { faults: 'c is missing, b is not listed' },
        failingRows: 0,
      },
    },
    {
      title: 'the same in any order, without rows',
      columns: { a: 'integer', 名: 'text' },
      rows: [],
      rule: { params: { columns: ['名', 'a'] } },
      expect: { status: 'pass', checked: 2, violations: 0 },
    },
    {
      title: 'the same in another order',
      columns: { a: 'integer', b: 'text' },
      rows: [],
      rule: { params: { columns: ['b', 'a'], relation: 'ordered_equal' } },
      expect: { status: 'fail', violations: 2 },
    },
    {
      title: 'these and others, whatever the case',
      columns: { a: 'integer', b: 'text' },
      rows: [],
      rule: { params: { columns: ['A'], relation: 'superset', caseInsensitive: true } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'none but these',
      columns: { a: 'integer', b: 'text' },
      rows: [],
      rule: { params: { columns: ['a'], relation: 'subset' } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'none of these',
      columns: { a: 'integer' },
      rows: [],
      rule: { params: { columns: ['password'], relation: 'disjoint' } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
  ],
});
