import { type Cell, type Plan, type QueryResult } from '#core/connector-kit';
import { type PlannedStatement, type RuleOutcome, runRules, sqlReader, type Verdict } from '#core/rule-engine';
import { SourcePaused } from '#sources';

import { bindRule, type BoundRule, keyColumnsOf, type Speech } from './bind-rule.js';
import { type DatasetFact } from './dataset-facts.js';
import { codeOf, isDown, PAUSED, verdictOf } from './error-words.js';
import { type RuleContent } from './rule.js';

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

/** Which rows broke a rule, told by their keys. */
export interface FailingKeys {
  readonly columns: readonly string[];
  /** Columns whose values are not shown because of their security level, or of that of the rule's fields. */
  readonly withheld: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Measured {
  readonly verdict: Verdict;
  readonly statements: readonly SentStatement[];
  readonly failingKeys?: FailingKeys;
  /** Why the rule could not be asked, or was left out. */
  readonly errorCode?: string;
  readonly failedSourceId?: string;
}

const MOST_KEYS = 20;
const LONGEST_KEY = 200;
const MASK = '•••';
/** Values of these security levels are neither shown nor kept. */
export const SECRET_LEVELS: readonly string[] = ['L4', 'L5'];

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
  /** Statements at once. */
  readonly atOnce?: number;
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
  { signal, now, atOnce, onMeasured }: MeasureCall,
): Promise<void> {
  const bound: BoundToMeasure[] = [];
  for (const [at, rule] of rules.entries()) {
    const made = await bind(rule, at, sourceOf, signal);
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
      return (on === 'target' ? here : there).ask(sql, params, purpose === 'failing_rows' ? MOST_KEYS : maxRows);
    },
    {
      ...{
        dialect: first.here.dialect,
        now,
        signal,
        isOfSource: isDown,
        ...(reader && { sqlReader: reader }),
        ...(atOnce && { atOnce }),
      },
      explain: async ({ statement: { on, sql, params } }, [place]) => {
        const { here, there } = bound[place!]!;
        return (on === 'target' ? here : there).explain?.(sql, params);
      },
      show: (place, columns) => columns.filter((name) => bound[place]!.keys.shown.includes(name)),
      onOutcome: (place, outcome) => onMeasured(bound[place]!.at, measuredOf(bound[place]!, outcome)),
    },
  );
}

interface BoundToMeasure extends BoundRule {
  readonly at: number;
  readonly here: Asked;
  readonly there: Asked;
  readonly keys: Keys;
  readonly target: DatasetFact;
  readonly other: DatasetFact;
}

async function bind(
  { content, since, target, other = target }: RuleToMeasure,
  at: number,
  sourceOf: (dataset: DatasetFact) => Promise<Asked>,
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
    return { ...bound, facts, at, here, there, target, other, keys: keysShown(content, target) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SourcePaused) return { verdict: PAUSED, statements: [], errorCode: error.code };
    return failed(error, [], asking);
  }
}

function measuredOf({ keys, target, other }: BoundToMeasure, outcome: RuleOutcome): Measured {
  const { verdict, statements, failing, error, failedOn } = outcome;
  if (verdict.status === 'error') return failed(error, statements, failedOn === 'other' ? other : target);
  const failingKeys = failing === undefined ? withheldKeys(verdict, keys) : keysOf(failing, keys);
  return {
    ...{ verdict, statements },
    ...(verdict.code !== undefined && { errorCode: verdict.code }),
    ...(failingKeys && { failingKeys }),
  };
}

/** Rows broke the rule, but none of their keys may be shown. */
const withheldKeys = ({ status }: Verdict, { columns, shown }: Keys): FailingKeys | undefined =>
  (status === 'fail' || status === 'warn') && columns.length > 0 && shown.length === 0
    ? { columns, withheld: columns, rows: [] }
    : undefined;

const failed = (error: unknown, statements: readonly SentStatement[], { sourceId }: DatasetFact): Measured => ({
  verdict: verdictOf(error),
  statements,
  errorCode: codeOf(error),
  failedSourceId: sourceId,
});

interface Keys {
  readonly columns: readonly string[];
  readonly shown: readonly string[];
}

/** The columns by which failing rows are told, and those of them whose values may be shown. Others are not even read. */
function keysShown(content: RuleContent, target: DatasetFact): Keys {
  const fields = content.fieldIds.flatMap((id) => target.fields.find((field) => field.id === id) ?? []);
  // What is there twice is told by itself; a single row only by its key.
  const columns = content.kind === 'unique' ? fields.map(({ name }) => name) : keyColumnsOf(target);
  const secret = (name: string) =>
    SECRET_LEVELS.includes(target.fields.find((field) => field.name === name)?.securityLevel ?? '');
  const shown = fields.some(({ name }) => secret(name)) ? [] : columns.filter((name) => !secret(name));
  return { columns, shown };
}

function keysOf({ columns: given, rows }: QueryResult, { columns, shown }: Keys): FailingKeys {
  return {
    columns,
    withheld: columns.filter((name) => !shown.includes(name)),
    rows: rows.map((row) =>
      columns.map((name) => {
        const at = given.findIndex((each) => each.name === name);
        return at === -1 ? MASK : shortText(row[at] ?? null);
      }),
    ),
  };
}

const shortText = (cell: Cell): string | null => {
  if (cell === null) return null;
  // The catalog's jsonb has neither NUL nor halves of surrogate pairs.
  const characters = [...Buffer.from(String(cell)).toString().replaceAll('\0', '␀')];
  return characters.length > LONGEST_KEY ? `${characters.slice(0, LONGEST_KEY).join('')}…` : characters.join('');
};
