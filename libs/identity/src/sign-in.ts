import { Inject, Injectable } from '@nestjs/common';
import { type Actor, Clock } from '#kernel';
import { Changes } from '#audit';
import { type Settings, SETTINGS } from '#platform/config';
import { row } from '#platform/database';
import { DataSource } from 'typeorm';

import { type AccountEntity } from './account.entity.js';
import { Accounts } from './accounts.js';
import { TooManyAttempts, WrongPassword } from './identity.errors.js';
import { newToken, nobodysHash, passwordMatches, tokenHash } from './secrets.js';

const MOST_FAILURES = 10;
const WINDOW_MINUTES = 15;

export interface SignedInSession {
  /** Goes into the cookie; stored nowhere. */
  readonly token: string;
  readonly expiresAt: Date;
  readonly account: AccountEntity;
}

/** Who calls, found out from a cookie or a token. */
export interface Recognised {
  readonly actor: Actor;
  readonly mustChangePassword: boolean;
  readonly sessionHash?: string;
}

interface Found {
  id: string;
  display_name: string;
  login: string;
  roles: Actor['roles'];
  must_change_password: boolean;
}

/** Lets people in and out, and tells who they are. */
@Injectable()
export class SignIn {
  private readonly asked = new Map<string, Promise<Recognised | undefined>>();

  constructor(
    private readonly db: DataSource,
    private readonly accounts: Accounts,
    private readonly changes: Changes,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * @throws {WrongPassword} for a wrong login or password alike, after the same time.
   * @throws {TooManyAttempts} after ten failures in a quarter of an hour.
   */
  async signIn(login: string, password: string, address: string): Promise<SignedInSession> {
    const key = login.trim().toLowerCase().slice(0, 64);
    await this.refuseGuessing(key);
    const account = await this.accounts.byLogin(key);
    const matches = await passwordMatches(account?.passwordHash ?? (await nobodysHash), password);
    if (!account || !matches || account.disabledAt) {
      await this.db.query(`INSERT INTO identity.failed_sign_in (login, address, at) VALUES ($1, $2, $3)`, [
        key,
        address,
        this.clock.now(),
      ]);
      throw new WrongPassword();
    }
    const token = newToken('session');
    const expiresAt = new Date(this.clock.now().getTime() + this.settings.sessionHours * 3_600_000);
    await this.changes.make(actorOf(account), async (change) => {
      await change.tx.query(`DELETE FROM identity.session WHERE expires_at <= $1`, [change.at]);
      await change.tx.query(`DELETE FROM identity.failed_sign_in WHERE login = $1 OR at < $2`, [
        key,
        new Date(change.at.getTime() - 86_400_000),
      ]);
      await change.tx.query(
        `INSERT INTO identity.session (token_hash, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
        [tokenHash(token), account.id, change.at, expiresAt],
      );
      await change.record('session.opened', { kind: 'account', id: account.id, name: account.login }, { address });
    });
    return { token, expiresAt, account };
  }

  async signOut(actor: Actor, sessionHash: string): Promise<void> {
    await this.changes.make(actor, async (change) => {
      await change.tx.query(`DELETE FROM identity.session WHERE token_hash = $1`, [sessionHash]);
      await change.record('session.closed', { kind: 'account', id: actor.id, name: actor.name });
    });
  }

  /** Who a cookie's token belongs to; undefined when nobody's any more. */
  async bySession(token: string): Promise<Recognised | undefined> {
    const sessionHash = tokenHash(token);
    const found = await row<Found>(
      this.db,
      `
      SELECT account.id, account.login, account.display_name, account.roles, account.must_change_password
        FROM identity.session
        JOIN identity.account ON account.id = session.account_id
       WHERE session.token_hash = $1 AND session.expires_at > $2 AND account.disabled_at IS NULL
      `,
      [sessionHash, this.clock.now()],
    );
    return found && { ...recognised('user', found), sessionHash };
  }

  /**
   * Who an API token belongs to; undefined when it is unknown, expired or revoked. Asked for the same token several times
   * in one turn of the loop, as by producers that send at once, the database is asked once: after all of them came.
   */
  byToken(token: string): Promise<Recognised | undefined> {
    const hash = tokenHash(token);
    const asked = this.asked.get(hash);
    if (asked) return asked;
    const answer = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.asked.delete(hash);
      return this.byTokenHash(hash);
    });
    this.asked.set(hash, answer);
    return answer;
  }

  private async byTokenHash(hash: string): Promise<Recognised | undefined> {
    const now = this.clock.now();
    // Its last use is noted once a minute, not once a request.
    const found = await row<Found>(
      this.db,
      `
      WITH token AS (
        SELECT id, account_id, last_used_at FROM identity.api_token
         WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2::timestamptz)
      ), used AS (
        UPDATE identity.api_token SET last_used_at = $2
          FROM token
         WHERE api_token.id = token.id
           AND (token.last_used_at IS NULL OR token.last_used_at < $2::timestamptz - interval '1 minute')
      )
      SELECT account.id, account.login, account.display_name, account.roles, account.must_change_password
        FROM token JOIN identity.account ON account.id = token.account_id
       WHERE account.disabled_at IS NULL
      `,
      [hash, now],
    );
    // A token was made on purpose by somebody signed in; the one-time password is not in the way of it.
    return found && { ...recognised('token', found), mustChangePassword: false };
  }

  private async refuseGuessing(login: string): Promise<void> {
    const since = new Date(this.clock.now().getTime() - WINDOW_MINUTES * 60_000);
    const failures = await row<{ count: number }>(
      this.db,
      `SELECT count(*)::int AS count FROM identity.failed_sign_in WHERE login = $1 AND at > $2`,
      [login, since],
    );
    if ((failures?.count ?? 0) >= MOST_FAILURES) throw new TooManyAttempts(WINDOW_MINUTES);
  }
}

const recognised = (kind: 'user' | 'token', { id, login, roles, must_change_password }: Found): Recognised => ({
  actor: { kind, id, name: login, roles },
  mustChangePassword: must_change_password,
});

const actorOf = ({ id, login, roles }: AccountEntity): Actor => ({ kind: 'user', id, name: login, roles });
