import { createHash } from 'node:crypto';

/** A fingerprint of plain data, in the form of a UUID: 16 bytes in the database. */
export function digestOf(value: unknown): string {
  const hex = createHash('sha256').update(JSON.stringify(value)).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
