import type { NameRules } from './dialects.js';
import type { KnownTable } from './schema.js';
import type { ExtractOptions, TableName } from './types.js';

interface Known {
  readonly table: TableName;
  readonly columns?: readonly string[];
}

/** Where a session looks for bare names. */
export interface Session {
  readonly catalog?: string;
  /** The first that has the table; when none is known to have it, the first. */
  readonly schemas?: readonly string[];
}

/**
 * What names of tables mean at one point of a script: the schema from outside, and what the script itself has created,
 * renamed and dropped so far, and where it has gone with USE.
 */
export class Catalog {
  private readonly made = new Map<string, Known>();
  private readonly gone = new Set<string>();
  private readonly synonyms = new Map<string, TableName>();
  private session: Session = {};

  constructor(
    private readonly rules: NameRules,
    private readonly options: ExtractOptions,
  ) {}

  /** USE, SET search_path: what is not said stays as it was, but another catalog has schemas of its own. */
  use(place: Session): void {
    const schemas = place.schemas ?? (place.catalog === undefined ? this.session.schemas : undefined);
    const catalog = place.catalog ?? this.session.catalog;
    this.session = { ...(catalog !== undefined && { catalog }), ...(schemas && { schemas }) };
  }

  /** The table that a name means: its full name, or what a synonym stands for. */
  resolve(name: TableName): TableName {
    const table = this.full(name);
    return this.synonyms.get(this.keyOf(table)) ?? table;
  }

  /** The full name, with the defaults. A temporary table hides a lasting one of the same name. */
  full(name: TableName): TableName {
    if (name.path) return name;
    const temporary = this.made.get(this.keyOf({ ...name, temporary: true }));
    if (temporary) return temporary.table;
    if (name.temporary) return name;
    const [first, ...others] = this.placesOf(name);
    const found = first && others.length > 0 ? [first, ...others].find((table) => this.columnsOf(table)) : first;
    const table = found ?? first ?? name;
    return this.made.get(this.keyOf(table))?.table ?? table;
  }

  /** The full names that a name could mean, in the order they are tried. */
  private placesOf(name: TableName): TableName[] {
    const { defaultSchema, otherSchemas = [], defaultCatalog } = this.options;
    const given = name.schema ?? (name.catalog === undefined ? undefined : '');
    const schemas =
      given === undefined
        ? (this.session.schemas ?? [defaultSchema, ...otherSchemas])
        : [given === '' ? undefined : given];
    return schemas.map((schema) => {
      const catalog = name.catalog ?? this.session.catalog ?? (schema === undefined ? undefined : defaultCatalog);
      return {
        ...(catalog !== undefined && { catalog }),
        ...(schema !== undefined && { schema }),
        name: name.name,
      };
    });
  }

  columnsOf(table: TableName): readonly string[] | undefined {
    if (table.path) return undefined;
    const key = this.keyOf(table);
    const made = this.made.get(key);
    if (made) return made.columns;
    return this.gone.has(key) ? undefined : this.options.schema?.columnsOf(table);
  }

  /** The types of a lasting table's columns; of what the script has made only names are known. */
  typesOf(table: TableName): readonly string[] | undefined {
    if (table.path || this.made.has(this.keyOf(table)) || this.gone.has(this.keyOf(table))) return undefined;
    return this.options.schema?.typesOf?.(table);
  }

  /** The script has created a table or a view. Without columns: it is there, but its columns are not known. */
  create(table: TableName, columns: readonly string[] | undefined): void {
    this.synonyms.delete(this.keyOf(table));
    this.made.set(this.keyOf(table), { table, ...(columns && { columns }) });
  }

  /** From here on the name stands for another table. */
  alias(name: TableName, table: TableName): void {
    this.synonyms.set(this.keyOf(name), table);
  }

  /** The name stands for itself again. */
  unalias(name: TableName): void {
    this.synonyms.delete(this.keyOf(name));
  }

  /** Keeps what is known now; the function it gives goes back to it. */
  keep(): () => void {
    const [made, gone, synonyms, session] = [[...this.made], [...this.gone], [...this.synonyms], this.session];
    return () => {
      this.made.clear();
      for (const [key, known] of made) this.made.set(key, known);
      this.gone.clear();
      for (const key of gone) this.gone.add(key);
      this.synonyms.clear();
      for (const [key, table] of synonyms) this.synonyms.set(key, table);
      this.session = session;
    };
  }

  drop(table: TableName): void {
    this.synonyms.delete(this.keyOf(table));
    this.made.delete(this.keyOf(table));
    this.gone.add(this.keyOf(table));
  }

  rename(from: TableName, to: TableName): void {
    const columns = this.columnsOf(from);
    this.drop(from);
    this.create(to, columns);
  }

  swap(one: TableName, other: TableName): void {
    const [first, second] = [this.columnsOf(one), this.columnsOf(other)];
    this.create(one, second);
    this.create(other, first);
  }

  /** The lasting tables and views that the script has created and not dropped, whose columns are known. */
  tables(): KnownTable[] {
    return [...this.made.values()].flatMap(({ table, columns }) =>
      columns && !table.temporary ? [{ ...table, columns }] : [],
    );
  }

  /** Lengths keep the parts apart, whatever is in a name. */
  private keyOf({ catalog, schema, name, temporary }: TableName): string {
    return `${temporary ? 't' : ''}${this.partOf(catalog)}${this.partOf(schema)}${this.partOf(name)}`;
  }

  private partOf(text: string | undefined): string {
    if (text === undefined) return '-';
    const key = this.rules.key(text);
    return `${key.length}:${key}`;
  }
}
