import { conditionsAs } from '#core/rule-engine';

import { canonical } from '../rule-content.js';
import { type RuleContent } from '../rule.js';
import { type Difference } from './code.js';

/** What a rule's ids are called. */
export interface RuleNames {
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly other: string | null;
}

/** A rule as a file would write it: what two versions are compared by. */
export const asWritten = (content: RuleContent, { dataset, columns, other }: RuleNames): Record<string, unknown> => {
  const { kind, dimension, severity, definition, nameZh, nameEn, description, owner, enabled } = content;
  const { params, where, scope, ...rest } = conditionsAs('text', { ...definition, kind });
  const about = { nameZh, nameEn, description, owner, enabled, severity, dimension };
  return { dataset, ...rest, kind, columns, other, where, params, scope, ...about };
};

/** Which properties are different, by their paths, in the order of the second. */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (canonical(before) === canonical(after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const names = new Set([...Object.keys(after), ...Object.keys(before)]);
    return [...names].flatMap((name) => differences(before[name], after[name], [...path, name]));
  }
  return [{ path: path.join('.'), before: before ?? null, after: after ?? null }];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
