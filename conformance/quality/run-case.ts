import { errorVerdict, type RuleFacts, runRules, sqlReader, type Verdict } from '#core/rule-engine';
import { InvalidInput, messageOf } from '#kernel';

import { isSkipped, type QualityCase } from './case.js';
import { disagreement } from './disagreement.js';
import { type Engine } from './engines/engine.js';
import { mapped } from './mapping/index.js';
import { type MappedRule, NotMapped, Refused } from './mapping/mapped.js';
import { type Result } from './report.js';

const DEADLINE_MS = 60_000;
/** For cases without a clock of their own. */
const NOW = '2026-06-30T00:00:00Z';

/** What our engine made of a case. */
export interface Judged {
  readonly verdict: Verdict;
  /** The rule itself cannot be used: a column that is not there, a bound that is no number. Known before anything ran. */
  readonly refused: boolean;
}

/** Runs one case on an engine. */
export async function runCase(given: QualityCase, engine: Engine, engineName: string): Promise<Result> {
  const { id, suite, rule } = given;
  const result = (outcome: Result['outcome'], detail: string, judged?: Judged): Result => ({
    ...{ id, suite, rule, outcome, detail },
    ...(judged && { status: judged.verdict.status, counts: countsOf(judged.verdict), refused: judged.refused }),
  });
  if (isSkipped(given, engineName)) return result('skipped', '');
  const tables = [given.table, ...Object.values(given.otherTables ?? {})];
  const [impossible] = tables.flatMap((table) => engine.cannotHold?.(table) ?? []);
  if (impossible !== undefined) return result('skipped', impossible);
  try {
    const rule = mapped(given);
    const judged = await judge(given, rule, engine);
    const fault = disagreement(given, judged, rule.observed);
    return fault === undefined
      ? result('agrees', judged.verdict.status, judged)
      : result('differs', `${fault}: ${judged.verdict.sentence.en}`, judged);
  } catch (error) {
    if (error instanceof NotMapped) return result('not mapped', error.message);
    const judged: Judged = { verdict: errorVerdict(error), refused: error instanceof Refused };
    const fault = error instanceof Refused ? disagreement(given, judged) : 'it could not be run';
    return result(fault === undefined ? 'agrees' : 'differs', `${fault ?? 'error'}: ${messageOf(error)}`, judged);
  }
}

const countsOf = ({ rows, checked, violations }: Verdict): string => [rows, checked, violations].join(' ');

/** What our engine says of a case's rule. */
export async function judge(given: QualityCase, made: MappedRule, engine: Engine): Promise<Judged> {
  const { rule, other, series, table = given.table, now = given.now ?? NOW } = made;
  const target = await engine.table(table);
  const others = new Map(
    await Promise.all(
      Object.entries(given.otherTables ?? {}).map(async ([name, table]) => [name, await engine.table(table)] as const),
    ),
  );
  const { connection } = engine;
  const second = other === undefined ? undefined : others.get(other);
  if (other !== undefined && second === undefined) throw new Refused(`there is no table ${JSON.stringify(other)}`);
  const facts: RuleFacts = {
    target,
    ...(series && { series }),
    ...(second && { other: { ...second, dialect: connection.dialect, sameConnection: true } }),
  };
  const relations = Object.fromEntries([...others].map(([name, { relation }]) => [name, relation]));
  const json = typeof rule === 'function' ? rule({ relation: target.relation, others: relations }) : rule;
  const [outcome] = await runRules(
    [{ rule: json, facts }],
    ({ sql, params, maxRows }) =>
      connection.query(sql, params, { signal: new AbortController().signal, deadlineMs: DEADLINE_MS, maxRows }),
    { dialect: connection.dialect, now: new Date(now), show: () => [], sqlReader: await sqlReader() },
  );
  const { verdict, error } = outcome!;
  return { verdict, refused: error instanceof InvalidInput };
}
