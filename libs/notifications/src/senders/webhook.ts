import { post, saysTryAgain } from '#platform/outbound';

import { ChannelRefused } from '../notifications.errors.js';
import { type Parcel, type Sender } from './parcel.js';
import { webhookSignature } from './signatures.js';

/** Posts a message as JSON, signed; see docs/notifications.md for how a receiver checks it. */
export const sendByWebhook: Sender = async (parcel, signal) => {
  const { channel, secrets, id, at } = parcel;
  const body = JSON.stringify(bodyOf(parcel));
  const seconds = Math.floor(at.getTime() / 1_000);
  const answer = await post(
    { title: `the channel "${channel.name}"`, url: channel.settings.url ?? '' },
    body,
    {
      'plumbline-delivery': id,
      'plumbline-timestamp': String(seconds),
      'plumbline-signature': webhookSignature(secrets.secret ?? '', seconds, body),
    },
    signal,
  );
  if (answer.ok) return `HTTP ${answer.status}`;
  if (saysTryAgain(answer)) throw new Error(`The channel "${channel.name}" answers HTTP ${answer.status}.`);
  throw new ChannelRefused(channel.name, `HTTP ${answer.status}`);
};

const bodyOf = ({ id, at, language, subject, body, notices }: Parcel): object => ({
  id,
  sentAt: at.toISOString(),
  language,
  subject,
  text: body,
  notices: notices.map(({ event, severity, title, facts, path, at: happenedAt }) => ({
    ...{ event, severity, happenedAt: happenedAt.toISOString(), title, facts, path },
  })),
});
