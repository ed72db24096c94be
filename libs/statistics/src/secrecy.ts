import {
  type Category,
  dropOrMask,
  highestLevel,
  type Level,
  maskValue,
  HIDDEN,
  SHOWING_POLICY,
} from '#core/sensitive-data';

/** What may be kept of a field's values: as they are, masked, or nothing. */
export const SHOWN = ['values', 'masked', 'withheld'] as const;
export type Shown = (typeof SHOWN)[number];

/** What is known of how secret a field's values are. */
export interface Secrecy {
  readonly level: Level;
  /** Says how its values are masked; null: they cannot be. */
  readonly category: Category | null;
  readonly shown: Shown;
  /** Means and lengths may be kept, where enough rows have a part in them. */
  readonly aggregates: boolean;
}

/** What detectors think of a field and people have not rejected. */
export interface Suspicion {
  readonly category: Category;
  readonly level: Level;
  readonly score: number;
  readonly accepted: boolean;
}

const rank = (level: Level) => Number(level.slice(1));

/**
 * How secret a field is: what people said of it, and what they have not rejected yet, whichever is higher. A field of
 * which nothing is known is taken for one of the level `unknown`: a strict one, since no detector finds everything.
 */
export function secrecyOf(stated: Level | null, suspicions: readonly Suspicion[], unknown: Level): Secrecy {
  const level = highestLevel([stated, ...suspicions.map((each) => each.level)]) ?? unknown;
  const [likeliest] = [...suspicions].sort((a, b) => Number(b.accepted) - Number(a.accepted) || b.score - a.score);
  const category = likeliest?.category ?? null;
  const isOpen = rank(level) < rank(SHOWING_POLICY.maskFrom);
  const isSecret = rank(level) >= rank(SHOWING_POLICY.dropFrom);
  const canMask = !isSecret && category !== null && showsSomething(category);
  return { level, category, shown: isOpen ? 'values' : canMask ? 'masked' : 'withheld', aggregates: !isSecret };
}

/** Whether a category's mask leaves anything to see, of at least one of these. */
const showsSomething = (category: Category) =>
  ['110105199003070000', 'somebody@example.com', '1990-03-07', '10.11.12.13', '00:11:22:33:44:55', '31.230416'].some(
    (value) => maskValue(category, value) !== HIDDEN,
  );

/** Longer ones are cut before they are kept. */
const LONGEST = 200;

/** What is kept of a value; null: nothing. */
export function keptOf({ level, category, shown }: Secrecy, value: string | undefined): string | null {
  if (value === undefined || shown === 'withheld') return null;
  const kept = dropOrMask(level, category, value.slice(0, LONGEST));
  return kept === HIDDEN ? null : kept;
}
