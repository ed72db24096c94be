import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, NotFound, type Page, type PageRequest } from '#kernel';
import { row } from '#platform/database';

import { Channels } from './channels.js';
import { type Delivery, type DeliveryFilter, DeliveryStore } from './delivery.store.js';
import { Messenger } from './messenger.js';
import { type NoticeLanguage, same } from './notice.js';
import { NothingToSendAgain } from './notifications.errors.js';
import { render } from './render.js';
import { sendMessages } from './send-messages.job.js';
import { checkedRecipients } from './subscription.js';

/** What became of messages. */
@Injectable()
export class Deliveries {
  constructor(
    private readonly changes: Changes,
    private readonly channels: Channels,
    private readonly store: DeliveryStore,
    private readonly messenger: Messenger,
  ) {}

  list(filter: DeliveryFilter, page: PageRequest): Promise<Page<Delivery>> {
    return this.store.list(filter, page);
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<Delivery> {
    const [found] = await this.store.ofIds([id]);
    if (!found) throw new NotFound('message', id);
    return found;
  }

  /** Sends a message that failed once more, with all tries. @throws {NotFound} {@link NothingToSendAgain} */
  async again(actor: Actor, id: string): Promise<Delivery> {
    const { channelName } = await this.get(id);
    await this.changes.make(actor, async (change) => {
      if (!(await this.store.again(change.tx, id, change.at))) throw new NothingToSendAgain(id);
      await change.request(sendMessages, {});
      await change.record('message.sent-again', { kind: 'message', id, name: channelName });
    });
    return this.get(id);
  }

  /**
   * Sends a test message now and waits for what the other side answers. It is tried once.
   * @throws {NotFound} {@link InvalidInput}
   */
  async test(
    actor: Actor,
    channelId: string,
    to: readonly string[],
    language: NoticeLanguage,
    signal: AbortSignal = AbortSignal.timeout(30_000),
  ): Promise<Delivery> {
    const channel = await this.channels.get(channelId);
    const recipients = checkedRecipients(to, channel.kind === 'smtp', ['recipients']);
    const id = await this.changes.make(actor, async (change) => {
      const { tx, at } = change;
      const content = { title: same(channel.name), facts: [], path: '/messages' };
      const notice = await row<{ id: string }>(
        tx,
        `
        INSERT INTO notifications.notice (key, event, domain, owner, about, content, at)
        VALUES ($1, 'test', '', '', $2, $3, $4) RETURNING id
        `,
        [`test ${randomUUID()}`, `channel ${channelId}`, JSON.stringify(content), at],
      );
      const telling = await row<{ id: string }>(
        tx,
        `
        INSERT INTO notifications.telling (notice_id, channel_id, recipients, language, due_at)
        VALUES ($1, $2, $3, $4, $5) RETURNING id
        `,
        [notice?.id, channelId, recipients, language, at],
      );
      const { subject, text } = render([{ ...content, event: 'test', severity: null, at }], language, () => undefined);
      await change.record('channel.tested', { kind: 'channel', id: channelId, name: channel.name });
      return this.store.add(tx, {
        ...{ channelId, subscriptionId: null, recipients, language, subject, body: text, at },
        tellingIds: [telling?.id ?? ''],
      });
    });
    await this.messenger.tryOnce(id, signal);
    return this.get(id);
  }
}
