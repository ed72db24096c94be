import { Type } from 'typebox';

/** A value written down in a rule. Decimals that must be exact are texts: `"0.10"`. */
export type LiteralValue = string | number | boolean;

export interface ColumnNode {
  readonly column: string;
}

/** `null` is a value only where one can be absent: after `then` and `else`, and in `coalesce`. */
export interface LiteralNode {
  readonly literal: LiteralValue | null;
}

/** A function of the row, such as `length`; `functions.ts` lists them. Arithmetic is `add`, `subtract` and so on. */
export interface CallNode {
  readonly call: string;
  readonly args: readonly Operand[];
}

/** A value read as another type; absent where it cannot be read. */
export interface CastNode {
  readonly cast: Operand;
  readonly as: CastType;
}

/** The value of the first condition that holds; absent when none does and there is no `else`. */
export interface CaseNode {
  readonly case: readonly { readonly when: Expression; readonly then: Operand }[];
  readonly else?: Operand;
}

export type Operand = ColumnNode | LiteralNode | CallNode | CastNode | CaseNode;

export const COMPARISONS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const CAST_TYPES = ['text', 'integer', 'decimal', 'float', 'boolean', 'date', 'timestamp'] as const;
export type CastType = (typeof CAST_TYPES)[number];

/**
 * A condition on a row, as a tree. It is never SQL text, so a rule cannot smuggle any in. People write it as text, see
 * `expression/parse.ts`.
 *
 * @example
 * { op: 'and', args: [
 *   { op: 'eq', left: { column: 'status' }, right: { literal: 'open' } },
 *   { op: 'not', arg: { op: 'is_null', value: { column: 'opened' } } },
 * ] }
 */
export type Expression =
  | { readonly op: 'and' | 'or'; readonly args: readonly Expression[] }
  | { readonly op: 'not'; readonly arg: Expression }
  | { readonly op: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly op: 'in'; readonly value: Operand; readonly list: readonly (LiteralValue | null)[] }
  | { readonly op: 'between'; readonly value: Operand; readonly min: Operand; readonly max: Operand }
  | { readonly op: 'is_null'; readonly value: Operand }
  | { readonly op: 'like'; readonly value: Operand; readonly pattern: string }
  /** The pattern is found in the text; `^` and `$` tie it to its ends. */
  | { readonly op: 'matches'; readonly value: Operand; readonly pattern: string }
  /** A value that is true or false itself. */
  | { readonly op: 'truth'; readonly value: Operand };

/** A condition as a rule has it: a tree, or the text that people write. */
export type Condition = Expression | string;

export const LONGEST_CONDITION = 10_000;

/** In a schema: a condition. Its inside is checked when it is bound to columns, which says more than a schema can. */
export const ExpressionSchema = (titles: {
  title: string;
  'x-title-zh': string;
  description?: string;
  'x-description-zh'?: string;
}) =>
  Type.Unsafe<Condition>({
    type: ['object', 'string'],
    minLength: 1,
    maxLength: LONGEST_CONDITION,
    'x-expression': true,
    ...titles,
  });
