import { type SnapshotOptions } from './harvested.js';

/** Tells for a scope's name whether a snapshot with these options reads it. */
export function scopeFilter({ include, exclude = [], only, skip = [] }: SnapshotOptions): (scope: string) => boolean {
  const wanted = include?.map(globPattern);
  const asked = only?.map(globPattern);
  const unwanted = exclude.map(globPattern);
  const passedBy = new Set(skip);
  return (scope) =>
    !passedBy.has(scope) &&
    (wanted?.some((pattern) => pattern.test(scope)) ?? true) &&
    (asked?.some((pattern) => pattern.test(scope)) ?? true) &&
    !unwanted.some((pattern) => pattern.test(scope));
}

// Runs of stars become one: `**…*x` would otherwise backtrack for ages.
function globPattern(glob: string): RegExp {
  const source = glob
    .replaceAll(/\*+/g, '*')
    .replaceAll(/[\\^$.|+()[\]{}/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su');
}
