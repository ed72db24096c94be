import '@fastify/cookie';

import { Unauthenticated } from '#kernel';
import { type CalledRequest } from '#platform/graphql';

import { type SignIn } from '../sign-in.js';
import { SESSION_COOKIE } from './session-cookie.js';

/**
 * Finds out who sends a request and notes it there. A request without a token or cookie is nobody's, which the
 * access rules judge; a token that is no longer good is refused at once, so that a program learns why.
 * @throws {Unauthenticated}
 */
export async function recognise(request: CalledRequest, signIn: SignIn): Promise<void> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    const found = token === undefined ? undefined : await signIn.byToken(token);
    if (!found)
      throw new Unauthenticated(
        'The API token is unknown, expired or revoked. Make a new one with "plumbline token add".',
      );
    Object.assign(request, found);
    return;
  }
  const cookie = request.cookies?.[SESSION_COOKIE];
  const found = cookie === undefined ? undefined : await signIn.bySession(cookie);
  if (found) Object.assign(request, found);
}
