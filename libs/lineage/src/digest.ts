import { hash } from 'node:crypto';

/** A fingerprint of plain data, in the form of a UUID: 16 bytes in the database. */
export const digestOf = (value: unknown): string => digestOfText(JSON.stringify(value));

/** The same of data that is JSON already. */
export function digestOfText(json: string): string {
  const hex = hash('sha256', json);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
