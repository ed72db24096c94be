import { expandPrelude } from './collapse.js';
import { dialectNamed } from './dialect-names.js';
import { protocolName as nameOf } from './resolve/names.js';
import type { KnownTable } from './schema.js';
import type { ExtractTask } from './task.js';
import type { ColumnEdge, ScriptLineage, StatementLineage, TableName } from './types.js';

/** One line of input of `plumbline lineage extract --jsonl`. */
export interface ScriptRecord {
  readonly id: string;
  readonly dialect: string;
  readonly sql: string;
  readonly defaultSchema?: string;
  readonly defaultDb?: string;
  /** Table → column → type. */
  readonly schema?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Statements run before; they are read, but not answered. */
  readonly prelude?: string | readonly string[];
  readonly options?: { readonly lateralColumnAlias?: boolean };
}

/** One line of output. */
export interface LineageRecord {
  readonly id: string;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
}

function knownTables(schema: ScriptRecord['schema']): KnownTable[] {
  return Object.entries(schema ?? {}).map(([path, columns]) => {
    const parts = path.split('.');
    const [name = path, of, catalog] = parts.reverse();
    return {
      name,
      ...(of !== undefined && { schema: of }),
      ...(catalog !== undefined && { catalog }),
      columns: Object.keys(columns),
      types: Object.values(columns),
    };
  });
}

const names = (tables: readonly TableName[]): string[] => tables.map(nameOf);

/** The protocol has no word for some kinds. */
const kindOfRecord = (kind: StatementLineage['kind']): string =>
  kind === 'truncate' ? 'delete' : kind === 'procedure' ? 'other' : kind;

const column = ({ from, to, type, subtype, confidence, expression }: ColumnEdge) => ({
  from: { table: from.table ? nameOf(from.table) : null, column: from.column },
  to: {
    table: to.table ? nameOf(to.table) : null,
    column: to.column ?? null,
    ordinal: to.ordinal,
    ...(expression !== undefined && { expression }),
  },
  type,
  subtype,
  confidence,
  ...(expression !== undefined && { expression }),
});

function statementRecord(statement: StatementLineage, shift: number): Readonly<Record<string, unknown>> {
  const acted = (...actions: readonly string[]) =>
    names(statement.targets.filter(({ action }) => actions.includes(action)));
  return {
    status: statement.status,
    kind: kindOfRecord(statement.kind),
    offset: statement.start - shift,
    length: statement.end - statement.start,
    ...(statement.reasons[0] && { reason: statement.reasons.map(({ message }) => message).join(' ') }),
    reads: names(statement.sources),
    writes: acted('write', 'create', 'delete'),
    drops: acted('drop'),
    renames: statement.renames.map(({ from, to }) => [nameOf(from), nameOf(to)]),
    swaps: statement.swaps.map(([one, other]) => [nameOf(one), nameOf(other)]),
    alters: acted('alter'),
    unusedReads: names(statement.unusedSources),
    columns: statement.columnEdges.map(column),
  };
}

const preludeOf = ({ prelude }: ScriptRecord): string =>
  [prelude ?? []]
    .flat()
    .map((sql) => `${sql};\n`)
    .join('');

/** What is to be read for a record. */
export function taskOf(record: ScriptRecord): ExtractTask {
  return {
    sql: preludeOf(record) + record.sql,
    dialect: dialectNamed(record.dialect) ?? 'generic',
    ...(record.defaultSchema !== undefined && { defaultSchema: record.defaultSchema }),
    ...(record.defaultDb !== undefined && { defaultCatalog: record.defaultDb }),
    ...(record.options?.lateralColumnAlias !== undefined && { lateralAliases: record.options.lateralColumnAlias }),
    ...(record.schema && { tables: knownTables(record.schema) }),
  };
}

/** The answer to a record, from what {@link taskOf} it has given. */
export function answerTo(record: ScriptRecord, script: ScriptLineage): LineageRecord {
  const shift = preludeOf(record).length;
  // The prelude is not answered: a view that it makes would be an end that leads nowhere.
  const { statements } = shift > 0 ? expandPrelude(script, shift) : script;
  return {
    id: record.id,
    statements: statements.filter(({ start }) => start >= shift).map((statement) => statementRecord(statement, shift)),
  };
}
