import { type Words } from '#core/connector-kit';

import { type Category } from './categories.js';

/** Security levels, L1 public to L5 most sensitive, as the dictionary keeps them. */
export const LEVELS = ['L1', 'L2', 'L3', 'L4', 'L5'] as const;
export type Level = (typeof LEVELS)[number];

export const rankOf = (level: Level): number => LEVELS.indexOf(level);

/** Where a template's line comes from, and whether somebody compared it with the text of the standard. */
export interface LevelSource {
  readonly article: string;
  /** D: a document was read. K: from common knowledge or other people's code; the text was not checked. */
  readonly tag: 'D' | 'K';
}

/** What a template says of one category. */
export interface LevelRule extends LevelSource {
  readonly level: Level;
  /** The standard's own class, for instance C3 or 重要数据. */
  readonly ownClass: string;
  readonly reason: Words;
}

/** Which level each category has by some standard (分级模板). A template is data: an institution may write its own. */
export interface LevelTemplate {
  readonly code: string;
  readonly title: Words;
  readonly rules: Readonly<Record<Category, LevelRule>>;
  /** How many levels lower a value stands that is masked already. */
  readonly maskedLowersBy: number;
}

/** A category's level by a template, with the reason. */
export function levelOf(template: LevelTemplate, category: Category, masked = false): LevelRule {
  const rule = template.rules[category];
  if (!masked || template.maskedLowersBy === 0) return rule;
  return { ...rule, level: LEVELS[Math.max(0, rankOf(rule.level) - template.maskedLowersBy)]! };
}

/** A dataset's level: its highest field's. Fields without a level do not count; none at all gives `null`. */
export function highestLevel(levels: Iterable<Level | null | undefined>): Level | null {
  let highest: Level | null = null;
  for (const level of levels)
    if (level != null && (highest === null || rankOf(level) > rankOf(highest))) highest = level;
  return highest;
}

/** A template with other levels for some categories. */
export function withLevels(
  template: LevelTemplate,
  changes: Partial<Record<Category, Partial<LevelRule>>>,
): LevelTemplate {
  const rules = { ...template.rules };
  for (const [category, change] of Object.entries(changes) as [Category, Partial<LevelRule>][])
    rules[category] = { ...rules[category], ...change };
  return { ...template, rules };
}
