import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf, globalId, localId, PageArgs, Payload } from '#platform/graphql';

import { type Delivery, type DeliveryFilter, type DeliveryState } from '../delivery.store.js';
import { type NoticeLanguage } from '../notice.js';
import { DeliveryStateEnum, NoticeLanguageEnum } from './notifications.enums.js';

@ObjectType('Message', { description: 'Who got what when, or why not.' })
export class MessageType {
  @Field(() => ID) id: string;
  @Field(() => ID) channelId: string;
  @Field() channelName: string;
  @Field(() => String, { nullable: true, description: 'null when somebody was named in particular.' })
  subscriptionName: string | null;
  @Field(() => [String], { description: 'Mail addresses.' }) recipients: readonly string[];
  @Field(() => NoticeLanguageEnum) language: NoticeLanguage;
  @Field() subject: string;
  @Field({ description: 'Names, numbers, states and times; never a value of data.' }) body: string;
  @Field(() => DeliveryStateEnum) state: DeliveryState;
  @Field() madeAt: Date;
  @Field(() => Int) attempts: number;
  @Field({ description: 'While it waits: when it is tried next.' }) nextAt: Date;
  @Field(() => Date, { nullable: true }) endedAt: Date | null;
  @Field({ description: 'What the other side answered, or why it was not reached.' }) answer: string;
}

export const MessageConnection = connectionOf(MessageType, 'Message');

export const toMessageType = ({ subscriptionId: _, ...delivery }: Delivery): MessageType => ({
  ...delivery,
  id: globalId('Message', delivery.id),
  channelId: globalId('Channel', delivery.channelId),
});

@ArgsType()
export class MessageArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) channelId?: string | null;
  @Field(() => [DeliveryStateEnum], { nullable: true }) states?: DeliveryState[] | null;
}

export const toDeliveryFilter = ({ channelId, states }: MessageArgs): DeliveryFilter => ({
  ...(channelId != null && { channelId: localId('Channel', channelId, 'channelId') }),
  ...(states != null && { states }),
});

@ObjectType()
export class MessagePayload extends Payload {
  @Field(() => MessageType, { nullable: true }) message?: MessageType;
}
