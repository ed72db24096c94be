import type { Value } from '../text/value.js';

/** A column as a job lists it. */
export interface ListedColumn {
  readonly value: Value;
  /** Its name, or SQL that gives it. */
  readonly text?: string;
  /** Position in a file, or of the value in the row that comes. */
  readonly index?: number;
  /** It has this value in every row. */
  readonly constant?: string;
  /** Positions of the values that it is put together of: `#{0}`. */
  readonly from?: readonly number[];
}

const INDEX = /#\{(\d+)\}/g;

/** The columns of a job's list; undefined for all (`*`, or no list). */
export function listedColumns(list: Value | undefined): ListedColumn[] | undefined {
  const items = list?.items ?? [];
  if (items.length === 0 || (items.length === 1 && items[0]?.text?.trim() === '*')) return undefined;
  return items.map((value): ListedColumn => {
    if (value.kind !== 'object') return { value, text: value.kind === 'null' ? 'null' : (value.text ?? '') };
    const text = value.field('name', 'columnName')?.text;
    const index = value.field('index')?.number;
    const constant = value.field('value', 'random')?.text;
    const from = [...(constant ?? '').matchAll(INDEX)].map(([, at]) => Number(at));
    return {
      value,
      ...(text !== undefined && { text }),
      ...(index !== undefined && index >= 0 && { index }),
      ...(from.length > 0 ? { from } : constant !== undefined && { constant }),
    };
  });
}
