import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { globalId, Payload } from '#platform/graphql';

import { type Channel, type ChannelKind, type MailTls } from '../channel.js';
import { type ChannelWish } from '../channels.js';
import { ChannelKindEnum, MailTlsEnum } from './notifications.enums.js';

@ObjectType('Channel', { description: 'A way to tell people or programs something.' })
export class ChannelType {
  @Field(() => ID) id: string;
  @Field() name: string;
  @Field(() => ChannelKindEnum) kind: ChannelKind;
  @Field({ description: 'Where it is. The address of a robot is a secret and not shown.' }) host: string;
  @Field(() => Int, { nullable: true }) port: number | null;
  @Field(() => MailTlsEnum, { nullable: true }) tls: MailTls | null;
  @Field(() => String, { nullable: true, description: 'Who the mail is from.' }) from: string | null;
  @Field(() => String, { nullable: true, description: 'Of a webhook.' }) url: string | null;
  @Field({ description: 'Secrets are kept for it. They are never shown.' }) hasSecret: boolean;
  @Field() createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'Nothing gets through since then.' }) failingSince: Date | null;
}

export const toChannelType = ({
  id,
  name,
  kind,
  settings,
  hasSecret,
  createdAt,
  failingSince,
}: Channel): ChannelType => ({
  ...{ id: globalId('Channel', id), name, kind, hasSecret, createdAt, failingSince, host: settings.host },
  ...{ port: settings.port ?? null, tls: settings.tls ?? null, from: settings.from ?? null, url: settings.url ?? null },
});

@ArgsType()
export class AddChannelArgs {
  @Field() name: string;
  @Field(() => ChannelKindEnum) kind: ChannelKind;
  @Field(() => String, { nullable: true, description: 'Of a webhook or a robot, whole.' }) url?: string | null;
  @Field(() => String, { nullable: true, description: 'Signs what is posted; a webhook needs one.' })
  secret?: string | null;
  @Field(() => String, { nullable: true, description: 'Of the mail server, as all that follows.' }) host?:
    string | null;
  @Field(() => Int, { nullable: true, description: '587 when left out.' }) port?: number | null;
  @Field(() => MailTlsEnum, { nullable: true, description: 'STARTTLS when left out.' }) tls?: MailTls | null;
  @Field(() => String, { nullable: true }) username?: string | null;
  @Field(() => String, { nullable: true }) password?: string | null;
  @Field(() => String, { nullable: true, description: 'Who the mail is from: a bare address.' }) from?: string | null;
}

/** What is null is as if it were left out. */
export function toChannelWish({ name, kind, ...rest }: AddChannelArgs): ChannelWish {
  const given = Object.entries(rest).filter(([, value]) => value != null);
  return { name, kind, ...(Object.fromEntries(given) as Omit<ChannelWish, 'name' | 'kind'>) };
}

@ObjectType()
export class ChannelPayload extends Payload {
  @Field(() => ChannelType, { nullable: true }) channel?: ChannelType;
}
