import { Catalog } from './catalog.js';
import { type Dialect, dialectOf } from './dialects.js';
import { expression } from './expressions/index.js';
import { parse, ParserBroken } from './parse/parse.js';
import { kindOf, type Node } from './parse/tree.js';
import { blank, kindFrom, reasonFor, totalsOf } from './outcome.js';
import { namedQuery } from './resolve/ctes.js';
import { distinctTables, tableKey } from './resolve/names.js';
import { query } from './resolve/query.js';
import { Reading, type Resolver } from './resolve/reading.js';
import { EMPTY } from './resolve/rowset.js';
import { Scope } from './resolve/scope.js';
import { leadingWords, split, type StatementText } from './split/split.js';
import { STATEMENTS } from './statements/index.js';
import { isUse, sessionAfter } from './statements/session.js';
import type { Read, Statement } from './statements/statement.js';
import {
  beginsWithoutLineage,
  definesLibraryFunction,
  NODES_WITHOUT_LINEAGE,
  RUNS_CODE,
  runsMoreThanItSays,
} from './statements/without-lineage.js';
import type { ExtractOptions, ScriptLineage, StatementLineage } from './types.js';
import { UNWATCHED, type Watch } from './watch.js';

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

function understood(node: Node, words: string, text: string): Read | Statement {
  const statement = BY_NODE.get(kindOf(node));
  if (statement) return statement;
  const kind = kindOf(node);
  if (NODES_WITHOUT_LINEAGE.has(kind) || beginsWithoutLineage(words, text)) return { kind: 'other' };
  const what =
    kind === 'command' || kind === 'raw'
      ? 'The parser does not take this statement apart'
      : `The parser's node "${kind}" is not a statement we read`;
  return { kind: kindFrom(words), opaque: `${what}; if it moves data, that is not seen.` };
}

function readStatement(statement: StatementText, index: number, dialect: Dialect, catalog: Catalog): StatementLineage {
  const words = leadingWords(statement.text, dialect.lex);
  if (definesLibraryFunction(statement.text)) return blank(statement, index, 'other', 'ok');
  if ((RUNS_CODE.test(words) && !/^execute statement set\b/.test(words)) || runsMoreThanItSays(words, statement.text))
    return blank(statement, index, 'other', 'opaque', [
      reasonFor(statement, 'runs-code', 'This statement runs code; what the code reads and writes is not seen.'),
    ]);
  const session = sessionAfter(words, statement.text, dialect);
  if (session) catalog.use(session);
  if (isUse(words)) return blank(statement, index, 'use', 'ok');
  const parsed = parse(statement.text, dialect);
  if (!parsed.ok) {
    if (beginsWithoutLineage(words, statement.text)) return blank(statement, index, 'other', 'ok');
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
  for (const { code, message, ...span } of parsed.remarks) reading.remark(code, message, span);
  for (const node of parsed.nodes) {
    // A statement that stands for several: what one reads does not flow into what another writes.
    const own = parsed.nodes.length > 1 ? reading.nested() : reading;
    const found = understood(node, words, statement.text);
    const read = 'read' in found ? found.read(node, new Scope(), own) : found;
    if (own !== reading) reading.merge(own);
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
    swaps: reading.swaps,
    tableEdges: reading.tableEdges,
    columnEdges: reading.columnEdges,
    generated: reading.generated,
  };
}

function unused(reading: Reading): StatementLineage['unusedSources'] {
  const used = new Set(reading.sources.map(tableKey));
  return distinctTables(reading.unusedSources).filter((table) => !used.has(tableKey(table)));
}

/** A fault of ours in one statement must not hide the others. A broken parser must: its thread is of no more use. */
function readSafely(statement: StatementText, index: number, dialect: Dialect, catalog: Catalog): StatementLineage {
  try {
    return readStatement(statement, index, dialect, catalog);
  } catch (error) {
    if (error instanceof ParserBroken) throw error;
    const kind = kindFrom(leadingWords(statement.text, dialect.lex));
    return blank(statement, index, kind, 'failed', [
      reasonFor(
        statement,
        'fault',
        `Reading this statement failed: ${error instanceof Error ? error.message : String(error)}`,
      ),
    ]);
  }
}

const notFinished = (statement: StatementText, index: number, dialect: Dialect, why: string): StatementLineage =>
  blank(statement, index, kindFrom(leadingWords(statement.text, dialect.lex)), 'failed', [
    reasonFor(statement, 'not-finished', why),
  ]);

/** Reads a script, statement by statement. {@link extractLineage} is the door to it. */
export function readScript(sql: string, options: ExtractOptions, watch: Watch = UNWATCHED): ScriptLineage {
  const { lateralAliases } = options;
  const dialect = { ...dialectOf(options.dialect), ...(lateralAliases !== undefined && { lateralAliases }) };
  const catalog = new Catalog(dialect.names, options);
  const statements = split(sql, dialect.lex).map((statement, index) => {
    const refused = watch.begins();
    const read =
      refused === undefined
        ? readSafely(statement, index, dialect, catalog)
        : notFinished(statement, index, dialect, refused);
    watch.ends([read]);
    return read;
  });
  return { statements, totals: totalsOf(statements) };
}
