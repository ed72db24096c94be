import { Controller, Get, Param, Query } from '@nestjs/common';
import { InvalidInput } from '#kernel';
import { SignedIn } from '#platform/graphql';

import { Marquez, nodeIdOf } from '../marquez.js';
import { type DatasetRecord, MarquezStore, RUN_STATES, type RunState } from '../marquez.store.js';
import { type Asked, dateIn, found, isSet, listIn, nodeIdIn, ONE, rangeOf, textIn, whole } from './asked.js';
import { toDataset, toJob, toRun, toSource } from './marquez-shapes.js';

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
    const { namespaces } = await this.namespaces({ limit: '10000' });
    return found(
      namespaces.find(({ name }) => name === namespace),
      'namespace',
      namespace,
    );
  }

  @Get('jobs')
  async jobs(@Query() asked: Asked) {
    const { total, jobs } = await this.store.jobs({ ...statesIn(asked) }, rangeOf(asked));
    return { jobs: jobs.map(toJob), totalCount: total };
  }

  @Get('namespaces/:namespace/jobs')
  async jobsOf(@Param('namespace') namespace: string, @Query() asked: Asked) {
    const { total, jobs } = await this.store.jobs({ namespace, ...statesIn(asked) }, rangeOf(asked));
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
    return { runId: id, facets: await this.store.facetsOf(id, textIn(asked, 'type') === 'job' ? 'job' : 'run') };
  }

  @Get('namespaces/:namespace/datasets')
  async datasetsOf(@Param('namespace') namespace: string, @Query() asked: Asked) {
    const { total, datasets } = await this.store.datasets({ namespace }, rangeOf(asked));
    return { datasets: await this.withTags(datasets), totalCount: total };
  }

  @Get('datasets')
  async datasets(@Query() asked: Asked) {
    const { total, datasets } = await this.store.datasets({}, rangeOf(asked));
    return { datasets: await this.withTags(datasets), totalCount: total };
  }

  @Get('namespaces/:namespace/datasets/:dataset')
  async dataset(@Param('namespace') namespace: string, @Param('dataset') name: string) {
    const { datasets } = await this.store.datasets({ named: [{ namespace, name }] }, ONE);
    const [dataset] = await this.withTags([found(datasets[0], 'dataset', name)]);
    return dataset;
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
      isSet(asked, 'withDownstream'),
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

  @Get('sources')
  async sources(@Query() asked: Asked) {
    return { sources: (await this.store.sources(null, rangeOf(asked))).map(toSource) };
  }

  @Get('sources/:source')
  async source(@Param('source') name: string) {
    return toSource(found((await this.store.sources(name, ONE))[0], 'source', name));
  }

  @Get(['events/lineage', 'events', 'events/:namespace'])
  async events(@Query() asked: Asked, @Param('namespace') namespace?: string) {
    const { total, page } = await this.store.events(
      {
        before: dateIn(asked, 'before'),
        after: dateIn(asked, 'after'),
        namespace: namespace ?? null,
        newestFirst: textIn(asked, 'sortDirection')?.toLowerCase() !== 'asc',
      },
      rangeOf(asked),
    );
    return { events: page.map(({ body }) => body), totalCount: total };
  }

  @Get('search')
  async search(@Query() asked: Asked) {
    const kind = textIn(asked, 'filter')?.toUpperCase();
    const results = await this.store.search(
      textIn(asked, 'q') ?? '',
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
  async tags(@Query() asked: Asked) {
    return { tags: (await this.store.tags(rangeOf(asked))).map(({ name }) => ({ name, description: null })) };
  }

  private async withTags(datasets: readonly DatasetRecord[]) {
    const kept = await this.store.dictionaryTags(datasets.flatMap(({ datasetId }) => datasetId ?? []));
    return datasets.map((dataset) => toDataset(dataset, kept.get(dataset.datasetId ?? '')));
  }
}

function statesIn(asked: Asked): { states?: RunState[] } {
  const given = listIn(asked, 'lastRunStates').map((text) => text.toUpperCase());
  if (given.length === 0) return {};
  const states = given.map((text) => {
    const state = RUN_STATES.find((one) => one === text);
    if (state) return state;
    throw new InvalidInput(`"lastRunStates" is ${RUN_STATES.join(', ')}, not ${text}.`, [], ['lastRunStates']);
  });
  return { states };
}
