import { type Flow, type Link, linkKey, linksOf, type Named, nameKeyOf } from '#core/openlineage';
import { digestOf, type EdgeKind, KIND } from '#lineage';

import { Recent } from './recent.js';

/** A link as an edge of the graph. */
export interface FlowEdge {
  readonly digest: string;
  readonly link: Link;
  readonly kind: EdgeKind;
}

/** A flow with what follows from it. */
export interface ReadFlow {
  readonly flow: Flow;
  readonly edges: ReadonlyMap<string, FlowEdge>;
  readonly digests: ReadonlySet<string>;
}

const digests = new WeakMap<Flow, string>();

export function flowDigest(flow: Flow): string {
  const known = digests.get(flow);
  if (known !== undefined) return known;
  const digest = digestOf(flow);
  digests.set(flow, digest);
  return digest;
}

const keys = new Recent<string>(50_000);

/** One key for one name, short enough for an index. */
export function keyOfName({ namespace, name }: Named): string {
  const text = `${namespace}\0${name}`;
  const known = keys.get(text);
  if (known !== undefined) return known;
  const key = digestOf([namespace, name]);
  keys.set(text, key);
  return key;
}

export function readFlow(flow: Flow): ReadFlow {
  const edges = new Map<string, FlowEdge>();
  for (const link of linksOf(flow)) {
    const kind = kindOf(link);
    if (kind === undefined) continue;
    const digest = digestOf([linkKey(link), link.description ?? null]);
    edges.set(digest, { digest, link, kind });
  }
  return { flow, edges, digests: new Set(edges.keys()) };
}

const named = new WeakMap<Flow, readonly Named[]>();

/** Every dataset that a flow names. */
export function namesIn(flow: Flow): readonly Named[] {
  const known = named.get(flow);
  if (known) return known;
  const ends = [...flow.links, ...flow.columnLinks].flatMap(({ from, to }) => [from, to]).filter((end) => !end.job);
  const all = new Map([...flow.inputs, ...flow.outputs, ...ends].map((one) => [nameKeyOf(one), one]));
  named.set(flow, [...all.values()]);
  return [...all.values()];
}

/** A column that is fed by something without columns has no edge of its own: its dataset has one. */
function kindOf({ from, to, type }: Link): EdgeKind | undefined {
  if (from.field === undefined) return to.field === undefined ? KIND.dataset : undefined;
  // A job has no columns that could be decided about.
  if (to.field === undefined) return to.job ? undefined : KIND.rows;
  return type === 'INDIRECT' ? KIND.indirect : KIND.direct;
}

const MOST_EDGES = 300_000;

/**
 * Flows that were read lately: most runs of a job have the flow of the run before. A flow never changes under its digest. What is
 * in use stays, however large, until it is released.
 */
export class FlowCache {
  private readonly flows = new Map<string, ReadFlow>();
  private readonly inUse = new Map<string, ReadFlow>();
  private edges = 0;

  get(digest: string): ReadFlow | undefined {
    const found = this.inUse.get(digest) ?? this.flows.get(digest);
    if (!found) return undefined;
    this.inUse.set(digest, found);
    if (this.flows.delete(digest)) this.flows.set(digest, found);
    return found;
  }

  put(digest: string, flow: Flow): ReadFlow {
    const known = this.get(digest);
    if (known) return known;
    const read = readFlow(flow);
    this.flows.set(digest, read);
    this.inUse.set(digest, read);
    this.edges += read.edges.size + 1;
    for (const [oldest, { edges }] of this.flows) {
      if (this.edges <= MOST_EDGES || oldest === digest) break;
      this.flows.delete(oldest);
      this.edges -= edges.size + 1;
    }
    return read;
  }

  release(): void {
    this.inUse.clear();
  }
}
