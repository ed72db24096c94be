import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, messageOf } from '#kernel';
import { type Settings, SETTINGS } from '#platform/config';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type Channel, perMinute } from './channel.js';
import { Channels } from './channels.js';
import { DeliveryStore, type WaitingTelling } from './delivery.store.js';
import { Notifications } from './notifications.js';
import { same } from './notice.js';
import { render } from './render.js';
import { SENDERS } from './senders/senders.js';

/** More notices than this for one reader at once are told together, whatever he subscribed to. */
const MOST_APART = 3;
const MOST_ATTEMPTS = 10;
const LONGEST_PAUSE_MS = 3_600_000;

/** What a pass did. */
export interface Passed {
  readonly sent: number;
  readonly failed: number;
  /** Tried, and to be tried again. */
  readonly putOff: number;
}

/** Packs what is to be told into messages and sends them: at least once, and within the limits of the channel. */
@Injectable()
export class Messenger {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly channels: Channels,
    private readonly store: DeliveryStore,
    private readonly notifications: Notifications,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Sends all that is due, on all channels side by side. */
  async sendDue(signal: AbortSignal): Promise<Passed> {
    const channels = await this.channels.ofIds(await this.store.channelsWithWork(this.clock.now()));
    const passed = await Promise.all(channels.map((channel) => this.sendOn(channel, signal)));
    const sum = (of: keyof Passed) => passed.reduce((total, each) => total + each[of], 0);
    return { sent: sum('sent'), failed: sum('failed'), putOff: sum('putOff') };
  }

  hasWork(): Promise<boolean> {
    return this.store.channelsWithWork(this.clock.now()).then((ids) => ids.length > 0);
  }

  /** Tries one message now, and never again by itself. */
  async tryOnce(deliveryId: string, signal: AbortSignal): Promise<void> {
    const [delivery] = await this.store.ofIds([deliveryId]);
    const [channel] = delivery ? await this.channels.ofIds([delivery.channelId]) : [];
    if (channel && (await this.store.claim(deliveryId, this.clock.now())))
      await this.attempt(channel, deliveryId, signal, 1);
  }

  private async sendOn(channel: Channel, signal: AbortSignal): Promise<Passed> {
    const passed = { sent: 0, failed: 0, putOff: 0 };
    while (!signal.aborted) {
      await this.pack(channel);
      const now = this.clock.now();
      if ((await this.store.triedSince(channel.id, minuteBefore(now))) >= perMinute(channel.kind)) return passed;
      const id = await this.store.claimNext(channel.id, now);
      if (id === undefined) return passed;
      passed[await this.attempt(channel, id, signal)]++;
    }
    return passed;
  }

  /** Makes messages of what is due: one for each notice while they are few, else one for each reader. */
  private async pack(channel: Channel): Promise<void> {
    const now = this.clock.now();
    const tried = await this.store.triedSince(channel.id, minuteBefore(now));
    await this.db.transaction(async (tx) => {
      const waiting = await this.store.waitingTellings(tx, channel.id, now);
      if (waiting.length === 0) return;
      const free = perMinute(channel.kind) - tried - (await this.store.waiting(tx, channel.id));
      const byReader = [...Map.groupBy(waiting, readerOf).values()];
      const apart = waiting.length <= free;
      const messages = byReader.flatMap((mine) =>
        mine.some(({ digest }) => digest) || mine.length > MOST_APART || !apart ? [mine] : mine.map((each) => [each]),
      );
      for (const tellings of messages) {
        const [{ recipients, language, subscriptionId }] = tellings as [WaitingTelling];
        const files = tellings.reduce((total, { files }) => total + files, 0);
        const { subject, text } = render(
          lastOfEach(tellings),
          language,
          this.linkTo,
          channel.kind === 'smtp' ? 0 : files,
        );
        await this.store.add(tx, {
          ...{ channelId: channel.id, subscriptionId, recipients, language, subject, body: text, at: now },
          tellingIds: tellings.map(({ id }) => id),
        });
      }
    });
  }

  private readonly linkTo = (path: string): string | undefined => {
    const { publicUrl, host, port } = this.settings;
    const base = publicUrl ?? (port === 0 ? undefined : `http://${host}:${port}`);
    return base === undefined ? undefined : `${base.replace(/\/$/, '')}${path}`;
  };

  private async attempt(
    channel: Channel,
    deliveryId: string,
    signal: AbortSignal,
    mostAttempts = MOST_ATTEMPTS,
  ): Promise<keyof Passed> {
    const [delivery] = await this.store.ofIds([deliveryId]);
    if (!delivery) throw new Error('A message that is not there.');
    try {
      const answer = await SENDERS[channel.kind](
        {
          ...{ id: delivery.id, channel, recipients: delivery.recipients, language: delivery.language },
          ...{ subject: delivery.subject, body: delivery.body, at: this.clock.now() },
          secrets: await this.channels.secretsOf(channel),
          notices: await this.store.noticesOf(deliveryId),
          attachments: channel.kind === 'smtp' ? await this.store.attachmentsOf(deliveryId) : [],
        },
        signal,
      );
      await this.store.sent(deliveryId, channel.id, this.clock.now(), answer);
      return 'sent';
    } catch (error) {
      // The worker stops: nobody is to blame, and the next one tries again.
      if (signal.aborted && mostAttempts > 1) throw error;
      return this.missed(channel, deliveryId, delivery.attempts < mostAttempts ? delivery.attempts : undefined, error);
    }
  }

  private async missed(
    channel: Channel,
    id: string,
    attempts: number | undefined,
    error: unknown,
  ): Promise<'failed' | 'putOff'> {
    const now = this.clock.now();
    if (!(error instanceof AppError) && attempts !== undefined) {
      const pause = Math.min(30_000 * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
      await this.store.putOff(id, new Date(now.getTime() + pause), messageOf(error));
      return 'putOff';
    }
    await this.db.transaction(async (tx) => {
      const since = await this.store.failed(tx, id, channel.id, now, messageOf(error));
      const [found] = await rows<{ lost: number }>(
        tx,
        `SELECT count(*)::int AS lost FROM notifications.delivery WHERE channel_id = $1 AND state = 'failed' AND ended_at >= $2`,
        [channel.id, since],
      );
      await this.notifications.send(tx, {
        event: 'channel_failing',
        key: `channel-failing ${channel.id} ${since.toISOString()}`,
        about: `channel ${channel.id}`,
        title: same(channel.name),
        facts: [
          { label: { zh: '未送达', en: 'Not delivered' }, value: same(String(found?.lost ?? 1)) },
          { label: { zh: '原因', en: 'Because' }, value: same(messageOf(error).slice(0, 300)) },
        ],
        path: '/messages?state=FAILED',
      });
    });
    return 'failed';
  }
}

const minuteBefore = (now: Date): Date => new Date(now.getTime() - 60_000);

const readerOf = ({ subscriptionId, recipients, language }: WaitingTelling): string =>
  JSON.stringify([subscriptionId, recipients, language]);

/** Of several notices about one thing, the last. */
const lastOfEach = (tellings: readonly WaitingTelling[]): WaitingTelling['notice'][] => [
  ...new Map(tellings.map(({ notice }) => [notice.about, notice])).values(),
];
