/** Characters by their code points, both ends included. */
export type CharacterRange = readonly [low: number, high: number];

const LAST = 0x10ffff;

/** The same characters as ranges in order that do not touch. */
export function merged(ranges: readonly CharacterRange[]): CharacterRange[] {
  const sorted = [...ranges].sort(([one], [other]) => one - other);
  const all: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = all.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else all.push([low, high]);
  }
  return all;
}

/** All other characters that a text can have: neither NUL nor halves of pairs. */
export function complement(ranges: readonly CharacterRange[]): CharacterRange[] {
  const all: CharacterRange[] = [];
  let from = 1;
  for (const [low, high] of merged([...ranges, [0xd800, 0xdfff]])) {
    if (low > from) all.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= LAST) all.push([from, LAST]);
  return all;
}

const properties = new Map<string, readonly CharacterRange[]>();

/** The characters of a Unicode property. Written out, since engines know Unicode in different versions, and some not at all. */
export function property(name: string): readonly CharacterRange[] {
  const known = properties.get(name);
  if (known !== undefined) return known;
  const test = new RegExp(`^\\p{${name}}$`, 'u');
  const found = rangesOf((character) => test.test(character));
  properties.set(name, found);
  return found;
}

function rangesOf(is: (character: string) => boolean): CharacterRange[] {
  const ranges: CharacterRange[] = [];
  let from: number | undefined;
  for (let at = 1; at <= LAST + 1; at++) {
    const inside = at <= LAST && (at < 0xd800 || at > 0xdfff) && is(String.fromCodePoint(at));
    if (inside && from === undefined) from = at;
    if (!inside && from !== undefined) {
      ranges.push([from, at - 1]);
      from = undefined;
    }
  }
  return ranges;
}

let cases: ReadonlyMap<number, readonly number[]> | undefined;

/** Letters that have another case, with what that is. */
function otherCases(): ReadonlyMap<number, readonly number[]> {
  if (cases !== undefined) return cases;
  const found = new Map<number, number[]>();
  for (const [low, high] of property('Changes_When_Casemapped'))
    for (let at = low; at <= high; at++) {
      const character = String.fromCodePoint(at);
      const others = [character.toLowerCase(), character.toUpperCase()]
        .filter((other) => other !== character && [...other].length === 1)
        .map((other) => other.codePointAt(0)!)
        // A sign whose other case is ASCII, such as the Kelvin sign, is no letter of the alphabet.
        .filter((other) => at < 128 || other >= 128);
      if (others.length > 0) found.set(at, others);
    }
  return (cases = found);
}

/** These characters and what they are in the other case. */
export function withBothCases(ranges: readonly CharacterRange[]): CharacterRange[] {
  const added = [...otherCases()].flatMap(([at, others]) =>
    ranges.some(([low, high]) => low <= at && at <= high) ? others.map((other) => [other, other] as const) : [],
  );
  return [...ranges, ...added];
}
