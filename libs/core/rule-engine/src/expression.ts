import { Type } from 'typebox';

/** A value written down in a rule. Decimals that must be exact are texts: `"0.10"`. */
export type LiteralValue = string | number | boolean;

export interface ColumnNode {
  readonly column: string;
}

export interface LiteralNode {
  readonly literal: LiteralValue;
}

export type Operand = ColumnNode | LiteralNode;

export const COMPARISONS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * A condition on a row, as a tree. It is never SQL text, so a rule cannot smuggle any in.
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
  | { readonly op: 'in'; readonly value: ColumnNode; readonly list: readonly (LiteralValue | null)[] }
  | { readonly op: 'is_null'; readonly value: ColumnNode }
  | { readonly op: 'like'; readonly value: ColumnNode; readonly pattern: string };

/** In a schema: an expression. Its inside is checked when it is bound to columns, which says more than a schema can. */
export const ExpressionSchema = (titles: { title: string; 'x-title-zh': string }) =>
  Type.Unsafe<Expression>({ type: 'object', 'x-expression': true, ...titles });
