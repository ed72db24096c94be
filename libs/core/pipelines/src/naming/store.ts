import type { KnownTable, SqlDialect, TableName } from '#core/sql-lineage';
import { nameParts, qualifiedName } from '#kernel';

import type { KnownDataset, PipelineOptions } from '../options.js';
import type { Dataset } from '../types.js';
import { folderDataset } from './files.js';
import { type JdbcPlace, jdbcPlace, namespaceIn } from './jdbc.js';
import { partsOf } from './names.js';
import { someSystem, type System, systemNamed } from './systems.js';

/** A database server as a pipeline sees it: tables of it are named here. */
export interface Store {
  readonly namespace: string;
  readonly system: System;
  readonly dialect: SqlDialect;
  readonly database?: string;
  /** Schema of a table that names none. */
  readonly schema?: string;
}

/** The store that a JDBC URL leads to; undefined when it is none. */
export function storeAt(url: string, user?: string, as?: System): Store | undefined {
  const place = jdbcPlace(url, as);
  return place && storeIn(place, user);
}

function storeIn({ system, namespace, database, schema }: JdbcPlace, user: string | undefined): Store {
  const own = system.schemaIsUser && user !== undefined ? user.replace(/[#@].*$/, '').toUpperCase() : undefined;
  const home = schema ?? own;
  return {
    namespace,
    system,
    dialect: system.dialect,
    ...(database !== undefined && { database }),
    ...(home !== undefined && { schema: home }),
  };
}

/** A store that is named in pieces: a kind of server, and what is known of where it is. */
export function storeOf(
  kind: string | System,
  place: { readonly host?: string; readonly port?: string; readonly database?: string; readonly schema?: string } = {},
): Store {
  const system = typeof kind === 'string' ? (systemNamed(kind) ?? someSystem(kind)) : kind;
  // `host:port` in one piece; of several servers the first.
  const [first = ''] = (place.host ?? '')
    .replace(/^[a-z0-9+]+:\/\//i, '')
    .split('/')[0]!
    .split(/[,;]/);
  const [, host = '', port] = /^(.*?)(?::(\d+|\$\{.*\}))?$/.exec(first.trim()) ?? [];
  const schema = place.schema ?? (system.parts === 'schema' ? place.database : undefined) ?? system.schema;
  return {
    namespace: namespaceIn(system, host, port ?? place.port),
    system,
    dialect: system.dialect,
    ...(system.parts === 'database' && place.database !== undefined && { database: place.database }),
    ...(schema !== undefined && { schema }),
  };
}

/** The dataset that a table name of a SQL statement means there. */
export function datasetIn(store: Store, table: TableName): Dataset {
  if (table.path) return folderDataset(table.name);
  const schema = table.schema ?? store.schema;
  const catalog = table.catalog ?? (store.system.parts === 'database' ? store.database : undefined);
  const parts = [catalog, schema, table.name].filter((part) => part !== undefined && part !== '');
  return { namespace: store.namespace, name: qualifiedName(...(parts as string[])) };
}

/** The table that a name in a configuration means: `dwd.loan`, `"Dwd".loan`, `risk.dwd.loan`. */
export function tableNamed(written: string, dialect: SqlDialect): TableName {
  const [name = written, schema, ...catalog] = partsOf(written, dialect).reverse();
  return {
    ...(catalog.length > 0 && { catalog: catalog.reverse().join('.') }),
    ...(schema !== undefined && { schema }),
    name,
  };
}

/** What the catalog has, and the spelling of namespaces. */
export class KnownDatasets {
  private readonly byNamespace = new Map<string, KnownDataset[]>();
  private readonly byName = new Map<string, KnownDataset>();

  constructor(private readonly options: Pick<PipelineOptions, 'known' | 'namespaces'> = {}) {
    for (const dataset of options.known ?? []) {
      this.byName.set(keyOf(dataset), dataset);
      const same = this.byNamespace.get(dataset.namespace);
      if (same) same.push(dataset);
      else this.byNamespace.set(dataset.namespace, [dataset]);
    }
  }

  /** The namespace under which the catalog has a server. */
  namespace(found: string): string {
    const { namespaces = {} } = this.options;
    return Object.hasOwn(namespaces, found) ? namespaces[found]! : found;
  }

  /** A dataset under the namespace of the catalog. */
  spelled(dataset: Dataset): Dataset {
    const namespace = this.namespace(dataset.namespace);
    const symlinks = dataset.symlinks?.map((link) => this.spelled(link));
    return { ...dataset, namespace, ...(symlinks && { symlinks }) };
  }

  /** The columns of a dataset, or of one of its other names. */
  columnsOf(dataset: Dataset): readonly string[] | undefined {
    const { namespace, name, symlinks = [] } = this.spelled(dataset);
    const own = this.byName.get(keyOf({ namespace, name })) ?? this.ignoringCase(namespace, name);
    if (own && own.columns.length > 0) return own.columns;
    return symlinks.map((link) => this.columnsOf(link)).find((columns) => columns !== undefined);
  }

  private ignoringCase(namespace: string, name: string): KnownDataset | undefined {
    const lower = name.toLowerCase();
    const found = (this.byNamespace.get(namespace) ?? []).filter((known) => known.name.toLowerCase() === lower);
    return found.length === 1 ? found[0] : undefined;
  }

  /** Names of the datasets of a server. */
  namesIn(namespace: string): string[] {
    return (this.byNamespace.get(this.namespace(namespace)) ?? []).map(({ name }) => name);
  }

  /** The tables of a server whose name stands in a text, for the reader of SQL. */
  tablesFor(store: Store, text: string): KnownTable[] {
    const lower = text.toLowerCase();
    return (this.byNamespace.get(this.namespace(store.namespace)) ?? []).flatMap(({ name, columns }) => {
      const [table = name, schema, ...catalog] = nameParts(name).reverse();
      if (columns.length === 0 || !lower.includes(table.toLowerCase())) return [];
      return [
        {
          ...(catalog.length > 0 && { catalog: catalog.reverse().join('.') }),
          ...(schema !== undefined && { schema }),
          name: table,
          columns,
        },
      ];
    });
  }
}

const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => `${namespace}\n${name}`;

/** One text for one dataset. */
export const datasetKey = keyOf;
