import { type TypeFamily } from '#core/connector-kit';

import { type Definition } from './definition.js';
import { formOf } from './mapped.js';

/** A dataset as far as a proposal needs it. */
export interface Proposable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly typeFamily: TypeFamily }[];
  /** Its primary key, or else a unique one. */
  readonly key: readonly string[];
}

/** A flow from a column of the left to one of the right, that lineage knows. */
export interface ColumnFlow {
  readonly left: string;
  readonly right: string;
  /** The value arrives as it was. */
  readonly copied: boolean;
}

/** Why a pair of columns is proposed. */
export interface PairEvidence {
  readonly left: string;
  readonly right: string;
  readonly role: 'key' | 'column';
  readonly because: 'lineage_copy' | 'lineage' | 'same_name' | 'same_name_but_for_case';
}

export interface Proposal {
  readonly definition: Definition;
  readonly evidence: readonly PairEvidence[];
  /** Columns of the left that nothing on the right is known for, or of types that cannot be compared. */
  readonly unmapped: readonly string[];
}

/** Proposes keys, columns and checks from lineage and names. Undefined when the two have no column in common. */
export function suggest(left: Proposable, right: Proposable, flows: readonly ColumnFlow[]): Proposal | undefined {
  const pairs = left.columns.flatMap((column) => pairOf(column, right, flows) ?? []);
  const taken = new Set<string>();
  const once = pairs.filter(({ right: name }) => !taken.has(name) && taken.add(name));
  if (once.length === 0) return undefined;
  const leftKey = keyIn(left.key, once, 'left');
  const key = leftKey.length > 0 ? leftKey : keyIn(right.key, once, 'right');
  const evidence = once.map((pair): PairEvidence => ({ ...pair, role: key.includes(pair) ? 'key' : 'column' }));
  const mapping = ({ left: name, right: there }: PairEvidence) =>
    name === there ? { left: name } : { left: name, right: there };
  const numbers = evidence.filter(({ left: name, role }) => role === 'column' && familyOf(left, name) === 'decimal');
  return {
    definition: {
      keys: evidence.filter(({ role }) => role === 'key').map(mapping),
      columns: evidence.filter(({ role }) => role === 'column').map(mapping),
      checks: [
        { kind: 'row_count' },
        ...numbers.map(({ left: column }) => ({ kind: 'sum' as const, column })),
        ...(key.length > 0 ? [{ kind: 'keys' as const }] : []),
      ],
    },
    evidence,
    unmapped: left.columns.map(({ name }) => name).filter((name) => !once.some((pair) => pair.left === name)),
  };
}

type Pair = Omit<PairEvidence, 'role'>;

function pairOf(
  column: Proposable['columns'][number],
  right: Proposable,
  flows: readonly ColumnFlow[],
): Pair | undefined {
  const { name, typeFamily } = column;
  const fits = (there: string) => {
    const family = familyOf(right, there);
    return family !== undefined && formOf(typeFamily, family) !== undefined;
  };
  const known = flows.filter((flow) => flow.left === name && fits(flow.right));
  const flow = known.find(({ copied }) => copied) ?? known[0];
  if (flow !== undefined) return { left: name, right: flow.right, because: flow.copied ? 'lineage_copy' : 'lineage' };
  if (fits(name)) return { left: name, right: name, because: 'same_name' };
  const folded = right.columns.find((each) => each.name.toLowerCase() === name.toLowerCase() && fits(each.name));
  return folded && { left: name, right: folded.name, because: 'same_name_but_for_case' };
}

/** The pairs of a key, when all its columns have one. */
function keyIn(key: readonly string[], pairs: readonly Pair[], side: 'left' | 'right'): readonly Pair[] {
  const found = pairs.filter((pair) => key.includes(pair[side]));
  return found.length === key.length ? found : [];
}

const familyOf = ({ columns }: Proposable, name: string): TypeFamily | undefined =>
  columns.find((each) => each.name === name)?.typeFamily;
