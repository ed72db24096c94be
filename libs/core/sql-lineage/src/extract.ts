import { Catalog } from './catalog.js';
import { type Dialect, dialectOf } from './dialects.js';
import { expression } from './expressions/index.js';
import { parse } from './parse/parse.js';
import { dataOf, kindOf, type Node } from './parse/tree.js';
import { namedQuery } from './resolve/ctes.js';
import { distinctTables, tableKey } from './resolve/names.js';
import { query } from './resolve/query.js';
import { Reading, type Resolver } from './resolve/reading.js';
import { EMPTY } from './resolve/rowset.js';
import { Scope } from './resolve/scope.js';
import { leadingWords, split, type StatementText } from './split/split.js';
import { STATEMENTS } from './statements/index.js';
import type { Read, Statement } from './statements/statement.js';
import { beginsWithoutLineage, NODES_WITHOUT_LINEAGE, RUNS_CODE } from './statements/without-lineage.js';
import {
  type ExtractOptions,
  type Reason,
  type ScriptLineage,
  STATEMENT_STATUSES,
  type StatementKind,
  type StatementLineage,
  type StatementStatus,
} from './types.js';

const BY_NODE: ReadonlyMap<string, Statement> = new Map(
  STATEMENTS.flatMap((statement) => statement.nodes.map((node) => [node, statement] as const)),
);

const RESOLVER: Resolver = {
  query,
  expression,
  named: namedQuery,
  write(node, scope, reading) {
    const statement = BY_NODE.get(kindOf(node));
    if (!statement) return EMPTY;
    const inner = reading.nested();
    const read = statement.read(node, scope, inner);
    reading.merge(inner);
    return read.rows ?? EMPTY;
  },
};

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
  [/^use\b/, 'use'],
];

const kindFrom = (words: string): StatementKind => KINDS.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';

const blank = (
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
  tableEdges: [],
  columnEdges: [],
});

const reasonFor = ({ start, end, line }: StatementText, code: string, message: string): Reason => ({
  code,
  message,
  start,
  end,
  line,
});

function understood(node: Node, words: string): Read | Statement {
  const statement = BY_NODE.get(kindOf(node));
  if (statement) return statement;
  const kind = kindOf(node);
  if (NODES_WITHOUT_LINEAGE.has(kind) || beginsWithoutLineage(words)) return { kind: kind === 'use' ? 'use' : 'other' };
  const what =
    kind === 'command' || kind === 'raw'
      ? 'The parser does not take this statement apart'
      : `The parser's node "${kind}" is not a statement we read`;
  return { kind: kindFrom(words), opaque: `${what}; if it moves data, that is not seen.` };
}

function readStatement(statement: StatementText, index: number, dialect: Dialect, catalog: Catalog): StatementLineage {
  const words = leadingWords(statement.text, dialect.lex);
  if (RUNS_CODE.test(words))
    return blank(statement, index, 'other', 'opaque', [
      reasonFor(statement, 'runs-code', 'This statement runs code; what the code reads and writes is not seen.'),
    ]);
  const parsed = parse(statement.text, dialect);
  if (!parsed.ok) {
    if (beginsWithoutLineage(words)) return blank(statement, index, words.startsWith('use ') ? 'use' : 'other', 'ok');
    const place =
      parsed.start === undefined || parsed.end === undefined
        ? statement
        : {
            ...statement,
            start: statement.start + parsed.start,
            end: statement.start + parsed.end,
            line: statement.line + statement.text.slice(0, parsed.start).split('\n').length - 1,
          };
    return blank(statement, index, kindFrom(words), 'failed', [reasonFor(place, 'not-parsed', parsed.message)]);
  }
  const reading = new Reading(dialect, catalog, RESOLVER, statement, parsed);
  let kind = kindFrom(words);
  let opaque: string | undefined;
  const after: (() => void)[] = [];
  for (const node of parsed.nodes) {
    const found = understood(node, words);
    const read = 'read' in found ? found.read(node, new Scope(), reading) : found;
    kind = read.kind;
    opaque ??= read.opaque;
    if (read.afterwards) after.push(read.afterwards);
  }
  after.forEach((step) => step());
  if (opaque !== undefined)
    return blank(statement, index, kind, 'opaque', [reasonFor(statement, 'not-read', opaque), ...reading.reasons]);
  return {
    ...blank(statement, index, kind, reading.partial ? 'partial' : 'ok', reading.reasons),
    targets: distinctTables(reading.targets),
    sources: distinctTables(reading.sources),
    unusedSources: unused(reading),
    renames: reading.renames,
    tableEdges: reading.tableEdges,
    columnEdges: reading.columnEdges,
  };
}

function unused(reading: Reading): StatementLineage['unusedSources'] {
  const used = new Set(reading.sources.map(tableKey));
  return distinctTables(reading.unusedSources).filter((table) => !used.has(tableKey(table)));
}

export const totalsOf = (statements: readonly StatementLineage[]): ScriptLineage['totals'] =>
  Object.fromEntries(
    STATEMENT_STATUSES.map((status) => [status, statements.filter((each) => each.status === status).length]),
  ) as Record<StatementStatus, number>;

/**
 * Reads a SQL script: its statements, the tables they touch, and the edges between columns. No statement is left out: what
 * is not understood says so.
 *
 * @example
 * const { statements } = extractLineage('insert into b (y) select x from a', { dialect: 'postgres' });
 * statements[0].status                     // 'ok'
 * statements[0].columnEdges[0]             // { from: { table: { name: 'a' }, column: 'x' }, to: { table: { name: 'b' }, column: 'y', … },
 *                                          //   type: 'DIRECT', subtype: 'IDENTITY', confidence: 'single-source' }
 */
export function extractLineage(sql: string, options: ExtractOptions): ScriptLineage {
  const dialect = dialectOf(options.dialect);
  const catalog = new Catalog(dialect.names, options);
  const statements = split(sql, dialect.lex).map((statement, index) =>
    readStatement(statement, index, dialect, catalog),
  );
  return { statements, totals: totalsOf(statements) };
}

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
