import { ArgsType, Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { globalId, Payload } from '#platform/graphql';

import { type Receiver } from '../receivers.js';
import { TOLD_KINDS, type ToldJob } from '../told-jobs.js';

const ToldJobEnum = Object.fromEntries(TOLD_KINDS.map((kind) => [kind.toUpperCase(), kind])) as Record<string, ToldJob>;
registerEnumType(ToldJobEnum, { name: 'ToldJob', description: 'A kind of our own jobs that others can be told of.' });

@ObjectType('RunEventReceiver', { description: 'Who is told, by OpenLineage run events, what our own jobs do.' })
export class ReceiverType {
  @Field(() => ID) id: string;
  @Field() name: string;
  @Field({ description: 'Where events are posted to.' }) url: string;
  @Field(() => [ToldJobEnum]) jobs: readonly ToldJob[];
  @Field({ description: 'A bearer token is sent with each event. It is never shown.' }) hasToken: boolean;
  @Field() createdAt: Date;
}

export const toReceiverType = ({ id, name, url, jobs, hasToken, createdAt }: Receiver): ReceiverType => ({
  id: globalId('RunEventReceiver', id),
  ...{ name, url, jobs, hasToken, createdAt },
});

@ArgsType()
export class AddReceiverArgs {
  @Field() name: string;
  @Field() url: string;
  @Field(() => [ToldJobEnum]) jobs: ToldJob[];
  @Field(() => String, { nullable: true }) token?: string | null;
}

@ObjectType()
export class RunEventReceiverPayload extends Payload {
  @Field(() => ReceiverType, { nullable: true }) receiver?: ReceiverType;
}
