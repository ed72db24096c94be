import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { DatasetLoader, DatasetType } from '#graphql/dictionary';
import { SourceLoader, SourceType } from '#graphql/sources';
import { type Actor } from '#kernel';
import {
  Allow,
  type Connection,
  CurrentActor,
  type GraphqlContext,
  localId,
  pageOf,
  SignedIn,
  toConnection,
} from '#platform/graphql';

import { incidentCursor } from '../incident.store.js';
import { Incidents } from '../incidents.js';
import {
  IncidentArgs,
  IncidentConnection,
  IncidentEventType,
  IncidentPayload,
  IncidentType,
  toIncidentFilter,
  toIncidentType,
} from './incident.types.js';
import { QualityLoaders } from './quality.loaders.js';
import { RuleType } from './rule.types.js';

@Resolver(() => IncidentType)
export class IncidentResolver {
  constructor(
    private readonly store: Incidents,
    private readonly loaders: QualityLoaders,
    private readonly datasets: DatasetLoader,
    private readonly sources: SourceLoader,
  ) {}

  @SignedIn()
  @Query(() => IncidentConnection, { description: 'Incidents, newest first.' })
  async incidents(@Args() args: IncidentArgs): Promise<Connection<IncidentType>> {
    const page = await this.store.list(toIncidentFilter(args), pageOf(args));
    return toConnection(page, toIncidentType, incidentCursor, args.after);
  }

  @SignedIn()
  @Query(() => IncidentType)
  async incident(@Args('id', { type: () => ID }) id: string): Promise<IncidentType> {
    return toIncidentType(await this.store.get(localId('Incident', id, 'id')));
  }

  @ResolveField(() => [IncidentEventType], { description: 'What happened to it, oldest first.' })
  async events(@Parent() incident: IncidentType, @Context() context: GraphqlContext): Promise<IncidentEventType[]> {
    return (await this.loaders.incidentEvents(context).load(incident.localId)) ?? [];
  }

  @ResolveField(() => DatasetType, { nullable: true, description: 'null for an operations incident.' })
  async dataset(
    @Parent() { localDatasetId }: IncidentType,
    @Context() context: GraphqlContext,
  ): Promise<DatasetType | undefined> {
    return localDatasetId === null ? undefined : this.datasets.byId(context).load(localDatasetId);
  }

  @ResolveField(() => SourceType, { nullable: true })
  source(@Parent() incident: IncidentType, @Context() context: GraphqlContext): Promise<SourceType | undefined> {
    return this.sources.byId(context).load(incident.localSourceId);
  }

  @ResolveField(() => RuleType, { nullable: true })
  async rule(
    @Parent() { localRuleId }: IncidentType,
    @Context() context: GraphqlContext,
  ): Promise<RuleType | undefined> {
    return localRuleId === null ? undefined : this.loaders.rule(context).load(localRuleId);
  }

  @Allow('steward', 'engineer')
  @Mutation(() => IncidentPayload, { description: 'Says that somebody has seen it.' })
  async acknowledgeIncident(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('comment', { type: () => String, nullable: true }) comment?: string | null,
  ): Promise<IncidentPayload> {
    const incident = await this.store.acknowledge(actor, localId('Incident', id, 'id'), comment ?? '');
    return { incident: toIncidentType(incident) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => IncidentPayload, { description: 'Says who sees to it; nobody when the name is empty.' })
  async assignIncident(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('assignee') assignee: string,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.assign(actor, localId('Incident', id, 'id'), assignee)) };
  }

  @Allow('steward', 'engineer', 'compliance')
  @Mutation(() => IncidentPayload)
  async commentIncident(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('text') text: string,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.comment(actor, localId('Incident', id, 'id'), text)) };
  }
}
