import { type Reason, type SqlDialect, dialectNamed } from '#core/sql-lineage';
import { qualifiedName } from '#kernel';

import { fill, fillWhole } from '../flow.js';
import { JobDraft } from '../job-draft.js';
import { partsOf } from '../naming/names.js';
import { datasetKey, type Store, storeOf } from '../naming/store.js';
import { systemNamed } from '../naming/systems.js';
import type { KnownDataset, PipelineOptions } from '../options.js';
import { Reading } from '../reading.js';
import { readSelect } from '../sql/read-select.js';
import type {
  ColumnFacts,
  Dataset,
  DatasetFacts,
  Exposure,
  JobRun,
  Pipeline,
  PipelineJob,
  ReadFile,
  TestFacts,
} from '../types.js';
import {
  type DbtArtifacts,
  type Fields,
  fieldsOf,
  isFields,
  nodeOffsets,
  readArtifact,
  textIn,
  textsIn,
} from './artifacts.js';

export interface DbtOptions extends PipelineOptions {
  /** The namespace of the project's database; its artifacts do not say where it is. `<adapter>://unknown` when not given. */
  readonly namespace?: string;
}

/** What is built in the database. */
const BUILT = new Set(['model', 'snapshot', 'seed']);
const TEMPLATE = /\{\{|\{%/;

/** A project, as far as its nodes need each other. */
interface Project {
  readonly reading: Reading;
  readonly adapter: string;
  readonly store: Store;
  readonly offsets: ReadonlyMap<string, number>;
  /** By unique id: what is a dataset. */
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly results: ReadonlyMap<string, Fields>;
  readonly catalog: ReadonlyMap<string, Fields>;
  readonly ephemeral: ReadonlySet<string>;
}

/**
 * Reads a dbt project's artifacts: the lineage of its models and snapshots from their compiled SQL, descriptions, tests, exposures, and how
 * the last run went. Fields that newer versions add are not looked at.
 */
export async function readDbt(artifacts: DbtArtifacts, options: DbtOptions = {}): Promise<ReadFile> {
  const text = artifacts.manifest;
  const { value: manifest, newer } = readArtifact(text, 'manifest');
  const catalog = artifacts.catalog === undefined ? undefined : readArtifact(artifacts.catalog, 'catalog');
  const results = artifacts.runResults === undefined ? undefined : readArtifact(artifacts.runResults, 'run-results');
  const adapter = textIn(fieldsOf(manifest, 'metadata'), 'adapter_type') ?? 'generic';
  const store = storeFor(adapter, options.namespace);
  const listed = { ...fieldsOf(manifest, 'sources'), ...fieldsOf(manifest, 'nodes') };
  const nodes = Object.entries(listed).filter((entry): entry is [string, Fields] => isFields(entry[1]));
  const inCatalog = new Map(
    Object.entries({ ...fieldsOf(catalog?.value, 'sources'), ...fieldsOf(catalog?.value, 'nodes') }).filter(
      (entry): entry is [string, Fields] => isFields(entry[1]),
    ),
  );
  const datasets = new Map(
    nodes.flatMap(([id, node]) => {
      const dataset = datasetOf(node, store);
      return dataset ? [[id, dataset] as const] : [];
    }),
  );
  const known = knownColumns(datasets, inCatalog, new Map(nodes), options);
  const reading = new Reading(text, { ...options, known });
  const project: Project = {
    reading,
    adapter,
    store,
    offsets: nodeOffsets(text),
    datasets,
    catalog: inCatalog,
    results: new Map(resultsOf(results?.value)),
    ephemeral: new Set(nodes.filter(([, node]) => materialized(node) === 'ephemeral').map(([id]) => id)),
  };
  for (const version of [newer, catalog?.newer, results?.newer])
    if (version !== undefined)
      reading.reasons.push(
        reading.reason('newer-version', `"${version}" is newer than what was tried: what it adds is not read.`, {
          start: 0,
        }),
      );
  return { text, pipelines: [await pipelineOf(project, manifest, nodes)], reasons: reading.reasons };
}

/** Databases of a project have a dialect and a way of naming; where they are, it does not say. */
function storeFor(adapter: string, namespace: string | undefined): Store {
  const { schema: _, ...store } = storeOf(systemNamed(adapter) ?? adapter);
  const dialect: SqlDialect = dialectNamed(adapter) ?? store.dialect;
  return { ...store, dialect, ...(namespace !== undefined && { namespace }) };
}

const materialized = (node: Fields): string | undefined => textIn(fieldsOf(node, 'config'), 'materialized');

/** The dataset of a node. Its relation's name has the parts as the database has them. */
function datasetOf(node: Fields, store: Store): Dataset | undefined {
  const type = textIn(node, 'resource_type');
  if (type !== 'source' && !BUILT.has(type ?? '')) return undefined;
  if (materialized(node) === 'ephemeral') return undefined;
  const relation = textIn(node, 'relation_name');
  const said = [textIn(node, 'database'), textIn(node, 'schema'), textIn(node, 'identifier', 'alias', 'name')];
  const parts = relation === undefined ? said.filter((part) => part !== undefined) : partsOf(relation, store.dialect);
  const needed = store.system.parts === 'database' ? 3 : 2;
  return { namespace: store.namespace, name: qualifiedName(...parts.slice(-needed)) };
}

/** What the catalog artifact says of columns; where it says nothing, what the project documents of sources. */
function knownColumns(
  datasets: ReadonlyMap<string, Dataset>,
  catalog: ReadonlyMap<string, Fields>,
  nodes: ReadonlyMap<string, Fields>,
  { known = [], namespaces = {} }: PipelineOptions,
): KnownDataset[] {
  const own = [...datasets].flatMap(([id, { namespace, name }]): KnownDataset[] => {
    const columns = Object.values(fieldsOf(catalog.get(id), 'columns')).filter(isFields);
    const ordered = [...columns].sort((one, other) => Number(one['index'] ?? 0) - Number(other['index'] ?? 0));
    const names = ordered.flatMap((column) => textIn(column, 'name') ?? []);
    // A contract lists all columns; a description some.
    const contract = fieldsOf(nodes.get(id), 'contract')['enforced'] === true;
    const declared = contract ? Object.keys(fieldsOf(nodes.get(id), 'columns')) : [];
    const found = names.length > 0 ? names : declared;
    return found.length === 0 ? [] : [{ namespace: namespaces[namespace] ?? namespace, name, columns: found }];
  });
  const seen = new Set(own.map(datasetKey));
  return [...own, ...known.filter((dataset) => !seen.has(datasetKey(dataset)))];
}

function* resultsOf(results: Fields | undefined): Generator<[string, Fields]> {
  for (const result of Array.isArray(results?.['results']) ? (results['results'] as unknown[]) : []) {
    const id = textIn(result, 'unique_id');
    if (isFields(result) && id !== undefined) yield [id, result];
  }
}

async function pipelineOf(
  project: Project,
  manifest: Fields,
  nodes: readonly (readonly [string, Fields])[],
): Promise<Pipeline> {
  const jobs: PipelineJob[] = [];
  const built = nodes.filter(([, node]) => BUILT.has(textIn(node, 'resource_type') ?? ''));
  const names = jobNames(built);
  for (const [id, node] of built) jobs.push((await readNode(project, id, node, names)).done(jobs.length));
  return {
    tool: 'dbt',
    name: textIn(fieldsOf(manifest, 'metadata'), 'project_name') ?? textIn(built[0]?.[1], 'package_name') ?? 'dbt',
    processing: 'BATCH',
    jobs,
    datasets: nodes.flatMap(([id, node]) => factsOf(project, id, node) ?? []),
    tests: nodes.flatMap(([id, node]) => testOf(project, id, node) ?? []),
    exposures: Object.entries(fieldsOf(manifest, 'exposures')).flatMap(([id, exposure]) =>
      isFields(exposure) ? [exposureOf(project, id, exposure)] : [],
    ),
    reasons: notRead(project, manifest, nodes),
  };
}

/** Models of one name in two packages are told apart by their ids. */
function jobNames(built: readonly (readonly [string, Fields])[]): ReadonlyMap<string, string> {
  const many = new Map<string, number>();
  for (const [, node] of built) {
    const name = textIn(node, 'name') ?? '';
    many.set(name, (many.get(name) ?? 0) + 1);
  }
  return new Map(
    built.map(([id, node]) => {
      const name = textIn(node, 'name');
      return [id, name === undefined || many.get(name)! > 1 ? id : name];
    }),
  );
}

async function readNode(
  project: Project,
  id: string,
  node: Fields,
  names: ReadonlyMap<string, string>,
): Promise<JobDraft> {
  const { reading } = project;
  const at = { start: project.offsets.get(id) ?? 0 };
  const kind = textIn(node, 'resource_type') ?? 'model';
  const draft = new JobDraft(
    reading,
    names.get(id) ?? id,
    kind,
    reading.place({ ...at, end: at.start + id.length + 2 }),
  );
  const description = textIn(node, 'description');
  if (description !== undefined) draft.description = description;
  const result = project.results.get(id);
  if (result) draft.run = runOf(result);
  const needs = textsIn(fieldsOf(node, 'depends_on')['nodes']);
  draft.after = needs.flatMap((need) => names.get(need) ?? []);
  const dataset = project.datasets.get(id);
  if (!dataset) {
    draft.say('ephemeral', 'The model is ephemeral: it is no table, its SQL is part of the models that use it.', at);
    return draft;
  }
  draft.target(dataset);
  if (kind === 'seed') {
    draft.say('seed', 'A seed is loaded from a file of the project.', at);
    return draft;
  }
  if (textIn(node, 'language') === 'python') {
    declared(project, draft, needs, dataset, at);
    draft.say('opaque-code', 'The model is Python code: which columns it makes of which is not known.', at, 'opaque');
    return draft;
  }
  await readSqlNode(project, draft, node, result, dataset, needs, at);
  return draft;
}

async function readSqlNode(
  project: Project,
  draft: JobDraft,
  node: Fields,
  result: Fields | undefined,
  dataset: Dataset,
  needs: readonly string[],
  at: { readonly start: number },
): Promise<void> {
  const { reading, store } = project;
  const compiled = textIn(node, 'compiled_code', 'compiled_sql') ?? textIn(result, 'compiled_code', 'compiled_sql');
  const sql = compiled ?? textIn(node, 'raw_code', 'raw_sql');
  if (sql === undefined) {
    declared(project, draft, needs, dataset, at);
    draft.say('no-sql', 'The node has no SQL.', at, 'failed');
    return;
  }
  if (compiled === undefined && TEMPLATE.test(sql)) {
    declared(project, draft, needs, dataset, at);
    draft.say(
      'not-compiled',
      'The SQL is not compiled: run "dbt compile" or "dbt docs generate", and read the artifacts again.',
      at,
      'partial',
    );
    return;
  }
  draft.sql = sql;
  draft.dialect = store.dialect;
  const [database, schema] = [textIn(node, 'database'), textIn(node, 'schema')];
  const home: Store = {
    ...store,
    ...(database !== undefined && store.system.parts === 'database' && { database }),
    ...(schema !== undefined && { schema }),
  };
  const { flow, status, reasons } = await readSelect(reading, sql, home, () => at.start);
  draft.take(reasons, status);
  const known = reading.known.columnsOf(dataset);
  const names = flow.columns.map(({ name }) => name ?? '');
  const columns = flow.open || names.length === 0 ? undefined : names.map((name) => spelledIn(known, name));
  if (columns) {
    fill(draft, flow, { dataset, columns });
    const unknown = known ? columns.filter((column) => !known.includes(column)) : [];
    if (unknown.length > 0)
      draft.say(
        'stale-catalog',
        `The catalog does not have the ${unknown.length === 1 ? 'column' : 'columns'} ${unknown.join(', ')} of the model: it is older than its SQL.`,
        at,
      );
  } else {
    fillWhole(draft, flow, dataset);
    draft.say('unknown-columns', 'Which columns the model has is not known: read the artifacts with a catalog.', at);
  }
  compareWithDeclared(project, draft, flow.sources, needs, dataset, at);
}

/** The database may fold names that the SQL does not. */
const spelledIn = (known: readonly string[] | undefined, name: string): string =>
  known?.find((column) => column === name) ??
  known?.find((column) => column.toLowerCase() === name.toLowerCase()) ??
  name;

function declared(
  project: Project,
  draft: JobDraft,
  needs: readonly string[],
  dataset: Dataset,
  at: { readonly start: number },
): void {
  for (const need of needs) {
    const source = project.datasets.get(need);
    if (source) draft.tableEdge(source, dataset);
    else if (project.ephemeral.has(need))
      draft.say('ephemeral', `What the ephemeral model ${need} reads is not followed here.`, at);
  }
}

/** What the project declares and the SQL does not name is there all the same; what only the SQL names is told. */
function compareWithDeclared(
  project: Project,
  draft: JobDraft,
  read: readonly Dataset[],
  needs: readonly string[],
  dataset: Dataset,
  at: { readonly start: number },
): void {
  const found = new Set(read.map((each) => datasetKey(each).toLowerCase()));
  const own = new Set([...project.datasets.values()].map((each) => datasetKey(each).toLowerCase()));
  for (const need of needs) {
    const source = project.datasets.get(need);
    if (!source || found.has(datasetKey(source).toLowerCase())) continue;
    draft.tableEdge(source, dataset);
    draft.say('not-in-sql', `The project says that ${source.name} is read; its SQL does not name it.`, at);
  }
  for (const source of read)
    if (!own.has(datasetKey(source).toLowerCase()))
      draft.say(
        'not-declared',
        `The SQL reads ${source.name}, which is neither a model nor a source of the project.`,
        at,
      );
}

function runOf(result: Fields): JobRun {
  const timing = Array.isArray(result['timing']) ? (result['timing'] as unknown[]) : [];
  const times = (name: string) => timing.flatMap((each) => textIn(each, name) ?? []).sort();
  const [startedAt, finishedAt] = [times('started_at')[0], times('completed_at').at(-1)];
  const seconds = result['execution_time'];
  const message = textIn(result, 'message');
  return {
    status: textIn(result, 'status') ?? 'unknown',
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(typeof seconds === 'number' && { seconds }),
    ...(message !== undefined && { message }),
  };
}

function factsOf({ datasets, catalog, reading }: Project, id: string, node: Fields): DatasetFacts | undefined {
  const dataset = datasets.get(id);
  if (!dataset) return undefined;
  const documented = fieldsOf(node, 'columns');
  const actual = fieldsOf(catalog.get(id), 'columns');
  const lower = new Map(Object.entries(documented).map(([name, column]) => [name.toLowerCase(), column]));
  const listed = Object.values(actual)
    .filter(isFields)
    .sort((one, other) => Number(one['index'] ?? 0) - Number(other['index'] ?? 0));
  const columns = (listed.length > 0 ? listed : Object.values(documented).filter(isFields)).flatMap(
    (column): ColumnFacts[] => {
      const name = textIn(column, 'name');
      if (name === undefined) return [];
      const own = lower.get(name.toLowerCase());
      const type = textIn(column, 'type') ?? textIn(own, 'data_type');
      const description = textIn(own, 'description') ?? textIn(column, 'comment');
      return [{ name, ...(type !== undefined && { type }), ...(description !== undefined && { description }) }];
    },
  );
  const description = textIn(node, 'description');
  const owner = ownerOf(node) ?? textIn(fieldsOf(catalog.get(id), 'metadata'), 'owner');
  return {
    dataset: reading.known.spelled(dataset),
    kind: textIn(node, 'resource_type') ?? 'model',
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    tags: textsIn(node['tags']),
    columns,
  };
}

function ownerOf(node: Fields): string | undefined {
  const said = node['owner'] ?? fieldsOf(node, 'meta')['owner'] ?? fieldsOf(node, 'config', 'meta')['owner'];
  return typeof said === 'string' ? said : (textIn(said, 'name') ?? textIn(said, 'email'));
}

function testOf({ datasets, results, reading }: Project, id: string, node: Fields): TestFacts | undefined {
  if (textIn(node, 'resource_type') !== 'test') return undefined;
  const metadata = fieldsOf(node, 'test_metadata');
  const kind = textIn(metadata, 'name');
  const pack = textIn(metadata, 'namespace');
  const needs = textsIn(fieldsOf(node, 'depends_on')['nodes']);
  const attached = textIn(node, 'attached_node') ?? needs.at(-1);
  const dataset = attached === undefined ? undefined : datasets.get(attached);
  const column = textIn(node, 'column_name') ?? textIn(fieldsOf(metadata, 'kwargs'), 'column_name');
  const severity = textIn(fieldsOf(node, 'config'), 'severity');
  const result = results.get(id);
  return {
    name: textIn(node, 'name') ?? id,
    kind: kind === undefined ? 'singular' : pack === undefined ? kind : `${pack}.${kind}`,
    ...(dataset && { dataset: reading.known.spelled(dataset) }),
    ...(column !== undefined && { column }),
    ...(severity !== undefined && { severity: severity.toLowerCase() }),
    ...(result && { run: runOf(result) }),
  };
}

function exposureOf({ reading, offsets, datasets }: Project, id: string, exposure: Fields): Exposure {
  const [label, url, description] = [
    textIn(exposure, 'label'),
    textIn(exposure, 'url'),
    textIn(exposure, 'description'),
  ];
  const owner = ownerOf(exposure);
  return {
    ...reading.place({ start: offsets.get(id) ?? 0 }),
    name: textIn(exposure, 'name') ?? id,
    ...(label !== undefined && { label }),
    kind: textIn(exposure, 'type') ?? 'exposure',
    ...(url !== undefined && { url }),
    ...(owner !== undefined && { owner }),
    ...(description !== undefined && { description }),
    uses: textsIn(fieldsOf(exposure, 'depends_on')['nodes']).flatMap((need) => {
      const dataset = datasets.get(need);
      return dataset ? [reading.known.spelled(dataset)] : [];
    }),
  };
}

/** Nodes with lineage: the others are told, by kind. */
const READ = new Set(['model', 'seed', 'snapshot', 'source', 'test']);
/** Parts of a manifest that hold no datasets of their own. */
const OTHER_PARTS = ['metrics', 'semantic_models', 'saved_queries', 'unit_tests', 'functions'];

function notRead(
  { reading, offsets }: Project,
  manifest: Fields,
  nodes: readonly (readonly [string, Fields])[],
): Reason[] {
  const others = new Map<string, string[]>();
  for (const [id, node] of nodes) {
    const type = textIn(node, 'resource_type') ?? 'a node without a type';
    if (!READ.has(type)) others.set(type, [...(others.get(type) ?? []), id]);
  }
  for (const part of OTHER_PARTS) {
    const ids = Object.keys(fieldsOf(manifest, part));
    if (ids.length > 0) others.set(part.replaceAll('_', ' '), ids);
  }
  return [...others].map(([kind, ids]) =>
    reading.reason(
      'not-read',
      `Not read: ${ids.length} ${kind} (${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''}).`,
      { start: offsets.get(ids[0] ?? '') ?? 0 },
    ),
  );
}
