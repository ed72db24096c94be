import { fault } from '../faults.js';
import { type Pattern, patternOf } from '../regex/pattern.js';

/**
 * Patterns of a JSON Schema run in this process, on whatever a table holds. Throws `InvalidInput` for one that is not portable, and for
 * one with a repeat without end inside another, which can take forever on a short text.
 */
export function checkPatterns(schema: unknown, path: readonly string[]): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [name, value] of Object.entries(schema)) {
    const place = [...path, name];
    if (name === 'pattern' && typeof value === 'string') checkPattern(value, place);
    if (name === 'patternProperties' && typeof value === 'object' && value !== null)
      for (const pattern of Object.keys(value)) checkPattern(pattern, [...place, pattern]);
    checkPatterns(value, place);
  }
}

function checkPattern(source: string, path: readonly string[]): void {
  if (endless(patternOf(source, false, path)) > 1)
    throw fault('the pattern has a repeat inside a repeat, which can take forever', path);
}

/** How deeply repeats without end stand inside each other. */
function endless(pattern: Pattern): number {
  switch (pattern.is) {
    case 'sequence':
    case 'choice':
      return Math.max(0, ...pattern.of.map(endless));
    case 'repeat':
      return endless(pattern.of) + (pattern.most === undefined ? 1 : 0);
    default:
      return 0;
  }
}
