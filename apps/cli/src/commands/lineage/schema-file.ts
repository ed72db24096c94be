import { extname } from 'node:path';

import { type KnownTable, type SqlDialect, type TaskThreads, tablesOffThread } from '#core/sql-lineage';
import { messageOf } from '#kernel';

import { CommandFailed, EXIT } from '../../client/exit.js';
import { filesAt, textOf } from './scripts.js';

const SHAPES =
  'It must be JSON ({"schema.table": {"column": "type"}} or [{"schema", "name", "columns"}]), a .sql file of CREATE TABLEs, or a .csv or .tsv of ' +
  'information_schema.columns (table_schema, table_name, column_name).';

/**
 * The tables of schema files, and of folders of them.
 * @throws {CommandFailed} when one cannot be read, or there is no table in any of them.
 */
export async function tablesOf(
  paths: readonly string[],
  dialect: SqlDialect | undefined,
  threads: TaskThreads,
): Promise<readonly KnownTable[]> {
  const lists = await Promise.all(filesAt(paths).map((path) => tablesOfFile(path, dialect, threads)));
  const tables = lists.flat();
  if (tables.length > 0) return tables;
  throw new CommandFailed(`${paths.join(', ')} has no table. ${SHAPES}`, EXIT.input);
}

async function tablesOfFile(path: string, dialect: SqlDialect | undefined, threads: TaskThreads) {
  const { text } = await textOf(path);
  try {
    return await read(path, text, dialect, threads);
  } catch (error) {
    throw new CommandFailed(`${path} is not a schema: ${messageOf(error)} ${SHAPES}`, EXIT.input);
  }
}

async function read(
  path: string,
  text: string,
  dialect: SqlDialect | undefined,
  threads: TaskThreads,
): Promise<readonly KnownTable[]> {
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return fromRows(text, ',');
    case '.tsv':
      return fromRows(text, '\t');
    case '.json':
      return fromJson(JSON.parse(text));
    case '.sql':
    case '.ddl':
    case '.hql':
      if (dialect === undefined) throw new Error('Its dialect must be named with --dialect.');
      return tablesOffThread(threads, { sql: text, dialect });
    default:
      throw new Error('Its ending says nothing.');
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fromJson(value: unknown): KnownTable[] {
  if (Array.isArray(value)) return value.map(described);
  if (!isObject(value)) throw new Error('It is neither an object nor a list.');
  return Object.entries(value).map(([path, columns]) => {
    const [name = path, schema, catalog] = path.split('.').reverse();
    return known(
      { name, schema, catalog },
      Array.isArray(columns) ? columns : Object.keys(isObject(columns) ? columns : {}),
    );
  });
}

function described(table: unknown): KnownTable {
  if (!isObject(table)) throw new Error('An entry of the list is not an object.');
  const { catalog, schema, name = table.table, columns } = table;
  if (!Array.isArray(columns)) throw new Error(`The columns of ${String(name)} are not a list.`);
  return known({ catalog, schema, name }, columns);
}

function known(
  { catalog, schema, name }: { readonly catalog?: unknown; readonly schema?: unknown; readonly name: unknown },
  columns: readonly unknown[],
): KnownTable {
  if (typeof name !== 'string' || name === '') throw new Error('A table has no name.');
  const names = columns.map((column) => (isObject(column) ? column.name : column));
  if (!names.every((column) => typeof column === 'string')) throw new Error(`A column of ${name} has no name.`);
  return {
    ...(typeof catalog === 'string' && catalog !== '' && { catalog }),
    ...(typeof schema === 'string' && schema !== '' && { schema }),
    name,
    columns: names,
  };
}

/** What the columns are called in information_schema, and in Oracle's ALL_TAB_COLUMNS. */
const HEADINGS = {
  catalog: ['table_catalog'],
  schema: ['table_schema', 'owner', 'schema', 'schema_name'],
  name: ['table_name', 'table'],
  column: ['column_name', 'column', 'name'],
  position: ['ordinal_position', 'column_id', 'position'],
};

async function fromRows(text: string, delimiter: string): Promise<KnownTable[]> {
  const { parse } = await import('csv-parse/sync');
  const rows: string[][] = parse(text, { delimiter, skip_empty_lines: true, relax_quotes: true });
  const head = (rows.shift() ?? []).map((heading) => heading.trim().toLowerCase());
  const at = (names: readonly string[]) => head.findIndex((heading) => names.includes(heading));
  const place = {
    catalog: at(HEADINGS.catalog),
    schema: at(HEADINGS.schema),
    name: at(HEADINGS.name),
    column: at(HEADINGS.column),
    position: at(HEADINGS.position),
  };
  if (place.name === -1 || place.column === -1) throw new Error('It has no columns table_name and column_name.');
  const cell = (row: readonly string[], index: number) => (index === -1 ? undefined : row[index]);
  const tables = new Map<string, { table: Parameters<typeof known>[0]; columns: [number, string][] }>();
  for (const row of rows) {
    const catalog = cell(row, place.catalog);
    // MySQL has one catalog, called def, which nobody writes.
    const table = {
      catalog: catalog === 'def' ? undefined : catalog,
      schema: cell(row, place.schema),
      name: cell(row, place.name),
    };
    const key = JSON.stringify(Object.values(table));
    const entry = tables.get(key) ?? { table, columns: [] };
    tables.set(key, entry);
    entry.columns.push([Number(cell(row, place.position) ?? entry.columns.length), cell(row, place.column) ?? '']);
  }
  return [...tables.values()].map(({ table, columns }) =>
    known(
      table,
      [...columns].sort(([a], [b]) => a - b).map(([, column]) => column),
    ),
  );
}
