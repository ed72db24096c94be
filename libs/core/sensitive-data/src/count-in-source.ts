import { DETECTORS } from './detectors/index.js';
import { type DetectorCount, type Evidence } from './evidence.js';

/**
 * Detectors that a source can count by itself, with the rule engine's `format` of the same meaning. The others (names,
 * addresses, what stands inside texts) are lists of words and characters: written as SQL they would be slower than reading
 * a sample, so they are not.
 */
export const COUNTED_IN_SOURCE: readonly { readonly detector: string; readonly format: string }[] = DETECTORS.flatMap(
  ({ code, format }) => (format === undefined ? [] : [{ detector: code, format }]),
);

/** What a source counted: values that are there and different, and by detector how many have its format. */
export interface SourceCounts {
  readonly values: number;
  readonly distinct: number;
  readonly byDetector: Readonly<Record<string, number>>;
}

/** Counts of a source as evidence, and where there is a sample too, both together. */
export function evidenceOfCounts({ values, distinct, byDetector }: SourceCounts, sample?: Evidence): Evidence {
  const share = sample && sample.values > 0 ? values / sample.values : 0;
  const grown = (count: number) => Math.round(count * share);
  const detectors: Record<string, DetectorCount> = {};
  for (const [code, count] of Object.entries(sample?.detectors ?? {}))
    detectors[code] = {
      matched: grown(count.matched),
      checked: grown(count.checked),
      distinct: Math.min(distinct, grown(count.distinct)),
    };
  for (const [code, matched] of Object.entries(byDetector))
    detectors[code] = { matched, checked: matched, distinct: Math.min(distinct, matched) };
  const shapes = Object.fromEntries(
    Object.entries(sample?.shapes ?? {}).map(([shape, count]) => [shape, grown(count)]),
  );
  return { values, distinct, shapes, detectors };
}
