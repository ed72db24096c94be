import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, InvalidInput, NotFound } from '#kernel';
import { row, rows } from '#platform/database';
import { checkedAddress } from '#platform/outbound';
import { Vault } from '#platform/secrets';
import { DataSource, QueryFailedError } from 'typeorm';

import { ReceiverNameTaken } from './run-events.errors.js';
import { TOLD_KINDS, type ToldJob } from './told-jobs.js';

/** Somebody who is told, by OpenLineage events, what our own jobs do. */
export interface Receiver {
  readonly id: string;
  readonly name: string;
  /** Where events are posted to. */
  readonly url: string;
  readonly jobs: readonly ToldJob[];
  readonly hasToken: boolean;
  readonly createdAt: Date;
}

export interface ReceiverWish {
  readonly name: string;
  readonly url: string;
  readonly jobs: readonly ToldJob[];
  readonly token?: string;
}

const RECEIVER = `id, name, url, jobs, token IS NOT NULL AS "hasToken", created_at AS "createdAt"`;
const MOST_RECEIVERS = 20;

/** The receivers of our run events. Tokens are sealed, and come out only to be sent to their own address. */
@Injectable()
export class Receivers {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly vault: Vault,
  ) {}

  /** @throws {InvalidInput} {@link ReceiverNameTaken} */
  async add(actor: Actor, wish: ReceiverWish): Promise<Receiver> {
    const name = wish.name.trim();
    if (name === '' || name.length > 200)
      throw new InvalidInput('Give the receiver a name of 1 to 200 characters.', [], ['name']);
    const url = checkedAddress(wish.url, 'https://lineage.bank.example/api/v1/lineage');
    const jobs = [...new Set(wish.jobs)];
    if (jobs.length === 0 || jobs.some((job) => !TOLD_KINDS.includes(job)))
      throw new InvalidInput(`Say which jobs it is told of: ${TOLD_KINDS.join(', ')}.`, [], ['jobs']);
    if ((await this.list()).length >= MOST_RECEIVERS)
      throw new InvalidInput(`There are ${MOST_RECEIVERS} receivers; remove one first.`, [], []);
    try {
      return await this.changes.make(actor, async (change) => {
        const added = await row<Receiver>(
          change.tx,
          `
          INSERT INTO open_lineage.receiver (name, url, jobs, created_at, changed_at)
          VALUES ($1, $2, $3, $4, $4) RETURNING ${RECEIVER}
          `,
          [name, url, jobs, change.at],
        );
        if (!added) throw new Error('The receiver was not written.');
        const { token = '' } = wish;
        if (token !== '')
          await change.tx.query(`UPDATE open_lineage.receiver SET token = $2 WHERE id = $1`, [
            added.id,
            this.vault.seal(token, ownerOf(added.id)),
          ]);
        await change.record('run-events.receiver-added', { kind: 'receiver', id: added.id, name }, { url, jobs });
        return { ...added, hasToken: token !== '' };
      });
    } catch (error) {
      const { driverError } = error as { driverError?: { constraint?: string } };
      if (error instanceof QueryFailedError && driverError?.constraint === 'receiver_name')
        throw new ReceiverNameTaken(name);
      throw error;
    }
  }

  /** It is told nothing any more, also not what waits to be sent. Its token is forgotten. @throws {NotFound} */
  async remove(actor: Actor, id: string): Promise<Receiver> {
    const found = await this.get(id);
    if (!found) throw new NotFound('receiver', id);
    return this.changes.make(actor, async (change) => {
      await change.tx.query(`UPDATE open_lineage.receiver SET removed_at = $2, token = NULL WHERE id = $1`, [
        id,
        change.at,
      ]);
      await change.record('run-events.receiver-removed', { kind: 'receiver', id, name: found.name });
      return found;
    });
  }

  /** By name. */
  list(): Promise<Receiver[]> {
    return rows<Receiver>(
      this.db,
      `SELECT ${RECEIVER} FROM open_lineage.receiver WHERE removed_at IS NULL ORDER BY lower(name)`,
    );
  }

  /** Undefined when it was removed. */
  get(id: string): Promise<Receiver | undefined> {
    return row<Receiver>(
      this.db,
      `SELECT ${RECEIVER} FROM open_lineage.receiver WHERE id = $1 AND removed_at IS NULL`,
      [id],
    );
  }

  /** @throws {SecretLost} */
  async tokenOf({ id, name }: Receiver): Promise<string | undefined> {
    const found = await row<{ token: Buffer | null }>(
      this.db,
      `SELECT token FROM open_lineage.receiver WHERE id = $1 AND removed_at IS NULL`,
      [id],
    );
    return found?.token ? this.vault.open(found.token, ownerOf(id), `the receiver "${name}"`) : undefined;
  }
}

const ownerOf = (id: string) => `receiver:${id}`;
