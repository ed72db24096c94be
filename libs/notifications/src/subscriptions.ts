import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, InvalidInput, NotFound } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { Channels } from './channels.js';
import { checkedSubscription, type Subscription, type SubscriptionWish } from './subscription.js';

interface StoredSubscription extends Omit<Subscription, 'quiet' | 'digest'> {
  readonly quietFrom: string | null;
  readonly quietTo: string | null;
  readonly digestMinutes: number | null;
  readonly digestAt: string | null;
}

const SUBSCRIPTION = `
  SELECT id, channel_id AS "channelId", name, recipients, events, severities, domains, source_ids AS "sourceIds", owners,
         language, time_zone AS "timeZone", quiet_from AS "quietFrom", quiet_to AS "quietTo",
         urgent_at_once AS "urgentAtOnce", digest_minutes AS "digestMinutes", digest_at AS "digestAt",
         created_at AS "createdAt", created_by AS "createdBy"
    FROM notifications.subscription`;
const MOST_SUBSCRIPTIONS = 1_000;

/** Who is told what, on which channel. */
@Injectable()
export class Subscriptions {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly channels: Channels,
  ) {}

  /** @throws {InvalidInput} {@link NotFound} */
  async add(actor: Actor, given: SubscriptionWish): Promise<Subscription> {
    const channel = await this.channels.get(given.channelId);
    const wish = checkedSubscription(given, channel);
    if ((await this.list()).length >= MOST_SUBSCRIPTIONS)
      throw new InvalidInput(`There are ${MOST_SUBSCRIPTIONS} subscriptions; remove one first.`);
    const id = await this.changes.make(actor, async (change) => {
      const { quiet, digest } = wish;
      const added = await row<{ id: string }>(
        change.tx,
        `
        INSERT INTO notifications.subscription (channel_id, name, recipients, events, severities, domains, source_ids,
               owners, language, time_zone, quiet_from, quiet_to, urgent_at_once, digest_minutes, digest_at,
               created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING id
        `,
        [
          ...[wish.channelId, wish.name, wish.recipients, wish.events, wish.severities, wish.domains, wish.sourceIds],
          ...[wish.owners, wish.language, wish.timeZone, quiet?.from ?? null, quiet?.to ?? null, wish.urgentAtOnce],
          ...[digest && 'minutes' in digest ? digest.minutes : null, digest && 'at' in digest ? digest.at : null],
          ...[change.at, actor.name],
        ],
      );
      const id = added?.id ?? '';
      await change.record(
        'subscription.added',
        { kind: 'subscription', id, name: wish.name },
        { channel: channel.name, events: wish.events, recipients: wish.recipients.length },
      );
      return id;
    });
    return this.get(id);
  }

  /** What waits for it is not told any more. @throws {NotFound} */
  async remove(actor: Actor, id: string): Promise<Subscription> {
    const found = await this.get(id);
    await this.changes.make(actor, async (change) => {
      await change.tx.query(`UPDATE notifications.subscription SET removed_at = $2 WHERE id = $1`, [id, change.at]);
      await change.tx.query(`DELETE FROM notifications.telling WHERE subscription_id = $1 AND delivery_id IS NULL`, [
        id,
      ]);
      await change.record('subscription.removed', { kind: 'subscription', id, name: found.name });
    });
    return found;
  }

  /** By name. */
  async list(tx?: Tx): Promise<Subscription[]> {
    const found = await rows<StoredSubscription>(
      tx ?? this.db,
      `${SUBSCRIPTION} WHERE removed_at IS NULL ORDER BY lower(name), id`,
    );
    return found.map(asSubscription);
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<Subscription> {
    const found = await row<StoredSubscription>(this.db, `${SUBSCRIPTION} WHERE id = $1 AND removed_at IS NULL`, [id]);
    if (!found) throw new NotFound('subscription', id);
    return asSubscription(found);
  }
}

const asSubscription = ({
  quietFrom,
  quietTo,
  digestMinutes,
  digestAt,
  ...rest
}: StoredSubscription): Subscription => ({
  ...rest,
  quiet: quietFrom === null || quietTo === null ? null : { from: quietFrom, to: quietTo },
  digest: digestMinutes !== null ? { minutes: digestMinutes } : digestAt !== null ? { at: digestAt } : null,
});
