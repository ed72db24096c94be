import { Args, Context, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { toJobType } from '#graphql/audit';
import { DatasetType } from '#graphql/dictionary';
import { type Actor } from '#kernel';
import { Allow, CurrentActor, type GraphqlContext, localId } from '#platform/graphql';
import { JobStore } from '#platform/queue';

import { LineagePipelines } from '../pipelines.js';
import { LineageScripts } from '../scripts.js';
import { LineageLoader } from './lineage.loader.js';
import { LineageJobPayload } from './script.types.js';
import {
  ImportPipelinesArgs,
  ImportPipelinesPayload,
  LineageReportType,
  type PipelineFileInput,
  PipelineTestType,
  PruneScriptsArgs,
  PruneScriptsPayload,
  toReportType,
  toTestType,
} from './pipeline.types.js';
import { revisionOf, valuesOf } from './script-origin.types.js';

@Resolver()
export class PipelineResolver {
  constructor(
    private readonly pipelines: LineagePipelines,
    private readonly scripts: LineageScripts,
    private readonly jobs: JobStore,
  ) {}

  @Allow('engineer')
  @Mutation(() => ImportPipelinesPayload, {
    description:
      'Takes in files of DataX, DolphinScheduler, Flink CDC, SeaTunnel and dbt, and reads what they move. A broken one does not keep the others out.',
  })
  async importPipelines(
    @CurrentActor() actor: Actor,
    @Args() args: ImportPipelinesArgs,
  ): Promise<ImportPipelinesPayload> {
    const terms = {
      namespaces: valuesOf(args.namespaces),
      datasources: valuesOf(args.datasources),
      dbtNamespace: args.dbtNamespace ?? null,
      folder: args.folder ?? null,
      revision: revisionOf(args.revision),
    };
    const { jobId, changed, refused } = await this.pipelines.import(actor, terms, args.files.map(givenOf));
    return { job: toJobType(await this.jobs.get(jobId)), changed, refused: [...refused] };
  }

  @Allow('engineer')
  @Mutation(() => LineageJobPayload, { description: 'Says that a pipeline runs no more; its edges end.' })
  async removePipeline(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<LineageJobPayload> {
    const jobId = await this.scripts.remove(actor, localId('LineageScript', id, 'id'));
    return { job: toJobType(await this.jobs.get(jobId)) };
  }

  @Allow('engineer')
  @Mutation(() => PruneScriptsPayload, {
    description: 'Says that the scripts of a folder that are not there any more run no more; their edges end.',
  })
  async pruneScripts(@CurrentActor() actor: Actor, @Args() args: PruneScriptsArgs): Promise<PruneScriptsPayload> {
    const sourceId = args.sourceId == null ? null : localId('Source', args.sourceId, 'sourceId');
    const { jobId, removed } = await this.scripts.prune(actor, sourceId, args.folder, args.names);
    return { job: toJobType(await this.jobs.get(jobId)), removed: [...removed] };
  }
}

/** What pipelines say of a dataset beside lineage. */
@Resolver(() => DatasetType)
export class DatasetPipelinesResolver {
  constructor(private readonly loader: LineageLoader) {}

  @ResolveField(() => [LineageReportType], { description: 'Reports that show it, as exposures of dbt say.' })
  async reports(@Parent() { datasetId }: DatasetType, @Context() context: GraphqlContext) {
    return ((await this.loader.reports(context).load(datasetId)) ?? []).map(toReportType);
  }

  @ResolveField(() => [PipelineTestType], { description: 'Tests of dbt on it, as they went last.' })
  async pipelineTests(@Parent() { datasetId }: DatasetType, @Context() context: GraphqlContext) {
    return ((await this.loader.tests(context).load(datasetId)) ?? []).map(toTestType);
  }
}

const givenOf = ({ name, text, catalog, runResults }: PipelineFileInput) => ({
  ...{ name, text },
  ...(catalog != null && { catalog }),
  ...(runResults != null && { runResults }),
});
