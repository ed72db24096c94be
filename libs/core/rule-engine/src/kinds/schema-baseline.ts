import { Type } from 'typebox';

import { type Fault, knownFaults, countsOfKnown, knownFound } from '../known-facts.js';
import { defineRuleKind } from '../rule-kind.js';

/** The columns are still those of a stored baseline. Each that was added, removed, moved or has another type is a violation. */
export const schemaBaseline = defineRuleKind({
  code: 'schema_baseline',
  title: { en: 'Columns are as they were', zh: '表结构未变更' },
  description: {
    en: 'Names and types of the columns are those of a stored baseline. Which kinds of change are allowed is for the rule to say.',
    zh: '字段名与类型同已保存的基线一致；允许哪些变更由规则指定。',
  },
  dimension: 'consistency',
  columns: [0, 0],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      baseline: Type.Array(
        Type.Object(
          { name: Type.String({ minLength: 1 }), type: Type.Optional(Type.String({ minLength: 1 })) },
          { additionalProperties: false },
        ),
        {
          minItems: 1,
          maxItems: 2000,
          title: 'Baseline',
          'x-title-zh': '基线字段',
          description: 'Names, and types as the source writes them; a type that is left out may be any.',
          'x-description-zh': '字段名与数据源类型名；类型省略表示不限。',
        },
      ),
      allowed: Type.Array(Type.Enum(['added', 'removed', 'retyped', 'moved']), {
        default: ['moved'],
        title: 'Changes allowed',
        'x-title-zh': '允许的变更',
      }),
    },
    { additionalProperties: false },
  ),
  says: ({ params: { baseline } }) => ({
    en: `The ${baseline.length} columns are as in the baseline`,
    zh: `表结构与基线（${baseline.length} 个字段）一致`,
  }),
  compile: ({ target, params: { baseline, allowed } }) => {
    const now = new Map(target.columns.map((each) => [each.name, each]));
    const before = new Map(baseline.map((each) => [each.name, each]));
    const removed = baseline.filter(({ name }) => !now.has(name));
    const added = target.columns.filter(({ name }) => !before.has(name));
    const retyped = baseline.flatMap(({ name, type }) => {
      const is = now.get(name);
      const native = is?.nativeType ?? is?.typeFamily;
      return type === undefined || native === undefined || native.toLowerCase() === type.toLowerCase()
        ? []
        : [{ name, type, native }];
    });
    const order = baseline.filter(({ name }) => now.has(name));
    const moved = target.columns
      .filter(({ name }) => before.has(name))
      .filter(({ name }, at) => order[at]!.name !== name);
    const faults: Record<(typeof allowed)[number], readonly Fault[]> = {
      removed: removed.map(({ name }) => ({ en: `${name} was removed`, zh: `${name} 已删除` })),
      added: added.map(({ name }) => ({ en: `${name} was added`, zh: `${name} 为新增` })),
      retyped: retyped.map(({ name, type, native }) => ({
        en: `${name} was ${type} and is ${native}`,
        zh: `${name} 类型由 ${type} 变为 ${native}`,
      })),
      moved: moved.map(({ name }) => ({ en: `${name} was moved`, zh: `${name} 位置变更` })),
    };
    const counted = (['removed', 'added', 'retyped', 'moved'] as const).map((change) => [
      change,
      String(faults[change].length),
    ]);
    const refused = (['removed', 'added', 'retyped', 'moved'] as const).filter((change) => !allowed.includes(change));
    return knownFaults(
      baseline.length + added.length,
      refused.flatMap((change) => faults[change]),
      Object.fromEntries(counted),
    );
  },
  count: countsOfKnown,
  found: knownFound,
  examples: [
    {
      title: 'one was added, one was removed',
      columns: { a: 'date', c: 'text' },
      rows: [],
      rule: { params: { baseline: [{ name: 'a', type: 'DATE' }, { name: 'b' }] } },
      expect: {
        status: 'fail',
        checked: 3,
        violations: 2,
        metrics: { added: '1', removed: '1', retyped: '0', moved: '0' },
        failingRows: 0,
      },
    },
    {
      title: 'as it was',
      columns: { a: 'date', 名: 'text' },
      rows: [['2026-01-01', null]],
      rule: { params: { baseline: [{ name: '名' }, { name: 'a', type: 'date' }] } },
      expect: { status: 'pass', checked: 2, violations: 0, metrics: { moved: '2' } },
    },
    {
      title: 'another type',
      columns: { a: 'date' },
      rows: [],
      rule: { params: { baseline: [{ name: 'a', type: 'varchar(10)' }] } },
      expect: { status: 'fail', violations: 1, metrics: { retyped: '1' } },
    },
    {
      title: 'new columns are allowed',
      columns: { a: 'date', b: 'text' },
      rows: [],
      rule: { params: { baseline: [{ name: 'a' }], allowed: ['added'] } },
      expect: { status: 'pass', checked: 2, violations: 0, metrics: { added: '1' } },
    },
  ],
});
