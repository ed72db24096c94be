import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import { Allow, type Connection, CurrentActor, localId, pageOf, SignedIn, toConnection } from '#platform/graphql';

import { STEP_ROLES } from '../incident-steps.js';
import { waiverCursor } from '../waiver.store.js';
import { Waivers } from '../waivers.js';
import {
  toWaiverFilter,
  toWaiverType,
  WaiverArgs,
  WaiverConnection,
  WaiverPayload,
  WaiverType,
} from './waiver.types.js';

@Resolver(() => WaiverType)
export class WaiverResolver {
  constructor(private readonly store: Waivers) {}

  @SignedIn()
  @Query(() => WaiverConnection, { description: 'The register of waivers, newest first.' })
  async waivers(@Args() args: WaiverArgs): Promise<Connection<WaiverType>> {
    return toConnection(
      await this.store.list(toWaiverFilter(args), pageOf(args)),
      toWaiverType,
      waiverCursor,
      args.after,
    );
  }

  @SignedIn()
  @Query(() => WaiverType)
  async waiver(@Args('id', { type: () => ID }) id: string): Promise<WaiverType> {
    return toWaiverType(await this.store.get(localId('Waiver', id, 'id')));
  }

  @Allow(...STEP_ROLES.request_waiver)
  @Mutation(() => WaiverPayload, { description: 'Asks that a rule may fail for a time. A second person decides.' })
  async requestWaiver(
    @CurrentActor() actor: Actor,
    @Args('ruleId', { type: () => ID }) ruleId: string,
    @Args('reason') reason: string,
    @Args('until', { description: 'At most a year and a day from now.' }) until: Date,
  ): Promise<WaiverPayload> {
    const wish = { ruleId: localId('QualityRule', ruleId, 'ruleId'), reason, until };
    return { waiver: toWaiverType(await this.store.request(actor, wish)) };
  }

  @Allow('steward', 'compliance')
  @Mutation(() => WaiverPayload, { description: 'Grants it, or does not, with a reason then. Not by who asked.' })
  async decideWaiver(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('approve') approve: boolean,
    @Args('comment', { type: () => String, nullable: true }) comment?: string | null,
  ): Promise<WaiverPayload> {
    return {
      waiver: toWaiverType(await this.store.decide(actor, localId('Waiver', id, 'id'), approve, comment ?? '')),
    };
  }

  @Allow('steward', 'engineer', 'compliance')
  @Mutation(() => WaiverPayload, { description: 'Ends it before its time, or takes a request back.' })
  async revokeWaiver(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason') reason: string,
  ): Promise<WaiverPayload> {
    return { waiver: toWaiverType(await this.store.revoke(actor, localId('Waiver', id, 'id'), reason)) };
  }
}
