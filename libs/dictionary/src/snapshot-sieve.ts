import { type HarvestedDataset } from '#core/connector-kit';

import { type StagedDataset, toStaged } from './snapshot.js';

/** A dataset that the dictionary has now. */
export interface KnownDataset {
  readonly scope: string;
  readonly name: string;
  /** As {@link StagedDataset.digest}. */
  readonly digest: string;
  readonly rowEstimate: number | null;
}

/** Holds back what the dictionary has just so, that only what is different is written down. */
export class SnapshotSieve {
  private readonly seen = new Set<string>();
  private readonly unseen = new Map<string, Set<string>>();

  /** @param known by qualified name. */
  constructor(private readonly known: ReadonlyMap<string, KnownDataset>) {
    for (const [name, { scope }] of known) {
      const names = this.unseen.get(scope) ?? new Set();
      this.unseen.set(scope, names.add(name));
    }
  }

  /** Whether a dataset of that name has come before. One name stands for one dataset. */
  hasSeen({ qualifiedName }: HarvestedDataset): boolean {
    return this.seen.has(qualifiedName);
  }

  /** The dataset, made ready for staging; undefined when the dictionary has it just so. */
  take(dataset: HarvestedDataset): StagedDataset | undefined {
    const staged = toStaged(dataset);
    this.seen.add(staged.qualifiedName);
    const known = this.known.get(staged.qualifiedName);
    if (!known) return staged;
    this.unseen.get(known.scope)?.delete(staged.qualifiedName);
    const same =
      known.digest === staged.digest &&
      known.scope === staged.content.scope &&
      known.name === staged.name &&
      (dataset.rowEstimate === undefined || Math.round(dataset.rowEstimate) === known.rowEstimate);
    return same ? undefined : staged;
  }

  /** Qualified names that the dictionary has in a scope and that have not come. */
  missing(scope: string): readonly string[] {
    return [...(this.unseen.get(scope) ?? [])];
  }
}
