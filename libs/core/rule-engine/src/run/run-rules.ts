import { type QueryResult } from '#core/connector-kit';
import { messageOf } from '#kernel';

import { judge } from '../judge-rule.js';
import { measuredRows } from '../measured-row.js';
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
import { type MeasuredRow } from '../rule-kind.js';
import { errorVerdict, type Verdict } from '../verdict.js';

/** Sends a statement to the source of one of a rule's datasets. `rules` are the places of the rules it is for. */
export type Send = (statement: PlannedStatement, rules: readonly number[]) => Promise<QueryResult>;

/** What became of one rule. */
export interface RuleOutcome {
  readonly verdict: Verdict;
  /** Statements that were sent for it, in order, exactly as they were sent. */
  readonly statements: readonly PlannedStatement[];
  /** Why it could not be asked; the verdict is `error`. */
  readonly error?: unknown;
  /** Rows that break it, when it failed or warned and has such rows. */
  readonly failing?: QueryResult;
}

export interface RunOptions extends PlanOptions {
  /** Told as each rule is through. */
  readonly onOutcome?: (rule: number, outcome: RuleOutcome) => void;
  /** How many statements at once; 1 when left out. */
  readonly atOnce?: number;
  readonly signal?: AbortSignal;
  /** Milliseconds from any beginning, to measure how long an answer takes. */
  readonly clock?: () => number;
  /** Which columns of a rule's failing rows may be read; all when left out. Without any, no failing rows are fetched. */
  readonly show?: (rule: number, columns: readonly string[]) => readonly string[];
}

/**
 * Measures and judges rules on datasets of one source. What one rule does wrong is its own `error`: a statement that several rules
 * share and that fails is halved until one rule is to blame, and the others keep their verdicts. Throws only when the signal says stop.
 */
export async function runRules(rules: readonly RuleToRun[], send: Send, options: RunOptions): Promise<RuleOutcome[]> {
  return new Run(planRules(rules, options), send, options).toEnd();
}

class Run {
  private readonly measured: Record<string, readonly MeasuredRow[]>[];
  private readonly sent: PlannedStatement[][];
  private readonly faults = new Map<number, unknown>();

  constructor(
    private readonly plan: Plan,
    private readonly send: Send,
    private readonly options: RunOptions,
  ) {
    this.measured = plan.rules.map(() => ({}));
    this.sent = plan.rules.map(() => []);
  }

  async toEnd(): Promise<RuleOutcome[]> {
    this.plan.rules.forEach((rule, at) => {
      if (rule instanceof Error) this.faults.set(at, rule);
      else
        for (const [name, ask] of Object.entries(rule.asks))
          if (ask.is === 'known') this.measured[at]![name] = [ask.row];
    });
    await this.ask(this.plan.work);
    const second = this.plan.rules.map(
      (rule, at) =>
        this.guarded(at, () => (rule instanceof Error ? {} : (rule.then?.(this.measured[at]!) ?? {}))) ?? {},
    );
    await this.ask(planAsks(this.plan.rules, second, this.options));
    const outcomes: RuleOutcome[] = [];
    for (const [at, rule] of this.plan.rules.entries()) {
      const outcome = await this.outcomeOf(at, rule);
      outcomes.push(outcome);
      this.options.onOutcome?.(at, outcome);
    }
    return outcomes;
  }

  private async ask(work: readonly PlannedWork[]): Promise<void> {
    const queue = [...work];
    const lane = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await this.answer(next);
    };
    await Promise.all(Array.from({ length: this.options.atOnce ?? 1 }, lane));
  }

  private async answer({ statement, answers, halves, attempt }: PlannedWork): Promise<void> {
    const rules = [...new Set(answers.map(({ rule }) => rule))];
    if (attempt === true) return this.attempt(statement, answers, rules);
    try {
      for (const rule of rules) this.sent[rule]!.push(statement);
      const rows = measuredRows(await this.send(statement, rules), statement.maxRows);
      for (const { rule, ask, columns } of answers)
        this.measured[rule]![ask] = columns === undefined ? rows : rows.map((row) => pick(row, columns));
    } catch (error) {
      this.options.signal?.throwIfAborted();
      if (halves === undefined) for (const rule of rules) this.faults.set(rule, error);
      else for (const half of halves()) await this.answer(half);
    }
  }

  private async attempt(statement: PlannedStatement, answers: PlannedWork['answers'], rules: readonly number[]) {
    const clock = this.options.clock ?? (() => performance.now());
    const began = clock();
    const row = await this.send(statement, rules).then(
      (): MeasuredRow => ({ reached: '1', ms: String(Math.max(0, Math.round(clock() - began))), reason: null }),
      (error: unknown): MeasuredRow => ({ reached: '0', ms: null, reason: messageOf(error) }),
    );
    this.options.signal?.throwIfAborted();
    for (const rule of rules) this.sent[rule]!.push(statement);
    for (const { rule, ask } of answers) this.measured[rule]![ask] = [row];
  }

  private async outcomeOf(at: number, rule: CompiledRule | Error): Promise<RuleOutcome> {
    const statements = this.sent[at]!;
    const verdict =
      this.faults.has(at) || rule instanceof Error
        ? undefined
        : this.guarded(at, () => judge(rule, this.measured[at]!));
    if (verdict === undefined || rule instanceof Error) {
      const error = this.faults.get(at);
      return { verdict: errorVerdict(error), statements, error };
    }
    if (verdict.status !== 'fail' && verdict.status !== 'warn') return { verdict, statements };
    const failing = await this.failingRowsOf(at, rule);
    return { verdict, statements: this.sent[at]!, ...(failing === undefined ? {} : { failing }) };
  }

  /** The verdict stands without them. */
  private async failingRowsOf(at: number, rule: CompiledRule): Promise<QueryResult | undefined> {
    const { show } = this.options;
    const select = failingRows(rule, show && ((columns) => show(at, columns)));
    if (select === undefined) return undefined;
    const rendered = renderFor(select, this.options.dialect);
    const statement: PlannedStatement = {
      purpose: 'failing_rows',
      on: 'target',
      ...rendered,
      maxRows: rule.rule.samples,
    };
    try {
      this.sent[at]!.push(statement);
      return await this.send(statement, [at]);
    } catch {
      this.options.signal?.throwIfAborted();
      return undefined;
    }
  }

  private guarded<T>(at: number, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.faults.set(at, error);
      return undefined;
    }
  }
}

const pick = (row: MeasuredRow, columns: Readonly<Record<string, string>>): MeasuredRow =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, row[column] ?? null]));
