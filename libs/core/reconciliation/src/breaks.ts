import { type QueryResult } from '#core/connector-kit';

import { agree, normal, shownText } from './judge.js';
import { type Mapped, type MappedColumn } from './mapped.js';
import { type Break, type BreakKind } from './outcome.js';

interface Row {
  readonly key: readonly (string | null)[];
  readonly values: readonly (string | null)[];
}

/** The rows of a side by their keys, as the options of the key make them: two engines may fold letters differently. */
function rowsByKey({ rows }: QueryResult, { keys }: Mapped): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const [, ...cells] of rows) {
    const texts = cells.map((cell) => (cell === null ? null : String(cell)));
    const row = { key: texts.slice(0, keys.length), values: texts.slice(keys.length) };
    const print = keyPrint(row.key, keys);
    const known = found.get(print);
    if (known === undefined) found.set(print, [row]);
    else known.push(row);
  }
  return found;
}

/** A key as one text: the same for keys that count as the same. */
export const keyPrint = (key: readonly (string | null)[], keys: readonly MappedColumn[]): string =>
  JSON.stringify(keys.map((column, at) => normal(key[at] ?? null, column)));

/** Judges the rows of keys that seemed to differ. Gives the breaks, in the order of kinds and keys, and how many keys agree after all. */
export function breaksOf(
  left: QueryResult,
  right: QueryResult,
  mapped: Mapped,
): { readonly breaks: Break[]; readonly agreeing: number } {
  const [here, there] = [rowsByKey(left, mapped), rowsByKey(right, mapped)];
  const breaks: Break[] = [];
  let agreeing = 0;
  for (const print of new Set([...here.keys(), ...there.keys()])) {
    const found = breakOf(here.get(print) ?? [], there.get(print) ?? [], mapped);
    if (found === undefined) agreeing++;
    else breaks.push(found);
  }
  return { breaks: breaks.toSorted(byKindAndKey), agreeing };
}

function breakOf(here: readonly Row[], there: readonly Row[], { keys, columns }: Mapped): Break | undefined {
  const [one, other] = [here[0], there[0]];
  const key = (one ?? other)!.key.map((text, at) => shownText(text, keys[at]!));
  const rows = { key, leftRows: here.length, rightRows: there.length };
  const all = columns.map(({ name }) => name);
  if (keys.some((column, at) => normal((one ?? other)!.key[at] ?? null, column) === null))
    return { kind: 'null_key', columns: [], ...rows };
  if (here.length > 1 || there.length > 1) return { kind: 'duplicate_key', columns: [], ...rows };
  if (one === undefined) return { kind: 'missing_left', columns: [], right: valuesOf(other!, columns, all), ...rows };
  if (other === undefined) return { kind: 'missing_right', columns: [], left: valuesOf(one, columns, all), ...rows };
  const differing = columns
    .filter((column, at) => !agree(one.values[at] ?? null, other.values[at] ?? null, column))
    .map(({ name }) => name);
  if (differing.length === 0) return undefined;
  return {
    kind: 'value_differs',
    columns: differing,
    left: valuesOf(one, columns, differing),
    right: valuesOf(other, columns, differing),
    ...rows,
  };
}

const valuesOf = ({ values }: Row, columns: readonly MappedColumn[], names: readonly string[]) =>
  Object.fromEntries(
    columns.flatMap((column, at) =>
      names.includes(column.name) ? [[column.name, shownText(values[at] ?? null, column)]] : [],
    ),
  );

const ORDER: readonly BreakKind[] = ['missing_right', 'missing_left', 'value_differs', 'duplicate_key', 'null_key'];

function byKindAndKey(one: Break, other: Break): number {
  const kinds = ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind);
  if (kinds !== 0) return kinds;
  const [a, b] = [JSON.stringify(one.key), JSON.stringify(other.key)];
  return a < b ? -1 : a > b ? 1 : 0;
}
