/** Where a rule as a whole is kept in a contract that is written here, in `customProperties` of its check. */
export const RULE_PROPERTY = 'plumblineRule';
/** The `engine` of checks that the standard's own metrics cannot say. */
export const ENGINE = 'plumbline';

/** Dimensions of the standard and ours; `coverage` is the one that has no equal. */
export const DIMENSIONS = [
  ['accuracy', 'accuracy'],
  ['completeness', 'completeness'],
  ['conformity', 'validity'],
  ['consistency', 'consistency'],
  ['timeliness', 'timeliness'],
  ['uniqueness', 'uniqueness'],
] as const;

/** The standard leaves the words open; the first of each line is the one that is written. */
const SEVERITIES: Readonly<Record<string, readonly string[]>> = {
  S1: ['critical', 'blocker'],
  S2: ['error', 'high', 'major'],
  S3: ['warning', 'warn', 'medium'],
  S4: ['info', 'low', 'minor'],
};

export const severityOf = (word: string): string | undefined =>
  Object.keys(SEVERITIES).find((level) => SEVERITIES[level]!.includes(word.toLowerCase()));

export const severityWord = (level: string): string | undefined => SEVERITIES[level]?.[0];
