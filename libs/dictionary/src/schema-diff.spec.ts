import { diffSchemas, type SchemaFacts } from './schema-diff.js';

const field = (name: string, more: Partial<SchemaFacts['fields'][number]> = {}): SchemaFacts['fields'][number] => ({
  ...{ fieldId: `id of ${name}`, name, ordinal: 1, nativeType: 'text', typeFamily: 'text', length: null },
  ...{ precision: null, scale: null, nullable: true, defaultExpression: null, generated: null, comment: null },
  ...more,
});
const schema = (...fields: SchemaFacts['fields']): SchemaFacts => ({
  ...{ kind: 'table', comment: null, viewSql: null, owner: null, keys: [], fields },
  ...{ checks: null, indexes: null, partitionKey: null },
});
const key = { kind: 'primary', name: 'pk', fields: ['a', '乙'], validated: true } as const;

it.each<[string, SchemaFacts, SchemaFacts, object]>([
  ['nothing', schema(field('a')), schema(field('a')), {}],
  ['a new field', schema(field('a')), schema(field('a'), field('乙')), { added: ['乙'] }],
  ['a field less', schema(field('a'), field('乙')), schema(field('a')), { removed: ['乙'] }],
  [
    'another type',
    schema(field('a')),
    schema(field('a', { nativeType: 'bigint', typeFamily: 'integer' })),
    { changed: { a: ['nativeType: text → bigint'] } },
  ],
  [
    'nullable and comment',
    schema(field('a')),
    schema(field('a', { nullable: false, comment: '金额' })),
    { changed: { a: ['nullable: true → false', 'comment: null → 金额'] } },
  ],
  [
    'another place among those that stay',
    schema(field('a'), field('b', { ordinal: 2 }), field('c', { ordinal: 3 })),
    schema(field('b'), field('a', { ordinal: 2 }), field('c', { ordinal: 3 })),
    { changed: { b: ['ordinal: 2 → 1'], a: ['ordinal: 1 → 2'] } },
  ],
  [
    'a place that went down with its neighbours is nothing',
    schema(field('a'), field('b', { ordinal: 2 })),
    schema(field('x'), field('a', { ordinal: 2 }), field('b', { ordinal: 3 })),
    { added: ['x'] },
  ],
  [
    'a key',
    schema(field('a')),
    { ...schema(field('a')), keys: [key] },
    { changes: ['keys: null → primary pk (a, 乙)'] },
  ],
  [
    'of several keys only those that are others',
    { ...schema(field('a')), keys: [key, { ...key, name: 'b' }] },
    { ...schema(field('a')), keys: [key, { ...key, name: 'c' }] },
    { changes: ['keys: primary b (a, 乙) → primary c (a, 乙)'] },
  ],
  [
    'the order in which keys are told is nothing',
    { ...schema(), keys: [key, { ...key, name: 'b' }] },
    { ...schema(), keys: [{ ...key, name: 'b' }, key] },
    {},
  ],
  [
    'a view and its comment',
    { ...schema(), kind: 'view', viewSql: 'SELECT 1' },
    { ...schema(), kind: 'view', viewSql: 'SELECT 2', comment: 'x' },
    { changes: ['comment: null → x', 'viewSql: SELECT 1 → SELECT 2'] },
  ],
  [
    'checks, indexes and partitioning',
    { ...schema(), checks: [], indexes: [] },
    {
      ...schema(),
      checks: [{ name: '额 "1"', expression: '(a > 0)', validated: false }],
      indexes: [
        {
          name: 'i',
          kind: 'btree',
          unique: true,
          parts: [{ field: '乙' }, { expression: 'lower(a)' }],
          condition: 'a > 0',
        },
      ],
      partitionKey: 'RANGE (a)',
    },
    {
      changes: [
        'checks: null → 额 "1" (a > 0) not validated',
        'indexes: null → unique btree i (乙, lower(a)) where a > 0',
        'partitionKey: null → RANGE (a)',
      ],
    },
  ],
])('%s', (_, before, after, expected) => {
  const diff = diffSchemas(before, after);
  const told = (changes: (typeof diff)['changes']) =>
    changes.map((each) => `${each.property}: ${each.before} → ${each.after}`);
  expect({
    added: diff.added.map(({ name }) => name),
    removed: diff.removed.map(({ name }) => name),
    changed: Object.fromEntries(diff.changed.map(({ name, changes }) => [name, told(changes)])),
    changes: told(diff.changes),
  }).toEqual({ added: [], removed: [], changed: {}, changes: [], ...expected });
});

const decimal = (precision: number, scale: number) =>
  field('a', { nativeType: `numeric(${precision},${scale})`, typeFamily: 'decimal', precision, scale });
const text = (length: number | null) =>
  field('a', { nativeType: length === null ? 'text' : `varchar(${length})`, length });

it.each<[string, SchemaFacts, SchemaFacts, string]>([
  ['nothing', schema(field('a')), schema(field('a')), 'compatible'],
  ['a new field', schema(field('a')), schema(field('a'), field('乙', { ordinal: 2 })), 'compatible'],
  ['a field less', schema(field('a'), field('乙')), schema(field('a')), 'breaking'],
  ['another kind of value', schema(field('a')), schema(decimal(18, 2)), 'breaking'],
  ['more digits', schema(decimal(18, 2)), schema(decimal(20, 2)), 'review'],
  ['fewer digits', schema(decimal(18, 2)), schema(decimal(16, 2)), 'compatible'],
  ['fewer digits and more decimals', schema(decimal(18, 2)), schema(decimal(16, 4)), 'review'],
  ['longer texts', schema(text(20)), schema(text(50)), 'review'],
  ['texts of any length', schema(text(20)), schema(text(null)), 'review'],
  ['shorter texts', schema(text(null)), schema(text(50)), 'compatible'],
  ['NULL where there was none', schema(field('a', { nullable: false })), schema(field('a')), 'review'],
  ['no NULL any more', schema(field('a')), schema(field('a', { nullable: false })), 'compatible'],
  [
    'places that were swapped',
    schema(field('a'), field('b', { ordinal: 2 }), field('c', { ordinal: 3 })),
    schema(field('b'), field('a', { ordinal: 2 }), field('c', { ordinal: 3 })),
    'review',
  ],
  [
    'places that moved on together',
    schema(field('a'), field('b', { ordinal: 2 })),
    schema(field('x'), field('a', { ordinal: 2 }), field('b', { ordinal: 3 })),
    'compatible',
  ],
  ['a lost primary key', { ...schema(field('a')), keys: [key] }, schema(field('a')), 'review'],
  [
    'a primary key of another name',
    { ...schema(field('a')), keys: [key] },
    { ...schema(field('a')), keys: [{ ...key, name: 'other', fields: ['乙', 'a'] }] },
    'compatible',
  ],
  [
    'a check less: rows may come that none was ready for',
    { ...schema(), checks: [{ name: 'c', expression: '(a > 0)', validated: true }] },
    { ...schema(), checks: [] },
    'review',
  ],
  [
    'a check of another name',
    { ...schema(), checks: [{ name: 'c', expression: '(a > 0)', validated: true }] },
    { ...schema(), checks: [{ name: 'd', expression: '(a > 0)', validated: true }] },
    'compatible',
  ],
  ['another view', { ...schema(), viewSql: 'SELECT 1' }, { ...schema(), viewSql: 'SELECT 2' }, 'review'],
])('%s: the impact', (_, before, after, impact) => {
  expect(diffSchemas(before, after).impact).toBe(impact);
});
