import { type Category } from '../categories.js';

/** How a value was recognised: by its form alone, or by a check digit or something as sure. */
export type Found = 'checked' | 'form' | undefined;

/** Recognises values of one category. It sees a value trimmed, in usual width, and at most some thousand characters of it. */
export interface Detector {
  readonly code: string;
  readonly category: Category;
  /** How sure a column is of the category when all its values are found so and its name says nothing. 0: never by itself. */
  readonly alone: { readonly checked: number; readonly form: number };
  /** Share of random values of the same form that pass the check. */
  readonly luck: number;
  /** The rule engine's `format` that counts the same in the source, check digit included. */
  readonly format?: string;
  /** Cheap look at what kinds of characters there are, before the test. */
  readonly test: (value: string) => Found;
}

export const detector = (
  code: string,
  category: Category,
  alone: readonly [checked: number, form: number],
  test: (value: string) => Found,
  more: { readonly luck?: number; readonly format?: string } = {},
): Detector => ({
  code,
  category,
  alone: { checked: alone[0], form: alone[1] },
  luck: more.luck ?? 0,
  test,
  ...(more.format === undefined ? {} : { format: more.format }),
});
