import { type Named, nameKeyOf } from './names.js';

/** One end of a link: a dataset, a column of one, or a job. */
export interface LinkEnd extends Named {
  readonly job?: true;
  readonly field?: string;
}

/** Something that an event says of where data comes from. */
export interface Link {
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  /** DIRECT or INDIRECT; absent where nothing is said. */
  readonly type?: 'DIRECT' | 'INDIRECT';
  readonly subtype?: string;
  readonly description?: string;
  readonly masking?: true;
}

/** What is known of where a job's (or a run's) data comes from and goes. It only grows: events of one run add up. */
export interface Flow {
  readonly job?: Named;
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  /** Outputs that were dropped: nothing flows there. */
  readonly dropped: readonly Named[];
  /** The job says itself what feeds what: nothing is concluded from its inputs and outputs. */
  readonly explicit: boolean;
  /** Outputs that say themselves what feeds them. */
  readonly explicitOutputs: readonly Named[];
  /** Of the `lineage` facets. */
  readonly links: readonly Link[];
  /** Of the `columnLineage` facets; superseded for what a `lineage` facet describes. */
  readonly columnLinks: readonly Link[];
}

export const isEmpty = (flow: Flow): boolean =>
  flow.inputs.length + flow.outputs.length + flow.links.length + flow.columnLinks.length === 0 && !flow.explicit;

const endKey = ({ namespace, name, job, field }: LinkEnd) => [namespace, name, job ?? false, field ?? null];
/** Two links with the same key are one. */
export const linkKey = ({ from, to, type, subtype }: Link): string =>
  JSON.stringify([endKey(from), endKey(to), type ?? null, subtype ?? null]);

function union<T>(a: readonly T[], b: readonly T[], key: (one: T) => string): readonly T[] {
  if (b.length === 0) return a;
  const all = new Map<string, T>();
  for (const one of [...a, ...b]) {
    const k = key(one);
    const known = all.get(k);
    // Of two that differ in what they add (a description), the same is kept in whatever order they come.
    if (known === undefined || JSON.stringify(one) < JSON.stringify(known)) all.set(k, one);
  }
  return [...all].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, one]) => one);
}

const NOTHING: Flow = {
  inputs: [],
  outputs: [],
  dropped: [],
  explicit: false,
  explicitOutputs: [],
  links: [],
  columnLinks: [],
};

/** Both together. The order does not matter, nor does saying something twice. */
export function joinFlows(a: Flow, b: Flow): Flow {
  const job = a.job ?? b.job;
  return {
    ...(job && { job }),
    inputs: union(a.inputs, b.inputs, nameKeyOf),
    outputs: union(a.outputs, b.outputs, nameKeyOf),
    dropped: union(a.dropped, b.dropped, nameKeyOf),
    explicit: a.explicit || b.explicit,
    explicitOutputs: union(a.explicitOutputs, b.explicitOutputs, nameKeyOf),
    links: union(a.links, b.links, linkKey),
    columnLinks: union(a.columnLinks, b.columnLinks, linkKey),
  };
}

/** The same flow in the one order that all equal flows have. */
export const inOrder = (flow: Flow): Flow => joinFlows(NOTHING, flow);

/** More pairs than this are told as "into the job, out of the job". */
export const MOST_PAIRS = 10_000;

/**
 * What a flow says feeds what, as the specification means it: each input feeds each output, unless a `lineage` facet says
 * what feeds what; a column's origin is an origin of its dataset too.
 */
export function linksOf(flow: Flow): Link[] {
  const links = new Map<string, Link>();
  const add = (link: Link) => void links.set(linkKey(link), link);
  const explicit = new Set(flow.explicitOutputs.map(nameKeyOf));
  const described = new Set(flow.links.map(({ to }) => JSON.stringify([endKey(to)])));
  const without = new Set([...explicit, ...flow.dropped.map(nameKeyOf)]);
  const implied = flow.explicit ? [] : flow.outputs.filter((output) => !without.has(nameKeyOf(output)));
  if (flow.job && flow.inputs.length * implied.length > MOST_PAIRS) {
    const job: LinkEnd = { ...flow.job, job: true };
    for (const from of flow.inputs) add({ from, to: job });
    for (const to of implied) add({ from: job, to });
  } else for (const to of implied) for (const from of flow.inputs) add({ from, to });
  const superseded = ({ to }: Link) =>
    described.has(JSON.stringify([endKey(to)])) || (to.field === undefined && explicit.has(nameKeyOf(to)));
  for (const link of [...flow.links, ...flow.columnLinks.filter((one) => !superseded(one))]) {
    add(link);
    if (link.from.field === undefined && link.to.field === undefined) continue;
    add({ from: whole(link.from), to: whole(link.to) });
  }
  return [...links.values()];
}

const whole = ({ namespace, name, job }: LinkEnd): LinkEnd => ({ namespace, name, ...(job && { job }) });
