import { Injectable } from '@nestjs/common';
import { type Named } from '#core/openlineage';
import { NotFound } from '#kernel';

import { keyOfName } from './flows.js';
import { type DatasetRecord, type JobRecord, MarquezStore } from './marquez.store.js';

/** An edge between nodes, by their ids. */
export interface NodeEdge {
  readonly origin: string;
  readonly destination: string;
}

export type GraphPart =
  | { readonly id: string; readonly type: 'JOB'; readonly job: JobRecord }
  | { readonly id: string; readonly type: 'DATASET'; readonly dataset: DatasetRecord };

export type Node = GraphPart & { readonly inEdges: readonly NodeEdge[]; readonly outEdges: readonly NodeEdge[] };

/** A column and where it comes from. */
export interface ColumnNode {
  readonly id: string;
  readonly dataset: Named;
  readonly field: string;
  readonly inputs: readonly (Named & {
    readonly field: string;
    readonly type: string;
    readonly description: string | null;
  })[];
  readonly inEdges: readonly NodeEdge[];
  readonly outEdges: readonly NodeEdge[];
}

interface NodeNamed {
  readonly type: 'JOB' | 'DATASET';
  readonly named: Named;
  readonly field?: string;
  /** Of a job. */
  readonly outputs?: readonly Named[];
}

const MOST_NODES = 5_000;
const MOST_DEPTH = 100;

/** Answers in the shape of Marquez's graph: jobs and datasets in turn. */
@Injectable()
export class Marquez {
  constructor(private readonly store: MarquezStore) {}

  /** The graph around a job or a dataset, both ways. @throws {NotFound} */
  async lineage(nodeId: string, depth: number): Promise<Node[]> {
    const { type, named } = await this.named(nodeId);
    const jobs = new Map<string, JobRecord>();
    const datasets = new Map<string, DatasetRecord>();
    let [newJobs, newDatasets]: [string[], Named[]] = type === 'JOB' ? [[keyOfName(named)], []] : [[], [named]];
    for (let step = 0; step <= Math.min(depth, MOST_DEPTH) && newJobs.length + newDatasets.length > 0; step++) {
      if (jobs.size + datasets.size > MOST_NODES) break;
      const range = { limit: MOST_NODES, offset: 0 };
      const found = newJobs.length === 0 ? [] : (await this.store.jobs({ keys: newJobs }, range)).jobs;
      for (const job of found) jobs.set(job.key, job);
      const touched = distinct([...newDatasets, ...found.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])]);
      const wanted = touched.filter((name) => !datasets.has(keyOfName(name)));
      const records = wanted.length === 0 ? [] : (await this.store.datasets({ named: wanted }, range)).datasets;
      for (const record of records) datasets.set(keyOfName(record), record);
      const nearby = records.length === 0 ? [] : await this.store.jobsAt(records.map(({ canonical }) => canonical));
      newJobs = nearby.filter((key) => !jobs.has(key));
      newDatasets = [];
    }
    return toGraph([...jobs.values()], [...datasets.values()]);
  }

  /**
   * Where columns of a dataset (one of them, or those that a job writes) come from, and with `downstream` where they go.
   * @throws {NotFound}
   */
  async columnLineage(nodeId: string, depth: number, downstream: boolean): Promise<ColumnNode[]> {
    const { named, field, outputs } = await this.named(nodeId);
    const edges = new Map<string, Awaited<ReturnType<MarquezStore['columnEdges']>>[number]>();
    for (const down of downstream ? [false, true] : [false]) {
      const start = [...new Set((await this.store.canonical(outputs ?? [named])).values())];
      const seen = new Set(start);
      let last = start;
      let wanted: Set<string> | undefined = field === undefined ? undefined : new Set([field]);
      for (let step = 0; step < Math.min(depth, MOST_DEPTH) && last.length > 0 && edges.size < MOST_NODES; step++) {
        const found = (await this.store.columnEdges(last, down)).filter(
          (edge) => wanted === undefined || wanted.has(down ? edge.fromField : edge.toField),
        );
        for (const edge of found) edges.set(JSON.stringify(edge), edge);
        last = [
          ...new Set(found.flatMap(({ thereKey }) => (thereKey === null || seen.has(thereKey) ? [] : [thereKey]))),
        ];
        for (const key of last) seen.add(key);
        // Further on, columns are followed dataset by dataset.
        wanted =
          step === 0 && wanted ? new Set(found.map((edge) => (down ? edge.toField : edge.fromField))) : undefined;
      }
    }
    return toColumns([...edges.values()]);
  }

  /**
   * What a node's id means: `dataset:NAMESPACE:NAME`, `job:NAMESPACE:NAME`, `datasetField:NAMESPACE:NAME:FIELD`.
   * Namespaces have colons of their own: of all ways to read it the one counts that names something.
   */
  private async named(nodeId: string): Promise<NodeNamed> {
    // A version may follow; the graph is told as it is now.
    const found = (await this.read(nodeId)) ?? (await this.read(nodeId.replace(/#[0-9a-f-]{36}$/i, '')));
    if (!found) throw new NotFound('node', nodeId);
    return found;
  }

  private async read(nodeId: string): Promise<NodeNamed | undefined> {
    const [, kind = '', rest = ''] = /^(dataset|job|datasetField):(.*)$/s.exec(nodeId) ?? [];
    const readings = splits(rest);
    const range = { limit: 1, offset: 0 };
    if (kind === 'job') {
      const { jobs } = await this.store.jobs({ keys: readings.map(keyOfName) }, range);
      if (jobs[0]) return { type: 'JOB', named: jobs[0], outputs: jobs[0].outputs };
    }
    if (kind === 'dataset') {
      const { datasets } = await this.store.datasets({ named: readings }, range);
      if (datasets[0]) return { type: 'DATASET', named: datasets[0] };
    }
    if (kind === 'datasetField')
      for (const { namespace: before, name: field } of readings.toReversed()) {
        const { datasets } = await this.store.datasets({ named: splits(before) }, range);
        if (datasets[0]) return { type: 'DATASET', named: datasets[0], field };
      }
    return undefined;
  }
}

/** Every way to cut a text in two at a colon. */
function splits(text: string): Named[] {
  return [...text.matchAll(/:/g)].map(({ index }) => ({
    namespace: text.slice(0, index),
    name: text.slice(index + 1),
  }));
}

export const nodeIdOf = (type: 'job' | 'dataset', { namespace, name }: Named): string => `${type}:${namespace}:${name}`;
const columnId = ({ namespace, name }: Named, field: string): string => `datasetField:${namespace}:${name}:${field}`;

const distinct = (names: readonly Named[]): Named[] => [
  ...new Map(names.map((name) => [keyOfName(name), name])).values(),
];

/** Names of one dataset become one node: the first of them. */
function toGraph(jobs: readonly JobRecord[], datasets: readonly DatasetRecord[]): Node[] {
  const byCanonical = new Map<string, DatasetRecord>();
  const sorted = [...datasets].sort((a, b) => Number(a.id) - Number(b.id));
  for (const dataset of sorted) if (!byCanonical.has(dataset.canonical)) byCanonical.set(dataset.canonical, dataset);
  const nodeOf = new Map(sorted.map((dataset) => [keyOfName(dataset), byCanonical.get(dataset.canonical) ?? dataset]));
  const edges = new Map<string, NodeEdge>();
  const add = (origin: string, destination: string) =>
    void edges.set(JSON.stringify([origin, destination]), { origin, destination });
  for (const job of jobs) {
    const id = nodeIdOf('job', job);
    for (const input of job.inputs) {
      const dataset = nodeOf.get(keyOfName(input));
      if (dataset) add(nodeIdOf('dataset', dataset), id);
    }
    for (const output of job.outputs) {
      const dataset = nodeOf.get(keyOfName(output));
      if (dataset) add(id, nodeIdOf('dataset', dataset));
    }
  }
  const incoming = Map.groupBy(edges.values(), ({ destination }) => destination);
  const outgoing = Map.groupBy(edges.values(), ({ origin }) => origin);
  const parts: GraphPart[] = [
    ...jobs.map((job): GraphPart => ({ id: nodeIdOf('job', job), type: 'JOB', job })),
    ...[...byCanonical.values()].map((dataset): GraphPart => ({
      ...{ id: nodeIdOf('dataset', dataset), type: 'DATASET', dataset },
    })),
  ];
  return parts.map((part) => ({
    ...part,
    inEdges: incoming.get(part.id) ?? [],
    outEdges: outgoing.get(part.id) ?? [],
  }));
}

function toColumns(edges: readonly Awaited<ReturnType<MarquezStore['columnEdges']>>[number][]): ColumnNode[] {
  const nodes = new Map<
    string,
    { dataset: Named; field: string; inputs: ColumnNode['inputs'][number][]; in: NodeEdge[]; out: NodeEdge[] }
  >();
  const node = (dataset: Named, field: string) => {
    const id = columnId(dataset, field);
    const known = nodes.get(id) ?? { dataset, field, inputs: [], in: [], out: [] };
    nodes.set(id, known);
    return { id, known };
  };
  for (const edge of edges) {
    const from = node({ namespace: edge.fromNamespace, name: edge.fromName }, edge.fromField);
    const to = node({ namespace: edge.toNamespace, name: edge.toName }, edge.toField);
    to.known.inputs.push({
      ...{ namespace: edge.fromNamespace, name: edge.fromName, field: edge.fromField, description: edge.expression },
      type: edge.subtype ?? (edge.kind === 2 ? 'INDIRECT' : 'DIRECT'),
    });
    if (from.known.out.some(({ destination }) => destination === to.id)) continue;
    from.known.out.push({ origin: from.id, destination: to.id });
    to.known.in.push({ origin: from.id, destination: to.id });
  }
  return [...nodes].map(([id, { dataset, field, inputs, in: inEdges, out: outEdges }]) => ({
    ...{ id, dataset, field, inputs, inEdges, outEdges },
  }));
}
