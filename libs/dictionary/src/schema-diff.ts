import { type HarvestedCheck, type HarvestedIndex, type HarvestedKey } from '#core/connector-kit';

import { type FieldFacts } from './fields.js';

/** A schema as a source had it once. */
export interface SchemaFacts {
  readonly kind: string;
  readonly comment: string | null;
  readonly viewSql: string | null;
  readonly owner: string | null;
  readonly keys: readonly HarvestedKey[];
  /** null: the source did not tell. */
  readonly checks: readonly HarvestedCheck[] | null;
  readonly indexes: readonly HarvestedIndex[] | null;
  readonly partitionKey: string | null;
  readonly fields: readonly (FieldFacts & { readonly fieldId: string })[];
}

/**
 * What a change does to whoever reads the dataset. Breaking: a query that ran fails or finds another kind of value. Review:
 * it runs, and may find what it never met (NULL, longer values, another view behind the name). Compatible: neither.
 */
export const IMPACTS = ['compatible', 'review', 'breaking'] as const;
export type Impact = (typeof IMPACTS)[number];

/** One property that is not what it was. Values as texts; null: none. */
export interface PropertyChange {
  readonly property: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly impact: Impact;
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
  /** Of the dataset itself: kind, comment, view, owner, keys, checks, indexes, partitioning. */
  readonly changes: readonly PropertyChange[];
  /** The worst of all. */
  readonly impact: Impact;
}

/** What is different in a later schema of a dataset. A field is the same when its name is. */
export function diffSchemas(before: SchemaFacts, after: SchemaFacts): SchemaDiff {
  const old = new Map(before.fields.map((field) => [field.fieldId, field]));
  const kept = new Set(after.fields.map(({ fieldId }) => fieldId));
  const moved = movedFields(before.fields, after.fields);
  const removed = before.fields.filter(({ fieldId }) => !kept.has(fieldId));
  const changed = after.fields.flatMap((field) => {
    const was = old.get(field.fieldId);
    const changes = was ? fieldChanges(was, field, moved.has(field.fieldId)) : [];
    return changes.length > 0 ? [{ fieldId: field.fieldId, name: field.name, changes }] : [];
  });
  const lostKeys = before.keys.some((key) => key.kind !== 'foreign' && !after.keys.some((one) => sameFields(one, key)));
  // Rows may come that met a condition before.
  const stays = new Set(after.checks?.map(({ expression }) => expression));
  const lostChecks = after.checks !== null && before.checks?.some(({ expression }) => !stays.has(expression)) === true;
  const changes = [
    ...change('kind', before.kind, after.kind, 'review'),
    ...change('comment', before.comment, after.comment, 'compatible'),
    ...change('viewSql', before.viewSql, after.viewSql, 'review'),
    ...change('owner', before.owner, after.owner, 'compatible'),
    ...listChange('keys', before.keys.map(keyText), after.keys.map(keyText), lostKeys ? 'review' : 'compatible'),
    ...listChange('checks', textsOf(before.checks), textsOf(after.checks), lostChecks ? 'review' : 'compatible'),
    ...listChange('indexes', before.indexes?.map(indexText), after.indexes?.map(indexText), 'compatible'),
    ...change('partitionKey', before.partitionKey, after.partitionKey, 'compatible'),
  ];
  const impacts = [...changed.flatMap((field) => field.changes), ...changes].map(({ impact }) => impact);
  return {
    added: after.fields.filter(({ fieldId }) => !old.has(fieldId)),
    removed,
    changed,
    changes,
    impact: worst(removed.length > 0 ? [...impacts, 'breaking'] : impacts),
  };
}

/** The worst of some impacts; compatible when there is none. */
export const worst = (impacts: readonly Impact[]): Impact =>
  IMPACTS[Math.max(0, ...impacts.map((impact) => IMPACTS.indexOf(impact)))]!;

type SchemaField = SchemaFacts['fields'][number];

const fieldChanges = (was: SchemaField, is: SchemaField, moved: boolean): PropertyChange[] => [
  ...change('nativeType', was.nativeType, is.nativeType, typeImpact(was, is)),
  // Who reads a column that was never NULL need not be ready for it.
  ...change('nullable', was.nullable, is.nullable, is.nullable ? 'review' : 'compatible'),
  ...change('comment', was.comment, is.comment, 'compatible'),
  ...change('defaultExpression', was.defaultExpression, is.defaultExpression, 'compatible'),
  ...change('generated', was.generated, is.generated, 'review'),
  // A place that only went up or down with its neighbours is no news.
  ...(moved ? change('ordinal', was.ordinal, is.ordinal, 'review') : []),
];

/** Another kind of value breaks readers; more room than before may not fit where they put it. */
function typeImpact(was: FieldFacts, is: FieldFacts): Impact {
  if (was.typeFamily !== is.typeFamily) return 'breaking';
  const limits = ['length', 'precision', 'scale'] as const;
  const wider = limits.some((limit) => was[limit] !== null && (is[limit] === null || is[limit] > was[limit]));
  const narrower = limits.some((limit) => is[limit] !== null && (was[limit] === null || was[limit] > is[limit]));
  return wider || !narrower ? 'review' : 'compatible';
}

/** Those of the fields that both have which stand in another place among them. */
function movedFields(before: readonly SchemaField[], after: readonly SchemaField[]): ReadonlySet<string> {
  const stayed = (fields: readonly SchemaField[], others: readonly SchemaField[]) => {
    const ids = new Set(others.map(({ fieldId }) => fieldId));
    return byPlace(fields).flatMap(({ fieldId }) => (ids.has(fieldId) ? [fieldId] : []));
  };
  const now = stayed(after, before);
  return new Set(stayed(before, after).filter((fieldId, at) => now[at] !== fieldId));
}

const byPlace = (fields: readonly SchemaField[]) => [...fields].sort((one, other) => one.ordinal - other.ordinal);

const sameFields = (one: HarvestedKey, other: HarvestedKey): boolean =>
  one.kind !== 'foreign' && [...one.fields].sort().join('\n') === [...other.fields].sort().join('\n');

type Value = string | number | boolean | null;

const change = (property: string, before: Value, after: Value, impact: Impact): PropertyChange[] =>
  before === after ? [] : [{ property, before: textOf(before), after: textOf(after), impact }];

const textOf = (value: Value): string | null => (value === null ? null : String(value));

/** Of lists only what is on one side alone, a line each. */
function listChange(property: string, was: readonly string[] = [], is: readonly string[] = [], impact: Impact) {
  const [before, after] = [
    linesOf(was.filter((line) => !is.includes(line))),
    linesOf(is.filter((line) => !was.includes(line))),
  ];
  return change(property, before, after, impact);
}

function keyText({ kind, name, fields, refQualifiedName, refFields, validated }: HarvestedKey): string {
  const target = refQualifiedName === undefined ? '' : ` -> ${refQualifiedName} (${(refFields ?? []).join(', ')})`;
  return `${kind} ${name} (${fields.join(', ')})${target}${validated ? '' : ' not validated'}`;
}

const textsOf = (checks: readonly HarvestedCheck[] | null) => checks?.map(checkText);

const checkText = ({ name, expression, validated }: HarvestedCheck): string =>
  `${name} ${expression}${validated ? '' : ' not validated'}`;

function indexText({ name, kind, unique, parts, condition }: HarvestedIndex): string {
  const on = parts.map((part) => ('field' in part ? part.field : part.expression)).join(', ');
  return `${unique ? 'unique ' : ''}${kind} ${name} (${on})${condition === undefined ? '' : ` where ${condition}`}`;
}

const linesOf = (lines: readonly string[]): string | null => (lines.length === 0 ? null : [...lines].sort().join('\n'));
