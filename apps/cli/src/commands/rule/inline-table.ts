import { type DatasetFacts } from '#core/rule-engine';
import { quoteIdentifier, type TypeFamily } from '#core/connector-kit';

/** A table that is written down in a record. */
export interface InlineTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

const TYPES: Readonly<Record<string, readonly [native: string, family: TypeFamily]>> = {
  string: ['VARCHAR', 'text'],
  int: ['INTEGER', 'integer'],
  bigint: ['BIGINT', 'integer'],
  double: ['DOUBLE', 'float'],
  decimal: ['DECIMAL(38,10)', 'decimal'],
  boolean: ['BOOLEAN', 'boolean'],
  date: ['DATE', 'date'],
  timestamp: ['TIMESTAMP', 'timestamp'],
  timestamptz: ['TIMESTAMP WITH TIME ZONE', 'timestamptz'],
};

/** The table as a subquery of values, so that nothing has to be stored. @throws {Error} that says what is wrong with it. */
export function inlineTable(name: string, table: unknown): DatasetFacts {
  const { columns, rows } = checked(name, table);
  const typed = columns.map(({ name: column, type }) => {
    const known = TYPES[type];
    if (known === undefined)
      throw new Error(
        `The column "${column}" of ${name} has the type "${type}"; there are ${Object.keys(TYPES).join(', ')}.`,
      );
    return { column, native: known[0], family: known[1] };
  });
  const items = typed.map(
    ({ column, native }, at) => `CAST(c${at} AS ${native}) AS ${quoteIdentifier('duckdb', column)}`,
  );
  const cells = (row: readonly unknown[]) => `(${typed.map((_, at) => literal(row[at])).join(', ')})`;
  const aliases = typed.map((_, at) => `c${at}`);
  const values =
    rows.length === 0
      ? `(SELECT ${aliases.map((alias) => `NULL AS ${alias}`).join(', ')} WHERE false) AS v`
      : `(VALUES ${rows.map(cells).join(', ')}) AS v(${aliases.join(', ')})`;
  return {
    name,
    relation: `(SELECT ${items.join(', ')} FROM ${values})`,
    columns: typed.map(({ column, native, family }) => ({ name: column, nativeType: native, typeFamily: family })),
  };
}

/** DuckDB knows no backslash escapes; every value is a text that is cast to its column's type. */
function literal(cell: unknown): string {
  if (cell === null || cell === undefined) return 'NULL';
  if (typeof cell === 'object') throw new Error('A cell of a table is a text, a number, true, false or null.');
  const text = String(cell);
  if (text.includes('\0')) throw new Error('A cell has a character that no database stores.');
  return `'${text.replaceAll("'", "''")}'`;
}

function checked(name: string, table: unknown): InlineTable {
  const { columns, rows } = (table ?? {}) as Partial<InlineTable>;
  const isColumn = (each: unknown) => {
    const { name: column, type } = (each ?? {}) as { name?: unknown; type?: unknown };
    return typeof column === 'string' && typeof type === 'string';
  };
  if (!Array.isArray(columns) || columns.length === 0 || !columns.every(isColumn))
    throw new Error(`${name} has no "columns": [{"name", "type"}].`);
  if (!Array.isArray(rows) || !rows.every((row) => Array.isArray(row) && row.length === columns.length))
    throw new Error(`${name} has no "rows": one list of ${columns.length} cells for each.`);
  return { columns, rows };
}
