import { Injectable } from '@nestjs/common';
import { type Actor, InvalidInput, NotFound } from '#kernel';
import { Changes } from '#audit';
import { row } from '#platform/database';
import { DataSource } from 'typeorm';

import { ApiTokenEntity } from './api-token.entity.js';
import { newToken, tokenHash } from './secrets.js';

/** Ways in for programs. */
@Injectable()
export class ApiTokens {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
  ) {}

  /**
   * Makes a token with the rights of an account. Its text is given back once and stored nowhere.
   * @param days until it expires; null for never.
   */
  async add(
    actor: Actor,
    accountId: string,
    name: string,
    days: number | null,
  ): Promise<{ token: ApiTokenEntity; text: string }> {
    if (name.trim() === '' || name.length > 100)
      throw new InvalidInput('Give the token a name of up to 100 characters that says what uses it.', [], ['name']);
    if (days !== null && (days < 1 || days > 3_650))
      throw new InvalidInput('A token lasts 1 to 3650 days, or for ever.', [], ['days']);
    const text = newToken('api');
    const token = await this.changes.make(actor, async (change) => {
      const expiresAt = days === null ? null : new Date(change.at.getTime() + days * 86_400_000);
      const added = await row<{ id: string }>(
        change.tx,
        `INSERT INTO identity.api_token (account_id, name, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
        [accountId, name.trim(), tokenHash(text), change.at, expiresAt],
      );
      const token = await change.tx.getRepository(ApiTokenEntity).findOneByOrFail({ id: added?.id ?? '' });
      await change.record('token.added', { kind: 'token', id: token.id, name: token.name }, { accountId, expiresAt });
      return token;
    });
    return { token, text };
  }

  /** @throws {NotFound} when there is none, or it is somebody else's and the actor is no administrator. */
  async revoke(actor: Actor, id: string): Promise<ApiTokenEntity> {
    return this.changes.make(actor, async (change) => {
      const tokens = change.tx.getRepository(ApiTokenEntity);
      const token = await tokens.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!token || (token.accountId !== actor.id && !actor.roles.includes('administrator')))
        throw new NotFound('token', id);
      await change.tx.query(`UPDATE identity.api_token SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1`, [
        id,
        change.at,
      ]);
      await change.record('token.revoked', { kind: 'token', id, name: token.name });
      return tokens.findOneByOrFail({ id });
    });
  }

  /** Newest first. */
  ofAccount(accountId: string): Promise<ApiTokenEntity[]> {
    return this.db
      .getRepository(ApiTokenEntity)
      .find({ where: { accountId }, order: { createdAt: 'DESC', id: 'DESC' } });
  }
}
