import { type Words } from '#core/connector-kit';
import { messageOf } from '#kernel';

/** `error` says that the rule could not be asked. It is neither a failure of the data nor a success. */
export type Status = 'pass' | 'warn' | 'fail' | 'error' | 'not_evaluated' | 'skipped';

/** What a run of a rule found. Counts are texts, since a table can have more rows than a number is exact for. */
export interface Verdict {
  readonly status: Status;
  /** Rows that the filter let through; absent when nothing was measured. */
  readonly rows?: string;
  readonly checked?: string;
  readonly violations?: string;
  /** What else the kind measured, and `ratio`, the share of violations. */
  readonly metrics: Readonly<Record<string, string>>;
  readonly sentence: Words;
  /** For a rule that was left out: why. */
  readonly code?: SkipCode;
}

/** Why a rule was left out on purpose: it is expected to take longer than it may, or a person has switched it off or paused its source. */
export type SkipCode = 'RULE_OVER_BUDGET' | 'RULE_SWITCHED_OFF' | 'SOURCE_PAUSED' | 'SOURCE_QUIET';

/** The verdict of a run that failed for a reason outside the data. */
export function errorVerdict(error: unknown): Verdict {
  const reason = messageOf(error);
  return {
    status: 'error',
    metrics: {},
    sentence: { en: `The rule could not be run: ${reason}`, zh: `规则未能执行：${reason}` },
  };
}

/** The verdict of a rule that was left out on purpose. */
export const skippedVerdict = (code: SkipCode, why: Words): Verdict => ({
  ...{ status: 'skipped', metrics: {}, sentence: why, code },
});
