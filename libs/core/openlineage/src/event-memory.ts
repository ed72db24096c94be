type Json = Readonly<Record<string, unknown>>;

const MOST_FACETS = 20_000;
const MOST_FLOWS = 5_000;
/** Facets larger than this are mostly of one event alone. */
const MOST_PARTS = 5_000;

/**
 * What was made of the parts of earlier events. A producer sends the same facets of the same datasets with each event;
 * what is the same is not worked out again, and is the same object. It changes no result.
 */
export class EventMemory {
  private readonly facets = new Map<string, { readonly raw: unknown; readonly clean: unknown }>();
  private readonly flows = new Map<string, { readonly parts: readonly unknown[]; readonly flow: unknown }>();
  private readonly faults = new WeakMap<object, unknown>();

  /** `work` of a facet of one owner, or what it gave for the same facet before. */
  clean<T>(owner: string, name: string, raw: T, work: () => unknown): unknown {
    const key = `${owner}\0${name}`;
    const known = this.facets.get(key);
    if (known && isSame(raw, known.raw)) return known.clean;
    const clean = work();
    if (known !== undefined || isSmall(raw)) remember(this.facets, MOST_FACETS, key, { raw, clean });
    return clean;
  }

  /** `work` of some parts, or what it gave for the very same parts before. What `work` says is not `lasting` is not remembered. */
  flow<T>(owner: string, parts: readonly unknown[], work: () => { flow: T; lasting: boolean }): T {
    const known = this.flows.get(owner);
    if (known?.parts.length === parts.length && known.parts.every((part, at) => part === parts[at]))
      return known.flow as T;
    const { flow, lasting } = work();
    if (lasting && parts.length <= MOST_PARTS) remember(this.flows, MOST_FLOWS, owner, { parts, flow });
    return flow;
  }

  /** `work` of a facet that {@link clean} gave. */
  ofFacet<T>(facet: Json, work: () => T): T {
    const known = this.faults.get(facet);
    if (known !== undefined) return known as T;
    const made = work();
    this.faults.set(facet, made);
    return made;
  }
}

function remember<V>(known: Map<string, V>, most: number, key: string, value: V): void {
  if (known.size >= most && !known.has(key)) known.clear();
  known.set(key, value);
}

/** The same values in the same order: the same text as JSON. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let at = 0; at < a.length; at++) if (!isSame(a[at], b[at])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const [names, others] = [Object.keys(a), Object.keys(b)];
  if (names.length !== others.length) return false;
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? '';
    if (name !== others[at] || !isSame((a as Json)[name], (b as Json)[name])) return false;
  }
  return true;
}

function isSmall(value: unknown): boolean {
  let left = MOST_PARTS;
  const count = (one: unknown): void => {
    left -= typeof one === 'string' ? 1 + one.length / 50 : 1;
    if (left > 0 && typeof one === 'object' && one !== null) for (const child of Object.values(one)) count(child);
  };
  count(value);
  return left > 0;
}
