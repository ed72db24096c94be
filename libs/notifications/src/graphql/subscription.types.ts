import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { InvalidInput } from '#kernel';
import { globalId, localId, Payload } from '#platform/graphql';

import { type NoticeEvent, type NoticeLanguage, type NoticeSeverity } from '../notice.js';
import { type Subscription, type SubscriptionWish } from '../subscription.js';
import { NoticeEventEnum, NoticeLanguageEnum, NoticeSeverityEnum } from './notifications.enums.js';

@ObjectType('NoticeSubscription', {
  description: 'Who is told what, on which channel, and when not. Empty filters mean all.',
})
export class SubscriptionType {
  @Field(() => ID) id: string;
  @Field(() => ID) channelId: string;
  @Field() name: string;
  @Field(() => [String], { description: 'Mail addresses, on a channel of mail.' }) recipients: readonly string[];
  @Field(() => [NoticeEventEnum]) events: readonly NoticeEvent[];
  @Field(() => [NoticeSeverityEnum]) severities: readonly NoticeSeverity[];
  @Field(() => [String]) domains: readonly string[];
  @Field(() => [ID]) sourceIds: readonly string[];
  @Field(() => [String]) owners: readonly string[];
  @Field(() => NoticeLanguageEnum) language: NoticeLanguage;
  @Field() timeZone: string;
  @Field(() => String, { nullable: true, description: 'Nothing is sent from then, as HH:MM …' }) quietFrom:
    string | null;
  @Field(() => String, { nullable: true, description: '… until then.' }) quietTo: string | null;
  @Field({ description: 'S1 is told at once, whatever is said of quiet hours and digests.' }) urgentAtOnce: boolean;
  @Field(() => Int, { nullable: true, description: 'What comes in is told together, every so many minutes.' })
  digestMinutes: number | null;
  @Field(() => String, { nullable: true, description: 'Or once a day, at HH:MM.' }) digestAt: string | null;
  @Field() createdAt: Date;
  @Field() createdBy: string;
}

export const toSubscriptionType = ({ quiet, digest, ...rest }: Subscription): SubscriptionType => ({
  ...rest,
  id: globalId('NoticeSubscription', rest.id),
  channelId: globalId('Channel', rest.channelId),
  sourceIds: rest.sourceIds.map((id) => globalId('Source', id)),
  ...{ quietFrom: quiet?.from ?? null, quietTo: quiet?.to ?? null },
  digestMinutes: digest && 'minutes' in digest ? digest.minutes : null,
  digestAt: digest && 'at' in digest ? digest.at : null,
});

@InputType()
export class AddNoticeSubscriptionInput {
  @Field(() => ID) channelId: string;
  @Field() name: string;
  @Field(() => [NoticeEventEnum]) events: NoticeEvent[];
  @Field(() => [String], { nullable: true }) recipients?: string[] | null;
  @Field(() => [NoticeSeverityEnum], { nullable: true }) severities?: NoticeSeverity[] | null;
  @Field(() => [String], { nullable: true }) domains?: string[] | null;
  @Field(() => [ID], { nullable: true }) sourceIds?: string[] | null;
  @Field(() => [String], { nullable: true }) owners?: string[] | null;
  @Field(() => NoticeLanguageEnum, { nullable: true, description: 'ZH when left out.' })
  language?: NoticeLanguage | null;
  @Field(() => String, { nullable: true, description: 'Asia/Shanghai when left out.' }) timeZone?: string | null;
  @Field(() => String, { nullable: true }) quietFrom?: string | null;
  @Field(() => String, { nullable: true }) quietTo?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'True when left out.' }) urgentAtOnce?: boolean | null;
  @Field(() => Int, { nullable: true }) digestMinutes?: number | null;
  @Field(() => String, { nullable: true }) digestAt?: string | null;
}

/** @throws {InvalidInput} */
export function toSubscriptionWish(input: AddNoticeSubscriptionInput): SubscriptionWish {
  const { quietFrom, quietTo, digestMinutes, digestAt } = input;
  if ((quietFrom == null) !== (quietTo == null))
    throw new InvalidInput('Give both ends of the quiet hours, or neither.', [], ['quietTo']);
  if (digestMinutes != null && digestAt != null)
    throw new InvalidInput('A digest comes every so many minutes or once a day, not both.', [], ['digestAt']);
  return {
    channelId: localId('Channel', input.channelId, 'channelId'),
    ...{ name: input.name, events: input.events, recipients: input.recipients ?? [] },
    ...{ severities: input.severities ?? [], domains: input.domains ?? [], owners: input.owners ?? [] },
    sourceIds: (input.sourceIds ?? []).map((id, at) => localId('Source', id, 'sourceIds', String(at))),
    ...{ language: input.language ?? 'zh', timeZone: input.timeZone ?? 'Asia/Shanghai' },
    quiet: quietFrom != null && quietTo != null ? { from: quietFrom, to: quietTo } : null,
    urgentAtOnce: input.urgentAtOnce ?? true,
    digest: digestMinutes != null ? { minutes: digestMinutes } : digestAt != null ? { at: digestAt } : null,
  };
}

@ObjectType()
export class NoticeSubscriptionPayload extends Payload {
  @Field(() => SubscriptionType, { nullable: true }) subscription?: SubscriptionType;
}
