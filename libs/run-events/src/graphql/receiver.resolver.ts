import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import { Allow, CurrentActor, localId } from '#platform/graphql';

import { Receivers } from '../receivers.js';
import { AddReceiverArgs, ReceiverType, RunEventReceiverPayload, toReceiverType } from './receiver.types.js';

@Resolver()
export class ReceiverResolver {
  constructor(private readonly receivers: Receivers) {}

  @Allow('administrator')
  @Query(() => [ReceiverType], {
    description: 'Who is told, by OpenLineage run events, what our own jobs do, by name. There are few.',
  })
  async runEventReceivers(): Promise<ReceiverType[]> {
    return (await this.receivers.list()).map(toReceiverType);
  }

  @Allow('administrator')
  @Mutation(() => RunEventReceiverPayload, {
    description: 'Posts an OpenLineage run event to an address whenever such a job begins or ends.',
  })
  async addRunEventReceiver(
    @CurrentActor() actor: Actor,
    @Args() { token, ...wish }: AddReceiverArgs,
  ): Promise<RunEventReceiverPayload> {
    return { receiver: toReceiverType(await this.receivers.add(actor, { ...wish, ...(token != null && { token }) })) };
  }

  @Allow('administrator')
  @Mutation(() => RunEventReceiverPayload, { description: 'Nothing is sent to it any more; its token is forgotten.' })
  async removeRunEventReceiver(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<RunEventReceiverPayload> {
    return { receiver: toReceiverType(await this.receivers.remove(actor, localId('RunEventReceiver', id, 'id'))) };
  }
}
