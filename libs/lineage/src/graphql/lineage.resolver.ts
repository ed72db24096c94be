import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
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
  SignedIn,
  toConnection,
} from '#platform/graphql';
import { JobStore } from '#platform/queue';

import { type Direction } from '../walk.store.js';
import { EDGE_TYPES, LineageGraph } from '../lineage-graph.js';
import { ManualEdges } from '../manual-edges.js';
import { LineageScripts, notUnderstoodCursor, scriptCursor } from '../scripts.js';
import { assetId } from './asset-id.js';
import {
  AsOfArgs,
  type DirectionName,
  ImpactArgs,
  ImportSqlArgs,
  LineageArgs,
  LineageChangesType,
  LineageCoverageType,
  LineageGraphType,
  LineageImpactType,
  LineageJobPayload,
  LineageScriptConnection,
  LineageScriptsArgs,
  LineageScriptType,
  LineageStatementConnection,
  type LineageStatementType,
  ManualEdgeArgs,
  ManualEdgePayload,
  type SourceAliasInput,
  toChangesType,
  toCoverageType,
  toGraphType,
  toImpactType,
  toScriptType,
  toStatementType,
} from './lineage.types.js';
import { revisionOf, valuesOf } from './script-origin.types.js';

@Resolver()
export class LineageResolver {
  constructor(
    private readonly graph: LineageGraph,
    private readonly scripts: LineageScripts,
    private readonly manual: ManualEdges,
    private readonly jobs: JobStore,
  ) {}

  @SignedIn()
  @Query(() => LineageGraphType, { description: 'What feeds a column or dataset, and what it feeds.' })
  async lineage(@Args() args: LineageArgs): Promise<LineageGraphType> {
    const { direction, depth, level, maximumNodes } = args;
    const answer = await this.graph.around({
      of: assetId(args.of, 'of'),
      directions: directionsOf(direction),
      depth: depth ?? null,
      types: args.types ?? EDGE_TYPES,
      level,
      maximumNodes,
      asOf: asOf(args),
    });
    return toGraphType(answer);
  }

  @SignedIn()
  @Query(() => LineageImpactType, { description: 'Everything that depends on a column or dataset.' })
  async impact(@Args() args: ImpactArgs): Promise<LineageImpactType> {
    const { maximumNodes, types } = args;
    const question = { of: assetId(args.of, 'of'), types: types ?? EDGE_TYPES, maximumNodes, asOf: asOf(args) };
    return toImpactType(await this.graph.impact(question));
  }

  @SignedIn()
  @Query(() => LineageChangesType, {
    description: 'Edges that touch a dataset on one date but not on the other; by whom they are said does not count.',
  })
  async lineageChanges(
    @Args('datasetId', { type: () => ID }) datasetId: string,
    @Args('from') from: Date,
    @Args('to') to: Date,
    @Args('recordedAt', { type: () => Date, nullable: true, description: 'As we knew it then; now when not given.' })
    recordedAt?: Date | null,
  ): Promise<LineageChangesType> {
    const id = localId('Dataset', datasetId, 'datasetId');
    return toChangesType(await this.graph.changes(id, from, to, recordedAt ?? null));
  }

  @SignedIn()
  @Query(() => LineageCoverageType, { description: 'How many columns of a dataset have a known origin.' })
  async lineageCoverage(@Args('datasetId', { type: () => ID }) datasetId: string): Promise<LineageCoverageType> {
    return toCoverageType(await this.graph.coverageOf(localId('Dataset', datasetId, 'datasetId')));
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
  @Mutation(() => LineageJobPayload, { description: 'Says that an imported script runs no more; its edges end.' })
  async removeSqlScript(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<LineageJobPayload> {
    return { job: await this.job(await this.scripts.remove(actor, localId('LineageScript', id, 'id'))) };
  }

  @Allow('engineer')
  @Mutation(() => LineageJobPayload, {
    description: 'Reads the views and foreign tables of a source again. This happens by itself after each harvest.',
  })
  async extractViews(
    @CurrentActor() actor: Actor,
    @Args('sourceId', { type: () => ID }) sourceId: string,
  ): Promise<LineageJobPayload> {
    return { job: await this.job(await this.scripts.extractViews(actor, localId('Source', sourceId, 'sourceId'))) };
  }

  @Allow('engineer')
  @Mutation(() => ManualEdgePayload, { description: 'Says that one thing feeds another, which no text tells.' })
  async addManualEdge(@CurrentActor() actor: Actor, @Args() args: ManualEdgeArgs): Promise<ManualEdgePayload> {
    const { type, subtype, note } = args;
    const [from, to] = [assetId(args.from, 'from'), assetId(args.to, 'to')];
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

const asOf = ({ validAt, recordedAt }: AsOfArgs) => ({ validAt: validAt ?? null, recordedAt: recordedAt ?? null });

const directionsOf = (direction: DirectionName): readonly Direction[] =>
  direction === 'both' ? ['upstream', 'downstream'] : [direction];

function aliasesOf(given: readonly SourceAliasInput[]): Record<string, string> {
  const aliases = new Map<string, string>();
  for (const [at, { alias, sourceId }] of given.entries()) {
    if (aliases.has(alias))
      throw new InvalidInput(`The alias ${JSON.stringify(alias)} is given twice.`, [], ['aliases', String(at)]);
    aliases.set(alias, localId('Source', sourceId, 'aliases', String(at), 'sourceId'));
  }
  return Object.fromEntries(aliases);
}
