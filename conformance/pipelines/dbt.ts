import { type DbtArtifacts, type PipelineJob, readDbt, type ReadFile } from '#core/pipelines';

import { type Mismatch } from './facts.js';

interface Node {
  readonly unique_id: string;
  readonly name: string;
  readonly resource_type: string;
  readonly relation_name?: string | null;
  readonly description?: string;
  readonly depends_on?: { readonly nodes?: readonly string[] };
  readonly config?: { readonly materialized?: string };
}

interface Manifest {
  readonly nodes: Readonly<Record<string, Node>>;
  readonly sources: Readonly<Record<string, Node>>;
  readonly exposures?: Readonly<Record<string, unknown>>;
}

const plain = (relation: string | null | undefined): string => (relation ?? '').replace(/["`[\]]/g, '');

/** Checks what the artifacts say of each other: each case is a model, and the project as a whole. */
export async function* checkDbt(artifacts: DbtArtifacts): AsyncGenerator<readonly [string, readonly Mismatch[]]> {
  const read = await readDbt(artifacts);
  const manifest = JSON.parse(artifacts.manifest) as Manifest;
  const jobs = new Map(read.pipelines.flatMap((pipeline) => pipeline.jobs.map((job) => [job.name, job] as const)));
  const all: Readonly<Record<string, Node>> = { ...manifest.sources, ...manifest.nodes };
  for (const node of Object.values(manifest.nodes)) {
    if (node.resource_type !== 'model' && node.resource_type !== 'snapshot') continue;
    const job = jobs.get(node.name) ?? jobs.get(node.unique_id);
    yield [
      node.name,
      job ? checkModel(job, node, all, columnsIn(artifacts, node.unique_id)) : ['the model is missing'],
    ];
  }
  yield ['tests, descriptions and exposures', checkFacts(read, manifest)];
  yield ['a newer version', await checkNewer(artifacts, read)];
}

function columnsIn({ catalog }: DbtArtifacts, id: string): string[] {
  const nodes =
    catalog === undefined ? {} : (JSON.parse(catalog) as { nodes: Record<string, { columns: object }> }).nodes;
  return Object.keys(nodes[id]?.columns ?? {});
}

function checkModel(
  job: PipelineJob,
  node: Node,
  all: Readonly<Record<string, Node>>,
  columns: readonly string[],
): Mismatch[] {
  if (node.config?.materialized === 'ephemeral') return [];
  const needs = (node.depends_on?.nodes ?? []).flatMap((id) => plain(all[id]?.relation_name) || []);
  const reads = job.datasetEdges.map(({ from }) => from.name);
  const written = new Set(
    [...job.columnEdges, ...job.generated].flatMap(({ to }) => (to.column === undefined ? [] : [to.column])),
  );
  return [
    ...(job.status === 'ok' ? [] : [`it is ${job.status}: ${job.reasons.map(({ message }) => message).join(' ')}`]),
    ...needs.filter((name) => !reads.includes(name)).map((name) => `it does not read ${name}`),
    ...reads.filter((name) => !needs.includes(name)).map((name) => `it reads ${name}`),
    ...columns.filter((column) => !written.has(column)).map((column) => `nothing is known of its column ${column}`),
    ...[...written]
      .filter((column) => columns.length > 0 && !columns.includes(column))
      .map((column) => `it has no column ${column}`),
  ];
}

function checkFacts(read: ReadFile, manifest: Manifest): Mismatch[] {
  const nodes = Object.values(manifest.nodes);
  const described = [...nodes, ...Object.values(manifest.sources)].filter(
    ({ resource_type, description, config }) =>
      ['model', 'seed', 'snapshot', 'source'].includes(resource_type) &&
      description &&
      config?.materialized !== 'ephemeral',
  );
  const descriptions = read.pipelines.flatMap(({ datasets }) =>
    datasets.flatMap(({ description }) => description ?? []),
  );
  const tests = nodes.filter(({ resource_type }) => resource_type === 'test');
  const found = new Set(read.pipelines.flatMap((pipeline) => pipeline.tests.map(({ name }) => name)));
  const exposures = read.pipelines.flatMap((pipeline) => pipeline.exposures).length;
  return [
    ...described
      .filter(({ description = '' }) => !descriptions.includes(description))
      .map(({ name }) => `${name} has lost its description`),
    ...tests.filter(({ name }) => !found.has(name)).map(({ name }) => `the test ${name} is missing`),
    ...(exposures === Object.keys(manifest.exposures ?? {}).length ? [] : [`there are ${exposures} exposures`]),
  ];
}

/** A version nobody has seen, with fields nobody has seen: the same lineage, and a remark. */
async function checkNewer(artifacts: DbtArtifacts, read: ReadFile): Promise<Mismatch[]> {
  const manifest = JSON.parse(artifacts.manifest) as Manifest & { metadata: Record<string, unknown> };
  manifest.metadata['dbt_schema_version'] = 'https://schemas.getdbt.com/dbt/manifest/v99.json';
  const nodes = Object.fromEntries(
    Object.entries(manifest.nodes).map(([id, node]) => [id, { ...node, field_of_tomorrow: { any: [1, null] } }]),
  );
  const newer = await readDbt({ ...artifacts, manifest: JSON.stringify({ ...manifest, nodes, part_of_tomorrow: {} }) });
  const edges = (each: ReadFile) =>
    JSON.stringify(
      each.pipelines.flatMap(({ jobs }) => jobs.map(({ columnEdges, datasetEdges }) => [datasetEdges, columnEdges])),
    );
  return [
    ...(edges(newer) === edges(read) ? [] : ['its lineage is another']),
    ...(newer.reasons.some(({ code }) => code === 'newer-version') ? [] : ['nobody says that it is newer']),
  ];
}
