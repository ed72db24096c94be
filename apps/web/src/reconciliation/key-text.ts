import { type Break } from './reconciliation.queries';

/** A key of several parts, for people. */
export const keyText = (key: Break['key']): string => key.map((part) => part ?? 'NULL').join(' + ');
