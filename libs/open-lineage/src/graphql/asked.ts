import { InvalidInput, NotFound } from '#kernel';

import { type Range } from '../marquez.store.js';

/** Parameters of a request's address; one that is given several times is a list. */
export type Asked = Readonly<Record<string, string | readonly string[] | undefined>>;

export const MOST = 10_000;
export const ONE: Range = { limit: 1, offset: 0 };

/** The first of a parameter's values. */
export function textIn(asked: Asked, name: string): string | undefined {
  const given = asked[name];
  return typeof given === 'string' ? given : given?.[0];
}

/** A parameter's values, given several times or with commas between them. */
export function listIn(asked: Asked, name: string): string[] {
  const given = asked[name] ?? [];
  return (typeof given === 'string' ? [given] : given).flatMap((text) => text.split(',')).filter((text) => text !== '');
}

/** Python writes True. */
export const isSet = (asked: Asked, name: string): boolean => textIn(asked, name)?.toLowerCase() === 'true';

export function found<T>(one: T | undefined, kind: string, id: string): T {
  if (one === undefined) throw new NotFound(kind, id);
  return one;
}

export function whole(asked: Asked, name: string, otherwise: number): number {
  const text = textIn(asked, name);
  if (text === undefined || text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new InvalidInput(`"${name}" must be a whole number from 0.`, [], [name]);
  return Number(text);
}

export const rangeOf = (asked: Asked): Range => ({
  limit: Math.min(MOST, whole(asked, 'limit', 100)),
  offset: whole(asked, 'offset', 0),
});

export function dateIn(asked: Asked, name: string): Date | null {
  const text = textIn(asked, name);
  if (text === undefined || text === '') return null;
  const date = new Date(text);
  if (Number.isNaN(date.getTime()))
    throw new InvalidInput(`"${name}" is not a time like 2026-01-31T00:00:00Z.`, [], [name]);
  return date;
}

export function nodeIdIn(asked: Asked): string {
  const nodeId = textIn(asked, 'nodeId');
  if (nodeId === undefined || nodeId === '')
    throw new InvalidInput('"nodeId" is missing: dataset:NAMESPACE:NAME or job:NAMESPACE:NAME.', [], ['nodeId']);
  return nodeId;
}
