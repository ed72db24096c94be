import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { type Actor, InvalidInput, NotFound } from '#kernel';
import { row, rows } from '#platform/database';
import { checkedAddress } from '#platform/outbound';
import { Vault } from '#platform/secrets';
import { DataSource, QueryFailedError } from 'typeorm';

import {
  type Channel,
  CHANNEL_KINDS,
  type ChannelKind,
  type ChannelSecrets,
  type ChannelSettings,
  MAIL_TLS,
  type MailTls,
} from './channel.js';
import { ChannelNameTaken } from './notifications.errors.js';

export interface ChannelWish {
  readonly name: string;
  readonly kind: ChannelKind;
  /** Of a webhook or a robot. */
  readonly url?: string;
  /** Signs what is posted. */
  readonly secret?: string;
  /** Of mail, from here on. */
  readonly host?: string;
  readonly port?: number;
  readonly tls?: MailTls;
  readonly username?: string;
  readonly password?: string;
  readonly from?: string;
}

const CHANNEL = `id, name, kind, settings, secrets IS NOT NULL AS "hasSecret", created_at AS "createdAt",
                 failing_since AS "failingSince"`;
const MOST_CHANNELS = 100;
const SHORTEST_SECRET = 16;
const EXAMPLES: Readonly<Record<Exclude<ChannelKind, 'smtp'>, string>> = {
  webhook: 'https://alerts.bank.example/plumbline',
  wecom: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…',
  dingtalk: 'https://oapi.dingtalk.com/robot/send?access_token=…',
  feishu: 'https://open.feishu.cn/open-apis/bot/v2/hook/…',
};

/** Ways to tell people something. Secrets are sealed, and come out only to be used with their own channel. */
@Injectable()
export class Channels {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly vault: Vault,
  ) {}

  /** @throws {InvalidInput} {@link ChannelNameTaken} */
  async add(actor: Actor, wish: ChannelWish): Promise<Channel> {
    const { name, settings, secrets } = checkedWish(wish);
    if ((await this.list()).length >= MOST_CHANNELS)
      throw new InvalidInput(`There are ${MOST_CHANNELS} channels; remove one first.`);
    try {
      return await this.changes.make(actor, async (change) => {
        const added = await row<{ id: string }>(
          change.tx,
          `
          INSERT INTO notifications.channel (name, kind, settings, created_at, changed_at)
          VALUES ($1, $2, $3, $4, $4) RETURNING id
          `,
          [name, wish.kind, JSON.stringify(settings), change.at],
        );
        const id = added?.id ?? '';
        await this.seal(change, id, secrets);
        await change.record('channel.added', subjectOf({ id, name }), { kind: wish.kind, settings });
        return this.lock(change, id);
      });
    } catch (error) {
      throw nameTaken(error, name) ?? error;
    }
  }

  /** Nothing is sent on it any more, also not what waits; its secrets are forgotten. @throws {NotFound} */
  async remove(actor: Actor, id: string): Promise<Channel> {
    return this.changes.make(actor, async (change) => {
      const channel = await this.lock(change, id);
      await change.tx.query(`UPDATE notifications.channel SET removed_at = $2, secrets = NULL WHERE id = $1`, [
        id,
        change.at,
      ]);
      await change.tx.query(
        `UPDATE notifications.subscription SET removed_at = $2 WHERE channel_id = $1 AND removed_at IS NULL`,
        [id, change.at],
      );
      await change.tx.query(`DELETE FROM notifications.telling WHERE channel_id = $1 AND delivery_id IS NULL`, [id]);
      await change.tx.query(
        `
        UPDATE notifications.delivery SET state = 'failed', ended_at = $2, answer = 'The channel was removed.'
         WHERE channel_id = $1 AND state = 'waiting'
        `,
        [id, change.at],
      );
      await change.record('channel.removed', subjectOf(channel));
      return channel;
    });
  }

  /** By name. */
  list(): Promise<Channel[]> {
    return rows<Channel>(
      this.db,
      `SELECT ${CHANNEL} FROM notifications.channel WHERE removed_at IS NULL ORDER BY lower(name)`,
    );
  }

  ofIds(ids: readonly string[]): Promise<Channel[]> {
    return rows<Channel>(this.db, `SELECT ${CHANNEL} FROM notifications.channel WHERE id = ANY ($1)`, [ids]);
  }

  /** @throws {NotFound} also when it was removed. */
  async get(id: string): Promise<Channel> {
    const found = await row<Channel>(
      this.db,
      `SELECT ${CHANNEL} FROM notifications.channel WHERE id = $1 AND removed_at IS NULL`,
      [id],
    );
    if (!found) throw new NotFound('channel', id);
    return found;
  }

  /** @throws {SecretLost} */
  async secretsOf({ id, name }: Channel): Promise<ChannelSecrets> {
    const found = await row<{ secrets: Buffer | null }>(
      this.db,
      `SELECT secrets FROM notifications.channel WHERE id = $1 AND removed_at IS NULL`,
      [id],
    );
    if (!found?.secrets) return {};
    return JSON.parse(this.vault.open(found.secrets, ownerOf(id), `the channel "${name}"`)) as ChannelSecrets;
  }

  private async seal({ tx }: Change, id: string, secrets: ChannelSecrets): Promise<void> {
    if (Object.keys(secrets).length === 0) return;
    const sealed = this.vault.seal(JSON.stringify(secrets), ownerOf(id));
    await tx.query(`UPDATE notifications.channel SET secrets = $2 WHERE id = $1`, [id, sealed]);
  }

  private async lock({ tx }: Change, id: string): Promise<Channel> {
    const found = await row<Channel>(
      tx,
      `SELECT ${CHANNEL} FROM notifications.channel WHERE id = $1 AND removed_at IS NULL FOR UPDATE`,
      [id],
    );
    if (!found) throw new NotFound('channel', id);
    return found;
  }
}

const ownerOf = (id: string) => `channel:${id}`;
const subjectOf = ({ id, name }: Pick<Channel, 'id' | 'name'>): Subject => ({ kind: 'channel', id, name });

function nameTaken(error: unknown, name: string): ChannelNameTaken | undefined {
  const { driverError } = error as { driverError?: { constraint?: string } };
  return error instanceof QueryFailedError && driverError?.constraint === 'channel_name'
    ? new ChannelNameTaken(name)
    : undefined;
}

interface Checked {
  readonly name: string;
  readonly settings: ChannelSettings;
  readonly secrets: ChannelSecrets;
}

function checkedWish(wish: ChannelWish): Checked {
  const name = wish.name.trim();
  if (name === '' || name.length > 200)
    throw new InvalidInput('Give the channel a name of 1 to 200 characters.', [], ['name']);
  if (!CHANNEL_KINDS.includes(wish.kind))
    throw new InvalidInput(`A channel is one of ${CHANNEL_KINDS.join(', ')}.`, [], ['kind']);
  return { name, ...(wish.kind === 'smtp' ? checkedMail(wish) : checkedPost(wish, wish.kind)) };
}

function checkedPost(
  { url = '', secret = '' }: ChannelWish,
  kind: Exclude<ChannelKind, 'smtp'>,
): Omit<Checked, 'name'> {
  const address = checkedAddress(url, EXAMPLES[kind]);
  const { host } = new URL(address);
  if (kind === 'webhook') {
    if (secret.length < SHORTEST_SECRET)
      throw new InvalidInput(
        `Give a secret of at least ${SHORTEST_SECRET} characters: the receiver checks by it that messages are ours.`,
        [],
        ['secret'],
      );
    return { settings: { host, url: address }, secrets: { secret } };
  }
  return { settings: { host }, secrets: { url: address, ...(secret !== '' && { secret }) } };
}

function checkedMail(wish: ChannelWish): Omit<Checked, 'name'> {
  const { host = '', port = 587, tls = 'starttls', username = '', password = '', from = '' } = wish;
  if (!/^[\p{L}\p{N}._:-]{1,253}$/u.test(host))
    throw new InvalidInput('Give the mail server’s host, for instance smtp.bank.example.', [], ['host']);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidInput(
      'The port is a number from 1 to 65535; mail servers listen at 25, 465 or 587.',
      [],
      ['port'],
    );
  if (!MAIL_TLS.includes(tls)) throw new InvalidInput(`TLS is one of ${MAIL_TLS.join(', ')}.`, [], ['tls']);
  if (password !== '' && tls === 'none')
    throw new InvalidInput(
      'Without TLS the password would be readable on its way. Choose starttls or tls.',
      [],
      ['tls'],
    );
  return {
    settings: { host, port, tls, from: checkedMailAddress(from, ['from']), ...(username !== '' && { username }) },
    secrets: password === '' ? {} : { password },
  };
}

/** @throws {InvalidInput} */
export function checkedMailAddress(text: string, path: readonly string[]): string {
  const address = text.trim();
  if (!/^[^\s@<>,;"]+@[^\s@<>,;"]+$/u.test(address) || address.length > 254)
    throw new InvalidInput(
      `${JSON.stringify(text)} is no mail address. Write it bare, for instance dq@bank.example.`,
      [],
      path,
    );
  return address;
}
