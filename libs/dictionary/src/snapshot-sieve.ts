import { type HarvestedDataset, type HarvestedRoutine } from '#core/connector-kit';

import { type StagedDataset, type StagedRoutine, toStaged, toStagedRoutine } from './snapshot.js';

/** A dataset that the dictionary has now. */
export interface KnownDataset {
  readonly scope: string;
  readonly name: string;
  /** As {@link StagedDataset.digest}. */
  readonly digest: string;
  readonly rowEstimate: number | null;
  readonly sizeBytes: number | null;
  readonly partitions: number | null;
  readonly alteredAt: Date | null;
  readonly constraintsDigest: string | null;
}

/** A routine that the dictionary has now. */
export type KnownRoutine = Pick<KnownDataset, 'scope' | 'name' | 'digest' | 'alteredAt'>;

/** The names of a source's things by scope, each of which is struck off when it comes. */
class Expected {
  private readonly seen = new Set<string>();
  private readonly unseen = new Map<string, Set<string>>();

  constructor(known: ReadonlyMap<string, { readonly scope: string }>) {
    for (const [name, { scope }] of known) {
      const names = this.unseen.get(scope) ?? new Set();
      this.unseen.set(scope, names.add(name));
    }
  }

  hasSeen(name: string): boolean {
    return this.seen.has(name);
  }

  strike(name: string, scope: string | undefined): void {
    this.seen.add(name);
    if (scope !== undefined) this.unseen.get(scope)?.delete(name);
  }

  missing(scope: string): readonly string[] {
    return [...(this.unseen.get(scope) ?? [])];
  }
}

/** Holds back what the dictionary has just so, that only what is different is written down. */
export class SnapshotSieve {
  private readonly expected: Expected;
  private readonly expectedRoutines: Expected;

  /** Both by qualified name. */
  constructor(
    private readonly known: ReadonlyMap<string, KnownDataset>,
    private readonly knownRoutines: ReadonlyMap<string, KnownRoutine> = new Map(),
  ) {
    this.expected = new Expected(known);
    this.expectedRoutines = new Expected(knownRoutines);
  }

  /** Whether a dataset of that name has come before. One name stands for one dataset. */
  hasSeen({ qualifiedName }: HarvestedDataset): boolean {
    return this.expected.hasSeen(qualifiedName);
  }

  /** The dataset, made ready for staging; undefined when the dictionary has it just so. */
  take(dataset: HarvestedDataset): StagedDataset | undefined {
    const staged = toStaged(dataset);
    const known = this.known.get(staged.qualifiedName);
    this.expected.strike(staged.qualifiedName, known?.scope);
    const same =
      known?.digest === staged.digest &&
      known.scope === staged.content.scope &&
      known.name === staged.name &&
      known.constraintsDigest === staged.content.constraintsDigest &&
      sameNumber(dataset.rowEstimate, known.rowEstimate) &&
      sameNumber(dataset.sizeBytes, known.sizeBytes) &&
      sameNumber(dataset.partitions?.count, known.partitions) &&
      sameTime(dataset.alteredAt, known.alteredAt);
    return same ? undefined : staged;
  }

  /** Notes that a dataset has come, and leaves it as the dictionary has it. */
  keep({ qualifiedName }: HarvestedDataset): void {
    this.expected.strike(qualifiedName, this.known.get(qualifiedName)?.scope);
  }

  /** The same for a routine. */
  keepRoutine({ qualifiedName }: HarvestedRoutine): void {
    this.expectedRoutines.strike(qualifiedName, this.knownRoutines.get(qualifiedName)?.scope);
  }

  /** As {@link take}. A second routine of one name is not taken. */
  takeRoutine(routine: HarvestedRoutine): StagedRoutine | undefined {
    const staged = toStagedRoutine(routine);
    if (this.expectedRoutines.hasSeen(staged.qualifiedName)) return undefined;
    const known = this.knownRoutines.get(staged.qualifiedName);
    this.expectedRoutines.strike(staged.qualifiedName, known?.scope);
    const same =
      known?.digest === staged.digest &&
      known.scope === staged.content.scope &&
      known.name === staged.name &&
      sameTime(routine.alteredAt, known.alteredAt);
    return same ? undefined : staged;
  }

  /** Qualified names that the dictionary has in a scope and that have not come. */
  missing(scope: string): readonly string[] {
    return this.expected.missing(scope);
  }

  missingRoutines(scope: string): readonly string[] {
    return this.expectedRoutines.missing(scope);
  }
}

/** What a source does not tell now is no difference. */
const sameNumber = (now: number | undefined, known: number | null): boolean =>
  now === undefined || Math.round(now) === known;

const sameTime = (now: string | undefined, known: Date | null): boolean =>
  now === undefined || Date.parse(now) === known?.getTime();
