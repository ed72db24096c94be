import { check } from '#core/json-schema';

import { type Definition, DefinitionSchema } from './definition.js';
import { mapColumns, type SideFacts } from './mapped.js';
import { cutoffMoment } from './moments.js';
import { SideStatements } from './statements.js';

const checkShape = check(DefinitionSchema, 'The definition');

/**
 * Checks a definition from outside, so far that it could run on two datasets as they are. Throws `InvalidInput` with the place of each
 * fault.
 */
export function checkDefinition(input: unknown, left: SideFacts, right: SideFacts, now: Date): Definition {
  const definition = checkShape(input);
  const mapped = mapColumns(definition, left.facts, right.facts);
  const cutoff = definition.cutoff && cutoffMoment(definition.cutoff.until, now);
  for (const [name, side] of [
    ['left', left],
    ['right', right],
  ] as const) {
    const statements = new SideStatements(name, side, mapped, definition, cutoff, now);
    if (mapped.keys.length > 0) statements.values([], 1);
  }
  return definition;
}
