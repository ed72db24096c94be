import { EMPTY_FLOW, fill, fillWhole, type Flow, plainColumns } from '../flow.js';
import { JobDraft, placeOf } from '../job-draft.js';
import { folderDataset } from '../naming/files.js';
import { datasetIn, type Store, storeAt, storeOf, tableNamed } from '../naming/store.js';
import { systemNamed } from '../naming/systems.js';
import { onlyJobs } from '../only-jobs.js';
import type { PipelineOptions } from '../options.js';
import { Reading } from '../reading.js';
import { Composed } from '../sql/composed.js';
import { throughSelect } from '../sql/through-select.js';
import { withoutSecrets } from '../text/secrets.js';
import { Unreadable } from '../text/unreadable.js';
import { textOf, type Value } from '../text/value.js';
import { readYaml } from '../text/yaml.js';
import type { Dataset, ReadFile } from '../types.js';
import { covers, fits, type TablePattern, tablePatterns } from './table-patterns.js';

/** Tables of the source that go the same way: one table, or those of a pattern that the catalog does not have yet. */
interface SourceTable {
  readonly dataset: Dataset;
  readonly pattern: TablePattern;
  /** The parts of its name as the pipeline has it. */
  readonly path: readonly string[];
}

/** Reads a pipeline of Flink CDC. */
export async function readFlinkCdc(text: string, name: string, options: PipelineOptions = {}): Promise<ReadFile> {
  const reading = new Reading(text, options);
  const value = readYaml(text);
  const [source, sink] = [value.field('source'), value.field('sink')];
  if (source?.kind !== 'object' || sink?.kind !== 'object')
    throw new Unreadable('There is no source and sink: this is no pipeline of Flink CDC.', value.start);
  const title = textOf(value.field('pipeline'), 'name') ?? name;
  const draft = new JobDraft(reading, title, 'flink-cdc', reading.place(placeOf(value)));
  await readTables(reading, draft, value, source, sink);
  const batch = textOf(value.field('pipeline'), 'execution.runtime-mode')?.toUpperCase() === 'BATCH';
  return {
    text: withoutSecrets(text, value),
    pipelines: [
      onlyJobs({
        tool: 'flink-cdc',
        name: title,
        processing: batch ? 'BATCH' : 'STREAMING',
        jobs: [draft.done(0)],
      }),
    ],
    reasons: reading.reasons,
  };
}

async function readTables(reading: Reading, draft: JobDraft, root: Value, source: Value, sink: Value): Promise<void> {
  const routes = rulesIn(draft, root.field('route'));
  const transforms = rulesIn(draft, root.field('transform'));
  const used = new Set<Rule>();
  for (const table of sourceTables(reading, draft, source)) {
    const mine = transforms.filter(({ patterns }) => patterns.some((pattern) => about(pattern, table)));
    const going = routes.filter(({ patterns }) => patterns.some((pattern) => about(pattern, table)));
    for (const rule of [...mine, ...going]) used.add(rule);
    const flow = await transformed(reading, draft, table, mine);
    const targets = going.length > 0 ? going.map((rule) => routed(rule, table)) : [table.path.join('.')];
    for (const target of targets) fillSink(draft, sink, flow, target, table);
  }
  for (const rule of [...routes, ...transforms])
    if (!used.has(rule))
      draft.say(
        'unused-rule',
        `The rule for "${rule.text}" is about no table of the source.`,
        placeOf(rule.value),
        'partial',
      );
}

const about = (rule: TablePattern, { pattern, dataset }: SourceTable): boolean =>
  dataset.pattern ? covers(rule, pattern) : fits(rule, dataset.name);

interface Rule {
  readonly value: Value;
  readonly text: string;
  readonly patterns: readonly TablePattern[];
}

function rulesIn(draft: JobDraft, list: Value | undefined): Rule[] {
  return (list?.items ?? []).flatMap((value): Rule[] => {
    const text = textOf(value, 'source-table');
    if (text === undefined) {
      draft.say('no-table', 'A rule has no source-table.', placeOf(value), 'partial');
      return [];
    }
    return [{ value, text, patterns: patternsIn(draft, value.field('source-table')!) }];
  });
}

function patternsIn(draft: JobDraft, value: Value): TablePattern[] {
  return value.texts.flatMap((text) =>
    tablePatterns(text).flatMap((pattern) => {
      if (!('problem' in pattern)) return [pattern];
      draft.say(
        'bad-pattern',
        `The table pattern "${pattern.text}" cannot be read: ${pattern.problem}.`,
        placeOf(value),
        'partial',
      );
      return [];
    }),
  );
}

function sourceTables(reading: Reading, draft: JobDraft, source: Value): SourceTable[] {
  const type = textOf(source, 'type') ?? '';
  const listed = source.field('tables');
  if (!listed) {
    draft.say('no-dataset', `The source of the type "${type}" names no tables.`, placeOf(source), 'partial');
    return [];
  }
  const system = systemNamed(type);
  if (!system && type !== 'mongodb') {
    draft.say('unknown-source', `Nobody knows where a source of the type "${type}" reads.`, placeOf(source), 'partial');
    return [];
  }
  const host = textOf(source, 'hostname', 'hosts', 'host');
  const port = textOf(source, 'port');
  const database = textOf(source, 'database');
  const { schema: _, ...store } = storeOf(system ?? 'mongodb', {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(database !== undefined && { database }),
  });
  const excluded = source.field('tables.exclude');
  const without = excluded ? patternsIn(draft, excluded) : [];
  return patternsIn(draft, listed)
    .flatMap((pattern): SourceTable[] => {
      if (pattern.plain) {
        const dataset = reading.known.spelled(datasetIn(store, tableNamed(pattern.text, store.dialect)));
        return [{ dataset, pattern, path: pattern.plain }];
      }
      const found = reading.known.namesIn(store.namespace).filter((name) => fits(pattern, name));
      if (found.length > 0)
        return found.map((name) => ({
          dataset: { namespace: reading.known.namespace(store.namespace), name },
          pattern,
          path: name.split('.').slice(-pattern.parts.length),
        }));
      draft.say(
        'table-pattern',
        `Which tables "${pattern.text}" stands for is not known: the catalog has none that fit.`,
        placeOf(listed),
      );
      const dataset = { namespace: store.namespace, name: pattern.text, pattern: true as const };
      return [{ dataset, pattern, path: pattern.written }];
    })
    .filter(({ dataset }) => !without.some((pattern) => fits(pattern, dataset.name)));
}

/** The name of the target: `<>` (or what replace-symbol says) stands for the table's name. */
function routed({ value }: Rule, { path }: SourceTable): string {
  const sink = textOf(value, 'sink-table') ?? path.join('.');
  const symbol = textOf(value, 'replace-symbol');
  return symbol === undefined ? sink : sink.replaceAll(symbol, path.at(-1) ?? '');
}

/** Columns that tell about the row and are in no table. */
const METADATA = /^__(?:namespace_name|schema_name|table_name|data_event_type)__$/;

/** What the rules make of a table: a row takes the first one whose filter it passes, so that each of them counts. */
async function transformed(
  reading: Reading,
  draft: JobDraft,
  { dataset }: SourceTable,
  rules: readonly Rule[],
): Promise<Flow[]> {
  const known = reading.known.columnsOf(dataset);
  const whole: Flow = {
    sources: [dataset],
    columns: plainColumns(dataset, known ?? [], 'schema'),
    open: known === undefined,
    rows: [],
  };
  const flows: Flow[] = [];
  for (const { value } of rules) {
    const [projection, filter] = [value.field('projection'), value.field('filter')];
    if (!projection && !filter) continue;
    const sql = new Composed().own('select ');
    // An escaped star is a star.
    if (projection?.text?.trim()) sql.piece(projection, projection.text.replaceAll('\\*', ' *'));
    else sql.own('*');
    sql.own(' from t');
    if (filter?.text?.trim()) sql.own(' where ').piece(filter);
    const through = await throughSelect(reading, sql.text, 'flink', sql.at, [{ name: 't', flow: whole }]);
    draft.take(through.reasons, through.status === 'failed' ? 'partial' : through.status);
    if (through.status === 'failed') {
      flows.push({ ...EMPTY_FLOW, sources: [dataset], open: true });
      continue;
    }
    flows.push(withoutMetadata(through.flow));
  }
  return flows.length > 0 ? flows : [whole];
}

function withoutMetadata(flow: Flow): Flow {
  return {
    ...flow,
    columns: flow.columns.map((column) => ({
      ...column,
      origins: column.origins.filter((origin) => !METADATA.test(origin.column)),
      ...(column.expression === undefined &&
        column.origins.some((origin) => METADATA.test(origin.column)) && { expression: column.name ?? '' }),
    })),
    rows: flow.rows.filter((origin) => !METADATA.test(origin.column)),
  };
}

function fillSink(
  draft: JobDraft,
  sink: Value,
  flows: readonly Flow[],
  table: string,
  { dataset: from, path }: SourceTable,
): void {
  const type = textOf(sink, 'type') ?? '';
  if (type === 'values' || type === 'print') {
    draft.say('no-target', `The sink "${type}" keeps nothing: there is no lineage.`, placeOf(sink));
    for (const { sources } of flows) for (const source of sources) draft.source(source);
    return;
  }
  // A pattern that goes on in the name of the target is one there too.
  const isPattern = from.pattern === true && table.includes(path.at(-1) ?? '');
  const found = targetIn(sink, type, table, isPattern);
  if (!found) {
    draft.say('unknown-sink', `Nobody knows where a sink of the type "${type}" writes.`, placeOf(sink), 'partial');
    for (const { sources } of flows) for (const source of sources) draft.source(source);
    return;
  }
  const dataset: Dataset = isPattern ? { ...found, pattern: true } : found;
  for (const flow of flows) {
    const named = flow.columns.filter(({ name }) => name !== undefined);
    if (named.length === 0) fillWhole(draft, flow, dataset);
    else fill(draft, { ...flow, columns: named }, { dataset, columns: named.map(({ name = '' }) => name) });
    if (flow.open)
      draft.say(
        'unknown-columns',
        `All columns of ${flow.sources.map(({ name }) => name).join(', ')} go into ${dataset.name} under their names; which they are is not known.`,
        placeOf(sink),
      );
  }
}

function targetIn(sink: Value, type: string, table: string, isPattern: boolean): Dataset | undefined {
  const store = sinkStore(sink, type);
  if (store && isPattern) return { namespace: store.namespace, name: table };
  if (store) {
    const { catalog, ...name } = tableNamed(table, store.dialect);
    // Where tables have a database only, the source's schema becomes it.
    return datasetIn(store, store.system.parts === 'schema' || catalog === undefined ? name : { ...name, catalog });
  }
  const host = (text: string | undefined) =>
    (text ?? 'unknown')
      .replace(/^[a-z0-9+]+:\/\//i, '')
      .split(/[,;/]/)[0]!
      .trim()
      .toLowerCase();
  switch (type) {
    case 'kafka':
      return {
        namespace: `kafka://${host(textOf(sink, 'properties.bootstrap.servers'))}`,
        name: textOf(sink, 'topic') ?? table,
      };
    case 'fluss':
      return { namespace: `fluss://${host(textOf(sink, 'bootstrap.servers'))}`, name: table };
    case 'elasticsearch':
      return { namespace: `elasticsearch://${host(textOf(sink, 'hosts'))}`, name: textOf(sink, 'index') ?? table };
    case 'maxcompute': {
      const project = textOf(sink, 'project');
      return {
        namespace: `maxcompute://${host(textOf(sink, 'endpoint'))}`,
        name: [project, table].filter(Boolean).join('.'),
      };
    }
    case 'paimon':
    case 'iceberg':
    case 'hudi': {
      const warehouse = textOf(sink, 'catalog.properties.warehouse', 'path');
      const [name = table, database] = table.split('.').reverse();
      return warehouse === undefined
        ? undefined
        : folderDataset(`${warehouse.replace(/\/$/, '')}/${database === undefined ? '' : `${database}.db/`}${name}`);
    }
    default:
      return undefined;
  }
}

function sinkStore(sink: Value, type: string): Store | undefined {
  const system = systemNamed(type);
  if (!system) return undefined;
  const url = textOf(sink, 'jdbc-url', 'url');
  const store = url !== undefined && /^jdbc:/i.test(url) ? storeAt(url, undefined, system) : undefined;
  const host = textOf(sink, 'fenodes', 'load-url', 'hostname', 'hosts', 'benodes');
  return store ?? storeOf(system, host === undefined ? {} : { host });
}
