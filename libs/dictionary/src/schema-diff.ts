import { type HarvestedKey } from '#core/connector-kit';

import { type FieldFacts } from './fields.js';

/** A schema as a source had it once. */
export interface SchemaFacts {
  readonly kind: string;
  readonly comment: string | null;
  readonly viewSql: string | null;
  readonly owner: string | null;
  readonly keys: readonly HarvestedKey[];
  readonly fields: readonly (FieldFacts & { readonly fieldId: string })[];
}

/** One property that is not what it was. Values as texts; null: none. */
export interface PropertyChange {
  readonly property: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface FieldChange {
  readonly fieldId: string;
  readonly name: string;
  readonly changes: readonly PropertyChange[];
}

export interface SchemaDiff {
  readonly added: SchemaFacts['fields'];
  readonly removed: SchemaFacts['fields'];
  readonly changed: readonly FieldChange[];
  /** Of the dataset itself: kind, comment, view, owner, keys. */
  readonly changes: readonly PropertyChange[];
}

const FIELD_PROPERTIES = [
  'nativeType',
  'nullable',
  'comment',
  'defaultExpression',
  'generated',
  'ordinal',
] as const satisfies readonly (keyof FieldFacts)[];

/** What is different in a later schema of a dataset. A field is the same when its name is. */
export function diffSchemas(before: SchemaFacts, after: SchemaFacts): SchemaDiff {
  const old = new Map(before.fields.map((field) => [field.fieldId, field]));
  const kept = new Set(after.fields.map(({ fieldId }) => fieldId));
  return {
    added: after.fields.filter(({ fieldId }) => !old.has(fieldId)),
    removed: before.fields.filter(({ fieldId }) => !kept.has(fieldId)),
    changed: after.fields.flatMap((field) => {
      const was = old.get(field.fieldId);
      const changes = was ? FIELD_PROPERTIES.flatMap((name) => change(name, was[name], field[name])) : [];
      return changes.length > 0 ? [{ fieldId: field.fieldId, name: field.name, changes }] : [];
    }),
    changes: [
      ...change('kind', before.kind, after.kind),
      ...change('comment', before.comment, after.comment),
      ...change('viewSql', before.viewSql, after.viewSql),
      ...change('owner', before.owner, after.owner),
      ...change('keys', keysText(before.keys), keysText(after.keys)),
    ],
  };
}

type Value = string | number | boolean | null;

const change = (property: string, before: Value, after: Value): PropertyChange[] =>
  before === after ? [] : [{ property, before: textOf(before), after: textOf(after) }];

const textOf = (value: Value): string | null => (value === null ? null : String(value));

const keysText = (keys: readonly HarvestedKey[]): string | null =>
  keys.length === 0 ? null : keys.map(keyText).sort().join('\n');

function keyText({ kind, name, fields, refQualifiedName, refFields, validated }: HarvestedKey): string {
  const target = refQualifiedName === undefined ? '' : ` -> ${refQualifiedName} (${(refFields ?? []).join(', ')})`;
  return `${kind} ${name} (${fields.join(', ')})${target}${validated ? '' : ' not validated'}`;
}
