import { fill, fillWhole } from '../flow.js';
import { type JobDraft, placeOf } from '../job-draft.js';
import { nameIn } from '../naming/names.js';
import { datasetIn, type Store, tableNamed } from '../naming/store.js';
import type { Reading } from '../reading.js';
import { originsOf } from '../sql/through-select.js';
import { dotted } from '../text/hocon.js';
import type { Value } from '../text/value.js';
import type { Dataset } from '../types.js';
import { connectorWord, datasetsOfConnector, NOWHERE, pathIn, said, storeOfConnector } from './connectors.js';
import type { TableFlow } from './sources.js';

const INSERT = /^\s*(?:insert|replace|upsert)\s+(?:into\s+)?([^\s(]+)\s*(?:\(([^)]*)\))?\s*values\b/i;

/** Lets rows go into what a sink plugin names. */
export function writeSink(
  reading: Reading,
  draft: JobDraft,
  name: string,
  plugin: Value,
  flows: readonly TableFlow[],
): void {
  const word = connectorWord(name);
  if (NOWHERE.has(word)) {
    draft.say('no-target', `The sink "${name}" keeps nothing: there is no lineage.`, placeOf(plugin));
    for (const { flow } of flows) for (const source of flow.sources) draft.source(source);
    return;
  }
  for (const table of flows) {
    const store = storeOfConnector(word, plugin);
    const inserted = store ? insertIn(dotted(plugin, 'query')) : undefined;
    const dataset = store ? targetIn(store, plugin, table, inserted?.table) : datasetsOfConnector(word, plugin)?.[0];
    if (!dataset) {
      const known = store !== undefined || datasetsOfConnector(word, plugin) !== undefined;
      draft.say(
        known ? 'no-dataset' : 'unknown-plugin',
        known ? `The sink "${name}" does not say where it writes.` : `Nobody knows where the sink "${name}" writes.`,
        placeOf(plugin),
        'partial',
      );
      for (const source of table.flow.sources) draft.source(source);
      continue;
    }
    fillSink(
      reading,
      draft,
      plugin,
      table,
      dataset,
      inserted?.columns?.map((each) => (store ? nameIn(each, store.dialect) : each)),
    );
  }
}

/** The table and columns of `insert into t (a, b) values (?, ?)`. */
function insertIn(
  query: Value | undefined,
): { readonly table: string; readonly columns?: readonly string[] } | undefined {
  const [, table, columns] = INSERT.exec(query?.text ?? '') ?? [];
  if (table === undefined) return undefined;
  return { table, ...(columns !== undefined && { columns: columns.split(',').map((each) => each.trim()) }) };
}

function targetIn(
  store: Store,
  plugin: Value,
  { path = [] }: TableFlow,
  inserted: string | undefined,
): Dataset | undefined {
  const written = inserted ?? said(plugin, 'table', 'table_name', 'table_path', 'table.identifier', 'table-name');
  const [table = '', schema, database] = [...path].reverse();
  // Without a table's name the sink takes that of the source.
  const name = written ?? (path.length > 0 ? '${table_name}' : undefined);
  if (name === undefined) return undefined;
  const replaced = (text: string) =>
    path.length === 0
      ? text
      : text
          .replaceAll('${table_name}', table)
          .replaceAll('${schema_name}', schema ?? '')
          .replaceAll('${database_name}', database ?? schema ?? '');
  const filled = { ...store, ...(store.schema !== undefined && { schema: replaced(store.schema) }) };
  return written === undefined && path.length > 0
    ? datasetIn(filled, tableNamed(replaced(name), store.dialect))
    : pathIn(filled, replaced(name));
}

function fillSink(
  reading: Reading,
  draft: JobDraft,
  plugin: Value,
  { flow }: TableFlow,
  dataset: Dataset,
  inserted: readonly string[] | undefined,
): void {
  if (inserted) {
    if (!flow.open && inserted.length !== flow.columns.length)
      draft.say(
        'column-count',
        `The insert takes ${inserted.length} columns, ${flow.columns.length} come.`,
        placeOf(plugin),
        'partial',
      );
    fill(draft, flow, { dataset, columns: inserted });
    if (flow.open) unknownColumns(draft, plugin, dataset);
    return;
  }
  // A sink puts columns where their names are.
  const listed = dotted(plugin, 'sink_columns')?.texts ?? (flow.open ? reading.known.columnsOf(dataset) : undefined);
  const columns =
    listed && (flow.open || flow.columns.length > 0)
      ? listed.map(
          (name) =>
            flow.columns.find((column) => column.name === name) ?? { name, origins: originsOf(flow, name, 'spark') },
        )
      : flow.columns;
  const present = columns.filter(
    ({ origins, name, expression }) =>
      name !== undefined && (origins.length > 0 || expression !== undefined || !listed),
  );
  if (present.length === 0) fillWhole(draft, flow, dataset);
  else fill(draft, { ...flow, columns: present }, { dataset, columns: present.map(({ name = '' }) => name) });
  if (flow.open && !listed) unknownColumns(draft, plugin, dataset);
}

function unknownColumns(draft: JobDraft, plugin: Value, dataset: Dataset): void {
  draft.say(
    'unknown-columns',
    `Which columns go into ${dataset.name} is not known without the schema of the source.`,
    placeOf(plugin),
  );
}
