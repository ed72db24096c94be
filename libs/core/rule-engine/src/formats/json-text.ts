import { any, matches, type Term, type Test } from '../sql/term.js';

const BLANK = '[ \\t\\n\\r]*';
const VALUE = '(?:0|"")';
const LIST = `\\[${BLANK}(?:${VALUE}${BLANK}(?:,${BLANK}${VALUE}${BLANK})*)?\\]`;
const MEMBER = `""${BLANK}:${BLANK}${VALUE}${BLANK}`;
const OBJECT = `\\{${BLANK}(?:${MEMBER}(?:,${BLANK}${MEMBER})*)?\\}`;

export const DEEPEST_JSON = 16;

const replaced = (of: Term, pattern: string, by: string): Term => ({ is: 'replaced', of, pattern, by });

/**
 * Whether a text is a JSON document (RFC 8259). Engines' own functions disagree: DuckDB lets NaN and a comma too many pass,
 * PostgreSQL before 16 has none that does not throw. So the text is taken apart: its texts become `""`, its numbers and words `0`,
 * and then what holds only such parts becomes `0`, from inside to outside. What is left of a document is one part.
 */
export function isJson(of: Term): Test {
  const texts = replaced(of, '"(?:[^"\\\\\\x01-\\x1f]|\\\\["\\\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*"', '""');
  const numbers = replaced(texts, '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null', '0');
  const folded = (levels: number): Test => {
    let of = numbers;
    for (let level = 0; level < levels; level++) of = replaced(of, `${LIST}|${OBJECT}`, '0');
    return matches(of, `^${BLANK}${VALUE}${BLANK}$`);
  };
  // Most documents are flat.
  return any(folded(3), folded(DEEPEST_JSON));
}
