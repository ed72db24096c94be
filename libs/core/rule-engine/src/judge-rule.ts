import { type TypeFamily, type Words } from '#core/connector-kit';

import { type Fraction, fractionText } from './exact.js';
import { countIn, oneRow } from './measured-row.js';
import { type CompiledRule } from './plan/compile-rule.js';
import { countsOfProof, proofFound } from './plan/proven.js';
import { compareQuantities, type Quantity, quantityOf, quantityText, TIMES } from './quantity.js';
import { type Bound, type Rule } from './rule.js';
import { sampleMetrics, sampleWords } from './sampled.js';
import { type Counts, type MeasuredRow, type Measurements } from './rule-kind.js';
import { type Status, type Verdict } from './verdict.js';

const FIRST_VIOLATION: Bound = { gt: 0 };

/** Judges what a rule's asks measured, in exact arithmetic. */
export function judge(compiled: CompiledRule, measurements: Measurements): Verdict {
  const { rule: checked, kind, measures, bound, proven } = compiled;
  const { params, columns } = checked;
  const counts =
    proven !== undefined
      ? countsOfProof(measurements, proven)
      : (kind.count?.(measurements, params, bound) ?? countsOf(oneRow(measurements['measure'])));
  const status = statusOf(checked, counts, measures);
  const says = kind.says({ columns, params });
  const words = proven === undefined ? kind.found : proofFound;
  const found = counts.checked === 0n ? NOTHING_TO_CHECK : (words?.(counts) ?? foundOf(counts, measures));
  const sampled = checked.scope?.sample && sampleMetrics(checked.scope.sample.percent, counts);
  const drawn = sampled === undefined ? NO_WORDS : sampleWords(sampled);
  return {
    status,
    rows: String(counts.rows),
    // A proof reads no row, whatever it holds for.
    checked: String(proven === undefined ? counts.checked : 0n),
    violations: String(counts.violations),
    metrics: {
      ...Object.fromEntries(Object.entries(counts.metrics ?? {}).map(([name, value]) => [name, String(value)])),
      ...(counts.value === undefined ? {} : { value: writtenAs(counts.value, measures) }),
      ...ratioOf(checked, counts),
      ...sampled,
    },
    sentence: {
      en: `${says.en}: ${found.en}${drawn.en}${AFTERWORD[status].en}.`,
      zh: `${says.zh}：${found.zh}${drawn.zh}${AFTERWORD[status].zh}。`,
    },
  };
}

const countsOf = (row: MeasuredRow): Counts => ({
  rows: countIn(row, 'rows'),
  checked: countIn(row, 'checked'),
  violations: countIn(row, 'violations'),
});

function statusOf({ onEmpty, threshold, denominator }: Rule, counts: Counts, measures: TypeFamily = 'decimal'): Status {
  if (counts.checked === 0n) return onEmpty;
  const { metric, fail, warn } = threshold ?? { metric: 'count' as const, fail: FIRST_VIOLATION };
  if (metric === 'value') {
    // The kind's own bounds hold whatever the threshold says beside them.
    if (counts.violations > 0n) return 'fail';
    const value = counts.value;
    if (value === undefined) return onEmpty;
    if (fail !== undefined && holds(fail, value, measures)) return 'fail';
    return warn !== undefined && holds(warn, value, measures) ? 'warn' : 'pass';
  }
  const value = metric === 'count' ? whole(counts.violations) : share(counts, denominator);
  if (fail !== undefined && holds(fail, value, 'decimal')) return 'fail';
  if (warn !== undefined && holds(warn, value, 'decimal')) return 'warn';
  return 'pass';
}

const whole = (numerator: bigint): Fraction => ({ numerator, denominator: 1n });

/** Where no rows were looked at, as with what the catalog knows, all that there is was checked. */
const share = ({ violations, checked, rows }: Counts, denominator: Rule['denominator']): Fraction => ({
  numerator: violations,
  denominator: denominator === 'checked' || rows === 0n ? checked : rows,
});

function ratioOf({ denominator }: Rule, counts: Counts): Record<string, string> {
  return counts.checked === 0n ? {} : { ratio: fractionText(share(counts, denominator), 6) };
}

function holds(bound: Bound, value: Quantity, family: TypeFamily): boolean {
  // What the threshold says was read when the rule was compiled.
  const against = (numeral: string | number) => compareQuantities(value, quantityOf(numeral, family)!);
  const { eq, ne, gt, gte, lt, lte, between, notBetween } = bound;
  if (eq !== undefined) return against(eq) === 0;
  if (ne !== undefined) return against(ne) !== 0;
  if (gt !== undefined) return against(gt) > 0;
  if (gte !== undefined) return against(gte) >= 0;
  if (lt !== undefined) return against(lt) < 0;
  if (lte !== undefined) return against(lte) <= 0;
  if (notBetween !== undefined) return !holds({ between: notBetween }, value, family);
  if (between === undefined) return false;
  const above = against(between.min);
  const below = against(between.max);
  return (between.strictMin === true ? above > 0 : above >= 0) && (between.strictMax === true ? below < 0 : below <= 0);
}

const NO_WORDS: Words = { en: '', zh: '' };

const NOTHING_TO_CHECK: Words = { en: 'there was nothing to check', zh: '没有可检查的数据' };

const AFTERWORD: Readonly<Record<Status, Words>> = {
  pass: { en: '', zh: '' },
  warn: { en: ', enough for a warning', zh: '，达到告警阈值' },
  fail: { en: ', which is not allowed', zh: '，不符合要求' },
  error: { en: '', zh: '' },
  not_evaluated: { en: '', zh: '' },
  skipped: { en: '', zh: '' },
};

/** As people write it: what came in as a date goes out as one. */
function writtenAs(value: Quantity, measures: TypeFamily = 'decimal'): string {
  if (typeof value === 'string' || !TIMES.includes(measures)) return quantityText(value);
  const micros = value.numerator / value.denominator;
  const day = 86_400_000_000n;
  const ofDay = ((micros % day) + day) % day;
  const at = new Date(Number((micros - ofDay) / 1_000n)).toISOString().slice(0, 10);
  const [seconds, rest] = [ofDay / 1_000_000n, ofDay % 1_000_000n];
  const two = (part: bigint) => String(part).padStart(2, '0');
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction}`;
  if (measures === 'date') return at;
  if (measures === 'time') return clock;
  return measures === 'timestamp' ? `${at} ${clock}` : `${at} ${clock}Z`;
}

function foundOf(counts: Counts, measures: TypeFamily | undefined): Words {
  if (counts.value === undefined) return rowsFound(counts);
  const value = writtenAs(counts.value, measures);
  return { en: `it is ${value}`, zh: `实测为 ${value}` };
}

function rowsFound({ violations, checked }: Counts): Words {
  const percent = fractionText({ numerator: violations * 100n, denominator: checked }, 4);
  return violations === 0n
    ? { en: `holds for all ${checked} rows checked`, zh: `检查 ${checked} 行，全部符合` }
    : {
        en: `${violations} of ${checked} rows checked break this (${percent} %)`,
        zh: `检查 ${checked} 行，${violations} 行不符合（${percent}%）`,
      };
}
