import '@fastify/cookie';

import { type Settings } from '#platform/config';
import { type FastifyReply } from 'fastify';

export const SESSION_COOKIE = 'plumbline_session';

/** Not readable by scripts, not sent from other sites, and only over TLS where the product is served over it. */
export function setSessionCookie(
  reply: FastifyReply | undefined,
  token: string,
  expires: Date,
  settings: Settings,
): void {
  const secure = settings.publicUrl?.startsWith('https://') ?? false;
  reply?.setCookie(SESSION_COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure, expires });
}

export function clearSessionCookie(reply: FastifyReply | undefined): void {
  reply?.clearCookie(SESSION_COOKIE, { path: '/' });
}
