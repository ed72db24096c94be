import { type Pattern, patternOf } from './pattern.js';
import { type RegexGrammar, spell } from './spell.js';

/** The same as a pattern: a length, and a pattern that counts less. */
export interface Counted {
  readonly least: number;
  readonly most?: number;
  readonly pattern: string;
}

/** Counts below this are not worth a second test. */
const WORTH = 4;

/**
 * `^HT[0-9]{16}$` says the same as: 18 characters long, and `^HT[0-9]+$`. PostgreSQL finds a pattern's states anew for each text, and
 * every count is a state of its own, so the second takes a third of the time. Only for a pattern of the whole text in which all but one
 * part have a fixed length: then the length of the text says how long that one is.
 */
export function countedPattern(source: string, ignoreCase: boolean, grammar: RegexGrammar): Counted | undefined {
  const pattern = patternOf(source, ignoreCase, []);
  if (pattern.is !== 'sequence') return undefined;
  const [start, ...parts] = pattern.of;
  const end = parts.pop();
  if (start?.is !== 'start' || end?.is !== 'end') return undefined;
  const lengths = parts.map(fixedLength);
  const open = lengths.flatMap((length, at) => (length === undefined ? [at] : []));
  if (open.length > 1) return undefined;
  const at = open[0] ?? mostCounted(parts);
  const part = parts[at];
  if (part?.is !== 'repeat' || part.of.is !== 'set' || part.least < WORTH) return undefined;
  const others = lengths.reduce<number>((sum, length, place) => sum + (place === at ? 0 : length!), 0);
  const relaxed: Pattern = { is: 'repeat', of: part.of, least: 1 };
  return {
    least: others + part.least,
    ...(part.most === undefined ? {} : { most: others + part.most }),
    pattern: spell({ is: 'sequence', of: [start, ...parts.with(at, relaxed), end] }, grammar),
  };
}

/** How many characters it takes, where that is always the same number. */
function fixedLength(pattern: Pattern): number | undefined {
  switch (pattern.is) {
    case 'set':
      return 1;
    case 'sequence': {
      const lengths = pattern.of.map(fixedLength);
      return lengths.every((length) => length !== undefined)
        ? lengths.reduce((sum, length) => sum + length, 0)
        : undefined;
    }
    case 'choice': {
      const [first, ...others] = pattern.of.map(fixedLength);
      return others.every((length) => length === first) ? first : undefined;
    }
    case 'repeat': {
      const length = fixedLength(pattern.of);
      return pattern.most === pattern.least && length !== undefined ? length * pattern.least : undefined;
    }
    case 'start':
    case 'end':
    case 'boundary':
      return undefined;
    default:
      return pattern satisfies never;
  }
}

const mostCounted = (parts: readonly Pattern[]): number => {
  const counts = parts.map((part) => (part.is === 'repeat' && part.of.is === 'set' ? part.least : 0));
  return counts.indexOf(Math.max(...counts));
};
