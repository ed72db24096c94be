import { EMPTY_FLOW, type Flow, type FlowColumn, plainColumns } from '../flow.js';
import { type JobDraft, placeOf } from '../job-draft.js';
import type { Reading } from '../reading.js';
import { plainText } from '../text/secrets.js';
import { textOf, type Value } from '../text/value.js';
import type { Dataset } from '../types.js';
import { listedColumns } from './columns.js';
import { readQueries, readTables } from './jdbc-reader.js';
import { datasetsOfPlugin, NOWHERE, pluginWord, storeOfPlugin } from './plugins.js';

/** What the reader of a job gives: one flow for each table, query or file. */
export async function readReader(reading: Reading, draft: JobDraft, reader: Value | undefined): Promise<Flow[]> {
  const name = textOf(reader, 'name');
  const parameter = reader?.field('parameter');
  if (reader === undefined || name === undefined) {
    draft.say('no-reader', 'The job has no reader, or one without a name.', reader && placeOf(reader), 'partial');
    return [];
  }
  const word = pluginWord(name);
  if (NOWHERE.has(word)) return [constants(parameter)];
  const connections = parameter?.field('connection')?.items ?? [];
  if (connections.some((connection) => connection.field('jdbcUrl')) || parameter?.field('jdbcUrl', 'querySql'))
    return readConnections(reading, draft, word, parameter, connections.length > 0 ? connections : [parameter!]);
  const store = storeOfPlugin(word, parameter, undefined);
  const tables = parameter?.field('table')?.items ?? [];
  if (store && tables.length > 0) return readTables(reading, draft, store, tables, parameter);
  const datasets = datasetsOfPlugin(word, parameter);
  if (!datasets) {
    draft.say('unknown-plugin', `Nobody knows where the reader "${name}" reads.`, placeOf(reader), 'partial');
    return [];
  }
  if (datasets.length === 0)
    draft.say('no-dataset', `The reader "${name}" does not say what it reads.`, placeOf(reader), 'partial');
  return datasets.map((dataset) => listed(reading, dataset, parameter));
}

async function readConnections(
  reading: Reading,
  draft: JobDraft,
  word: string,
  parameter: Value | undefined,
  connections: readonly Value[],
): Promise<Flow[]> {
  const flows: Flow[] = [];
  for (const connection of connections) {
    // Several URLs of one connection are ways to the same data: the first one gives the name.
    const urls = connection.field('jdbcUrl')?.items ?? [];
    const store = storeOfPlugin(word, parameter, urls[0]?.text);
    if (!store) {
      const url = urls[0]?.text;
      draft.say(
        'no-place',
        url === undefined ? 'A connection has no jdbcUrl.' : `"${plainText(url)}" is no JDBC URL.`,
        placeOf(urls[0] ?? connection),
        'partial',
      );
      continue;
    }
    const queries = (connection.field('querySql') ?? parameter?.field('querySql'))?.items ?? [];
    const tables = connection.field('table')?.items ?? [];
    if (queries.some(({ text }) => text?.trim())) flows.push(...(await readQueries(reading, draft, store, queries)));
    else if (tables.length > 0) flows.push(...(await readTables(reading, draft, store, tables, parameter)));
    else draft.say('no-dataset', 'A connection names neither tables nor a query.', placeOf(connection), 'partial');
  }
  return flows;
}

/** Columns that are made up. */
function constants(parameter: Value | undefined): Flow {
  const columns = (listedColumns(parameter?.field('column')) ?? []).map(({ constant, text }): FlowColumn => {
    const expression = constant ?? text;
    return { origins: [], ...(expression !== undefined && { expression }) };
  });
  return { ...EMPTY_FLOW, columns };
}

/** The columns of a file or of a store without SQL: by name, by position, or constants. */
function listed(reading: Reading, dataset: Dataset, parameter: Value | undefined): Flow {
  const known = reading.known.columnsOf(dataset);
  const keys = parameter?.field('primaryKey')?.texts ?? [];
  const columns = listedColumns(parameter?.field('column'));
  if (!columns)
    return { sources: [dataset], columns: plainColumns(dataset, known ?? [], 'schema'), open: !known, rows: [] };
  const plain = (name: string): FlowColumn =>
    plainColumns(dataset, [name], known?.includes(name) ? 'schema' : 'single-source')[0]!;
  return {
    sources: [dataset],
    columns: [
      ...keys.map(plain),
      ...columns.map(({ text, index, constant }): FlowColumn => {
        if (text !== undefined && text !== '') return plain(text.replace(/:\s+/, ':'));
        if (constant !== undefined || index === undefined)
          return { origins: [], ...(constant !== undefined && { expression: constant }) };
        // A file without a catalogued schema has no names: Spark calls its columns _c0, _c1, …
        return plain(known?.[index] ?? `_c${index}`);
      }),
    ],
    open: false,
    rows: [],
  };
}
