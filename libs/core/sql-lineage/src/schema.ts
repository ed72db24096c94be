import { dialectOf } from './dialects.js';
import type { SqlDialect, TableName, TableSchema } from './types.js';

/** A table and its columns, as plain data. */
export interface KnownTable extends TableName {
  readonly columns: readonly string[];
  /** The columns' types, as the database writes them, in the same order: the fields of structs are read from them. */
  readonly types?: readonly string[];
}

/**
 * A schema from a list of tables. A name with fewer parts fits a table with more, when only one table fits: `orders` finds
 * `sales.orders`, unless there is also `old.orders`.
 *
 * @example
 * schemaOf([{ schema: 'sales', name: 'orders', columns: ['id', 'total'] }], 'postgres').columnsOf({ name: 'orders' })
 */
export function schemaOf(tables: readonly KnownTable[], dialect: SqlDialect): TableSchema {
  const { key } = dialectOf(dialect).names;
  const byName = new Map<string, KnownTable[]>();
  for (const table of tables) byName.set(key(table.name), [...(byName.get(key(table.name)) ?? []), table]);
  const fits = (known: string | undefined, asked: string | undefined) =>
    known === undefined || asked === undefined || key(known) === key(asked);
  const only = ({ catalog, schema, name }: TableName): KnownTable | undefined => {
    const found = (byName.get(key(name)) ?? []).filter(
      (table) => fits(table.schema, schema) && fits(table.catalog, catalog),
    );
    return found.length === 1 ? found[0] : undefined;
  };
  return {
    columnsOf: (name) => only(name)?.columns,
    typesOf: (name) => only(name)?.types,
  };
}
