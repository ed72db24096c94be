import { type Status, type Verdict } from '#core/rule-engine';

import { type QualityCase } from './case.js';
import { type MappedRule } from './mapping/mapped.js';
import { type Judged } from './run-case.js';

const SUCCESS: readonly Status[] = ['pass', 'warn'];

/** What other tools call our statuses. */
const STATUS_CALLED: Readonly<Record<string, Status>> = {
  pass: 'pass',
  passed: 'pass',
  success: 'pass',
  warn: 'warn',
  warned: 'warn',
  warning: 'warn',
  fail: 'fail',
  failed: 'fail',
  error: 'error',
  not_evaluated: 'not_evaluated',
  excluded: 'skipped',
  skipped: 'skipped',
};

/** How our verdict differs from what is expected; undefined when it does not. */
export function disagreement(
  { expect }: QualityCase,
  { verdict, refused }: Judged,
  observed?: MappedRule['observed'],
): string | undefined {
  const { status } = verdict;
  const { success, outcome, error, errorContains } = expect;
  const got = `not ${status}`;
  if (error !== undefined || errorContains !== undefined)
    return status === 'error' ? undefined : `an error was expected, ${got}`;
  const wanted = outcome === undefined ? undefined : STATUS_CALLED[outcome.toLowerCase().replaceAll(' ', '_')];
  if (wanted !== undefined) return status === wanted ? countsDiffer(expect, verdict) : `${wanted} was expected, ${got}`;
  if (success === false)
    // A tool without a word for error says false of a rule that cannot be used. Never of one that broke down.
    return status === 'fail' || refused ? countsDiffer(expect, verdict) : `fail was expected, ${got}`;
  if (success === true && !SUCCESS.includes(status)) return `pass was expected, ${got}`;
  if (success === null && status === 'error') return `a value was expected, ${got}`;
  return countsDiffer(expect, verdict) ?? observedDiffers(expect, verdict, observed);
}

/** Where the case says how many rows there were and broke the rule. */
function countsDiffer({ unexpectedCount, elementCount }: QualityCase['expect'], verdict: Verdict): string | undefined {
  for (const [name, wanted, got] of [
    ['rows that break it', unexpectedCount, verdict.violations],
    ['rows', elementCount, verdict.rows],
  ] as const)
    if (wanted !== undefined && got !== undefined && String(wanted) !== got)
      return `${wanted} ${name} were expected, not ${got}`;
  return undefined;
}

function observedDiffers(
  { observed: wanted, tolerance }: QualityCase['expect'],
  verdict: Verdict,
  observed: MappedRule['observed'] = ({ metrics }) => metrics['value'],
): string | undefined {
  // Lists and the like are other rules' details; what cannot be compared says nothing.
  if (typeof wanted !== 'number' && !(typeof wanted === 'string' && Number.isFinite(Number(wanted)))) return undefined;
  const got = observed(verdict);
  if (got === undefined) return `${wanted} was expected, and nothing was measured`;
  const [one, other] = [Number(wanted), Number(got)];
  const room = tolerance ?? 1e-9 * Math.max(1, Math.abs(one));
  return Math.abs(one - other) <= room || one === other ? undefined : `${wanted} was expected, not ${got}`;
}
