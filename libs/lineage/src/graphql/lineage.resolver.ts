import { Args, ID, Info, Mutation, Query, Resolver } from '@nestjs/graphql';
import { JobType, toJobType } from '#graphql/audit';
import { type Actor, InvalidInput } from '#kernel';
import {
  Allow,
  type Connection,
  CurrentActor,
  globalId,
  localId,
  PageArgs,
  pageOf,
  selectedFields,
  SignedIn,
  toConnection,
} from '#platform/graphql';
import { JobStore } from '#platform/queue';
import { type GraphQLResolveInfo } from 'graphql';

import { directionsOf } from '../direction.js';
import { EDGE_TYPES } from '../graph/question.js';
import { type EdgeDetail, GraphStore } from '../graph.store.js';
import { LineageCoverage } from '../lineage-coverage.js';
import { LineageDiff } from '../lineage-diff.js';
import { LineageGraph } from '../lineage-graph.js';
import { LineageImpact } from '../lineage-impact.js';
import { ManualEdges } from '../manual-edges.js';
import { QueryLogs } from '../query-logs.js';
import { LineageScripts, notUnderstoodCursor, scriptCursor } from '../scripts.js';
import { assetId, knownId } from './asset-id.js';
import { LineageCoverageType, toSourceCoverageType } from './coverage.types.js';
import { type EdgeFilterArgs, ImpactArgs, LineageArgs, NodeNameArgs, PathsArgs } from './graph.args.js';
import { edgeDetails, LineageGraphType, LineageNodeType, toGraphType, toNodeType } from './graph.types.js';
import { LineageImpactType, toImpactType } from './impact.types.js';
import {
  DiffArgs,
  LineageDiffType,
  type LineageMomentInput,
  LineagePathsType,
  toDiffType,
  toPathsType,
} from './paths.types.js';
import {
  ImportSqlArgs,
  LineageJobPayload,
  LineageScriptConnection,
  LineageScriptsArgs,
  LineageScriptType,
  LineageStatementConnection,
  type LineageStatementType,
  ManualEdgeArgs,
  ManualEdgePayload,
  type SourceAliasInput,
  toScriptType,
  toStatementType,
} from './script.types.js';
import { revisionOf, valuesOf } from './script-origin.types.js';

@Resolver()
export class LineageResolver {
  constructor(
    private readonly graph: LineageGraph,
    private readonly impacts: LineageImpact,
    private readonly diffs: LineageDiff,
    private readonly coverage: LineageCoverage,
    private readonly store: GraphStore,
    private readonly scripts: LineageScripts,
    private readonly manual: ManualEdges,
    private readonly logs: QueryLogs,
    private readonly jobs: JobStore,
  ) {}

  @SignedIn()
  @Query(() => LineageGraphType, {
    description:
      'What feeds a column or dataset, and what it feeds. What there is not is an error; what no lineage touches says so.',
    complexity: costOfPage,
  })
  async lineage(@Args() args: LineageArgs, @Info() info: GraphQLResolveInfo): Promise<LineageGraphType> {
    const { direction, depth, level, first, after } = args;
    const answer = await this.graph.around({
      of: assetId(args.of, 'of'),
      directions: directionsOf(direction),
      depth: depth ?? null,
      ...{ level, first, after: after ?? null },
      ...filterOf(args),
      details: detailsFor(info),
    });
    return toGraphType(answer, after ?? null);
  }

  @SignedIn()
  @Query(() => LineagePathsType, {
    description: 'Ways by which data gets from one thing to another, shortest first.',
    complexity: costOfPage,
  })
  async lineagePaths(@Args() args: PathsArgs): Promise<LineagePathsType> {
    const { depth, level, first } = args;
    const ends = { from: assetId(args.from, 'from'), to: assetId(args.to, 'to') };
    return toPathsType(await this.graph.paths({ ...ends, depth: depth ?? null, level, first, ...filterOf(args) }));
  }

  @SignedIn()
  @Query(() => LineageImpactType, { description: 'Everything that depends on a column or dataset.' })
  async impact(@Args() args: ImpactArgs): Promise<LineageImpactType> {
    const of = assetId(args.of, 'of');
    return toImpactType(await this.impacts.impact({ of, depth: args.depth ?? null, ...filterOf(args) }));
  }

  @SignedIn()
  @Query(() => LineageDiffType, { description: 'How the lineage of something differs between two moments.' })
  async lineageDiff(@Args() args: DiffArgs): Promise<LineageDiffType> {
    const { from, to, direction, depth, level } = args;
    const difference = await this.diffs.difference({
      ...filterOf(args),
      of: assetId(args.of, 'of'),
      directions: directionsOf(direction),
      ...{ depth: depth ?? null, level, from: momentOf(from), to: momentOf(to ?? {}) },
    });
    return toDiffType(difference);
  }

  @SignedIn()
  @Query(() => LineageCoverageType, {
    description: 'How many views, procedures and tables of a source have lineage, and how much was not understood.',
  })
  async lineageCoverage(@Args('sourceId', { type: () => ID }) sourceId: string): Promise<LineageCoverageType> {
    return toSourceCoverageType(await this.coverage.ofSource(localId('Source', sourceId, 'sourceId')));
  }

  @SignedIn()
  @Query(() => [LineageNodeType], {
    description: 'Datasets, columns and jobs that no harvested source has, by their exact names; at most 100.',
  })
  async lineageNodes(@Args() { name, namespace, column }: NodeNameArgs): Promise<LineageNodeType[]> {
    const wanted = { name, namespace: namespace ?? null, column: column ?? null };
    return (await this.store.named(wanted)).map(toNodeType);
  }

  @SignedIn()
  @Query(() => LineageScriptConnection, { description: 'What lineage is read from, by name.' })
  async lineageScripts(@Args() args: LineageScriptsArgs): Promise<Connection<LineageScriptType>> {
    const filter = {
      sourceId: args.sourceId == null ? undefined : localId('Source', args.sourceId, 'sourceId'),
      datasetId: args.datasetId == null ? undefined : localId('Dataset', args.datasetId, 'datasetId'),
      origins: args.origins ?? undefined,
    };
    return toConnection(await this.scripts.list(filter, pageOf(args)), toScriptType, scriptCursor, args.after);
  }

  @SignedIn()
  @Query(() => LineageScriptType)
  async lineageScript(@Args('id', { type: () => ID }) id: string): Promise<LineageScriptType> {
    return toScriptType(await this.scripts.get(localId('LineageScript', id, 'id')));
  }

  @SignedIn()
  @Query(() => LineageStatementConnection, {
    description: 'Statements of a source’s scripts that were not fully understood, script by script.',
  })
  async notUnderstood(
    @Args('sourceId', { type: () => ID, nullable: true, description: 'Without a source: the jobs of pipelines.' })
    sourceId: string | null,
    @Args() page: PageArgs,
  ): Promise<Connection<LineageStatementType>> {
    const found = await this.scripts.notUnderstood(
      sourceId == null ? null : localId('Source', sourceId, 'sourceId'),
      pageOf(page),
    );
    return toConnection(found, toStatementType, notUnderstoodCursor, page.after);
  }

  @Allow('engineer')
  @Mutation(() => LineageJobPayload, {
    description: 'Takes in SQL scripts that run on a source and reads them. A script of the same name is replaced.',
  })
  async importSql(@CurrentActor() actor: Actor, @Args() args: ImportSqlArgs): Promise<LineageJobPayload> {
    const terms = {
      sourceId: localId('Source', args.sourceId, 'sourceId'),
      dialect: args.dialect,
      defaultSchema: args.defaultSchema ?? null,
      aliases: aliasesOf(args.aliases ?? []),
      options: {
        ...(args.variables?.length && { variables: valuesOf(args.variables) }),
        ...(args.folder != null && { folder: args.folder }),
      },
      revision: revisionOf(args.revision),
    };
    return { job: await this.job(await this.scripts.importSql(actor, terms, args.scripts)) };
  }

  @Allow('engineer')
  @Mutation(() => LineageJobPayload, {
    description: 'Says that an imported script, or a statement from a log of queries, runs no more; its edges end.',
  })
  async removeSqlScript(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<LineageJobPayload> {
    return { job: await this.job(await this.scripts.remove(actor, localId('LineageScript', id, 'id'))) };
  }

  @Allow('engineer')
  @Mutation(() => LineageJobPayload, {
    description:
      'Reads the views, foreign tables and stored routines of a source again. This happens by itself after each harvest.',
  })
  async extractViews(
    @CurrentActor() actor: Actor,
    @Args('sourceId', { type: () => ID }) sourceId: string,
  ): Promise<LineageJobPayload> {
    return { job: await this.job(await this.scripts.extractViews(actor, localId('Source', sourceId, 'sourceId'))) };
  }

  @Allow('engineer')
  @Mutation(() => LineageJobPayload, {
    description:
      'Reads what a source ran since the last time, from the log that its setting queryLog names. This happens by itself after each harvest.',
  })
  async readQueryLog(
    @CurrentActor() actor: Actor,
    @Args('sourceId', { type: () => ID }) sourceId: string,
  ): Promise<LineageJobPayload> {
    return { job: await this.job(await this.logs.request(actor, localId('Source', sourceId, 'sourceId'))) };
  }

  @Allow('engineer')
  @Mutation(() => ManualEdgePayload, { description: 'Says that one thing feeds another, which no text tells.' })
  async addManualEdge(@CurrentActor() actor: Actor, @Args() args: ManualEdgeArgs): Promise<ManualEdgePayload> {
    const { type, subtype, note } = args;
    const [from, to] = [knownId(args.from, 'from'), knownId(args.to, 'to')];
    return { edgeId: globalId('LineageEdge', await this.manual.add(actor, { from, to, type, subtype, note })) };
  }

  @Allow('engineer')
  @Mutation(() => ManualEdgePayload, { description: 'A manual edge is true no longer.' })
  async removeManualEdge(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ManualEdgePayload> {
    return { edgeId: globalId('LineageEdge', await this.manual.remove(actor, localId('LineageEdge', id, 'id'))) };
  }

  private async job(id: string): Promise<JobType> {
    return toJobType(await this.jobs.get(id));
  }
}

/** `hasLineage` is told by the edges, too. */
function detailsFor(info: GraphQLResolveInfo): ReadonlySet<EdgeDetail> | null {
  const own = selectedFields(info);
  return own.has('edges') || own.has('hasLineage') ? edgeDetails(selectedFields(info, 'edges')) : null;
}

const momentOf = ({ asOf, knownAt }: LineageMomentInput) => ({ validAt: asOf ?? null, recordedAt: knownAt ?? null });

const filterOf = ({ kinds, origins, ...moment }: EdgeFilterArgs & LineageMomentInput) => ({
  types: kinds ?? EDGE_TYPES,
  origins: origins ?? null,
  asOf: momentOf(moment),
});

/** Nodes and edges come in bulk: a page of 1,000 is one question and not 1,000. */
function costOfPage({ args, childComplexity }: { args: Readonly<Record<string, unknown>>; childComplexity: number }) {
  const { first } = args;
  return 1 + Math.ceil(((typeof first === 'number' ? first : 0) * childComplexity) / 4);
}

function aliasesOf(given: readonly SourceAliasInput[]): Record<string, string> {
  const aliases = new Map<string, string>();
  for (const [at, { alias, sourceId }] of given.entries()) {
    if (aliases.has(alias))
      throw new InvalidInput(`The alias ${JSON.stringify(alias)} is given twice.`, [], ['aliases', String(at)]);
    aliases.set(alias, localId('Source', sourceId, 'aliases', String(at), 'sourceId'));
  }
  return Object.fromEntries(aliases);
}
