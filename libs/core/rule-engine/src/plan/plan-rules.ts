import { type Dialect } from '#core/connector-kit';

import { type RuleFacts } from '../facts.js';
import { type Ask } from '../rule-kind.js';
import { SQL_DIALECTS } from '../sql/dialects/index.js';
import { render } from '../sql/render.js';
import { type SqlReader } from '../sql-reader.js';
import { type Select } from '../sql/term.js';
import { type CompiledRule, type CompileOptions, compileRule, failingRows, isScan } from './compile-rule.js';
import { type Costs, type Form, type Load } from './cost-model.js';
import { type Explanation, explainedQuery } from './explain.js';
import { laneOf } from './lanes.js';
import { planScans, type ScanGroup } from './plan-scans.js';
import { type Slots } from './slots.js';

/** A rule and what the catalog knows of the datasets it is about. */
export interface RuleToRun {
  readonly rule: unknown;
  readonly facts: RuleFacts;
}

/** One SELECT of a plan, exactly as it is sent. */
export interface PlannedStatement {
  /** `failing_rows` is for a rule that failed or warned: a few rows that break it, by their keys. */
  readonly purpose: 'measure' | 'failing_rows';
  readonly on: 'target' | 'other';
  readonly sql: string;
  readonly params: readonly string[];
  /** How many rows can come back at most. */
  readonly maxRows: number;
}

/** A statement, and whose questions it answers. */
export interface PlannedWork {
  readonly statement: PlannedStatement;
  /** Rules by their place in the list, with the ask that is answered and how to find its values in the rows. */
  readonly answers: readonly Answer[];
  /** The same work in two halves, to find out which rule a failing statement has to blame; undefined for one rule alone. */
  readonly halves?: () => readonly PlannedWork[];
  /** That it fails is an answer, too. */
  readonly attempt?: true;
  /** What is kept of its rows. */
  readonly fold?: Extract<Ask, { is: 'query' }>['fold'];
  /** Its rows are numbered counts, which together are one row. */
  readonly counts?: true;
  /** What it is made of: for its expected time, and to learn from what it took. */
  readonly scan?: { readonly form: Form; readonly load: Load };
  /** What it may take, when its rules say so. */
  readonly budgetMs?: number;
  /** Why it is one statement. */
  readonly explanation: Explanation;
}

export interface Answer {
  readonly rule: number;
  readonly ask: string;
  /** Where its values stand; undefined: the rows are taken as they are. */
  readonly columns?: Slots;
}

export interface PlanOptions {
  readonly dialect: Dialect;
  /** The time of the run. */
  readonly now: Date;
  /** Whether rules share scans; `auto` when left out: what costs less. */
  readonly fuse?: 'auto' | 'always' | 'never';
  /** Needed for rules with SQL that people wrote. */
  readonly sqlReader?: SqlReader;
  /** What this source takes; that of its kind of engine when left out. See `fitCosts`. */
  readonly costs?: Costs;
}

/** Compiled rules, or why a rule cannot be used, and the statements to send. */
export interface Plan {
  readonly rules: readonly (CompiledRule | Error)[];
  readonly work: readonly PlannedWork[];
}

/**
 * Compiles rules on datasets of one source and plans the statements that measure them. A rule that does not fit its facts is an
 * error at its place and does not hinder the others.
 */
export function planRules(rules: readonly RuleToRun[], options: PlanOptions): Plan {
  const compiled = rules.map(({ rule, facts }) => {
    try {
      return compileRule(rule, facts, compileOptions(options));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  });
  const asks = compiled.map((rule) => (rule instanceof Error ? {} : rule.asks));
  return { rules: compiled, work: planAsks(compiled, asks, options) };
}

/** Plans asks of rules that are compiled already, by the rules' places. */
export function planAsks(
  rules: readonly (CompiledRule | Error)[],
  asksOf: readonly Readonly<Record<string, Ask>>[],
  options: PlanOptions,
): PlannedWork[] {
  const queries: PlannedWork[] = [];
  const scans = new Map<string, ScanGroup & { readonly parts: ScanGroup['parts'][number][] }>();
  asksOf.forEach((asks, rule) => {
    const compiled = rules[rule];
    if (compiled === undefined || compiled instanceof Error) return;
    for (const [ask, what] of Object.entries(asks)) {
      if (what.is === 'query') queries.push(queryWork(rule, ask, what, compiled, options));
      if (what.is === 'sql')
        queries.push({
          statement: { purpose: 'measure', on: 'target', sql: what.sql, params: [], maxRows: what.maxRows },
          answers: [{ rule, ask }],
          explanation: explainedQuery(laneOf(what)),
        });
      if (!isScan(what)) continue;
      const { target } = compiled.facts;
      const { scope, filter, rule: content } = compiled;
      // Rules with the same scope share a scan that reads no more than that.
      const key = JSON.stringify([target.relation, scope, content.budgetMs]);
      const group = scans.get(key) ?? { target, scope, budgetMs: content.budgetMs, parts: [] };
      scans.set(key, group);
      group.parts.push({ rule, ask, what, where: filter });
    }
  });
  return [...[...scans.values()].flatMap((group) => planScans(group, options)), ...withoutRepeats(queries)];
}

const compileOptions = (options: PlanOptions): CompileOptions => {
  const { now, sqlReader, dialect } = options;
  const refusalOf = sqlReader && ((sql: string) => sqlReader.refusal(sql, dialect));
  return { now, proofs: ENFORCING.includes(dialect), ...(refusalOf === undefined ? {} : { refusalOf }) };
};

/** Engines that enforce what is declared. DuckDB reads files here, for whose rows nobody answers. */
const ENFORCING: readonly Dialect[] = ['postgres', 'mysql'];

/** What two rules ask of the target in the same words is asked once. */
function withoutRepeats(queries: readonly PlannedWork[]): PlannedWork[] {
  const known = new Map<string, PlannedWork>();
  queries.forEach((work, at) => {
    const { on, sql, params, maxRows } = work.statement;
    const alone = on === 'other' || work.attempt === true;
    const key = alone ? String(at) : JSON.stringify([sql, params, maxRows, work.budgetMs]);
    const before = known.get(key);
    known.set(key, before === undefined ? work : { ...before, answers: [...before.answers, ...work.answers] });
  });
  return [...known.values()];
}

function queryWork(
  rule: number,
  ask: string,
  what: Extract<Ask, { is: 'query' }>,
  { facts, rule: { budgetMs } }: CompiledRule,
  { dialect }: PlanOptions,
): PlannedWork {
  const { select, on, maxRows, attempt, fold } = what;
  const spoken = on === 'other' && facts.other !== undefined ? facts.other.dialect : dialect;
  return {
    statement: { purpose: 'measure', on, ...render(select, SQL_DIALECTS[spoken]), maxRows },
    answers: [{ rule, ask }],
    ...(attempt === undefined ? {} : { attempt }),
    ...(budgetMs === undefined ? {} : { budgetMs }),
    ...(fold === undefined ? {} : { fold }),
    explanation: explainedQuery(laneOf(what)),
  };
}

/** A statement of one rule alone, such as the one for its failing rows. */
export const renderFor = (select: Select, dialect: Dialect): { sql: string; params: readonly string[] } =>
  render(select, SQL_DIALECTS[dialect]);

/**
 * The statements of one rule, that for failing rows included: to show them, or to see whether a rule can be planned. Throws
 * `InvalidInput` with the place in the rule when it does not fit the facts.
 *
 * @example
 * planRule({ kind: 'not_null', columns: ['email'] }, { target: factsOf(table) }, { dialect: 'postgres', now })[0].sql
 */
export function planRule(rule: unknown, facts: RuleFacts, options: PlanOptions): PlannedStatement[] {
  const compiled = compileRule(rule, facts, compileOptions(options));
  const work = planAsks([compiled], [compiled.asks], options);
  const failing = failingRows(compiled);
  const rows: PlannedStatement[] =
    failing === undefined
      ? []
      : [
          {
            purpose: 'failing_rows',
            on: 'target',
            ...renderFor(failing, options.dialect),
            maxRows: compiled.rule.samples,
          },
        ];
  return [...work.map(({ statement }) => statement), ...rows];
}
