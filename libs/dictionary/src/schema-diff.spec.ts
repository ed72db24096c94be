import { diffSchemas, type SchemaFacts } from './schema-diff.js';

const field = (name: string, more: Partial<SchemaFacts['fields'][number]> = {}): SchemaFacts['fields'][number] => ({
  ...{ fieldId: `id of ${name}`, name, ordinal: 1, nativeType: 'text', typeFamily: 'text', length: null },
  ...{ precision: null, scale: null, nullable: true, defaultExpression: null, generated: null, comment: null },
  ...more,
});
const schema = (...fields: SchemaFacts['fields']): SchemaFacts => ({
  ...{ kind: 'table', comment: null, viewSql: null, owner: null, keys: [], fields },
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
  ['another place', schema(field('a')), schema(field('a', { ordinal: 2 })), { changed: { a: ['ordinal: 1 → 2'] } }],
  [
    'a key',
    schema(field('a')),
    { ...schema(field('a')), keys: [key] },
    { changes: ['keys: null → primary pk (a, 乙)'] },
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
