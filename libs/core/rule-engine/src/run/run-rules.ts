import { type QueryResult, type Words } from '#core/connector-kit';
import { messageOf } from '#kernel';

import { judge } from '../judge-rule.js';
import { measuredRows } from '../measured-row.js';
import { COSTS } from '../plan/cost-model.js';
import { failingRows, type CompiledRule } from '../plan/compile-rule.js';
import {
  planAsks,
  type Plan,
  type PlannedStatement,
  type PlannedWork,
  type PlanOptions,
  planRules,
  renderFor,
  type RuleToRun,
} from '../plan/plan-rules.js';
import { asOneRow, valuesIn } from '../plan/slots.js';
import { type MeasuredRow } from '../rule-kind.js';
import { errorVerdict, skippedVerdict, type Verdict } from '../verdict.js';
import { type PlanOf, expectedMs, tooDear } from './cost-gate.js';

/** Sends a statement to the source of one of a rule's datasets. `rules` are the places of the rules it is for. */
export type Send = (statement: PlannedStatement, rules: readonly number[]) => Promise<QueryResult>;

/** What became of one rule. */
export interface RuleOutcome {
  readonly verdict: Verdict;
  /** Statements that were sent for it, in order, exactly as they were sent. */
  readonly statements: readonly PlannedStatement[];
  /** Why it could not be asked; the verdict is `error`. */
  readonly error?: unknown;
  /** The dataset at whose source that happened. */
  readonly failedOn?: PlannedStatement['on'];
  /** Rows that break it, when it failed or warned and has such rows. */
  readonly failing?: QueryResult;
}

export interface RunOptions extends PlanOptions {
  /** Told as each rule is through, in the order in which that happens. */
  readonly onOutcome?: (rule: number, outcome: RuleOutcome) => Promise<void> | void;
  /** How many statements at once; 1 when left out. */
  readonly atOnce?: number;
  readonly signal?: AbortSignal;
  /** Milliseconds from any beginning, to measure how long an answer takes. */
  readonly clock?: () => number;
  /** Milliseconds that a statement may take when its rules do not say; any time when left out. */
  readonly budgetMs?: number;
  /** Without it, or where it knows nothing, every statement is sent. */
  readonly explain?: PlanOf;
  /** Told what each statement took, in milliseconds, when it gave an answer: `fitCosts` learns from scans. */
  readonly onStatement?: (work: PlannedWork, ms: number) => void;
  /** Which columns of a rule's failing rows may be read; all when left out. Without any, no failing rows are fetched. */
  readonly show?: (rule: number, columns: readonly string[]) => readonly string[];
  /** Whether an error is the source's and not one statement's: then all rules of the statement have it, and no half is tried. */
  readonly isOfSource?: (error: unknown) => boolean;
}

/**
 * Measures and judges rules on datasets of one source. What one rule does wrong is its own `error`: a statement that several rules
 * share and that fails is halved until one rule is to blame, and the others keep their verdicts. Throws only when the signal says stop,
 * or what `onOutcome` throws.
 *
 * @example
 * const [outcome] = await runRules([{ rule, facts }], ({ sql, params }) => connection.query(sql, params, call), { dialect, now });
 */
export async function runRules(rules: readonly RuleToRun[], send: Send, options: RunOptions): Promise<RuleOutcome[]> {
  return new Run(planRules(rules, options), send, options).toEnd();
}

/** One rule on its way. */
interface Progress {
  readonly compiled: CompiledRule | Error;
  readonly measured: Record<string, readonly MeasuredRow[]>;
  readonly sent: PlannedStatement[];
  /** Asks without an answer. */
  waiting: number;
  asked: 'first' | 'second';
  fault?: { readonly error: unknown; readonly on?: PlannedStatement['on'] };
  /** Why it was left out. */
  skipped?: Words;
}

type Work = PlannedWork | { readonly failingRowsOf: number; readonly verdict: Verdict };

class Run {
  private readonly rules: readonly Progress[];
  private readonly outcomes: RuleOutcome[] = [];
  private readonly queue: Work[];

  constructor(
    plan: Plan,
    private readonly send: Send,
    private readonly options: RunOptions,
  ) {
    this.queue = [...plan.work];
    this.rules = plan.rules.map((compiled) => ({
      compiled,
      measured: {},
      sent: [],
      waiting: 0,
      asked: 'first',
      ...(compiled instanceof Error && { fault: { error: compiled } }),
    }));
    for (const { answers } of plan.work) for (const { rule } of answers) this.rules[rule]!.waiting++;
  }

  async toEnd(): Promise<RuleOutcome[]> {
    for (const [at, { compiled, measured, waiting }] of this.rules.entries()) {
      if (!(compiled instanceof Error))
        for (const [name, ask] of Object.entries(compiled.asks)) if (ask.is === 'known') measured[name] = [ask.row];
      if (waiting === 0) await this.goOn(at);
    }
    const lane = async () => {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift())
        await ('answers' in next ? this.answer(next) : this.finish(next.failingRowsOf, next.verdict));
    };
    // Whoever adds work is in a lane, and goes on with it.
    const ended = await Promise.allSettled(Array.from({ length: this.options.atOnce ?? 1 }, lane));
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
    return this.outcomes;
  }

  private async answer(work: PlannedWork): Promise<void> {
    const { statement, answers, halves, attempt, counts, fold = asTheyAre } = work;
    const { clock = () => performance.now(), onStatement } = this.options;
    const rules = [...new Set(answers.map(({ rule }) => rule))];
    const dear = await this.tooDear(work, rules);
    if (dear !== undefined) {
      // What costs little is not left out for what costs much.
      if (halves !== undefined) this.queue.unshift(...halves());
      else await this.answered(work, (rule) => (rule.skipped ??= dear));
      return;
    }
    for (const rule of rules) this.rules[rule]!.sent.push(statement);
    const began = clock();
    try {
      const given = attempt === true ? [await this.attempt(statement, rules)] : await this.rowsOf(statement, rules);
      onStatement?.(work, clock() - began);
      const rows = counts === true ? [asOneRow(given)] : attempt === true ? given : fold(given);
      for (const { rule, ask, columns } of answers)
        this.rules[rule]!.measured[ask] = columns === undefined ? rows : rows.map((row) => valuesIn(row, columns));
    } catch (error) {
      this.options.signal?.throwIfAborted();
      if (halves !== undefined && this.options.isOfSource?.(error) !== true) {
        this.queue.unshift(...halves());
        return;
      }
      for (const rule of rules) this.rules[rule]!.fault ??= { error, on: statement.on };
    }
    await this.answered(work, () => undefined);
  }

  private async answered({ answers }: PlannedWork, note: (rule: Progress) => void): Promise<void> {
    for (const { rule } of answers) {
      note(this.rules[rule]!);
      this.rules[rule]!.waiting--;
      if (this.rules[rule]!.waiting === 0) await this.goOn(rule);
    }
  }

  /** Why the statement must not be sent, by what the source expects of it. */
  private async tooDear(work: PlannedWork, rules: readonly number[]): Promise<Words | undefined> {
    const { explain, budgetMs, dialect, costs = COSTS[dialect], signal } = this.options;
    const budget = work.budgetMs ?? budgetMs;
    if (budget === undefined || explain === undefined || work.attempt === true) return undefined;
    try {
      const plan = await explain(work, rules);
      const ms = plan && expectedMs(plan, work, costs);
      return ms === undefined || ms <= budget ? undefined : tooDear(ms, budget, plan!);
    } catch {
      signal?.throwIfAborted();
      // What is wrong with the statement, it says itself.
      return undefined;
    }
  }

  private async rowsOf(statement: PlannedStatement, rules: readonly number[]): Promise<readonly MeasuredRow[]> {
    return measuredRows(await this.send(statement, rules), statement.maxRows);
  }

  /** That it fails is an answer, too. */
  private async attempt(statement: PlannedStatement, rules: readonly number[]): Promise<MeasuredRow> {
    const { clock = () => performance.now(), signal } = this.options;
    const began = clock();
    try {
      await this.send(statement, rules);
      return { reached: '1', ms: String(Math.max(0, Math.round(clock() - began))), reason: null };
    } catch (error) {
      signal?.throwIfAborted();
      return { reached: '0', ms: null, reason: messageOf(error) };
    }
  }

  /** All asks of a rule are answered: asks what is open yet, or judges. */
  private async goOn(at: number): Promise<void> {
    const rule = this.rules[at]!;
    let verdict: Verdict | undefined;
    if (rule.skipped !== undefined && rule.fault === undefined)
      return this.tell(at, { verdict: skippedVerdict('RULE_OVER_BUDGET', rule.skipped), statements: rule.sent });
    if (rule.fault === undefined)
      try {
        if (this.asksMore(at)) return;
        verdict = judge(rule.compiled as CompiledRule, rule.measured);
      } catch (error) {
        rule.fault = { error };
      }
    if (verdict === undefined) {
      const { error, on } = rule.fault!;
      await this.tell(at, { verdict: errorVerdict(error), statements: rule.sent, error, ...(on && { failedOn: on }) });
    } else if (verdict.status === 'fail' || verdict.status === 'warn')
      this.queue.unshift({ failingRowsOf: at, verdict });
    else await this.tell(at, { verdict, statements: rule.sent });
  }

  private asksMore(at: number): boolean {
    const rule = this.rules[at]!;
    const { then } = rule.compiled as CompiledRule;
    if (rule.asked === 'second' || then === undefined) return false;
    rule.asked = 'second';
    if (!then.isOpen(rule.measured)) return false;
    const asks = typeof then.asks === 'function' ? then.asks(rule.measured) : then.asks;
    for (const [name, ask] of Object.entries(asks)) if (ask.is === 'known') rule.measured[name] = [ask.row];
    const work = planAsks([rule.compiled], [asks], this.options).map((each) => forRule(each, at));
    rule.waiting = work.flatMap(({ answers }) => answers).length;
    this.queue.unshift(...work);
    return rule.waiting > 0;
  }

  /** Fetches some rows that break the rule. The verdict stands without them. */
  private async finish(at: number, verdict: Verdict): Promise<void> {
    const { compiled, sent } = this.rules[at]!;
    const { show, dialect, signal } = this.options;
    const select =
      compiled instanceof Error ? undefined : failingRows(compiled, show && ((columns) => show(at, columns)));
    if (select === undefined) return this.tell(at, { verdict, statements: sent });
    const rendered = renderFor(select, dialect);
    const statement: PlannedStatement = {
      purpose: 'failing_rows',
      on: 'target',
      ...rendered,
      maxRows: select.limit ?? 0,
    };
    sent.push(statement);
    let failing: QueryResult | undefined;
    try {
      failing = await this.send(statement, [at]);
    } catch {
      signal?.throwIfAborted();
    }
    return this.tell(at, { verdict, statements: sent, ...(failing && { failing }) });
  }

  private async tell(at: number, outcome: RuleOutcome): Promise<void> {
    this.outcomes[at] = outcome;
    await this.options.onOutcome?.(at, outcome);
  }
}

/** Work that was planned for one rule alone, for its place among the others. */
const forRule = ({ answers, halves, ...work }: PlannedWork, rule: number): PlannedWork => ({
  ...work,
  answers: answers.map((answer) => ({ ...answer, rule })),
  ...(halves && { halves: () => halves().map((half) => forRule(half, rule)) }),
});

const asTheyAre = (rows: readonly MeasuredRow[]): readonly MeasuredRow[] => rows;
