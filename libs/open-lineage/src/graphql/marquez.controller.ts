import { Controller, Get, Param, Query } from '@nestjs/common';
import { InvalidInput, NotFound } from '#kernel';
import { SignedIn } from '#platform/graphql';

import { Marquez, nodeIdOf } from '../marquez.js';
import { type DatasetRecord, type JobRecord, MarquezStore, type Range, type RunRecord } from '../marquez.store.js';

type Asked = Readonly<Record<string, string | undefined>>;

/** The reading side of Marquez's API, as its web UI and its Python client ask it. */
@SignedIn()
@Controller('api/v1')
export class MarquezController {
  constructor(
    private readonly store: MarquezStore,
    private readonly graph: Marquez,
  ) {}

  @Get('namespaces')
  async namespaces(@Query() asked: Asked) {
    const found = await this.store.namespaces(rangeOf(asked));
    return {
      namespaces: found.map(({ name, firstAt, lastAt }) => ({
        ...{ name, createdAt: firstAt, updatedAt: lastAt, ownerName: 'anonymous', description: null, isHidden: false },
      })),
    };
  }

  @Get('namespaces/:namespace')
  async namespace(@Param('namespace') namespace: string) {
    const { namespaces } = await this.namespaces({ limit: String(MOST) });
    return found(
      namespaces.find(({ name }) => name === namespace),
      'namespace',
      namespace,
    );
  }

  @Get('jobs')
  async jobs(@Query() asked: Asked) {
    const { total, jobs } = await this.store.jobs({}, rangeOf(asked));
    return { jobs: jobs.map(toJob), totalCount: total };
  }

  @Get('namespaces/:namespace/jobs')
  async jobsOf(@Param('namespace') namespace: string, @Query() asked: Asked) {
    const { total, jobs } = await this.store.jobs({ namespace }, rangeOf(asked));
    return { jobs: jobs.map(toJob), totalCount: total };
  }

  @Get('namespaces/:namespace/jobs/:job')
  async job(@Param('namespace') namespace: string, @Param('job') name: string) {
    const { jobs } = await this.store.jobs({ keys: [this.store.keyOf({ namespace, name })] }, ONE);
    return toJob(found(jobs[0], 'job', name));
  }

  @Get('namespaces/:namespace/jobs/:job/runs')
  async runs(@Param('namespace') namespace: string, @Param('job') name: string, @Query() asked: Asked) {
    const { total, page } = await this.store.runs({ namespace, name }, rangeOf(asked));
    return { runs: page.map(toRun), totalCount: total };
  }

  @Get('jobs/runs/:id')
  async run(@Param('id') id: string) {
    const run = found(await this.store.run(id), 'run', id);
    return { ...toRun(run), facets: await this.store.facetsOf(id, 'run') };
  }

  @Get('jobs/runs/:id/facets')
  async facets(@Param('id') id: string, @Query() asked: Asked) {
    found(await this.store.run(id), 'run', id);
    return { runId: id, facets: await this.store.facetsOf(id, asked['type'] === 'job' ? 'job' : 'run') };
  }

  @Get('namespaces/:namespace/datasets')
  async datasetsOf(@Param('namespace') namespace: string, @Query() asked: Asked) {
    const { total, datasets } = await this.store.datasets({ namespace }, rangeOf(asked));
    return { datasets: datasets.map(toDataset), totalCount: total };
  }

  @Get('datasets')
  async datasets(@Query() asked: Asked) {
    const { total, datasets } = await this.store.datasets({}, rangeOf(asked));
    return { datasets: datasets.map(toDataset), totalCount: total };
  }

  @Get('namespaces/:namespace/datasets/:dataset')
  async dataset(@Param('namespace') namespace: string, @Param('dataset') name: string) {
    const { datasets } = await this.store.datasets({ named: [{ namespace, name }] }, ONE);
    return toDataset(found(datasets[0], 'dataset', name));
  }

  @Get('lineage')
  async lineage(@Query() asked: Asked) {
    const graph = await this.graph.lineage(nodeIdIn(asked), whole(asked, 'depth', 20));
    return {
      graph: graph.map((node) => ({
        ...{ id: node.id, type: node.type, inEdges: node.inEdges, outEdges: node.outEdges },
        data: node.type === 'JOB' ? toJob(node.job) : toDataset(node.dataset),
      })),
    };
  }

  @Get('column-lineage')
  async columnLineage(@Query() asked: Asked) {
    const graph = await this.graph.columnLineage(
      nodeIdIn(asked),
      whole(asked, 'depth', 20),
      asked['withDownstream'] === 'true',
    );
    return {
      graph: graph.map(({ id, dataset, field, inputs, inEdges, outEdges }) => ({
        ...{ id, type: 'DATASET_FIELD', inEdges, outEdges },
        data: {
          ...{ namespace: dataset.namespace, dataset: dataset.name, field },
          ...{ transformationDescription: inputs[0]?.description ?? null, transformationType: inputs[0]?.type ?? null },
          inputFields: inputs.map((input) => ({
            ...{ namespace: input.namespace, dataset: input.name, field: input.field },
            ...{ transformationDescription: input.description, transformationType: input.type },
          })),
        },
      })),
    };
  }

  @Get('events/lineage')
  async events(@Query() asked: Asked) {
    const { total, page } = await this.store.events(
      {
        before: dateIn(asked, 'before'),
        after: dateIn(asked, 'after'),
        newestFirst: asked['sortDirection']?.toLowerCase() !== 'asc',
      },
      rangeOf(asked),
    );
    return { events: page.map(({ body }) => body), totalCount: total };
  }

  @Get('search')
  async search(@Query() asked: Asked) {
    const kind = asked['filter']?.toUpperCase();
    const results = await this.store.search(
      asked['q'] ?? '',
      kind === 'JOB' || kind === 'DATASET' ? kind : null,
      whole(asked, 'limit', 10),
    );
    return {
      totalCount: results.length,
      results: results.map(({ type, namespace, name, lastAt }) => ({
        ...{ type, namespace, name, updatedAt: lastAt },
        nodeId: nodeIdOf(type === 'JOB' ? 'job' : 'dataset', { namespace, name }),
      })),
    };
  }

  @Get('tags')
  async tags() {
    return { tags: (await this.store.tags()).map(({ name }) => ({ name, description: null })) };
  }
}

const MOST = 10_000;
const ONE: Range = { limit: 1, offset: 0 };

function found<T>(one: T | undefined, kind: string, id: string): T {
  if (one === undefined) throw new NotFound(kind, id);
  return one;
}

function whole(asked: Asked, name: string, otherwise: number): number {
  const text = asked[name];
  if (text === undefined || text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new InvalidInput(`"${name}" must be a whole number from 0.`, [], [name]);
  return Number(text);
}

const rangeOf = (asked: Asked): Range => ({
  limit: Math.min(MOST, whole(asked, 'limit', 100)),
  offset: whole(asked, 'offset', 0),
});

function dateIn(asked: Asked, name: string): Date | null {
  const text = asked[name];
  if (text === undefined || text === '') return null;
  const date = new Date(text);
  if (Number.isNaN(date.getTime()))
    throw new InvalidInput(`"${name}" is not a time like 2026-01-31T00:00:00Z.`, [], [name]);
  return date;
}

function nodeIdIn(asked: Asked): string {
  const { nodeId } = asked;
  if (nodeId === undefined || nodeId === '')
    throw new InvalidInput('"nodeId" is missing: dataset:NAMESPACE:NAME or job:NAMESPACE:NAME.', [], ['nodeId']);
  return nodeId;
}

const STATES: Readonly<Record<string, string>> = { COMPLETE: 'COMPLETED', FAIL: 'FAILED', ABORT: 'ABORTED' };

function toRun(run: RunRecord) {
  const { startAt, firstAt, endAt, endType, types } = run;
  const running = types.includes('START') || types.includes('RUNNING');
  return {
    ...{ id: run.runId, createdAt: firstAt, updatedAt: run.lastAt },
    ...{ nominalStartTime: run.nominalStart, nominalEndTime: run.nominalEnd },
    state: endType === null ? (running ? 'RUNNING' : 'NEW') : STATES[endType],
    startedAt: startAt ?? firstAt,
    endedAt: endAt,
    durationMs: endAt === null ? null : Math.max(0, endAt.getTime() - (startAt ?? firstAt).getTime()),
    ...{ args: {}, facets: {}, errorMessage: run.error, namespace: run.namespace, jobName: run.name },
  };
}

function toJob(job: JobRecord) {
  const { namespace, name, facets } = job;
  const type = facets['jobType']?.['processingType'];
  return {
    ...{ id: { namespace, name }, type: type === 'STREAMING' ? 'STREAM' : 'BATCH' },
    ...{ name, simpleName: name.slice(name.lastIndexOf('.') + 1), parentJobName: null, namespace },
    ...{ createdAt: job.firstAt, updatedAt: job.lastAt, inputs: job.inputs, outputs: job.outputs },
    location: facets['sourceCodeLocation']?.['url'] ?? null,
    description: facets['documentation']?.['description'] ?? null,
    latestRun: job.latestRun && toRun(job.latestRun),
    latestRuns: job.latestRun ? [toRun(job.latestRun)] : [],
    ...{ facets, currentVersion: null, labels: [], tags: tagsIn(facets) },
  };
}

function tagsIn(facets: JobRecord['facets']): string[] {
  const tags = facets['tags']?.['tags'];
  if (!Array.isArray(tags)) return [];
  return tags.flatMap((tag: unknown) => {
    const key = (tag as { key?: unknown } | null)?.key;
    return typeof key === 'string' ? [key] : [];
  });
}

function toDataset(dataset: DatasetRecord) {
  const { namespace, name, facets, lifecycle } = dataset;
  const fields = facets['schema']?.['fields'];
  const latest = Object.entries(lifecycle).sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
  return {
    ...{ id: { namespace, name }, type: 'DB_TABLE', name, physicalName: name, namespace, sourceName: namespace },
    ...{ createdAt: dataset.firstAt, updatedAt: dataset.lastAt, lastModifiedAt: dataset.lastAt },
    fields: (Array.isArray(fields) ? (fields as (Record<string, unknown> | null)[]) : []).map((field) => ({
      ...{
        name: field?.['name'],
        type: field?.['type'] ?? null,
        description: field?.['description'] ?? null,
        tags: [],
      },
    })),
    description: facets['documentation']?.['description'] ?? null,
    lastLifecycleState: latest ?? '',
    deleted: latest === 'DROP' || latest === 'RENAMED',
    ...{ currentVersion: null, columnLineage: null, facets, tags: tagsIn(facets) },
  };
}
