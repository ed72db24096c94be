import { Injectable } from '@nestjs/common';
import {
  type Actor,
  decodeCursor,
  encodeCursor,
  InvalidInput,
  NotFound,
  type Page,
  type PageRequest,
  type Role,
  ROLES,
  systemActor,
} from '#kernel';
import { type Change, Changes, type Subject } from '#audit';
import { row, type Tx } from '#platform/database';
import { DataSource, QueryFailedError } from 'typeorm';

import { AccountEntity } from './account.entity.js';
import { LastAdministrator, LoginTaken, WrongPassword } from './identity.errors.js';
import { hashPassword, oneTimePassword, passwordMatches } from './secrets.js';

export interface NewAccount {
  readonly login: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
}

/** Who may sign in, and with which roles. */
@Injectable()
export class Accounts {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
  ) {}

  /**
   * Makes the account "admin" when there is no account at all.
   * @returns its one-time password, or undefined when there was an account.
   */
  async ensureAdministrator(): Promise<string | undefined> {
    if ((await this.db.getRepository(AccountEntity).count()) > 0) return undefined;
    const { password } = await this.add(systemActor('first start'), {
      login: 'admin',
      displayName: 'Administrator 管理员',
      roles: ['administrator'],
    });
    return password;
  }

  /** Adds an account with a one-time password, which is given back and stored nowhere. */
  async add(
    actor: Actor,
    { login, displayName, roles }: NewAccount,
  ): Promise<{ account: AccountEntity; password: string }> {
    const name = login.trim();
    if (!/^[\p{L}\p{N}._@-]{2,64}$/u.test(name))
      throw new InvalidInput(
        'A login has 2 to 64 letters, digits, dots, underscores, at-signs or hyphens.',
        [],
        ['login'],
      );
    checkRoles(roles);
    const password = oneTimePassword(name);
    const passwordHash = await hashPassword(password, name, ['password']);
    try {
      const account = await this.changes.make(actor, async (change) => {
        const added = await row<{ id: string }>(
          change.tx,
          `INSERT INTO identity.account (login, display_name, password_hash, roles, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
          [name, displayName.trim() || name, passwordHash, roles, change.at],
        );
        const account = await this.lock(change.tx, added?.id ?? '');
        await change.record('account.added', subjectOf(account), { roles });
        return account;
      });
      return { account, password };
    } catch (error) {
      if (error instanceof QueryFailedError && (error.driverError as { code?: string }).code === '23505')
        throw new LoginTaken(name);
      throw error;
    }
  }

  /** @throws {WrongPassword} when the present one is wrong. */
  async changePassword(actor: Actor, accountId: string, present: string, next: string): Promise<void> {
    const account = await this.get(accountId);
    if (!(await passwordMatches(account.passwordHash, present))) throw new WrongPassword();
    if (present === next) throw new InvalidInput('The new password is the present one.', [], ['next']);
    const passwordHash = await hashPassword(next, account.login, ['next']);
    await this.changes.make(actor, async (change) => {
      await this.setPassword(change, accountId, passwordHash, false);
      await change.record('account.password-changed', subjectOf(account));
    });
  }

  /** Gives an account a one-time password again and ends its sessions. */
  async resetPassword(actor: Actor, accountId: string): Promise<string> {
    const account = await this.get(accountId);
    const password = oneTimePassword(account.login);
    const passwordHash = await hashPassword(password, account.login, ['password']);
    await this.changes.make(actor, async (change) => {
      await this.setPassword(change, accountId, passwordHash, true);
      await change.tx.query(`DELETE FROM identity.session WHERE account_id = $1`, [accountId]);
      await change.tx.query(`DELETE FROM identity.failed_sign_in WHERE login = lower($1)`, [account.login]);
      await change.record('account.password-reset', subjectOf(account));
    });
    return password;
  }

  /** Sets the roles and whether the account may sign in. */
  async change(actor: Actor, accountId: string, roles: readonly Role[], disabled: boolean): Promise<AccountEntity> {
    checkRoles(roles);
    return this.changes.make(actor, async (change) => {
      const before = await this.lock(change.tx, accountId);
      if (disabled || !roles.includes('administrator')) await this.keepAnAdministrator(change.tx, before);
      await change.tx.query(
        `UPDATE identity.account SET roles = $2, disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, $4::timestamptz) END WHERE id = $1`,
        [accountId, roles, disabled, change.at],
      );
      if (disabled) await change.tx.query(`DELETE FROM identity.session WHERE account_id = $1`, [accountId]);
      await change.record('account.changed', subjectOf(before), {
        before: { roles: before.roles, disabled: before.disabledAt !== null },
        after: { roles, disabled },
      });
      return this.lock(change.tx, accountId);
    });
  }

  /** By login. */
  async list({ first, after }: PageRequest): Promise<Page<AccountEntity>> {
    const query = this.db.getRepository(AccountEntity).createQueryBuilder('account');
    const total = await query.getCount();
    if (after !== undefined)
      query.where('lower(account.login) > :login', { login: decodeCursor('accounts', after)[0] });
    const found = await query
      .orderBy('lower(account.login)')
      .limit(first + 1)
      .getMany();
    return { items: found.slice(0, first), hasNext: found.length > first, total };
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<AccountEntity> {
    const account = await this.db.getRepository(AccountEntity).findOneBy({ id });
    if (!account) throw new NotFound('account', id);
    return account;
  }

  /** The administrator who was there first. @throws {NotFound} */
  async firstAdministrator(): Promise<AccountEntity> {
    const found = await this.db
      .getRepository(AccountEntity)
      .createQueryBuilder('account')
      .where(`'administrator' = ANY (account.roles) AND account.disabled_at IS NULL`)
      .orderBy('account.created_at')
      .getOne();
    if (!found) throw new NotFound('account', 'administrator');
    return found;
  }

  byLogin(login: string): Promise<AccountEntity | null> {
    return this.db
      .getRepository(AccountEntity)
      .createQueryBuilder('account')
      .where('lower(account.login) = lower(:login)', { login })
      .getOne();
  }

  private async lock(tx: Tx, id: string): Promise<AccountEntity> {
    const account = await tx
      .getRepository(AccountEntity)
      .findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!account) throw new NotFound('account', id);
    return account;
  }

  private async setPassword({ tx }: Change, id: string, passwordHash: string, mustChange: boolean): Promise<void> {
    await tx.query(`UPDATE identity.account SET password_hash = $2, must_change_password = $3 WHERE id = $1`, [
      id,
      passwordHash,
      mustChange,
    ]);
  }

  private async keepAnAdministrator(tx: Tx, { id, login }: AccountEntity): Promise<void> {
    const others = await row<{ one: number }>(
      tx,
      `SELECT 1 AS one FROM identity.account WHERE id <> $1 AND disabled_at IS NULL AND 'administrator' = ANY (roles) LIMIT 1`,
      [id],
    );
    if (!others) throw new LastAdministrator(login);
  }
}

export const accountCursor = (account: AccountEntity): string =>
  encodeCursor('accounts', [account.login.toLowerCase()]);

const subjectOf = ({ id, login }: AccountEntity): Subject => ({ kind: 'account', id, name: login });

function checkRoles(roles: readonly Role[]): void {
  if (roles.length === 0 || roles.some((role) => !ROLES.includes(role)))
    throw new InvalidInput(`Name at least one of the roles ${ROLES.join(', ')}.`, [], ['roles']);
}
