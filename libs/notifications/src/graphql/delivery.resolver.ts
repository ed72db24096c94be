import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import { Allow, type Connection, CurrentActor, localId, pageOf, toConnection } from '#platform/graphql';

import { Deliveries } from '../deliveries.js';
import { deliveryCursor } from '../delivery.store.js';
import {
  MessageArgs,
  MessageConnection,
  MessagePayload,
  MessageType,
  toDeliveryFilter,
  toMessageType,
} from './delivery.types.js';

@Resolver()
export class DeliveryResolver {
  constructor(private readonly deliveries: Deliveries) {}

  @Allow('steward', 'compliance')
  @Query(() => MessageConnection, { description: 'Messages that were sent, wait, or were given up; newest first.' })
  async messages(@Args() args: MessageArgs): Promise<Connection<MessageType>> {
    const page = await this.deliveries.list(toDeliveryFilter(args), pageOf(args));
    return toConnection(page, toMessageType, deliveryCursor, args.after);
  }

  @Allow('steward')
  @Mutation(() => MessagePayload, { description: 'Sends a message that was given up once more.' })
  async sendMessageAgain(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MessagePayload> {
    return { message: toMessageType(await this.deliveries.again(actor, localId('Message', id, 'id'))) };
  }
}
