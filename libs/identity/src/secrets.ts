import { createHash, randomBytes } from 'node:crypto';

import { hash, verify } from '@node-rs/argon2';

import { WeakPassword } from './identity.errors.js';

const SHORTEST = 10;
const LONGEST = 256;

// @node-rs/argon2 hashes with argon2id by default; OWASP's minimum for it is 19 MiB, 2 passes, 1 lane.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** @throws {WeakPassword} */
export function hashPassword(password: string, login: string, path: readonly string[]): Promise<string> {
  if (password.length < SHORTEST) throw new WeakPassword(`it needs at least ${SHORTEST} characters`, path);
  if (password.length > LONGEST) throw new WeakPassword(`it may have at most ${LONGEST} characters`, path);
  if (password.toLowerCase().includes(login.toLowerCase())) throw new WeakPassword('it contains the login', path);
  if (new Set(password).size < 4) throw new WeakPassword('it repeats too few characters', path);
  return hash(password, COST);
}

export const passwordMatches = (passwordHash: string, password: string): Promise<boolean> =>
  verify(passwordHash, password);

/** Verified when there is no such account, so that the answer takes as long. */
export const nobodysHash = hash(randomBytes(16).toString('hex'), COST);

/** A password that a person can type once: 20 characters, about 100 bits. */
export function oneTimePassword(login: string): string {
  // A short login may stand in it by chance, and then it could not be used.
  for (let tries = 0; ; tries++) {
    const password = [...randomBytes(20)]
      .map((byte) => 'abcdefghjkmnpqrstuvwxyz23456789'[byte % 31])
      .join('')
      .replace(/(.{5})(?=.)/g, '$1-');
    if (tries === 100 || !password.includes(login.toLowerCase())) return password;
  }
}

/** A token's text; its prefix lets secret scanners find it. */
export const newToken = (kind: 'session' | 'api'): string =>
  `${kind === 'api' ? 'plb_' : ''}${randomBytes(32).toString('base64url')}`;

/** What is stored of a token. It is random enough that one round of SHA-256 is not to be turned back. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');
