import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { secretKey, SecretLost, Vault } from '#platform/secrets';

const folder = () => mkdtempSync(join(tmpdir(), 'vault-'));

describe('secrets', () => {
  it('open for the owner they were sealed for, and for nobody else', () => {
    const vault = new Vault(secretKey(undefined, join(folder(), 'key')));
    const sealed = vault.seal('密码 "s3cret" 😀', 'source-1');
    expect(vault.open(sealed, 'source-1', 'the source A')).toBe('密码 "s3cret" 😀');
    expect(() => vault.open(sealed, 'source-2', 'the source B')).toThrow(SecretLost);
    expect(sealed.toString('utf8')).not.toContain('s3cret');
  });

  it('do not open when a bit was changed or the key is another', () => {
    const vault = new Vault(Buffer.alloc(32, 1));
    const sealed = vault.seal('x', 'o');
    const bent = Buffer.from(sealed);
    bent[bent.length - 1]! ^= 1;
    expect(() => vault.open(bent, 'o', 'A')).toThrow(SecretLost);
    expect(() => new Vault(Buffer.alloc(32, 2)).open(sealed, 'o', 'A')).toThrow(/key is another one/);
  });

  it('fingerprints are the same for the same text, purpose and key only', () => {
    const vault = new Vault(Buffer.alloc(32, 1));
    const print = vault.fingerprint('张三 😀', 'name');
    expect(vault.fingerprint('张三 😀', 'name')).toEqual(print);
    expect(vault.fingerprint('张三', 'name')).not.toEqual(print);
    expect(vault.fingerprint('张三 😀', 'row')).not.toEqual(print);
    expect(new Vault(Buffer.alloc(32, 2)).fingerprint('张三 😀', 'name')).not.toEqual(print);
    expect(print).toHaveLength(32);
  });

  it('the key file is made once, for its owner only', () => {
    const file = join(folder(), 'deep', 'key');
    const key = secretKey(undefined, file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(secretKey(undefined, file)).toEqual(key);
    expect(secretKey(readFileSync(file, 'utf8').trim(), 'unused')).toEqual(key);
  });

  it('a broken key file is said, not replaced', () => {
    const file = join(folder(), 'key');
    writeFileSync(file, 'short');
    expect(() => secretKey(undefined, file)).toThrow(/does not hold 32 bytes/);
    expect(readFileSync(file, 'utf8')).toBe('short');
  });
});
