/** A value that a row of a source offers for an attribute. */
export interface Candidate {
  readonly attributeId: string;
  readonly value: string;
  /** The source's rank; 1 is believed first. */
  readonly priority: number;
  /** When the source says the row was changed, in milliseconds; null when it does not say. */
  readonly changedAt: number | null;
  /** Tells rows apart that are equal otherwise, so that the choice is the same each time. */
  readonly tieBreak: string;
}

/**
 * Whether one value survives another: of the source that is believed more, then of the row that was changed last,
 * then the smaller one, so that the order in which rows are read decides nothing.
 */
export function survives(a: Candidate, b: Candidate): boolean {
  if (a.priority !== b.priority) return a.priority < b.priority;
  if (a.changedAt !== b.changedAt) return (a.changedAt ?? -Infinity) > (b.changedAt ?? -Infinity);
  if (a.value !== b.value) return a.value < b.value;
  return a.tieBreak < b.tieBreak;
}

/**
 * The surviving value of each attribute. Candidates may come in any order and number: only the best so far is held.
 *
 * @example
 * const survivors = new Survivors<Row>();
 * for (const row of rows) survivors.offer(candidateOf(row), row);
 * survivors.best('name') // { candidate, from }
 */
export class Survivors<From> {
  private readonly byAttribute = new Map<string, { candidate: Candidate; from: From }>();

  /** An empty value is nobody's word and never survives. */
  offer(candidate: Candidate, from: From): void {
    if (candidate.value.trim() === '') return;
    const best = this.byAttribute.get(candidate.attributeId);
    if (!best || survives(candidate, best.candidate)) this.byAttribute.set(candidate.attributeId, { candidate, from });
  }

  best(attributeId: string): { readonly candidate: Candidate; readonly from: From } | undefined {
    return this.byAttribute.get(attributeId);
  }

  *all(): IterableIterator<{ readonly candidate: Candidate; readonly from: From }> {
    yield* this.byAttribute.values();
  }
}
