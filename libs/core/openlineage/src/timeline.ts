/** From (with) to (without), in milliseconds; `Infinity`: still so. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** What one run (or one statement of a design) said, and when. */
export interface Observation {
  /** When it began: it is in force from here. */
  readonly at: number;
  /** When it was last heard of. */
  readonly until: number;
  /** It says everything: what it does not name is no longer so. A run that failed or still goes on only adds. */
  readonly complete: boolean;
  readonly edges: ReadonlySet<string>;
}

/** By edge, when it held; intervals in order, apart from each other. */
export type Timeline = ReadonlyMap<string, readonly Interval[]>;

/**
 * When each edge held, told from everything that was observed: whatever the order in which it was heard.
 * @param observations in order of `at`; of two at once the later in the list counts.
 * @param dropped when one of an edge's datasets was dropped.
 */
export function timelineOf(
  observations: readonly Observation[],
  dropped: (edge: string) => readonly number[] = () => [],
): Timeline {
  const since = new Map<string, number>();
  const closed = new Map<string, Interval[]>();
  const close = (edge: string, to: number) => {
    const from = since.get(edge);
    since.delete(edge);
    if (from === undefined || from >= to) return;
    const before = closed.get(edge) ?? [];
    const last = before.at(-1);
    if (last?.to === from) before[before.length - 1] = { from: last.from, to };
    else before.push({ from, to });
    closed.set(edge, before);
  };
  for (const { at, complete, edges } of observations) {
    if (complete) for (const edge of [...since.keys()]) if (!edges.has(edge)) close(edge, at);
    for (const edge of edges) if (!since.has(edge)) since.set(edge, at);
  }
  for (const edge of [...since.keys()]) close(edge, Infinity);
  for (const [edge, intervals] of closed) {
    const ends = dropped(edge);
    if (ends.length > 0) closed.set(edge, cut(edge, intervals, ends, observations));
  }
  return closed;
}

/** A dropped dataset's edges end, until somebody names them again. A run that went on past the drop had the dataset after it. */
function cut(
  edge: string,
  intervals: readonly Interval[],
  ends: readonly number[],
  observations: readonly Observation[],
): Interval[] {
  const seen = observations.filter(({ edges }) => edges.has(edge));
  const breaks = ends.filter((end) => !seen.some(({ at, until }) => at <= end && end < until)).sort((a, b) => a - b);
  return intervals.flatMap((interval) => {
    const parts: Interval[] = [];
    let from: number | undefined = interval.from;
    for (const end of breaks) {
      if (from === undefined || end >= interval.to) break;
      if (end < from) continue;
      if (end > from) parts.push({ from, to: end });
      from = seen.find(({ at }) => at >= end && at < interval.to)?.at;
    }
    if (from !== undefined) parts.push({ from, to: interval.to });
    return parts;
  });
}

/** What is kept of an edge, with the part inside a window said anew. */
export function withinWindow(
  kept: readonly Interval[],
  said: readonly Interval[],
  window: Interval,
): readonly Interval[] {
  const outside = kept.flatMap(({ from, to }) => [
    { from, to: Math.min(to, window.from) },
    { from: Math.max(from, window.to), to },
  ]);
  const inside = said.map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }));
  const all = [...outside, ...inside].filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const merged: Interval[] = [];
  for (const one of all) {
    const last = merged.at(-1);
    if (last && one.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, one.to) };
    else merged.push(one);
  }
  return merged;
}
