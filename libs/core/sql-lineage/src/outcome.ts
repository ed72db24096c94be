import { dialectOf } from './dialects.js';
import { leadingWords, split, type StatementText } from './split/split.js';
import {
  type ExtractOptions,
  type Reason,
  type ScriptLineage,
  STATEMENT_STATUSES,
  type StatementKind,
  type StatementLineage,
  type StatementStatus,
} from './types.js';

/** The first words of a statement tell its kind even when it was not understood. */
const KINDS: readonly (readonly [RegExp, StatementKind])[] = [
  [/^(with|select|values|table|from)\b/, 'select'],
  [/^(insert|replace)\b/, 'insert'],
  [/^create\b.*\btable\b/, 'create_table'],
  [/^create\b.*\bview\b/, 'create_view'],
  [/^update\b/, 'update'],
  [/^merge\b/, 'merge'],
  [/^delete\b/, 'delete'],
  [/^truncate\b/, 'truncate'],
  [/^drop (table|view|materialized view)\b/, 'drop'],
  [/^alter (table|view|materialized view)\b/, 'alter'],
  [/^copy\b/, 'copy'],
  [/^(cache|uncache)\b/, 'cache'],
  [/^exchange\b/, 'swap'],
  [/^rename\b/, 'rename'],
  [/^(load|unload|export|import|bulk insert)\b/, 'copy'],
  [/^(use|switch)\b/, 'use'],
];

export const kindFrom = (words: string): StatementKind =>
  KINDS.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';

/** A statement of which only the place and the kind are known. */
export const blank = (
  statement: StatementText,
  index: number,
  kind: StatementKind,
  status: StatementStatus,
  reasons: readonly Reason[] = [],
): StatementLineage => ({
  index,
  start: statement.start,
  end: statement.end,
  line: statement.line,
  kind,
  status,
  reasons,
  targets: [],
  sources: [],
  unusedSources: [],
  renames: [],
  swaps: [],
  tableEdges: [],
  columnEdges: [],
  generated: [],
});

export const reasonFor = ({ start, end, line }: StatementText, code: string, message: string): Reason => ({
  code,
  message,
  start,
  end,
  line,
});

export const totalsOf = (statements: readonly StatementLineage[]): ScriptLineage['totals'] =>
  Object.fromEntries(
    STATEMENT_STATUSES.map((status) => [status, statements.filter((each) => each.status === status).length]),
  ) as Record<StatementStatus, number>;

/**
 * A script that could not be read at all, for instance because its time was up: every statement is there, as `failed`, with the reason.
 *
 * @example
 * failedScript('select 1; select 2', { dialect: 'postgres' }, 'timed-out', 'Reading took longer than 20 s.')
 */
export function failedScript(
  sql: string,
  options: Pick<ExtractOptions, 'dialect'>,
  code: string,
  message: string,
): ScriptLineage {
  const { lex } = dialectOf(options.dialect);
  const statements = split(sql, lex).map((statement, index) =>
    blank(statement, index, kindFrom(leadingWords(statement.text, lex)), 'failed', [
      reasonFor(statement, code, message),
    ]),
  );
  return { statements, totals: totalsOf(statements) };
}
