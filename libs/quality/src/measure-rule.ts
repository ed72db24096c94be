import { type Cell, type Dialect, quoteIdentifier, type QueryResult } from '#core/connector-kit';
import { judgeRule, measuredRow, type PlannedStatement, planRule, type Verdict } from '#core/rule-engine';

import { bindRule, keyColumnsOf, type Speech } from './bind-rule.js';
import { type DatasetFact } from './dataset-facts.js';
import { codeOf, verdictOf } from './error-words.js';
import { type RuleContent } from './rule.js';

/** A source that can be asked. Each question waits for its turn and has its own deadline. */
export interface Asked extends Speech {
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
  /** For the verdict `error`. */
  readonly errorCode?: string;
  readonly failedSourceId?: string;
}

const MOST_KEYS = 20;
const LONGEST_KEY = 200;
const MASK = '•••';
const SECRET_LEVELS = ['L4', 'L5'];

/**
 * Runs one rule: binds, plans, asks, judges. Whatever goes wrong is a verdict of its own, so that one rule never harms
 * another; only an abort is thrown.
 */
export async function measureRule(
  content: RuleContent,
  target: DatasetFact,
  other: DatasetFact | undefined,
  sourceOf: (dataset: DatasetFact) => Promise<Asked>,
  signal: AbortSignal,
): Promise<Measured> {
  const sent: SentStatement[] = [];
  let asking = target;
  try {
    const here = await sourceOf(target);
    asking = other ?? target;
    const there = other === undefined ? here : await sourceOf(other);
    asking = target;
    const { rule, facts } = bindRule(content, target, other, (dataset) => (dataset === target ? here : there));
    const { statements } = planRule(rule, facts, here.dialect);
    const send = (statement: SentStatement, maxRows: number) => {
      asking = statement.on === 'other' && other !== undefined ? other : target;
      sent.push({ purpose: statement.purpose, on: statement.on, sql: statement.sql, params: statement.params });
      return (asking === target ? here : there).ask(statement.sql, statement.params, maxRows);
    };
    const measurements: { measure?: QueryResult; other_side?: QueryResult } = {};
    for (const statement of statements)
      if (statement.purpose !== 'failing_rows')
        measurements[statement.purpose] = await send(statement, statement.maxRows);
    const { measure, other_side: otherSide } = measurements;
    if (measure === undefined) throw new Error('A plan without a measuring statement.');
    const verdict = judgeRule(rule, {
      measure: measuredRow(measure),
      ...(otherSide === undefined ? {} : { otherSide: measuredRow(otherSide) }),
    });
    const failing = statements.find(({ purpose }) => purpose === 'failing_rows');
    if (failing === undefined || (verdict.status !== 'fail' && verdict.status !== 'warn'))
      return { verdict, statements: sent };
    const failingKeys = await keysOf(failing, content, target, here.dialect, send, signal);
    return { verdict, statements: sent, ...(failingKeys === undefined ? {} : { failingKeys }) };
  } catch (error) {
    signal.throwIfAborted();
    return { verdict: verdictOf(error), statements: sent, errorCode: codeOf(error), failedSourceId: asking.sourceId };
  }
}

/** The keys of a few failing rows. Values that may not be shown are not even read. */
async function keysOf(
  failing: PlannedStatement,
  content: RuleContent,
  target: DatasetFact,
  dialect: Dialect,
  send: (statement: SentStatement, maxRows: number) => Promise<QueryResult>,
  signal: AbortSignal,
): Promise<FailingKeys | undefined> {
  const fields = content.fieldIds.flatMap((id) => target.fields.find((field) => field.id === id) ?? []);
  // What is there twice is told by itself; a single row only by its key.
  const columns = content.kind === 'unique' ? fields.map(({ name }) => name) : keyColumnsOf(target);
  if (columns.length === 0) return undefined;
  const secret = (name: string) =>
    SECRET_LEVELS.includes(target.fields.find((field) => field.name === name)?.securityLevel ?? '');
  const withheld = fields.some(({ name }) => secret(name)) ? columns : columns.filter(secret);
  const shown = columns.filter((name) => !withheld.includes(name));
  if (shown.length === 0) return { columns, withheld, rows: [] };
  const names = shown.map((name) => quoteIdentifier(dialect, name)).join(', ');
  const statement = { ...failing, sql: `SELECT ${names} FROM (\n${failing.sql}\n) AS failing` };
  try {
    const { rows } = await send(statement, Math.min(MOST_KEYS, failing.maxRows));
    return {
      columns,
      withheld,
      rows: rows.map((row) =>
        columns.map((name) => (withheld.includes(name) ? MASK : shortText(row[shown.indexOf(name)] ?? null))),
      ),
    };
  } catch {
    // The verdict stands without them.
    signal.throwIfAborted();
    return undefined;
  }
}

const shortText = (cell: Cell): string | null => {
  if (cell === null) return null;
  // The catalog's jsonb has neither NUL nor halves of surrogate pairs.
  const characters = [...Buffer.from(String(cell)).toString().replaceAll('\0', '␀')];
  return characters.length > LONGEST_KEY ? `${characters.slice(0, LONGEST_KEY).join('')}…` : characters.join('');
};
