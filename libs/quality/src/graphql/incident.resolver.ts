import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { DatasetLoader, DatasetType } from '#graphql/dictionary';
import { SourceLoader, SourceType } from '#graphql/sources';
import { type Severity } from '#core/rule-engine';
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

import { IncidentTermsStore } from '../incident-terms.js';
import { STEP_ROLES } from '../incident-steps.js';
import { incidentCursor } from '../incident.store.js';
import { type IncidentCause } from '../incident.js';
import { Incidents } from '../incidents.js';
import {
  IncidentArgs,
  IncidentAssigneeType,
  IncidentConnection,
  IncidentCountType,
  IncidentEventType,
  IncidentFilterArgs,
  IncidentPayload,
  IncidentsPayload,
  IncidentTermsPayload,
  IncidentTermsType,
  IncidentType,
  toIncidentFilter,
  toIncidentType,
} from './incident.types.js';
import { IncidentCauseEnum, SeverityEnum } from './quality.enums.js';
import { QualityLoaders } from './quality.loaders.js';
import { RuleType } from './rule.types.js';
import { WaiverType } from './waiver.types.js';

const idArg = { type: () => ID };
const textArg = { type: () => String, nullable: true };
const causeArg = { type: () => IncidentCauseEnum };

@Resolver(() => IncidentType)
export class IncidentResolver {
  constructor(
    private readonly store: Incidents,
    private readonly terms: IncidentTermsStore,
    private readonly loaders: QualityLoaders,
    private readonly datasets: DatasetLoader,
    private readonly sources: SourceLoader,
  ) {}

  @SignedIn()
  @Query(() => IncidentConnection, { description: 'Incidents, newest first.' })
  async incidents(@Args() args: IncidentArgs): Promise<Connection<IncidentType>> {
    const page = await this.store.list(toIncidentFilter(args, this.store.now), pageOf(args));
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

  @ResolveField(() => IncidentType, { nullable: true, description: 'The incident that probably causes it.' })
  async parent(
    @Parent() { localParentId }: IncidentType,
    @Context() context: GraphqlContext,
  ): Promise<IncidentType | undefined> {
    return localParentId === null ? undefined : this.loaders.incident(context).load(localParentId);
  }

  @ResolveField(() => WaiverType, { nullable: true, description: 'What is asked for or in force for its rule.' })
  async waiver(
    @Parent() { localRuleId }: IncidentType,
    @Context() context: GraphqlContext,
  ): Promise<WaiverType | undefined> {
    return localRuleId === null ? undefined : this.loaders.openWaiver(context).load(localRuleId);
  }

  @SignedIn()
  @Query(() => [IncidentCountType], {
    description: 'How many incidents there are under filters, by state and severity.',
  })
  incidentCounts(@Args() args: IncidentFilterArgs): Promise<IncidentCountType[]> {
    return this.store.counts(toIncidentFilter(args, this.store.now));
  }

  @SignedIn()
  @Query(() => [IncidentAssigneeType], { description: 'Whom incidents can be assigned to, by login.' })
  incidentAssignees(): Promise<IncidentAssigneeType[]> {
    return this.store.assignees();
  }

  @SignedIn()
  @Query(() => [IncidentTermsType], { description: 'What each severity asks for.' })
  async incidentTerms(): Promise<IncidentTermsType[]> {
    return [...(await this.terms.all()).values()];
  }

  @Allow('compliance')
  @Mutation(() => IncidentTermsPayload, {
    description: 'Give either hours or businessDays. What is open keeps its time.',
  })
  async setIncidentTerms(
    @CurrentActor() actor: Actor,
    @Args('severity', { type: () => SeverityEnum }) severity: Severity,
    @Args('passes', { type: () => Int }) passes: number,
    @Args('hours', { type: () => Int, nullable: true }) hours?: number | null,
    @Args('businessDays', { type: () => Int, nullable: true }) businessDays?: number | null,
  ): Promise<IncidentTermsPayload> {
    const wish = { severity, passes, hours: hours ?? null, businessDays: businessDays ?? null };
    return { terms: await this.terms.set(actor, wish) };
  }

  @Allow(...STEP_ROLES.acknowledge)
  @Mutation(() => IncidentPayload, { description: 'Says that somebody has seen it.' })
  async acknowledgeIncident(
    @CurrentActor() actor: Actor,
    @Args('id', idArg) id: string,
    @Args('comment', textArg) comment?: string | null,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.acknowledge(actor, incident(id), comment ?? '')) };
  }

  @Allow(...STEP_ROLES.acknowledge)
  @Mutation(() => IncidentsPayload, { description: 'Says that somebody has seen them, all or none; at most 500.' })
  async acknowledgeIncidents(
    @CurrentActor() actor: Actor,
    @Args('ids', { type: () => [ID] }) ids: string[],
    @Args('comment', textArg) comment?: string | null,
  ): Promise<IncidentsPayload> {
    const found = await this.store.acknowledgeAll(actor, allOf(ids), comment ?? '');
    return { incidents: found.map(toIncidentType) };
  }

  @Allow(...STEP_ROLES.assign)
  @Mutation(() => IncidentPayload, { description: 'Says who sees to it, by login; nobody when it is empty.' })
  async assignIncident(
    @CurrentActor() actor: Actor,
    @Args('id', idArg) id: string,
    @Args('assignee') assignee: string,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.assign(actor, incident(id), assignee)) };
  }

  @Allow(...STEP_ROLES.assign)
  @Mutation(() => IncidentsPayload, { description: 'Says who sees to them, all or none; at most 500.' })
  async assignIncidents(
    @CurrentActor() actor: Actor,
    @Args('ids', { type: () => [ID] }) ids: string[],
    @Args('assignee') assignee: string,
  ): Promise<IncidentsPayload> {
    return { incidents: (await this.store.assignAll(actor, allOf(ids), assignee)).map(toIncidentType) };
  }

  @Allow(...STEP_ROLES.start_fixing)
  @Mutation(() => IncidentPayload, { description: 'Says that somebody is at it.' })
  async startFixingIncident(
    @CurrentActor() actor: Actor,
    @Args('id', idArg) id: string,
    @Args('comment', textArg) comment?: string | null,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.startFixing(actor, incident(id), comment ?? '')) };
  }

  @Allow(...STEP_ROLES.await_verification)
  @Mutation(() => IncidentPayload, {
    description: 'Says that it is fixed and what it came from; passing runs prove it.',
  })
  async awaitIncidentVerification(
    @CurrentActor() actor: Actor,
    @Args('id', idArg) id: string,
    @Args('cause', causeArg) cause: IncidentCause,
    @Args('comment', textArg) comment?: string | null,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.awaitVerification(actor, incident(id), cause, comment ?? '')) };
  }

  @Allow(...STEP_ROLES.mark_false_positive)
  @Mutation(() => IncidentPayload, {
    description: 'Says that the data is right. This version of the rule opens no incident any more.',
  })
  async markIncidentFalsePositive(
    @CurrentActor() actor: Actor,
    @Args('id', idArg) id: string,
    @Args('reason') reason: string,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.markFalsePositive(actor, incident(id), reason)) };
  }

  @Allow(...STEP_ROLES.reopen)
  @Mutation(() => IncidentPayload, { description: 'Opens it again by hand, with a new clock.' })
  async reopenIncident(
    @CurrentActor() actor: Actor,
    @Args('id', idArg) id: string,
    @Args('reason') reason: string,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.reopen(actor, incident(id), reason)) };
  }

  @Allow(...STEP_ROLES.change_severity)
  @Mutation(() => IncidentPayload, { description: 'Kept when it fails again; the time for it is reckoned anew.' })
  async changeIncidentSeverity(
    @CurrentActor() actor: Actor,
    @Args('id', idArg) id: string,
    @Args('severity', { type: () => SeverityEnum }) severity: Severity,
    @Args('reason') reason: string,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.changeSeverity(actor, incident(id), severity, reason)) };
  }

  @Allow(...STEP_ROLES.set_cause)
  @Mutation(() => IncidentPayload, { description: 'Says what it came from, also when it is over.' })
  async setIncidentCause(
    @CurrentActor() actor: Actor,
    @Args('id', idArg) id: string,
    @Args('cause', causeArg) cause: IncidentCause,
    @Args('comment', textArg) comment?: string | null,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.setCause(actor, incident(id), cause, comment ?? '')) };
  }

  @Allow(...STEP_ROLES.comment)
  @Mutation(() => IncidentPayload)
  async commentIncident(
    @CurrentActor() actor: Actor,
    @Args('id', idArg) id: string,
    @Args('text') text: string,
  ): Promise<IncidentPayload> {
    return { incident: toIncidentType(await this.store.comment(actor, incident(id), text)) };
  }
}

const incident = (id: string): string => localId('Incident', id, 'id');
const allOf = (ids: readonly string[]): string[] => ids.map((id, at) => localId('Incident', id, 'ids', String(at)));
