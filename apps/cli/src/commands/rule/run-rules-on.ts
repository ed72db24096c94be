import { type LooseFiles } from '#connectors/files';
import { type DatasetFacts, type RuleOutcome, runRules, sqlReader } from '#core/rule-engine';
import { type NamedRule } from '#core/rule-import';

import { callOf, otherOf, targetsOf, type Tables } from './tables.js';

/** A rule, the table it ran on, and what became of it; without a table it did not run. */
export interface Tried {
  readonly named: NamedRule;
  readonly ran?: { readonly target: DatasetFacts; readonly outcome: RuleOutcome };
}

export interface TryOptions {
  readonly now: Date;
  /** Failing rows of each rule. */
  readonly samples?: number;
  readonly signal?: AbortSignal;
}

/** Runs rules on tables that DuckDB reads, all in one plan. */
export async function runRulesOn(
  rules: readonly NamedRule[],
  tables: Tables,
  files: LooseFiles,
  { now, samples, signal }: TryOptions,
): Promise<Tried[]> {
  const targets = targetsOf(rules, tables);
  const running = rules.flatMap((named, at) => {
    const target = targets[at];
    if (target === undefined) return [];
    const other = otherOf(named, tables);
    return [
      {
        at,
        target,
        rule: { ...named.rule, ...(samples !== undefined && { samples }) },
        facts: { target, ...(other && { other: { ...other, dialect: 'duckdb' as const, sameConnection: true } }) },
      },
    ];
  });
  // The reader brings a parser of 22 MB: only for rules with SQL that people wrote.
  const reader = running.some(({ rule }) => rule.kind.startsWith('sql_')) ? await sqlReader() : undefined;
  const outcomes = await runRules(
    running,
    ({ sql, params, maxRows }) => files.query(sql, params, callOf(maxRows, signal)),
    {
      dialect: 'duckdb',
      now,
      explain: ({ statement: { sql, params } }) => files.explain(sql, params, callOf(1, signal)),
      ...(reader && { sqlReader: reader }),
      ...(signal && { signal }),
    },
  );
  const byPlace = new Map(running.map(({ at, target }, place) => [at, { target, outcome: outcomes[place]! }]));
  return rules.map((named, at) => {
    const ran = byPlace.get(at);
    return { named, ...(ran && { ran }) };
  });
}
