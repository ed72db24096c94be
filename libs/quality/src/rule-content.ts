import { conditionsAs } from '#core/rule-engine';

import { type RuleContent } from './rule.js';

/** The content alone of what has more. */
export const contentOf = (rule: RuleContent): RuleContent => ({
  kind: rule.kind,
  fieldIds: rule.fieldIds,
  otherDatasetId: rule.otherDatasetId,
  dimension: rule.dimension,
  severity: rule.severity,
  definition: rule.definition,
  nameEn: rule.nameEn,
  nameZh: rule.nameZh,
  description: rule.description,
  owner: rule.owner,
  enabled: rule.enabled,
});

/** Equal but for the order of properties, which PostgreSQL does not keep, and for how conditions are written. */
export const sameContent = (one: RuleContent, other: RuleContent): boolean => printOf(one) === printOf(other);

/** One writing for contents that are the same. */
export const printOf = (rule: RuleContent): string =>
  canonical({ ...contentOf(rule), definition: conditionsAs('tree', { ...rule.definition, kind: rule.kind }) });

/** One writing for values that are equal but for the order of their properties. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`)
    .join(',')}}`;
}
