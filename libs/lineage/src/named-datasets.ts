import { type KnownTable, nameKey, type SqlDialect, type TableName } from '#core/sql-lineage';
import { qualifiedName } from '#kernel';

import { type Endpoint } from './endpoint.js';

/** What lineage must know of a source to understand names in its scripts. */
export interface SourceFacts {
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  /** First part of its datasets' names, where they have three. */
  readonly database: string | null;
}

export interface DatasetName {
  readonly id: string;
  readonly sourceId: string;
  readonly scope: string;
  readonly name: string;
}

export interface FieldName {
  readonly id: string;
  readonly datasetId: string;
  readonly name: string;
  /** Null when the dataset has it no more. */
  readonly ordinal: number | null;
}

/** A dataset under a name that a script can use for it. */
export interface Nameable extends TableName {
  readonly datasetId: string;
  /** Name of another database of the server, in small letters: the dataset is meant only where that stands too. */
  readonly neighbour?: string;
}

/** Where a script is at home. */
export interface ScriptHome {
  readonly source: SourceFacts;
  readonly dialect: SqlDialect;
  /** Names that stand for other sources. */
  readonly aliases: ReadonlyMap<string, SourceFacts>;
}

const WORD = /[\p{L}\p{M}\p{N}_$]+/gu;
const ONE_WORD = /^[\p{L}\p{M}\p{N}_$]+$/u;

/** `credit_report.csv.gz` → `credit_report`. */
export const stemOf = (file: string): string => file.replace(/\.gz$/i, '').replace(/(?<=.)\.[^.]+$/, '');

/**
 * The datasets that scripts at one place can name: their own source's, those of other databases of the same server
 * (with the database's name before), and those of sources with an alias. Files behind an alias are named without
 * their extension.
 */
export class NamedDatasets {
  private readonly byWord = new Map<string, Nameable[]>();
  private readonly unusual: Nameable[] = [];
  private readonly scopes: ReadonlySet<string>;

  constructor(
    readonly home: ScriptHome,
    sources: readonly SourceFacts[],
    datasets: readonly DatasetName[],
  ) {
    const bySource = new Map(sources.map((source) => [source.id, source]));
    this.scopes = new Set(datasets.flatMap(({ sourceId, scope }) => (sourceId === home.source.id ? [scope] : [])));
    const aliased = new Map<string, string[]>();
    for (const [alias, { id }] of home.aliases) aliased.set(id, [...(aliased.get(id) ?? []), alias]);
    for (const dataset of datasets) {
      const source = bySource.get(dataset.sourceId);
      if (!source) continue;
      for (const named of [...this.atHome(dataset, source), ...underAliases(dataset, source, aliased.get(source.id))])
        this.add(named);
    }
  }

  /** Datasets whose name stands somewhere in the text; perhaps some that are not meant. */
  mentionedIn(text: string): Nameable[] {
    // A dollar is part of a name, or of the quotes around code: `$$INSERT INTO b SELECT x FROM a$$`.
    const words = new Set((text.match(WORD) ?? []).map(lower).flatMap((word) => [word, ...word.split('$')]));
    const found = [...words].flatMap((word) => this.byWord.get(word) ?? []);
    const quoted = this.unusual.filter(({ name }) => text.includes(name) || text.includes(name.replaceAll('"', '""')));
    const lowered = lower(text);
    return [...found, ...quoted].filter(({ neighbour }) => neighbour === undefined || lowered.includes(neighbour));
  }

  /** The names that a dataset itself has here. */
  namesOf(datasetId: string): Nameable[] {
    return [...this.byWord.values(), this.unusual].flat().filter((named) => named.datasetId === datasetId);
  }

  private atHome({ id, scope, name }: DatasetName, source: SourceFacts): Nameable[] {
    const { home } = this;
    if (source.id === home.source.id) {
      if (home.aliases.has(scope)) return [];
      return [{ datasetId: id, ...(source.database !== null && { catalog: source.database }), schema: scope, name }];
    }
    if (source.namespace !== home.source.namespace || source.database === home.source.database) {
      // MySQL's databases are what others call schemas.
      const apart = source.kind === 'mysql' && source.namespace === home.source.namespace && !this.scopes.has(scope);
      return apart ? [{ datasetId: id, schema: scope, name, neighbour: lower(scope) }] : [];
    }
    return source.database === null
      ? []
      : [{ datasetId: id, catalog: source.database, schema: scope, name, neighbour: lower(source.database) }];
  }

  private add(named: Nameable): void {
    if (!ONE_WORD.test(named.name)) {
      this.unusual.push(named);
      return;
    }
    const word = lower(named.name);
    const same = this.byWord.get(word);
    if (same) same.push(named);
    else this.byWord.set(word, [named]);
  }
}

const lower = (text: string) => text.toLowerCase();
const upper = (text: string) => text.toUpperCase();

function underAliases(
  { id, scope, name }: DatasetName,
  source: SourceFacts,
  aliases: readonly string[] = [],
): Nameable[] {
  return aliases.flatMap((alias) => {
    const names = source.database === null ? [...new Set([name, stemOf(name)])] : [name];
    const short = names.map((each) => ({ datasetId: id, schema: alias, name: each }));
    return source.database === null ? short : [...short, { datasetId: id, catalog: alias, schema: scope, name }];
  });
}

/** The datasets that one script can mean, with their columns. Its names become endpoints here. */
export class ScriptNames {
  private readonly byName = new Map<string, Nameable[]>();
  private readonly fields = new Map<string, FieldName[]>();
  private readonly key: (written: string) => string;
  private readonly foreignCase: boolean;

  constructor(
    private readonly home: ScriptHome,
    private readonly named: readonly Nameable[],
    fields: readonly FieldName[],
  ) {
    // MariaDB's code in the mode of Oracle: names mean what they mean to MariaDB, whatever case the dialect gives them.
    this.foreignCase = home.source.kind === 'mysql' && home.dialect === 'oracle';
    this.key = nameKey(this.foreignCase ? 'mysql' : home.dialect);
    for (const one of named) {
      const key = this.key(one.name);
      this.byName.set(key, [...(this.byName.get(key) ?? []), one]);
    }
    for (const field of fields) this.fields.set(field.datasetId, [...(this.fields.get(field.datasetId) ?? []), field]);
  }

  /** A default name, as {@link tables} has it. */
  defaultName(name: string): string {
    return this.foreignCase ? upper(name) : name;
  }

  /** What the reader of SQL is told. A dataset without columns is gone: what it was like is not what the script sees. */
  tables(): KnownTable[] {
    return this.named.flatMap(({ datasetId, neighbour: _, ...table }) => {
      const columns = this.columnsOf(datasetId);
      if (columns.length === 0) return [];
      if (!this.foreignCase) return [{ ...table, columns }];
      const { catalog, schema, name } = table;
      return [
        {
          ...(catalog !== undefined && { catalog: upper(catalog) }),
          ...(schema !== undefined && { schema: upper(schema) }),
          ...{ name: upper(name), columns: columns.map(upper) },
        },
      ];
    });
  }

  /** Everything that a reading depends on besides the text. */
  facts(): unknown {
    return this.named.map(({ datasetId, catalog, schema, name }) => [
      ...[datasetId, catalog ?? null, schema ?? null, name],
      (this.fields.get(datasetId) ?? []).map((field) => [field.id, field.name, field.ordinal]),
    ]);
  }

  endpoint(table: TableName, column?: string): Endpoint {
    const datasetId = this.find(table);
    if (datasetId === undefined) return this.unknown(table, column);
    return column === undefined
      ? { kind: 'dataset', datasetId }
      : columnIn(this.fields.get(datasetId) ?? [], datasetId, column, this.key);
  }

  /** The columns that a dataset has now, in order. */
  columnsOf(datasetId: string): string[] {
    return this.currentFields(datasetId).map(({ name }) => name);
  }

  private currentFields(datasetId: string): FieldName[] {
    return (this.fields.get(datasetId) ?? [])
      .filter(({ ordinal }) => ordinal !== null)
      .sort((a, b) => (a.ordinal ?? 0) - (b.ordinal ?? 0));
  }

  private find({ catalog, schema, name }: TableName): string | undefined {
    const fits = (known: string | undefined, asked: string | undefined) =>
      known === undefined || asked === undefined || this.key(known) === this.key(asked);
    const found = (this.byName.get(this.key(name)) ?? []).filter(
      (one) => fits(one.schema, schema) && fits(one.catalog, catalog),
    );
    const ids = new Set(found.map(({ datasetId }) => datasetId));
    return ids.size === 1 ? found[0]?.datasetId : undefined;
  }

  private unknown({ catalog, schema, name }: TableName, column?: string): Endpoint {
    const more = column !== undefined && { column };
    const aliased = schema === undefined ? undefined : this.home.aliases.get(schema);
    if (aliased) return { kind: 'unknown', namespace: aliased.namespace, dataset: name, ...more };
    const { namespace, database } = this.home.source;
    const parts = [catalog ?? (schema === undefined ? undefined : (database ?? undefined)), schema, name];
    const dataset = qualifiedName(...parts.filter((part) => part !== undefined));
    return { kind: 'unknown', namespace, dataset, ...more };
  }
}

/** A column of a dataset that the catalog knows, by its name: exactly, else as the dialect compares names. */
export function columnIn(
  fields: readonly FieldName[],
  datasetId: string,
  column: string,
  key: (written: string) => string = (name) => name,
): Endpoint {
  const field = fields.find(({ name }) => name === column) ?? fields.find(({ name }) => key(name) === key(column));
  return field ? { kind: 'field', datasetId, fieldId: field.id } : { kind: 'column', datasetId, column };
}
