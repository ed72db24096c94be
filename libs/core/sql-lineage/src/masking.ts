/** Functions whose result does not give their argument away. */
const MASKS =
  /\b(?:md5|sha|sha1|sha2|sha224|sha256|sha384|sha512|hash|xxhash64|murmur_hash|crc32|hashbytes|standard_hash|ora_hash|mask\w*|digest|sm3)\s*\(/i;

/**
 * Whether an expression hides what goes into it: true when all of it is the call of a hash or masking function, false when there is none in it,
 * undefined when there is one somewhere inside and nobody can tell.
 */
export function masks(expression: string | undefined): boolean | undefined {
  if (expression === undefined) return false;
  const found = MASKS.exec(expression);
  if (found === null) return false;
  return found.index === 0 && closes(expression, found[0].length - 1) === expression.trimEnd().length - 1
    ? true
    : undefined;
}

/** Where the parenthesis that opens at an offset closes; strings may hold others. */
function closes(text: string, open: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = open; at < text.length; at++) {
    const sign = text[at];
    if (sign === "'") quoted = !quoted;
    else if (!quoted && sign === '(') depth++;
    else if (!quoted && sign === ')' && --depth === 0) return at;
  }
  return -1;
}
