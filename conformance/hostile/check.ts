import { type WrittenDialect } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

import { type Place } from './places.js';
import { NotParsed, shapeOf } from './shape.js';

export type Outcome = 'same' | 'refused';

// Of Oracle's literals, which are cut into pieces: equally many pieces for texts of equal length.
const PIECE = 700;

const baselines = new Map<string, readonly string[]>();

/** What the rule looks like with a harmless text in the same place, of about the same length: plain, or written by its bytes. */
function baseline(place: Place, text: string, dialect: WrittenDialect, sign: 'a' | '汉'): readonly string[] {
  const pieces = Math.max(1, Math.ceil(text.length / PIECE));
  const key = JSON.stringify([place.kind, place.path, dialect, sign, pieces, text === '']);
  const known = baselines.get(key);
  if (known !== undefined) return known;
  const harmless = text === '' ? '' : sign.repeat(pieces === 1 ? 1 : (pieces - 1) * PIECE + 1);
  const shapes = place.write(harmless, dialect).map((sql) => shapeOf(sql, dialect));
  baselines.set(key, shapes);
  return shapes;
}

/**
 * Puts a text into a place and compares. Throws when the text changed more than a literal: an error with the statement.
 */
export function checkPlace(place: Place, text: string, dialect: WrittenDialect): Outcome {
  let statements: readonly string[];
  try {
    statements = place.write(text, dialect);
  } catch (error) {
    if (error instanceof InvalidInput && error.message.endsWith('.')) return 'refused';
    throw error;
  }
  if (/\0|\p{Surrogate}/u.test(text))
    throw new Error(`${place.kind} ${place.path} takes ${JSON.stringify(text)}, which no database stores`);
  const shapes = statements.map((sql) => shapeOf(sql, dialect));
  const same = (['a', '汉'] as const).some((sign) => {
    const expected = baseline(place, text, dialect, sign);
    return shapes.length === expected.length && shapes.every((shape, at) => shape === expected[at]);
  });
  if (!same)
    throw new NotParsed(
      `${place.kind} ${place.path} in ${dialect}: ${JSON.stringify(text.slice(0, 200))} changes the shape of\n${statements.join('\n;\n').slice(0, 4_000)}`,
    );
  return 'same';
}
