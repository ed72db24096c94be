import { type Language } from '../i18n/i18n';

/** A property of a JSON Schema, as a form asks for it. */
export interface SchemaField {
  readonly name: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly required: boolean;
  readonly start: unknown;
  readonly input: SchemaFieldInput;
}

export type SchemaFieldInput =
  | { readonly kind: 'text' | 'secret' | 'lines' | 'switch' | 'list' | 'condition' | 'json' }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number; readonly whole: boolean }
  | { readonly kind: 'choice'; readonly of: readonly string[]; readonly several: boolean }
  /** Names of columns of the dataset that the form is about, or of the other one. */
  | { readonly kind: 'columns'; readonly of: string; readonly several: boolean };

interface Property {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly anyOf?: readonly { readonly const?: string; readonly type?: string }[];
  readonly items?: Property;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly secret?: boolean;
  readonly 'x-title-zh'?: string;
  readonly 'x-description-zh'?: string;
  readonly 'x-lines'?: boolean;
  readonly 'x-columns-of'?: string;
  readonly 'x-expression'?: boolean;
}

/** The properties of a schema in its order. */
export function fieldsOf(schema: unknown, language: Language): readonly SchemaField[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Readonly<Record<string, Property>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, property, required.includes(name), language),
  );
}

function fieldOf(name: string, property: Property, required: boolean, language: Language): SchemaField {
  const zh = language === 'zh';
  return {
    name,
    label: (zh ? property['x-title-zh'] : undefined) ?? property.title ?? name,
    hint: (zh ? property['x-description-zh'] : undefined) ?? property.description,
    required: required && property.default === undefined,
    start: property.default,
    input: inputOf(property),
  };
}

function inputOf(property: Property): SchemaFieldInput {
  const several = property.type === 'array';
  const choices = choicesOf(several ? (property.items ?? {}) : property);
  const columns = property['x-columns-of'];
  if (property.secret) return { kind: 'secret' };
  if (property['x-expression']) return { kind: 'condition' };
  if (columns !== undefined) return { kind: 'columns', of: columns, several };
  if (choices.length > 0) return { kind: 'choice', of: choices, several };
  if (several) return { kind: ['array', 'object', 'number'].includes(String(property.items?.type)) ? 'json' : 'list' };
  if (property.type === 'boolean') return { kind: 'switch' };
  if (property.type === 'object') return { kind: 'json' };
  if (property.type === 'integer' || property.type === 'number')
    return { kind: 'number', min: property.minimum, max: property.maximum, whole: property.type === 'integer' };
  return { kind: property['x-lines'] ? 'lines' : 'text' };
}

const choicesOf = (property: Property): readonly string[] =>
  property.enum ?? property.anyOf?.flatMap(({ const: value }) => (value === undefined ? [] : [value])) ?? [];
