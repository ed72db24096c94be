import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Actor, AppError, Forbidden, type Role, Unauthenticated } from '#kernel';

import { requestOf } from './request.js';

/** Who may call an operation. */
export type Access = 'public' | 'signed-in' | readonly Role[];

export const ACCESS = 'plumbline:access';

/** Only people with one of these roles may call it; an administrator always may. */
export const Allow = (...roles: readonly Role[]) => SetMetadata(ACCESS, roles satisfies Access);

/** Everybody who is signed in may call it. */
export const SignedIn = () => SetMetadata(ACCESS, 'signed-in' satisfies Access);

/** Everybody may call it, signed in or not. */
export const Public = () => SetMetadata(ACCESS, 'public' satisfies Access);

/** Marks what may be called while the one-time password has not been changed. */
export const BEFORE_PASSWORD_CHANGE = 'plumbline:before-password-change';
export const BeforePasswordChange = () => SetMetadata(BEFORE_PASSWORD_CHANGE, true);

/** The account must choose a password of its own first. */
export class PasswordChangeRequired extends AppError {
  readonly code = 'PASSWORD_CHANGE_REQUIRED';

  constructor() {
    super('This account still has the one-time password. Choose a password of your own first (changePassword).');
  }
}

/** Refuses every operation and route that its declaration does not allow the caller; one that declares nothing is refused to all. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, places);
    const what = context.getHandler().name;
    if (access === 'public') return true;
    const { actor, mustChangePassword } = requestOf(context);
    if (!actor) throw new Unauthenticated(`Sign in, or send an API token, to use ${what}.`);
    if (mustChangePassword && !this.reflector.getAllAndOverride<boolean | undefined>(BEFORE_PASSWORD_CHANGE, places))
      throw new PasswordChangeRequired();
    if (access === undefined) throw new Forbidden(`${what} does not say who may call it, so nobody may.`);
    if (access === 'signed-in' || may(actor, access)) return true;
    throw new Forbidden(`${what} needs the role ${access.join(' or ')}; you have ${actor.roles.join(', ') || 'none'}.`);
  }
}

/** Whether somebody has one of the roles, or is an administrator. */
export const may = (actor: Actor, roles: readonly Role[]): boolean =>
  actor.roles.includes('administrator') || actor.roles.some((role) => roles.includes(role));
