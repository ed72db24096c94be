import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import { Allow, CurrentActor, localId } from '#platform/graphql';

import { Subscriptions } from '../subscriptions.js';
import {
  AddNoticeSubscriptionInput,
  NoticeSubscriptionPayload,
  SubscriptionType,
  toSubscriptionType,
  toSubscriptionWish,
} from './subscription.types.js';

@Resolver()
export class SubscriptionResolver {
  constructor(private readonly subscriptions: Subscriptions) {}

  @Allow('steward', 'compliance')
  @Query(() => [SubscriptionType], { description: 'Who is told what, by name.' })
  async noticeSubscriptions(): Promise<SubscriptionType[]> {
    return (await this.subscriptions.list()).map(toSubscriptionType);
  }

  @Allow('steward')
  @Mutation(() => NoticeSubscriptionPayload)
  async addNoticeSubscription(
    @CurrentActor() actor: Actor,
    @Args('input') input: AddNoticeSubscriptionInput,
  ): Promise<NoticeSubscriptionPayload> {
    return { subscription: toSubscriptionType(await this.subscriptions.add(actor, toSubscriptionWish(input))) };
  }

  @Allow('steward')
  @Mutation(() => NoticeSubscriptionPayload, { description: 'What waits for it is not told any more.' })
  async removeNoticeSubscription(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<NoticeSubscriptionPayload> {
    const removed = await this.subscriptions.remove(actor, localId('NoticeSubscription', id, 'id'));
    return { subscription: toSubscriptionType(removed) };
  }
}
