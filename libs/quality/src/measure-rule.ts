import { type Cell, type QueryResult } from '#core/connector-kit';
import { type PlannedStatement, runRules, type Verdict } from '#core/rule-engine';

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
  now: Date,
): Promise<Measured> {
  let asking = target;
  try {
    const here = await sourceOf(target);
    asking = other ?? target;
    const there = other === undefined ? here : await sourceOf(other);
    asking = target;
    const { rule, facts } = bindRule(content, target, other, (dataset) => (dataset === target ? here : there));
    const keys = keysShown(content, target);
    const [outcome] = await runRules(
      [{ rule, facts }],
      ({ on, sql, params, maxRows, purpose }) => {
        asking = on === 'other' && other !== undefined ? other : target;
        return (asking === target ? here : there).ask(sql, params, purpose === 'failing_rows' ? MOST_KEYS : maxRows);
      },
      { dialect: here.dialect, now, signal, show: (_, columns) => columns.filter((name) => keys.shown.includes(name)) },
    );
    // One rule in, one outcome out.
    const { verdict, statements, failing, error } = outcome!;
    if (error !== undefined) return failed(error, statements, asking);
    const failingKeys = failing === undefined ? undefined : keysOf(failing, keys);
    const withheld =
      verdict.status === 'fail' && failing === undefined && keys.shown.length === 0 && keys.columns.length > 0;
    return {
      verdict,
      statements,
      ...(failingKeys !== undefined && { failingKeys }),
      ...(withheld && { failingKeys: { columns: keys.columns, withheld: keys.columns, rows: [] } }),
    };
  } catch (error) {
    signal.throwIfAborted();
    return failed(error, [], asking);
  }
}

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
