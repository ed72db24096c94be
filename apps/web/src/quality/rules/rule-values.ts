import { type SchemaField } from '../../ui/schema-inputs';
import { type RuleContent, type RuleInput } from './rule-form.queries';

export const OPERATORS = ['gt', 'gte', 'lt', 'lte', 'eq', 'ne', 'between', 'notBetween'] as const;
type Operator = (typeof OPERATORS)[number];

/** A bound as two inputs have it; strict ends of a range are carried along. */
export interface BoundValues {
  readonly op?: Operator;
  readonly value?: string;
  readonly max?: string;
  readonly strictMin?: boolean;
  readonly strictMax?: boolean;
}

/** What the form holds. Texts of conditions and JSON are as they are typed. */
export interface RuleValues extends Readonly<Record<string, unknown>> {
  readonly kind: string;
  readonly fieldIds?: readonly string[];
  readonly otherDatasetId?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly threshold?: { readonly metric?: string; readonly fail?: BoundValues; readonly warn?: BoundValues };
  readonly nameZh?: string;
  readonly nameEn?: string;
  readonly severity?: RuleInput['severity'];
  readonly dimension?: RuleInput['dimension'];
  readonly owner?: string;
  readonly description?: string;
  readonly enabled?: boolean;
}

/** Properties that every rule has, in a form's order. */
export const COMMON = [
  'where',
  'nullPolicy',
  'onEmpty',
  'denominator',
  'samples',
  'budgetMs',
  'verify',
  'scope',
] as const;

/** A wish for the server: what was not filled in is left out. */
export function inputOf(values: RuleValues, params: readonly SchemaField[], common: readonly SchemaField[]): RuleInput {
  const { kind, fieldIds = [], otherDatasetId, nameZh = '', nameEn = '', severity, dimension, owner = '' } = values;
  return {
    ...{ kind, nameZh, nameEn, severity, owner, fieldIds: [...fieldIds] },
    dimension: dimension ?? null,
    otherDatasetId: otherDatasetId ?? null,
    description: values.description ?? '',
    enabled: values.enabled ?? true,
    threshold: thresholdOf(values.threshold),
    params: filledIn(values.params ?? {}, params),
    ...filledIn(values, common),
  };
}

function filledIn(values: Readonly<Record<string, unknown>>, fields: readonly SchemaField[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, input }) => {
      const value = values[name];
      if (value == null || value === '' || (Array.isArray(value) && value.length === 0)) return [];
      const isTree = input.kind === 'json' || (input.kind === 'condition' && String(value).trimStart().startsWith('{'));
      return [[name, isTree ? (JSON.parse(String(value)) as unknown) : value]];
    }),
  );
}

function thresholdOf({ metric, fail, warn }: NonNullable<RuleValues['threshold']> = {}) {
  const levels = { ...boundOf('fail', fail), ...boundOf('warn', warn) };
  return Object.keys(levels).length === 0 ? null : { metric: metric ?? 'count', ...levels };
}

function boundOf(level: 'fail' | 'warn', { op, value, max, strictMin, strictMax }: BoundValues = {}) {
  if (op === undefined || value === undefined || value === '') return {};
  if (op !== 'between' && op !== 'notBetween') return { [level]: { [op]: value } };
  return { [level]: { [op]: { min: value, max, ...(strictMin && { strictMin }), ...(strictMax && { strictMax }) } } };
}

/** A rule as the form holds it. */
export function valuesOf(
  rule: RuleContent,
  params: readonly SchemaField[],
  common: readonly SchemaField[],
): RuleValues {
  const { fields, threshold, params: given, ...rest } = rule;
  const { metric, fail, warn } = (threshold ?? {}) as { metric?: string; fail?: object; warn?: object };
  return {
    ...rest,
    dimension: rule.dimension,
    otherDatasetId: rule.otherDatasetId ?? undefined,
    fieldIds: fields.map(({ id }) => id),
    params: shown(given as Readonly<Record<string, unknown>>, params),
    ...shown(rest, common),
    threshold: { metric, fail: boundValues(fail), warn: boundValues(warn) },
  };
}

function shown(values: Readonly<Record<string, unknown>>, fields: readonly SchemaField[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ name, input }) => {
      const value = values[name] ?? undefined;
      const asJson =
        value !== undefined && (input.kind === 'json' || (input.kind === 'condition' && typeof value !== 'string'));
      return [name, asJson ? JSON.stringify(value) : value];
    }),
  );
}

function boundValues(bound: object | undefined): BoundValues {
  const [entry] = Object.entries(bound ?? {}) as [Operator, unknown][];
  if (entry === undefined) return {};
  const [op, value] = entry;
  if (typeof value !== 'object' || value === null) return { op, value: String(value) };
  const { min, max, strictMin, strictMax } = value as Record<'min' | 'max', unknown> &
    Record<string, boolean | undefined>;
  return { op, value: String(min), max: String(max), strictMin, strictMax };
}

/** Why a text is no JSON; undefined when it is, or is empty. */
export function jsonFault(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
