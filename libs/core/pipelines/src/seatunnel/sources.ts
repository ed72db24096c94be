import { EMPTY_FLOW, type Flow, plainColumns } from '../flow.js';
import { type JobDraft, placeOf } from '../job-draft.js';
import type { Store } from '../naming/store.js';
import type { Reading } from '../reading.js';
import { readSelect } from '../sql/read-select.js';
import { dotted } from '../text/hocon.js';
import { Value } from '../text/value.js';
import type { Dataset } from '../types.js';
import { connectorWord, datasetsOfConnector, NOWHERE, pathIn, storeOfConnector } from './connectors.js';

/** Rows of one table on their way; what the table is called decides where some sinks put it. */
export interface TableFlow {
  readonly flow: Flow;
  readonly path?: readonly string[];
}

/** What a source plugin gives: one flow for each table. */
export async function readSource(reading: Reading, draft: JobDraft, name: string, plugin: Value): Promise<TableFlow[]> {
  const word = connectorWord(name);
  if (NOWHERE.has(word))
    return [
      { flow: { ...EMPTY_FLOW, columns: schemaColumns(plugin).map((column) => ({ name: column, origins: [] })) } },
    ];
  const listed = dotted(plugin, 'table_list')?.items ?? dotted(plugin, 'tables_configs')?.items ?? [];
  const parts = listed.filter(({ kind }) => kind === 'object');
  if (parts.length === 0) return readOne(reading, draft, name, plugin, plugin);
  const flows: TableFlow[] = [];
  for (const part of parts) flows.push(...(await readOne(reading, draft, name, plugin, part)));
  return flows;
}

/** Columns of a `schema` block. */
export function schemaColumns(plugin: Value): string[] {
  const fields = dotted(plugin, 'schema.fields')?.entries.map(({ key }) => key) ?? [];
  const columns = (dotted(plugin, 'schema.columns')?.items ?? []).flatMap(
    (column) => column.field('name')?.texts ?? [],
  );
  return fields.length > 0 ? fields : columns;
}

async function readOne(
  reading: Reading,
  draft: JobDraft,
  name: string,
  plugin: Value,
  part: Value,
): Promise<TableFlow[]> {
  const word = connectorWord(name);
  const store = storeOfConnector(word, plugin);
  const query = dotted(part, 'query') ?? dotted(part, 'sql');
  if (store && query?.text?.trim()) {
    draft.sql ??= query.text;
    draft.dialect ??= store.dialect;
    const { flow, status, reasons } = await readSelect(reading, query.text, store, query.at);
    draft.take(reasons, status);
    return [{ flow }];
  }
  const tables = store ? tablesIn(part) : [];
  if (store && tables.length > 0) return tables.map((path) => tableFlow(reading, draft, store, path, part));
  const datasets = datasetsOfConnector(word, part === plugin ? plugin : combined(plugin, part));
  if (!datasets && !store) {
    draft.say('unknown-plugin', `Nobody knows where the source "${name}" reads.`, placeOf(plugin), 'partial');
    return [];
  }
  if (!datasets || datasets.length === 0)
    draft.say('no-dataset', `The source "${name}" does not say what it reads.`, placeOf(part), 'partial');
  return (datasets ?? []).map((dataset) => ({ flow: whole(reading, dataset, part) }));
}

/** A field of a table's own block comes over one of the plugin. */
const combined = (plugin: Value, part: Value): Value =>
  new Value('object', part.start, part.end, { entries: [...plugin.entries, ...part.entries] });

function tablesIn(part: Value): string[] {
  const names = dotted(part, 'table-names') ?? dotted(part, 'table_path') ?? dotted(part, 'table.identifier');
  if (names) return names.texts;
  return ['table_name', 'table-name', 'table']
    .map((key) => dotted(part, key)?.text ?? '')
    .filter(Boolean)
    .slice(0, 1);
}

function tableFlow(reading: Reading, draft: JobDraft, store: Store, path: string, part: Value): TableFlow {
  const dataset = pathIn(store, path);
  const parts = path.split('.').map((each) => each.trim());
  const where = dotted(part, 'where_condition') ?? dotted(part, 'filter');
  if (where?.text?.trim())
    draft.say('not-read', 'The condition on the rows of the source is not read.', placeOf(where), 'partial');
  return { flow: whole(reading, dataset, part), path: parts };
}

function whole(reading: Reading, dataset: Dataset, part: Value): Flow {
  const known = reading.known.columnsOf(dataset);
  const listed = schemaColumns(part);
  const columns = known ?? (listed.length > 0 ? listed : undefined);
  return {
    sources: [dataset],
    columns: plainColumns(dataset, columns ?? [], known ? 'schema' : 'single-source'),
    open: columns === undefined,
    rows: [],
  };
}
