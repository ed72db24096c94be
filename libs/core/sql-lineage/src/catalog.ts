import type { NameRules } from './dialects.js';
import type { KnownTable } from './schema.js';
import type { ExtractOptions, TableName } from './types.js';

interface Known {
  readonly table: TableName;
  readonly columns?: readonly string[];
}

/**
 * What names of tables mean at one point of a script: the schema from outside, and what the script itself has created,
 * renamed and dropped so far.
 */
export class Catalog {
  private readonly made = new Map<string, Known>();
  private readonly gone = new Set<string>();

  constructor(
    private readonly rules: NameRules,
    private readonly options: ExtractOptions,
  ) {}

  /** The full name, with the defaults. A temporary table hides a lasting one of the same name. */
  resolve(name: TableName): TableName {
    if (name.schema === undefined) {
      const temporary = this.made.get(this.keyOf({ name: name.name, temporary: true }));
      if (temporary) return temporary.table;
    }
    const { defaultSchema, defaultCatalog } = this.options;
    const schema = name.schema ?? defaultSchema;
    const catalog = name.catalog ?? (schema === undefined ? undefined : defaultCatalog);
    return {
      ...(catalog !== undefined && { catalog }),
      ...(schema !== undefined && { schema }),
      name: name.name,
    };
  }

  columnsOf(table: TableName): readonly string[] | undefined {
    const key = this.keyOf(table);
    const made = this.made.get(key);
    if (made) return made.columns;
    return this.gone.has(key) ? undefined : this.options.schema?.columnsOf(table);
  }

  /** The script has created a table or a view. Without columns: it is there, but its columns are not known. */
  create(table: TableName, columns: readonly string[] | undefined): void {
    this.made.set(this.keyOf(table), { table, ...(columns && { columns }) });
  }

  drop(table: TableName): void {
    this.made.delete(this.keyOf(table));
    this.gone.add(this.keyOf(table));
  }

  rename(from: TableName, to: TableName): void {
    const columns = this.columnsOf(from);
    this.drop(from);
    this.create(to, columns);
  }

  /** The lasting tables and views that the script has created and not dropped, whose columns are known. */
  tables(): KnownTable[] {
    return [...this.made.values()].flatMap(({ table, columns }) =>
      columns && !table.temporary ? [{ ...table, columns }] : [],
    );
  }

  private keyOf({ catalog, schema, name, temporary }: TableName): string {
    const part = (text: string | undefined) => (text === undefined ? null : this.rules.key(text));
    return JSON.stringify([temporary ? 'temporary' : part(catalog), temporary ? null : part(schema), part(name)]);
  }
}
