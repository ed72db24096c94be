import type { Confidence, EdgeSource, EdgeSubtype, EdgeType } from '../types.js';
import { tableKey } from './names.js';

/** How a column of a table reaches a value or a set of rows: an edge whose target is not known yet. */
export interface Influence {
  readonly from: EdgeSource;
  readonly type: EdgeType;
  readonly subtype: EdgeSubtype;
  readonly confidence: Confidence;
  /** The SQL of its side, where the sides of a set operation compute a column differently; `PLAIN` for a plain column. */
  readonly by?: string;
}

export const PLAIN = '';

type Direct = 'IDENTITY' | 'TRANSFORMATION' | 'AGGREGATION';
type Indirect = Exclude<EdgeSubtype, Direct>;

/** True for what gives its value, false for what only decides about it. */
export const isDirect = (subtype: EdgeSubtype): subtype is Direct => subtype in STRENGTH;

const STRENGTH: Readonly<Partial<Record<EdgeSubtype, number>>> = { IDENTITY: 0, TRANSFORMATION: 1, AGGREGATION: 2 };
const strength = (subtype: EdgeSubtype) => STRENGTH[subtype] ?? 0;

/** A value made from these: the strongest of what happened on the way wins; what was indirect stays so. */
export const through = (subtype: Direct, influences: readonly Influence[]): Influence[] =>
  influences.map((one) =>
    one.type === 'INDIRECT' || strength(one.subtype) >= strength(subtype) ? one : { ...one, subtype },
  );

/** These no longer give their value, but decide about it. */
export const indirect = (subtype: Indirect, influences: readonly Influence[]): Influence[] =>
  influences.map((one) => ({ ...one, type: 'INDIRECT', subtype }));

/** A condition inside the expression of a value: it decides, and the value is made from what it compares as well. */
export const deciding = (subtype: Indirect, influences: readonly Influence[]): Influence[] => [
  ...through('TRANSFORMATION', influences),
  ...indirect(
    subtype,
    influences.filter(({ type }) => type === 'DIRECT'),
  ),
];

/** One string for one influence. Lengths keep apart what stands beside each other, whatever is in a name. */
export function influenceKey({ from: { table, candidates, column }, type, subtype }: Influence): string {
  const where = table ? tableKey(table) : (candidates ?? []).map(tableKey).join('');
  return `${type} ${subtype} ${column.length} ${column} ${where}`;
}

/** A value made from these by one more expression: which side they came from no longer tells how it is computed. */
export const computed = (influences: readonly Influence[]): readonly Influence[] =>
  influences.some(({ by }) => by !== undefined) ? influences.map(({ by: _, ...one }) => one) : influences;

/** Without the second and further of the same. */
export function distinct(influences: readonly Influence[]): Influence[] {
  if (influences.length < 2) return [...influences];
  const found = new Map<string, Influence>();
  for (let at = influences.length - 1; at >= 0; at--) {
    const one = influences[at];
    if (one) found.set(influenceKey(one), one);
  }
  return [...found.values()].reverse();
}
