import { type RuleFacts, runRules, type Status, type Verdict } from '#core/rule-engine';
import { messageOf } from '#kernel';

import { isSkipped, type QualityCase } from './case.js';
import { type Engine } from './engines/engine.js';
import { mapped } from './mapping/index.js';
import { NotMapped } from './mapping/mapped.js';
import { type Result } from './report.js';

const DEADLINE_MS = 60_000;

/** Runs one case on an engine. */
export async function runCase(given: QualityCase, engine: Engine, engineName: string): Promise<Result> {
  const { id, suite, rule } = given;
  const result = (outcome: Result['outcome'], detail = ''): Result => ({ id, suite, rule, outcome, detail });
  if (isSkipped(given, engineName)) return result('skipped');
  try {
    const { verdict, error } = await judged(given, engine);
    const fault = disagreement(given, verdict);
    const why = error === undefined ? verdict.sentence.en : messageOf(error);
    return fault === undefined ? result('agrees', verdict.status) : result('differs', `${fault}: ${why}`);
  } catch (error) {
    return error instanceof NotMapped ? result('not mapped', error.message) : result('differs', messageOf(error));
  }
}

async function judged(given: QualityCase, engine: Engine) {
  const { rule, other } = mapped(given);
  const target = await engine.table(given.table);
  const second = other === undefined ? undefined : given.otherTables?.[other];
  const { connection } = engine;
  const facts: RuleFacts = {
    target,
    ...(second !== undefined && {
      other: { ...(await engine.table(second)), dialect: connection.dialect, sameConnection: true },
    }),
  };
  const [outcome] = await runRules(
    [{ rule, facts }],
    ({ sql, params, maxRows }) =>
      connection.query(sql, params, { signal: new AbortController().signal, deadlineMs: DEADLINE_MS, maxRows }),
    { dialect: connection.dialect, now: new Date(given.now ?? '2026-06-30T00:00:00Z'), show: () => [] },
  );
  return outcome!;
}

const SUCCESS: readonly Status[] = ['pass', 'warn'];

/** How our verdict differs from what is expected; undefined when it does not. */
function disagreement({ expect }: QualityCase, verdict: Verdict): string | undefined {
  const { status } = verdict;
  if (expect.success === null)
    return expect.error !== undefined && status !== 'error' ? `an error was expected, not ${status}` : undefined;
  if (!expect.success) return status === 'fail' || status === 'error' ? undefined : `fail was expected, not ${status}`;
  return SUCCESS.includes(status) ? undefined : `pass was expected, not ${status}`;
}
