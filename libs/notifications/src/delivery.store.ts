import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import {
  type Attachment,
  type NoticeContent,
  type NoticeEvent,
  type NoticeLanguage,
  type NoticeSeverity,
} from './notice.js';
import { type ToldNotice } from './render.js';

export const DELIVERY_STATES = ['waiting', 'sent', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** A message: who got what when, or why not. */
export interface Delivery {
  readonly id: string;
  readonly channelId: string;
  readonly channelName: string;
  readonly subscriptionId: string | null;
  readonly subscriptionName: string | null;
  readonly recipients: readonly string[];
  readonly language: NoticeLanguage;
  readonly subject: string;
  readonly body: string;
  readonly state: DeliveryState;
  readonly madeAt: Date;
  readonly attempts: number;
  readonly nextAt: Date;
  readonly endedAt: Date | null;
  readonly answer: string;
}

export interface DeliveryFilter {
  readonly channelId?: string;
  readonly states?: readonly DeliveryState[];
}

export interface WaitingTelling {
  readonly id: string;
  readonly subscriptionId: string | null;
  readonly recipients: readonly string[];
  readonly language: NoticeLanguage;
  readonly digest: boolean;
  readonly files: number;
  readonly notice: ToldNotice & { readonly about: string };
}

interface NewDelivery {
  readonly channelId: string;
  readonly subscriptionId: string | null;
  readonly recipients: readonly string[];
  readonly language: NoticeLanguage;
  readonly subject: string;
  readonly body: string;
  readonly at: Date;
  readonly tellingIds: readonly string[];
}

/** So long nobody else tries a message that somebody is trying. */
const LEASE_MS = 120_000;
/** Notices that go into messages at once; what is over waits for the next pass. */
const MOST_PACKED = 2_000;

const DELIVERY = `
  SELECT delivery.id, delivery.channel_id AS "channelId", channel.name AS "channelName",
         delivery.subscription_id AS "subscriptionId", subscription.name AS "subscriptionName", delivery.recipients,
         delivery.language, delivery.subject, delivery.body, delivery.state, delivery.made_at AS "madeAt",
         delivery.attempts, delivery.next_at AS "nextAt", delivery.ended_at AS "endedAt", delivery.answer
    FROM notifications.delivery
    JOIN notifications.channel ON channel.id = delivery.channel_id
    LEFT JOIN notifications.subscription ON subscription.id = delivery.subscription_id`;

interface StoredNotice {
  readonly event: NoticeEvent;
  readonly severity: NoticeSeverity | null;
  readonly about: string;
  readonly content: NoticeContent;
  readonly at: Date;
}

const asTold = ({ event, severity, about, content, at }: StoredNotice) => ({ ...content, event, severity, about, at });

/** Messages on their way and sent ones. */
@Injectable()
export class DeliveryStore {
  constructor(private readonly db: DataSource) {}

  /** Channels on which something is to be sent by now. */
  async channelsWithWork(now: Date): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.db,
      `
      SELECT id
        FROM notifications.channel
       WHERE removed_at IS NULL
         AND (EXISTS (SELECT FROM notifications.telling AS told
                       WHERE told.channel_id = channel.id AND told.delivery_id IS NULL AND told.due_at <= $1)
              OR EXISTS (SELECT FROM notifications.delivery
                          WHERE delivery.channel_id = channel.id AND delivery.state = 'waiting' AND delivery.next_at <= $1))
       ORDER BY id
      `,
      [now],
    );
    return found.map(({ id }) => id);
  }

  /** What is to be told on a channel by now, oldest first; locked, so that nobody else packs it too. */
  async waitingTellings(tx: Tx, channelId: string, now: Date): Promise<WaitingTelling[]> {
    const found = await rows<Omit<WaitingTelling, 'notice'> & { notice: StoredNotice }>(
      tx,
      `
      SELECT told.id, told.subscription_id AS "subscriptionId", told.recipients, told.language,
             coalesce(subscription.digest_minutes IS NOT NULL OR subscription.digest_at IS NOT NULL, false) AS digest,
             (SELECT count(*)::int FROM notifications.attachment WHERE attachment.notice_id = notice.id) AS files,
             to_jsonb(notice) AS notice
        FROM notifications.telling AS told
        JOIN notifications.notice ON notice.id = told.notice_id
        LEFT JOIN notifications.subscription ON subscription.id = told.subscription_id
       WHERE told.channel_id = $1 AND told.delivery_id IS NULL AND told.due_at <= $2
       ORDER BY notice.at, notice.id
       LIMIT ${MOST_PACKED}
         FOR UPDATE OF told SKIP LOCKED
      `,
      [channelId, now],
    );
    return found.map(({ notice, ...rest }) => ({ ...rest, notice: asTold({ ...notice, at: new Date(notice.at) }) }));
  }

  /** Attempts on a channel since a time. */
  async triedSince(channelId: string, since: Date): Promise<number> {
    const found = await row<{ n: number }>(
      this.db,
      `SELECT count(*)::int AS n FROM notifications.delivery WHERE channel_id = $1 AND tried_at > $2`,
      [channelId, since],
    );
    return found?.n ?? 0;
  }

  async waiting(tx: Tx, channelId: string): Promise<number> {
    const found = await row<{ n: number }>(
      tx,
      `SELECT count(*)::int AS n FROM notifications.delivery WHERE channel_id = $1 AND state = 'waiting'`,
      [channelId],
    );
    return found?.n ?? 0;
  }

  async add(tx: Tx, delivery: NewDelivery): Promise<string> {
    const { channelId, subscriptionId, recipients, language, subject, body, at, tellingIds } = delivery;
    const added = await row<{ id: string }>(
      tx,
      `
      INSERT INTO notifications.delivery (channel_id, subscription_id, recipients, language, subject, body, made_at, next_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING id
      `,
      [channelId, subscriptionId, recipients, language, subject, body, at],
    );
    const id = added?.id ?? '';
    await tx.query(`UPDATE notifications.telling SET delivery_id = $1 WHERE id = ANY ($2)`, [id, tellingIds]);
    return id;
  }

  /** Takes the oldest message that is due; undefined when there is none. */
  async claimNext(channelId: string, now: Date): Promise<string | undefined> {
    const [found] = await rows<{ id: string }>(
      this.db,
      `
      SELECT id FROM notifications.delivery
       WHERE channel_id = $1 AND state = 'waiting' AND next_at <= $2 ORDER BY made_at, id LIMIT 1
      `,
      [channelId, now],
    );
    if (!found) return undefined;
    return (await this.claim(found.id, now)) ? found.id : this.claimNext(channelId, now);
  }

  /** Whether it was there to be tried, and is now ours for a while. */
  async claim(id: string, now: Date): Promise<boolean> {
    const claimed = await rows(
      this.db,
      `
      WITH claimed AS (
        UPDATE notifications.delivery SET attempts = attempts + 1, tried_at = $2, next_at = $3
         WHERE id = $1 AND state = 'waiting' AND next_at <= $2 RETURNING id
      )
      SELECT id FROM claimed
      `,
      [id, now, new Date(now.getTime() + LEASE_MS)],
    );
    return claimed.length > 0;
  }

  async sent(id: string, channelId: string, at: Date, answer: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.end(tx, id, 'sent', at, answer);
      await tx.query(`UPDATE notifications.channel SET failing_since = NULL WHERE id = $1`, [channelId]);
    });
  }

  /** Since when the channel fails. */
  async failed(tx: Tx, id: string, channelId: string, at: Date, why: string): Promise<Date> {
    await this.end(tx, id, 'failed', at, why);
    const found = await row<{ since: Date }>(
      tx,
      `
      WITH marked AS (
        UPDATE notifications.channel SET failing_since = coalesce(failing_since, $2) WHERE id = $1
        RETURNING failing_since
      )
      SELECT failing_since AS since FROM marked
      `,
      [channelId, at],
    );
    return found?.since ?? at;
  }

  async putOff(id: string, until: Date, why: string): Promise<void> {
    await this.db.query(`UPDATE notifications.delivery SET next_at = $2, answer = $3 WHERE id = $1`, [
      id,
      until,
      why.slice(0, 500),
    ]);
  }

  /** Lets a failed message be tried again; false when it had not failed. */
  async again(tx: Tx, id: string, at: Date): Promise<boolean> {
    const found = await rows(
      tx,
      `
      WITH again AS (
        UPDATE notifications.delivery SET state = 'waiting', ended_at = NULL, attempts = 0, next_at = $2
         WHERE id = $1 AND state = 'failed' RETURNING id
      )
      SELECT id FROM again
      `,
      [id, at],
    );
    return found.length > 0;
  }

  async noticesOf(deliveryId: string): Promise<ToldNotice[]> {
    const found = await rows<StoredNotice>(
      this.db,
      `
      SELECT notice.event, notice.severity, notice.about, notice.content, notice.at
        FROM notifications.telling AS told JOIN notifications.notice ON notice.id = told.notice_id
       WHERE told.delivery_id = $1 ORDER BY notice.at, notice.id
      `,
      [deliveryId],
    );
    return found.map(asTold);
  }

  attachmentsOf(deliveryId: string): Promise<Attachment[]> {
    return rows(
      this.db,
      `
      SELECT file.name, file.media_type AS "mediaType", file.content
        FROM notifications.telling AS told JOIN notifications.attachment AS file ON file.notice_id = told.notice_id
       WHERE told.delivery_id = $1 ORDER BY file.notice_id, file.position
      `,
      [deliveryId],
    );
  }

  ofIds(ids: readonly string[]): Promise<Delivery[]> {
    return rows(this.db, `${DELIVERY} WHERE delivery.id = ANY ($1)`, [ids]);
  }

  /** Newest first. */
  async list({ channelId, states }: DeliveryFilter, { first, after }: PageRequest): Promise<Page<Delivery>> {
    const where = `($1::uuid IS NULL OR delivery.channel_id = $1) AND ($2::text[] IS NULL OR delivery.state = ANY ($2))`;
    const params = [channelId ?? null, states ?? null];
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM notifications.delivery WHERE ${where}`,
      params,
    );
    const [at = null, id = null] = after === undefined ? [] : decodeCursor('deliveries', after);
    const found = await rows<Delivery>(
      this.db,
      `
      ${DELIVERY} WHERE ${where}
         AND ($3::timestamptz IS NULL OR (delivery.made_at, delivery.id) < ($3, $4::uuid))
       ORDER BY delivery.made_at DESC, delivery.id DESC LIMIT $5
      `,
      [...params, at, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** Files are kept until every message with them has been sent. */
  private async end(tx: Tx, id: string, state: 'sent' | 'failed', at: Date, answer: string): Promise<void> {
    await tx.query(`UPDATE notifications.delivery SET state = $2, ended_at = $3, answer = $4 WHERE id = $1`, [
      ...[id, state, at, answer.slice(0, 500)],
    ]);
    if (state === 'sent')
      await tx.query(
        `
        DELETE FROM notifications.attachment AS file
         USING notifications.telling AS mine
         WHERE mine.delivery_id = $1 AND file.notice_id = mine.notice_id
           AND NOT EXISTS (
                 SELECT FROM notifications.telling AS other
                   JOIN notifications.channel ON channel.id = other.channel_id AND channel.kind = 'smtp'
                   LEFT JOIN notifications.delivery ON delivery.id = other.delivery_id
                  WHERE other.notice_id = mine.notice_id AND delivery.state IS DISTINCT FROM 'sent'
               )
        `,
        [id],
      );
  }
}

export const deliveryCursor = (delivery: Delivery): string =>
  encodeCursor('deliveries', [delivery.madeAt.toISOString(), delivery.id]);
