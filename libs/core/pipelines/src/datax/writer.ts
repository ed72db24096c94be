import type { Flow, FlowColumn } from '../flow.js';
import { type JobDraft, placeOf } from '../job-draft.js';
import { nameIn } from '../naming/names.js';
import { datasetIn, type Store, tableNamed } from '../naming/store.js';
import type { Reading } from '../reading.js';
import { plainText } from '../text/secrets.js';
import { textOf, type Value } from '../text/value.js';
import type { Dataset } from '../types.js';
import { type ListedColumn, listedColumns } from './columns.js';
import { datasetsOfPlugin, NOWHERE, pluginWord, storeOfPlugin, TEXT_FILES } from './plugins.js';
import { tablesOf } from './table-ranges.js';

export interface WrittenColumn {
  readonly name: string;
  /** Positions in the row that comes; its own position when absent. */
  readonly from?: readonly number[];
  readonly constant?: string;
}

export interface Written {
  readonly dataset: Dataset;
  /** Undefined when nobody knows them. */
  readonly columns: readonly WrittenColumn[] | undefined;
  /** A text file: it has as many columns as come, and they are named by their place. */
  readonly byPlace?: true;
  readonly store?: Store;
  /** As the job names it. */
  readonly table?: string;
}

/** Where the writer of a job writes. */
export function readWriter(reading: Reading, draft: JobDraft, writer: Value | undefined): Written[] {
  const name = textOf(writer, 'name');
  const parameter = writer?.field('parameter');
  if (writer === undefined || name === undefined) {
    draft.say('no-writer', 'The job has no writer, or one without a name.', writer && placeOf(writer), 'partial');
    return [];
  }
  const word = pluginWord(name);
  if (NOWHERE.has(word)) {
    draft.say('no-target', `The writer "${name}" keeps nothing: there is no lineage.`, placeOf(writer));
    return [];
  }
  const connections = parameter?.field('connection')?.items ?? [];
  const withUrl = connections.some((connection) => connection.field('jdbcUrl'));
  if (withUrl || parameter?.field('jdbcUrl'))
    return (withUrl ? connections : [parameter!]).flatMap((connection) =>
      tablesOfConnection(reading, draft, word, parameter, connection),
    );
  const store = storeOfPlugin(word, parameter, undefined);
  const tables = parameter?.field('table')?.items ?? [];
  if (store && tables.length > 0) return tablesIn(reading, draft, store, tables, parameter);
  const datasets = datasetsOfPlugin(word, parameter);
  if (!datasets) {
    draft.say('unknown-plugin', `Nobody knows where the writer "${name}" writes.`, placeOf(writer), 'partial');
    return [];
  }
  if (datasets.length === 0)
    draft.say('no-dataset', `The writer "${name}" does not say where it writes.`, placeOf(writer), 'partial');
  const header = parameter?.field('header')?.texts ?? [];
  return datasets.map((dataset) => {
    const columns =
      columnsOf(reading, dataset, parameter) ?? (header.length > 0 ? header.map((name) => ({ name })) : undefined);
    return { dataset, columns, ...(!columns && TEXT_FILES.has(word) && { byPlace: true as const }) };
  });
}

function tablesOfConnection(
  reading: Reading,
  draft: JobDraft,
  word: string,
  parameter: Value | undefined,
  connection: Value,
): Written[] {
  const [url] = connection.field('jdbcUrl')?.items ?? [];
  const found = storeOfPlugin(word, parameter, url?.text);
  if (!found) {
    draft.say(
      'no-place',
      url?.text === undefined ? 'A connection has no jdbcUrl.' : `"${plainText(url.text)}" is no JDBC URL.`,
      placeOf(url ?? connection),
      'partial',
    );
    return [];
  }
  // Doris and StarRocks name the database beside the URL.
  const selected = textOf(connection, 'selectedDatabase') ?? textOf(parameter, 'selectedDatabase', 'database');
  const store = selected !== undefined && found.system.parts === 'schema' ? { ...found, schema: selected } : found;
  const tables = (connection.field('table') ?? parameter?.field('table'))?.items ?? [];
  if (tables.length === 0)
    draft.say('no-dataset', 'A connection of the writer names no table.', placeOf(connection), 'partial');
  return tablesIn(reading, draft, store, tables, parameter);
}

function tablesIn(
  reading: Reading,
  draft: JobDraft,
  store: Store,
  tables: readonly Value[],
  parameter: Value | undefined,
): Written[] {
  return tables.flatMap((entry) => {
    const names = tablesOf(entry.text ?? '');
    if (!names)
      draft.say('too-many-tables', `"${entry.text}" names more tables than are read.`, placeOf(entry), 'partial');
    return (names ?? []).map((name) => {
      const dataset = datasetIn(store, tableNamed(name, store.dialect));
      return { dataset, store, table: name, columns: columnsOf(reading, dataset, parameter, store) };
    });
  });
}

function columnsOf(
  reading: Reading,
  dataset: Dataset,
  parameter: Value | undefined,
  store?: Store,
): readonly WrittenColumn[] | undefined {
  const spelled = (name: string) => (store ? nameIn(name, store.dialect) : name.replace(/:\s+/, ':'));
  const listed = listedColumns(parameter?.field('column'));
  const keys = parameter?.field('primaryKey')?.texts ?? [];
  const rowkey = parameter?.field('rowkeyColumn')?.items ?? [];
  if (!listed && keys.length + rowkey.length === 0) return reading.known.columnsOf(dataset)?.map((name) => ({ name }));
  const indexes = rowkey.flatMap((part) => part.field('index')?.number ?? []).filter((index) => index >= 0);
  return [
    ...(rowkey.length > 0 ? [{ name: 'rowkey', from: indexes }] : []),
    ...keys.map((key) => ({ name: key })),
    ...(listed ?? []).map(({ text = '', index, from, constant }: ListedColumn): WrittenColumn => ({
      name: spelled(text),
      ...(from ? { from } : index !== undefined && { from: [index] }),
      ...(constant !== undefined && { constant }),
    })),
  ];
}

/** The row that comes, in the order of the columns that it goes into. */
export function inOrderOf(columns: readonly WrittenColumn[], flow: Flow): Flow {
  let next = 0;
  return {
    ...flow,
    columns: columns.map(({ from, constant }): FlowColumn => {
      if (constant !== undefined) return { origins: [], expression: constant };
      if (!from) return flow.columns[next++] ?? { origins: [] };
      const parts = from.map((index) => flow.columns[index] ?? { origins: [] });
      if (parts.length === 1) return parts[0]!;
      return {
        origins: parts.flatMap(({ origins }) =>
          origins.map((origin) =>
            origin.type === 'DIRECT' ? { ...origin, subtype: 'TRANSFORMATION' as const } : origin,
          ),
        ),
      };
    }),
  };
}
