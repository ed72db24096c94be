import {
  atOrigin,
  collapseTemporaries,
  expandViews,
  extractOffThread,
  fill,
  type KnownTable,
  type ScriptLineage,
  type SqlDialect,
  type TaskThreads,
} from '#core/sql-lineage';

import { dialectOfFile } from './dialect.js';
import { Places } from './places.js';
import { textOf, STDIN } from './scripts.js';

/** How scripts are to be read. */
export interface ReadingOptions {
  readonly dialect?: SqlDialect;
  readonly defaultSchema?: string;
  readonly defaultCatalog?: string;
  readonly tables?: readonly KnownTable[];
  readonly values: ReadonlyMap<string, string>;
  readonly encoding?: string;
  readonly statementMs: number;
  readonly collapse: boolean;
  readonly expandViews: boolean;
  readonly directOnly: boolean;
}

/** A script that was read, with its lineage. Offsets and lines are those of the file. */
export interface ReadScript {
  readonly path: string;
  readonly dialect: SqlDialect;
  readonly encoding: string;
  /** What a person should know of how the file was read. */
  readonly remark?: string;
  readonly text: string;
  readonly places: Places;
  readonly lineage: ScriptLineage;
}

/** A script may take as long as this many of its slowest statements. */
const SLOWEST_STATEMENTS = 120;

/** Reads one file (`-` is standard input) and its lineage, in a thread. @throws {CommandFailed} when the file cannot be read. */
export async function readScript(path: string, options: ReadingOptions, threads: TaskThreads): Promise<ReadScript> {
  const dialect = dialectOfFile(path, options.dialect);
  const { text, encoding, remark } = await textOf(path, options.encoding);
  const filled = fill(text, options.values);
  const places = new Places(text);
  const lineage = await extractOffThread(
    threads,
    {
      sql: filled.text,
      dialect,
      ...(options.defaultSchema !== undefined && { defaultSchema: options.defaultSchema }),
      ...(options.defaultCatalog !== undefined && { defaultCatalog: options.defaultCatalog }),
      ...(options.tables && { tables: heldBy(options.tables, dialect) }),
    },
    { statementMs: options.statementMs, timeoutMs: options.statementMs * SLOWEST_STATEMENTS },
  );
  return {
    path: path === STDIN ? '(standard input)' : path,
    dialect,
    encoding,
    ...(remark !== undefined && { remark }),
    text,
    places,
    lineage: wanted(
      options.values.size > 0 ? atOrigin(lineage, filled.origin, (offset) => places.of(offset).line) : lineage,
      options,
    ),
  };
}

const HOLD_UPPER: readonly SqlDialect[] = ['oracle', 'snowflake'];
const held = new WeakMap<readonly KnownTable[], readonly KnownTable[]>();

/** The tables of a schema file as the database holds their names: whoever writes a file by hand writes `loan` for Oracle's LOAN. */
function heldBy(tables: readonly KnownTable[], dialect: SqlDialect): readonly KnownTable[] {
  if (!HOLD_UPPER.includes(dialect)) return tables;
  const known = held.get(tables) ?? inUpper(tables);
  held.set(tables, known);
  return known;
}

function inUpper(tables: readonly KnownTable[]): readonly KnownTable[] {
  const names = tables.flatMap(({ schema = '', name, columns }) => [schema, name, ...columns]);
  if (names.some((name) => name !== name.toLowerCase())) return tables;
  return tables.map((table) => ({
    ...table,
    ...(table.catalog !== undefined && { catalog: table.catalog.toUpperCase() }),
    ...(table.schema !== undefined && { schema: table.schema.toUpperCase() }),
    name: table.name.toUpperCase(),
    columns: table.columns.map((column) => column.toUpperCase()),
  }));
}

function wanted(lineage: ScriptLineage, options: ReadingOptions): ScriptLineage {
  const { collapse, directOnly } = options;
  const expanded = options.expandViews ? expandViews(lineage) : lineage;
  const collapsed = collapse ? collapseTemporaries(expanded) : expanded;
  if (!directOnly) return collapsed;
  const statements = collapsed.statements.map((statement) => ({
    ...statement,
    columnEdges: statement.columnEdges.filter(({ type }) => type === 'DIRECT'),
  }));
  return { ...collapsed, statements };
}
