import type { Catalog } from './catalog.js';
import type { Dialect } from './dialects.js';
import { expression } from './expressions/index.js';
import { FallbackWanted, type Tables, tablesOf } from './parse/fallback/fallback.js';
import { parse, type ParsedOk, ParserBroken } from './parse/parse.js';
import { kindOf, type Node } from './parse/tree.js';
import { blank, kindFrom, reasonFor } from './outcome.js';
import { namedQuery } from './resolve/ctes.js';
import { distinctTables, tableKey } from './resolve/names.js';
import { query } from './resolve/query.js';
import { Reading, type Resolver } from './resolve/reading.js';
import { EMPTY, type Rowset } from './resolve/rowset.js';
import { Scope, type Variables } from './resolve/scope.js';
import { leadingWords, type StatementText } from './split/split.js';
import { endsInOpenString } from './split/unfinished.js';
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
import type { StatementKind, StatementLineage } from './types.js';

/** A statement's lineage, and the rows it gives back: those of a query, or of RETURNING. */
export interface StatementRead {
  readonly lineage: StatementLineage;
  readonly rows?: Rowset;
}

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

/** How statements begin that move data. The second parser is slow, and text that is no SQL at all may come by the megabyte. */
const LIKE_SQL =
  /^(?:with|select|values|from|table|insert|replace|upsert|create|update|merge|delete|truncate|drop|alter|cache|load|copy|export|import)\b/;

const VALUES = new Set(['paren', 'literal', 'column', 'alias', 'null', 'tuple', 'identifier', 'function']);

function opaqueBecause(kind: string): string {
  if (VALUES.has(kind)) return 'This is no SQL statement; if it calls code, what that reads and writes is not seen.';
  const what =
    kind === 'command' || kind === 'raw'
      ? 'The parser does not take this statement apart'
      : `Statements of this kind (${kind.replaceAll('_', ' ')}) are not read`;
  return `${what}; if it moves data, that is not seen.`;
}

function understood(node: Node, words: string, text: string): Read | Statement {
  const statement = BY_NODE.get(kindOf(node));
  if (statement) return statement;
  const kind = kindOf(node);
  if (NODES_WITHOUT_LINEAGE.has(kind) || beginsWithoutLineage(words, text)) return { kind: 'other' };
  return { kind: kindFrom(words), opaque: opaqueBecause(kind) };
}

function read(
  statement: StatementText,
  index: number,
  dialect: Dialect,
  catalog: Catalog,
  variables?: Variables,
): StatementRead {
  const words = leadingWords(statement.text, dialect.lex);
  if (endsInOpenString(statement.text, dialect.lex)) {
    const why = 'This statement ends in a string that has no end.';
    return {
      lineage: blank(statement, index, kindFrom(words), 'failed', [reasonFor(statement, 'not-parsed', why)]),
    };
  }
  if (definesLibraryFunction(statement.text)) return { lineage: blank(statement, index, 'other', 'ok') };
  if ((RUNS_CODE.test(words) && !/^execute statement set\b/.test(words)) || runsMoreThanItSays(words, statement.text))
    return { lineage: blank(statement, index, 'other', 'opaque', [runsCode(statement)]) };
  const session = sessionAfter(words, statement.text, dialect);
  if (session) catalog.use(session);
  if (isUse(words)) return { lineage: blank(statement, index, 'use', 'ok') };
  const parsed = parse(statement.text, dialect);
  if (!parsed.ok) {
    if (beginsWithoutLineage(words, statement.text)) return { lineage: blank(statement, index, 'other', 'ok') };
    const place =
      parsed.start === undefined || parsed.end === undefined || statement.elsewhere
        ? statement
        : {
            ...statement,
            start: statement.start + parsed.start,
            end: statement.start + parsed.end,
            line: statement.line + statement.text.slice(0, parsed.start).split('\n').length - 1,
          };
    const kind = kindFrom(words);
    const tables = LIKE_SQL.test(words) ? tablesOf(statement.text, dialect) : undefined;
    if (tables) {
      const reason = reasonFor(
        place,
        'fallback-parser',
        `Only the tables were read, by a second parser: ${parsed.message}`,
      );
      return { lineage: { ...fromTables(statement, index, kind, tables, dialect, catalog), reasons: [reason] } };
    }
    return {
      lineage: blank(statement, index, kind, 'failed', [reasonFor(place, 'not-parsed', parsed.message)]),
    };
  }
  const reading = new Reading(dialect, catalog, RESOLVER, statement, parsed);
  let kind = kindFrom(words);
  let opaque: string | undefined;
  let rows: Rowset | undefined;
  const scope = new Scope(undefined, undefined, variables);
  const after: (() => void)[] = [];
  for (const { code, message, ...span } of parsed.remarks) reading.remark(code, message, span);
  for (const node of parsed.nodes) {
    // A statement that stands for several: what one reads does not flow into what another writes.
    const own = parsed.nodes.length > 1 ? reading.nested() : reading;
    const found = understood(node, words, statement.text);
    const read = 'read' in found ? found.read(node, new Scope(scope), own) : found;
    if (own !== reading) reading.merge(own);
    kind = read.kind;
    opaque ??= read.opaque;
    rows ??= read.rows;
    if (read.afterwards) after.push(read.afterwards);
  }
  after.forEach((step) => step());
  if (opaque !== undefined)
    return {
      lineage: blank(statement, index, kind, 'opaque', [reasonFor(statement, 'not-read', opaque), ...reading.reasons]),
    };
  const lineage = {
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
  return { lineage, ...(rows && { rows }) };
}

export const runsCode = (statement: StatementText) =>
  reasonFor(statement, 'runs-code', 'This statement runs code; what the code reads and writes is not seen.');

const NO_TREE: ParsedOk = { ok: true, nodes: [], remarks: [], place: (span) => span };

/** All tables that are read flow into all that are written: more is not known. */
function fromTables(
  statement: StatementText,
  index: number,
  kind: StatementKind,
  { read, written }: Tables,
  dialect: Dialect,
  catalog: Catalog,
): StatementLineage {
  const reading = new Reading(dialect, catalog, RESOLVER, statement, NO_TREE);
  const action = kind === 'alter' || kind === 'drop' || kind === 'delete' ? kind : 'write';
  for (const ref of read) reading.read(reading.table(ref));
  for (const ref of written) {
    const table = reading.table(ref);
    reading.touch(table, action);
    if (action === 'write') reading.flow(table);
    if (kind === 'create_table' || kind === 'create_view') catalog.create(table, undefined);
  }
  return {
    ...blank(statement, index, kind, 'fallback'),
    targets: distinctTables(reading.targets),
    sources: distinctTables(reading.sources),
    tableEdges: reading.tableEdges,
  };
}

function unused(reading: Reading): StatementLineage['unusedSources'] {
  const used = new Set(reading.sources.map(tableKey));
  return distinctTables(reading.unusedSources).filter((table) => !used.has(tableKey(table)));
}

/** The stack was not enough. How V8 says so. */
const isTooDeep = (error: unknown): boolean => error instanceof RangeError && /call stack/.test(error.message);

/** A fault of ours in one statement must not hide the others. A broken parser must: its thread is of no more use. */
export function readStatement(
  statement: StatementText,
  index: number,
  dialect: Dialect,
  catalog: Catalog,
  variables?: Variables,
): StatementRead {
  try {
    return read(statement, index, dialect, catalog, variables);
  } catch (error) {
    if (error instanceof ParserBroken || error instanceof FallbackWanted) throw error;
    const kind = kindFrom(leadingWords(statement.text, dialect.lex));
    const reason = isTooDeep(error)
      ? reasonFor(statement, 'too-deep', 'Queries or expressions stand in each other too deep here to be followed.')
      : reasonFor(
          statement,
          'fault',
          `Reading this statement failed: ${error instanceof Error ? error.message : String(error)}`,
        );
    return { lineage: blank(statement, index, kind, 'failed', [reason]) };
  }
}
