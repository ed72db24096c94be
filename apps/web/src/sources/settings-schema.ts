import { type Language } from '../i18n/i18n';

/** A setting of a connector, as its JSON Schema describes it. */
export interface Setting {
  readonly name: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly required: boolean;
  readonly start: unknown;
  readonly input:
    | { readonly kind: 'text' | 'secret' | 'lines' | 'switch' | 'list' }
    | { readonly kind: 'number'; readonly min?: number; readonly max?: number; readonly whole: boolean }
    | { readonly kind: 'choice'; readonly of: readonly string[] };
}

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly { readonly const?: string }[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly secret?: boolean;
  readonly 'x-title-zh'?: string;
  readonly 'x-description-zh'?: string;
  readonly 'x-lines'?: boolean;
}

/** The settings of a schema in its order: those that must be looked at, and the rest, which have good values already. */
export function settingsOf(
  schema: unknown,
  language: Language,
): { readonly first: readonly Setting[]; readonly more: readonly Setting[] } {
  const { properties = {}, required = [] } = schema as {
    properties?: Readonly<Record<string, Property>>;
    required?: readonly string[];
  };
  const settings = Object.entries(properties).map(([name, property]) =>
    settingOf(name, property, required.includes(name), language),
  );
  const last = settings.findLastIndex(({ required: needed, input }) => needed || input.kind === 'secret');
  return { first: settings.slice(0, last + 1), more: settings.slice(last + 1) };
}

function settingOf(name: string, property: Property, required: boolean, language: Language): Setting {
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

function inputOf(property: Property): Setting['input'] {
  const choices = property.enum ?? property.anyOf?.flatMap(({ const: value }) => (value === undefined ? [] : [value]));
  if (property.secret) return { kind: 'secret' };
  if (choices && choices.length > 0) return { kind: 'choice', of: choices };
  if (property.type === 'boolean') return { kind: 'switch' };
  if (property.type === 'array') return { kind: 'list' };
  if (property.type === 'integer' || property.type === 'number')
    return { kind: 'number', min: property.minimum, max: property.maximum, whole: property.type === 'integer' };
  return { kind: property['x-lines'] ? 'lines' : 'text' };
}
