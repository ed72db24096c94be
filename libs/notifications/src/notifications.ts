import { Injectable } from '@nestjs/common';
import { Clock, systemActor } from '#kernel';
import { row, type Tx } from '#platform/database';
import { JobStore } from '#platform/queue';

import { type Addressee, type Notice } from './notice.js';
import { sendMessages } from './send-messages.job.js';
import { type Subscription } from './subscription.js';
import { Subscriptions } from './subscriptions.js';
import { whenToTell } from './when.js';

/** Who is to be told of a notice. */
interface Telling extends Addressee {
  readonly subscriptionId: string | null;
  readonly dueAt: Date;
}

/** The door for everybody who has something to tell. */
@Injectable()
export class Notifications {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly jobs: JobStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Tells of what happened, in the transaction of it: it is sent when that commits, at least once, to whoever subscribed and
   * to whom the notice itself names. What was told before (by its key) is passed over.
   *
   * @example
   * await this.notifications.send(change.tx, {
   *   event: 'report_made', key: `report ${id}`, about: `report ${id}`, path: `/reports/${id}`,
   *   title: { zh: '2026 年 6 月质量报告', en: 'Quality report of June 2026' },
   *   facts: [{ label: { zh: '得分', en: 'Score' }, value: same('97.2') }],
   *   attachments: [{ name: 'june.pdf', mediaType: 'application/pdf', content }],
   *   to: [{ channelId, recipients: ['cdo@bank.example'], language: 'zh' }],
   * });
   */
  async send(tx: Tx, ...notices: readonly Notice[]): Promise<void> {
    if (notices.length === 0) return;
    const at = this.clock.now();
    const subscriptions = await this.subscriptions.list(tx);
    let atOnce = false;
    for (const notice of notices) {
      const tellings = [...subscribed(notice, subscriptions, at), ...addressed(notice, at)];
      if (tellings.length === 0) continue;
      const id = await this.keep(tx, notice, at);
      if (id === undefined) continue;
      await this.plan(tx, id, tellings);
      atOnce ||= tellings.some(({ dueAt }) => dueAt <= at);
    }
    if (atOnce) await this.jobs.request(tx, sendMessages, {}, { actor: systemActor('notifications') });
  }

  /** Its id; undefined when it was told before. */
  private async keep(tx: Tx, notice: Notice, at: Date): Promise<string | undefined> {
    const { event, key, about, severity, sourceId, domain, owner, title, facts, path, attachments = [] } = notice;
    const kept = await row<{ id: string }>(
      tx,
      `
      INSERT INTO notifications.notice (key, event, severity, source_id, domain, owner, about, content, at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key) DO NOTHING RETURNING id
      `,
      [
        ...[key, event, severity ?? null, sourceId ?? null, domain ?? '', owner ?? '', about],
        ...[JSON.stringify({ title, facts, path }), at],
      ],
    );
    if (!kept) return undefined;
    for (const [place, { name, mediaType, content }] of attachments.entries())
      await tx.query(
        `
        INSERT INTO notifications.attachment (notice_id, position, name, media_type, content) VALUES ($1, $2, $3, $4, $5)
        `,
        [kept.id, place, name, mediaType, content],
      );
    return kept.id;
  }

  private async plan(tx: Tx, noticeId: string, tellings: readonly Telling[]): Promise<void> {
    const records = tellings.map((telling) => ({
      subscription_id: telling.subscriptionId,
      channel_id: telling.channelId,
      recipients: telling.recipients,
      language: telling.language,
      due_at: telling.dueAt,
    }));
    await tx.query(
      `
      INSERT INTO notifications.telling (notice_id, subscription_id, channel_id, recipients, language, due_at)
      SELECT $1, told.subscription_id, told.channel_id, told.recipients, told.language, told.due_at
        FROM jsonb_to_recordset($2) AS told (subscription_id uuid, channel_id uuid, recipients text[], language text,
                                            due_at timestamptz)
      `,
      [noticeId, JSON.stringify(records)],
    );
  }
}

const subscribed = (notice: Notice, subscriptions: readonly Subscription[], at: Date): Telling[] =>
  subscriptions
    .filter((subscription) => wants(subscription, notice))
    .map((subscription) => ({
      ...{ subscriptionId: subscription.id, channelId: subscription.channelId },
      ...{ recipients: subscription.recipients, language: subscription.language },
      dueAt: whenToTell(at, notice.severity, subscription),
    }));

const addressed = ({ to = [] }: Notice, at: Date): Telling[] =>
  to.map((addressee) => ({ ...addressee, subscriptionId: null, dueAt: at }));

/** Whether a subscription is about a notice. What a notice does not say, a filter for it does not find. */
function wants(subscription: Subscription, notice: Notice): boolean {
  const passes = (filter: readonly string[], value: string | undefined) =>
    filter.length === 0 || (value !== undefined && filter.some((each) => each.toLowerCase() === value.toLowerCase()));
  return (
    subscription.events.includes(notice.event) &&
    passes(subscription.severities, notice.severity) &&
    passes(subscription.domains, notice.domain) &&
    passes(subscription.sourceIds, notice.sourceId) &&
    passes(subscription.owners, notice.owner) &&
    // A channel that fails cannot tell of it.
    !(notice.event === 'channel_failing' && notice.about === `channel ${subscription.channelId}`)
  );
}
