import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import { Allow, CurrentActor, localId } from '#platform/graphql';

import { Channels } from '../channels.js';
import { Deliveries } from '../deliveries.js';
import { type NoticeLanguage } from '../notice.js';
import { AddChannelArgs, ChannelPayload, ChannelType, toChannelType, toChannelWish } from './channel.types.js';
import { MessagePayload, toMessageType } from './delivery.types.js';
import { NoticeLanguageEnum } from './notifications.enums.js';

@Resolver()
export class ChannelResolver {
  constructor(
    private readonly channels: Channels,
    private readonly deliveries: Deliveries,
  ) {}

  @Allow('steward', 'compliance')
  @Query(() => [ChannelType], {
    name: 'channels',
    description: 'Ways to tell people something, by name. There are few.',
  })
  async list(): Promise<ChannelType[]> {
    return (await this.channels.list()).map(toChannelType);
  }

  @Allow('administrator')
  @Mutation(() => ChannelPayload, { description: 'Secrets are sealed and never shown again.' })
  async addChannel(@CurrentActor() actor: Actor, @Args() args: AddChannelArgs): Promise<ChannelPayload> {
    return { channel: toChannelType(await this.channels.add(actor, toChannelWish(args))) };
  }

  @Allow('administrator')
  @Mutation(() => ChannelPayload, { description: 'Nothing is sent on it any more; its secrets are forgotten.' })
  async removeChannel(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ChannelPayload> {
    return { channel: toChannelType(await this.channels.remove(actor, localId('Channel', id, 'id'))) };
  }

  @Allow('administrator')
  @Mutation(() => MessagePayload, {
    description: 'Sends a test message now, once, and says what the other side answered.',
  })
  async testChannel(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('recipients', { type: () => [String], nullable: true, description: 'Mail addresses, for a channel of mail.' })
    recipients?: string[] | null,
    @Args('language', { type: () => NoticeLanguageEnum, nullable: true }) language?: NoticeLanguage | null,
  ): Promise<MessagePayload> {
    const found = await this.deliveries.test(actor, localId('Channel', id, 'id'), recipients ?? [], language ?? 'zh');
    return { message: toMessageType(found) };
  }
}
