import type { ScriptLineage, StatementLineage } from './types.js';

/** A text with values in place of its `${names}`, and the way back to where things stood. */
export interface Filled {
  readonly text: string;
  /** The offset in the original text of an offset in the filled one. */
  origin(offset: number): number;
}

const PARAMETER = /\$\{(?:(?:hiveconf|hivevar|env|system):)?([^{}\s]+)\}/g;

/**
 * Puts values in the place of `${name}`, `${hiveconf:name}` and `${hivevar:name}`. Parameters without a value stay.
 *
 * @example
 * fill('select * from t where dt = ${dt}', new Map([['dt', "'2026-01-31'"]])).text
 */
export function fill(text: string, values: ReadonlyMap<string, string>): Filled {
  const steps: {
    readonly at: number;
    readonly length: number;
    readonly origin: number;
    readonly originLength: number;
  }[] = [];
  let filled = '';
  let from = 0;
  if (values.size > 0)
    for (const match of text.matchAll(PARAMETER)) {
      const value = values.get(match[1] ?? '');
      if (value === undefined) continue;
      filled += text.slice(from, match.index);
      steps.push({ at: filled.length, length: value.length, origin: match.index, originLength: match[0].length });
      filled += value;
      from = match.index + match[0].length;
    }
  filled += text.slice(from);
  return {
    text: filled,
    origin(offset) {
      let low = 0;
      for (let high = steps.length; low < high;) {
        const middle = (low + high) >> 1;
        if ((steps[middle]?.at ?? 0) <= offset) low = middle + 1;
        else high = middle;
      }
      const step = steps[low - 1];
      if (!step) return offset;
      const into = offset - step.at;
      // Inside of a value it is the parameter's place that can be pointed at; its end is the parameter's end.
      if (into < step.length) return step.origin;
      return step.origin + step.originLength + into - step.length;
    },
  };
}

/** The lineage of a filled text, with places of the original one. */
export function atOrigin(
  lineage: ScriptLineage,
  origin: Filled['origin'],
  lineOf: (offset: number) => number,
): ScriptLineage {
  const moved = <P extends { readonly start: number; readonly end: number; readonly line: number }>(place: P): P => {
    const start = origin(place.start);
    return { ...place, start, end: origin(place.end), line: lineOf(start) };
  };
  const statements = lineage.statements.map((statement): StatementLineage => ({
    ...moved(statement),
    reasons: statement.reasons.map(moved),
  }));
  return { ...lineage, statements };
}
