import { type Words } from '#core/connector-kit';

import { countIn, oneRow } from './measured-row.js';
import { type Compiled, type Counts, type Measurements } from './rule-kind.js';

/** What a rule about columns found in the catalog's facts: how many things it looked at, and what is wrong with them. */
export function knownFaults(checked: number, faults: readonly Fault[], metrics: Record<string, string> = {}): Compiled {
  const words = (language: 'en' | 'zh') =>
    faults
      .slice(0, 10)
      .map((each) => each[language])
      .join(language === 'en' ? ', ' : '、');
  return {
    asks: {
      known: {
        is: 'known',
        row: {
          checked: String(checked),
          violations: String(faults.length),
          ...metrics,
          faults: words('en'),
          zh: words('zh'),
        },
      },
    },
  };
}

/** One thing that is wrong, in a few words. */
export type Fault = Words;

/** Counts of what was known. No row was looked at. */
export function countsOfKnown({ known }: Measurements): Counts {
  const { checked: _, violations: __, ...metrics } = oneRow(known);
  return {
    rows: 0n,
    checked: countIn(oneRow(known), 'checked'),
    violations: countIn(oneRow(known), 'violations'),
    metrics: Object.fromEntries(
      Object.entries(metrics).flatMap(([name, text]) => (text === null || text === '' ? [] : [[name, text]])),
    ),
  };
}

/** The faults in words. */
export const knownFound = ({ metrics = {}, value }: Counts): Words | undefined =>
  value !== undefined
    ? undefined
    : metrics['faults'] === undefined
      ? { en: 'it is so', zh: '符合' }
      : { en: String(metrics['faults']), zh: String(metrics['zh']) };
