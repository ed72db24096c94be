import { type Category } from '../categories.js';
import { type Level, type LevelRule, type LevelSource } from '../levels.js';

/** Categories that a template treats alike. */
export interface LevelGroup extends LevelSource {
  readonly level: Level;
  readonly ownClass: string;
  readonly en: string;
  readonly zh: string;
  readonly categories: readonly Category[];
}

/** Groups as a template's rules; each category must be in exactly one. */
export function rulesOf(groups: readonly LevelGroup[]): Readonly<Record<Category, LevelRule>> {
  return Object.fromEntries(
    groups.flatMap(({ level, ownClass, en, zh, article, tag, categories }) =>
      categories.map((category): [Category, LevelRule] => [
        category,
        { level, ownClass, reason: { en, zh }, article, tag },
      ]),
    ),
  ) as Record<Category, LevelRule>;
}
