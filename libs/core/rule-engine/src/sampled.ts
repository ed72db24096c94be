import { fault } from './bind-expression.js';
import { type Rule } from './rule.js';
import { type Compiled, type Counts } from './rule-kind.js';

/**
 * Refuses a sample where it would say something else than the whole: only questions about single rows come out the same, but for
 * chance. Throws `InvalidInput`.
 */
export function checkSample({ kind, threshold, onEmpty }: Rule, { asks }: Pick<Compiled, 'asks'>): void {
  const path = ['scope', 'sample'];
  if (!Object.values(asks).every(({ is }) => is === 'rows'))
    throw fault(
      `a sample says nothing of ${kind}: twins, partners, counts and extremes are seen only when all rows are. Narrow the scope to new ` +
        'rows or a partition instead',
      path,
    );
  const counts = [threshold?.fail, threshold?.warn].some(
    (bound) => bound !== undefined && threshold?.metric !== 'ratio' && JSON.stringify(bound) !== '{"gt":0}',
  );
  if (counts)
    throw fault('a number of violations in a sample is not that of all rows: give the threshold as a ratio', path);
  if (onEmpty !== 'not_evaluated')
    throw fault('a sample without a row does not mean that there is none, so onEmpty has to be not_evaluated', path);
}

/** 95 % of the time, the share among all rows lies between these two. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const Z = 1.959963984540054;

/** Wilson's interval, which holds for rare violations and small samples, where the usual one does not. */
export function wilson(violations: bigint, checked: bigint): Interval {
  const [n, share] = [Number(checked), Number(violations) / Number(checked)];
  const middle = share + (Z * Z) / (2 * n);
  const half = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const all = 1 + (Z * Z) / n;
  return { low: Math.max(0, (middle - half) / all), high: Math.min(1, (middle + half) / all) };
}

/** What is added to the metrics of a rule that looked at a sample. */
export function sampleMetrics(percent: number, { checked, violations }: Counts): Record<string, string> {
  if (checked === 0n) return { samplePercent: String(percent) };
  const { low, high } = wilson(violations, checked);
  return { samplePercent: String(percent), ratioLow: low.toFixed(6), ratioHigh: high.toFixed(6) };
}

/** What is added to its sentence. */
export function sampleWords({ samplePercent, ratioLow, ratioHigh }: Readonly<Record<string, string>>) {
  if (ratioLow === undefined || ratioHigh === undefined)
    return { en: ` (in a sample of ${samplePercent} %)`, zh: `（${samplePercent}% 抽样）` };
  const [low, high] = [ratioLow, ratioHigh].map((share) => String(Number((Number(share) * 100).toFixed(4))));
  return {
    en: ` (in a sample of ${samplePercent} %; of all rows, between ${low} % and ${high} %, 19 times out of 20)`,
    zh: `（${samplePercent}% 抽样；全部行的占比有 95% 的把握在 ${low}% 与 ${high}% 之间）`,
  };
}
