import { digestOf } from '#lineage';

type Json = Readonly<Record<string, unknown>>;

/** By facet, the time in ms and the digest of the latest; null: it was deleted then. */
export type FacetState = Readonly<Record<string, readonly [at: number, digest: string | null]>>;

const digests = new WeakMap<Json, string>();

function digestOfFacet(facet: Json): string {
  const known = digests.get(facet);
  if (known !== undefined) return known;
  const digest = digestOf(facet);
  digests.set(facet, digest);
  return digest;
}

/** The facets of a job or a dataset while events are added up. The latest by the events' own times wins. */
export class FacetMerge {
  readonly changed: Record<string, Json> = {};
  readonly deleted = new Set<string>();
  private readonly state: Record<string, readonly [number, string | null]>;
  touched = false;

  constructor(state: FacetState) {
    this.state = { ...state };
  }

  add(facets: Readonly<Record<string, Json | null>>, at: number): void {
    for (const [name, value] of Object.entries(facets)) {
      const known = this.state[name];
      if (known && known[0] > at) continue;
      const digest = value === null ? null : digestOfFacet(value);
      // Two of one time: the same one wins in whatever order they come.
      if (known?.[0] === at && (known[1] ?? '') >= (digest ?? '')) continue;
      this.state[name] = [at, digest];
      this.touched = true;
      if (known && known[1] === digest) continue;
      if (value === null) {
        this.deleted.add(name);
        delete this.changed[name];
      } else {
        this.changed[name] = value;
        this.deleted.delete(name);
      }
    }
  }

  stateNow(): FacetState {
    return this.state;
  }
}
