import { type Plan, type QueryResult } from '#core/connector-kit';
import { type PlannedStatement, type RuleOutcome, runRules, sqlReader, type Verdict } from '#core/rule-engine';
import { SourcePaused } from '#sources';

import { bindRule, type BoundRule, type Speech } from './bind-rule.js';
import { type DatasetFact } from './dataset-facts.js';
import { codeOf, isDown, PAUSED, verdictOf } from './error-words.js';
import { type RuleContent } from './rule.js';
import { type FailingSample, MOST_SAMPLE_ROWS, sampleOf } from './samples/failing-sample.js';
import { type SampleColumn, sampleColumns, type SecrecyOf } from './samples/showing.js';

/** A source that can be asked. Each question waits for its turn and has its own deadline. */
export interface Asked extends Speech {
  /** What the source expects of a statement, where it makes plans. */
  explain?(sql: string, params: readonly string[]): Promise<Plan>;
  ask(sql: string, params: readonly string[], maxRows: number): Promise<QueryResult>;
}

/** A statement exactly as it was sent. */
export interface SentStatement {
  readonly purpose: PlannedStatement['purpose'];
  readonly on: PlannedStatement['on'];
  readonly sql: string;
  readonly params: readonly string[];
}

export interface Measured {
  readonly verdict: Verdict;
  readonly statements: readonly SentStatement[];
  readonly sample?: FailingSample;
  /** Why the rule could not be asked, or was left out. */
  readonly errorCode?: string;
  readonly failedSourceId?: string;
}

/** A rule to measure, with the datasets that the catalog has for it. */
export interface RuleToMeasure {
  readonly content: RuleContent;
  /** When this version of the rule last looked at the data. */
  readonly since?: Date;
  readonly target: DatasetFact;
  readonly other?: DatasetFact;
}

export interface MeasureCall {
  readonly signal: AbortSignal;
  readonly now: Date;
  /** How secret fields are: what is shown of rows that break a rule. */
  readonly secrecyOf: SecrecyOf;
  /** Statements at once. */
  readonly atOnce?: number;
  /** Milliseconds that a statement may take when its rules do not say; any time when left out. */
  readonly budgetMs?: number;
  /** Told of each rule as it is through, by its place in the list. */
  readonly onMeasured: (rule: number, measured: Measured) => Promise<void> | void;
}

/**
 * Measures rules on datasets of one source, many in one scan: binds, plans, asks, judges. Whatever goes wrong with one rule is a verdict
 * of its own and never harms another; only an abort is thrown, and what `onMeasured` throws.
 */
export async function measureRules(
  rules: readonly RuleToMeasure[],
  sourceOf: (dataset: DatasetFact) => Promise<Asked>,
  { signal, now, secrecyOf, atOnce, budgetMs, onMeasured }: MeasureCall,
): Promise<void> {
  const bound: BoundToMeasure[] = [];
  for (const [at, rule] of rules.entries()) {
    const made = await bind(rule, at, sourceOf, secrecyOf, signal);
    if ('verdict' in made) await onMeasured(at, made);
    else bound.push(made);
  }
  const [first] = bound;
  if (first === undefined) return;
  // The reader brings a parser of 22 MB: only for rules with SQL that people wrote.
  const reader = bound.some(({ rule }) => String(rule['kind']).startsWith('sql_')) ? await sqlReader() : undefined;
  await runRules(
    bound.map(({ rule, facts }) => ({ rule, facts })),
    ({ on, sql, params, maxRows, purpose }, [place]) => {
      // A statement for another dataset is for one rule alone; those for the target all have the same source.
      const { here, there } = bound[place!]!;
      return (on === 'target' ? here : there).ask(sql, params, purpose === 'failing_rows' ? MOST_SAMPLE_ROWS : maxRows);
    },
    {
      ...{
        dialect: first.here.dialect,
        now,
        signal,
        isOfSource: isDown,
        ...(reader && { sqlReader: reader }),
        ...(atOnce && { atOnce }),
        ...(budgetMs && { budgetMs }),
      },
      explain: async ({ statement: { on, sql, params } }, [place]) => {
        const { here, there } = bound[place!]!;
        return (on === 'target' ? here : there).explain?.(sql, params);
      },
      show: (place, columns) =>
        columns.filter((name) => bound[place]!.shown.some((each) => each.name === name && each.showing !== 'withheld')),
      onOutcome: (place, outcome) => onMeasured(bound[place]!.at, measuredOf(bound[place]!, outcome)),
    },
  );
}

interface BoundToMeasure extends BoundRule {
  readonly at: number;
  readonly here: Asked;
  readonly there: Asked;
  readonly shown: readonly SampleColumn[];
  readonly target: DatasetFact;
  readonly other: DatasetFact;
}

async function bind(
  { content, since, target, other = target }: RuleToMeasure,
  at: number,
  sourceOf: (dataset: DatasetFact) => Promise<Asked>,
  secrecyOf: SecrecyOf,
  signal: AbortSignal,
): Promise<BoundToMeasure | Measured> {
  let asking = target;
  try {
    const here = await sourceOf(target);
    asking = other;
    const there = other === target ? here : await sourceOf(other);
    asking = target;
    const second = other === target ? undefined : other;
    const bound = bindRule(content, target, second, (dataset) => (dataset === target ? here : there));
    const facts = { ...bound.facts, ...(since && { since: since.toISOString() }) };
    return { ...bound, facts, at, here, there, target, other, shown: sampleColumns(content, target, secrecyOf) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SourcePaused) return { verdict: PAUSED, statements: [], errorCode: error.code };
    return failed(error, [], asking);
  }
}

function measuredOf({ shown, target, other }: BoundToMeasure, outcome: RuleOutcome): Measured {
  const { verdict, statements, failing, error, failedOn } = outcome;
  if (verdict.status === 'error') return failed(error, statements, failedOn === 'other' ? other : target);
  const sample = verdict.status === 'fail' || verdict.status === 'warn' ? sampleOf(failing, shown) : undefined;
  return {
    ...{ verdict, statements },
    ...(verdict.code !== undefined && { errorCode: verdict.code }),
    ...(sample && { sample }),
  };
}

const failed = (error: unknown, statements: readonly SentStatement[], { sourceId }: DatasetFact): Measured => ({
  verdict: verdictOf(error),
  statements,
  errorCode: codeOf(error),
  failedSourceId: sourceId,
});
