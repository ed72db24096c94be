import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomFillSync,
} from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { AppError } from '#kernel';

/** A stored secret cannot be opened. */
export class SecretLost extends AppError {
  readonly code = 'SECRET_LOST';

  constructor(of: string) {
    super(
      `The stored secret of ${of} cannot be opened: the key is another one than it was stored with. Put the key file back, or enter the secret again.`,
    );
  }
}

/**
 * The key from the setting, else from the key file, which is made on the first start and only its owner may read.
 * @throws {AppError} when the file is there but is no key.
 */
export function secretKey(setting: string | undefined, file: string): Buffer {
  if (setting !== undefined) return Buffer.from(setting, 'base64');
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(32).toString('base64') + '\n', { mode: 0o600, flag: 'wx' });
  }
  chmodSync(file, 0o600);
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new KeyFileBroken(
      `The key file ${file} does not hold 32 bytes in base64. Put it back from a backup; without it the sources' secrets are lost.`,
    );
  return key;
}

const VERSION = Buffer.from([1]);
const NONCE = 12;

class KeyFileBroken extends AppError {
  readonly code = 'KEY_FILE_BROKEN';
}

/**
 * Seals secrets with AES-256-GCM. What is sealed for one owner does not open for another: a row's secret cannot
 * be moved to another row.
 */
export class Vault {
  // A key object, since Node looks at a plain buffer anew, and slowly, for every text.
  private readonly key: KeyObject;
  private readonly fingerprintKeys = new Map<string, KeyObject>();
  private readonly nonces = Buffer.alloc(NONCE * 1024);
  private nextNonce = this.nonces.length;

  constructor(key: Buffer) {
    this.key = createSecretKey(key);
  }

  seal(secret: string, owner: string): Buffer {
    const nonce = this.nonce();
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    cipher.setAAD(Buffer.from(owner));
    const sealed = cipher.update(secret, 'utf8');
    cipher.final(); // nothing is left over in this mode
    return Buffer.concat([VERSION, nonce, cipher.getAuthTag(), sealed]);
  }

  /** Fresh random bytes, each used once; drawn many at a time, since asking for them costs more than a short text's cipher. */
  private nonce(): Buffer {
    if (this.nextNonce === this.nonces.length) {
      randomFillSync(this.nonces);
      this.nextNonce = 0;
    }
    return this.nonces.subarray(this.nextNonce, (this.nextNonce += NONCE));
  }

  /** @param of whose secret it is, in words, for the error. @throws {SecretLost} */
  open(sealed: Buffer, owner: string, of: string): string {
    try {
      if (sealed[0] !== 1) throw new SecretLost(of);
      const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(1, 13));
      decipher.setAAD(Buffer.from(owner));
      decipher.setAuthTag(sealed.subarray(13, 29));
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
    } catch {
      throw new SecretLost(of);
    }
  }

  /**
   * The same 32 bytes for the same text and purpose, from which nobody without the key learns or guesses the text:
   * sealed values are found and compared by it. Prints of different purposes cannot be compared.
   */
  fingerprint(text: string, purpose: string): Buffer {
    let key = this.fingerprintKeys.get(purpose);
    if (!key) {
      key = createSecretKey(Buffer.from(hkdfSync('sha256', this.key, '', `plumbline fingerprint ${purpose}`, 32)));
      this.fingerprintKeys.set(purpose, key);
    }
    return createHmac('sha256', key).update(text, 'utf8').digest();
  }
}
