import { dialectNamed } from './dialect-names.js';
import { readScript } from './script.js';
import { protocolName as nameOf } from './resolve/names.js';
import { type KnownTable, schemaOf } from './schema.js';
import type { ColumnEdge, ExtractOptions, StatementLineage, TableName } from './types.js';

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
    };
  });
}

const names = (tables: readonly TableName[]): string[] => tables.map(nameOf);

/** The protocol has no word for some kinds. */
const kindOfRecord = (kind: StatementLineage['kind']): string => (kind === 'truncate' ? 'delete' : kind);

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

/** Answers one record; the format is that of the JSON Lines the command reads and writes. */
export function readRecord(record: ScriptRecord): LineageRecord {
  const dialect = dialectNamed(record.dialect) ?? 'generic';
  const options: ExtractOptions = {
    dialect,
    ...(record.defaultSchema !== undefined && { defaultSchema: record.defaultSchema }),
    ...(record.defaultDb !== undefined && { defaultCatalog: record.defaultDb }),
    ...(record.schema && { schema: schemaOf(knownTables(record.schema), dialect) }),
  };
  const prelude = [record.prelude ?? []]
    .flat()
    .map((sql) => `${sql};\n`)
    .join('');
  const { statements } = readScript(prelude + record.sql, options);
  return {
    id: record.id,
    statements: statements
      .filter(({ start }) => start >= prelude.length)
      .map((statement) => statementRecord(statement, prelude.length)),
  };
}
