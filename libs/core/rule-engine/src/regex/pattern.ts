import { AST, RegExpParser, RegExpSyntaxError } from '@eslint-community/regexpp';

import { fault } from '../faults.js';
import { complement, type CharacterRange, merged, property, withBothCases } from './characters.js';

/** A pattern that means the same in every engine: what is left when everything is taken out in which they differ. */
export type Pattern =
  | { readonly is: 'sequence' | 'choice'; readonly of: readonly Pattern[] }
  /** Without `most`, any number of times. */
  | { readonly is: 'repeat'; readonly of: Pattern; readonly least: number; readonly most?: number }
  | { readonly is: 'set'; readonly ranges: readonly CharacterRange[]; readonly negated: boolean }
  | { readonly is: 'start' | 'end' | 'boundary' };

const LONGEST = 2_000;
// PostgreSQL counts to 255 and RE2 to 1,000, nested counts multiplied.
const MOST_REPEATS = 255;
const MOST_NESTED_REPEATS = 1_000;
// Above this RE2 refuses to keep the compiled pattern, and PostgreSQL takes seconds to compile it.
const LARGEST = 20_000;

const parser = new RegExpParser({ ecmaVersion: 2025 });

/**
 * Reads a pattern in the part of the grammar that all engines share (that of RE2, without what only some spell): no back-references,
 * no look-around, no possessive quantifiers. Matching says only yes or no, so greed and captures are left out. Throws `InvalidInput`.
 *
 * `.` is every character but a line feed; `^` and `$` are the ends of the text; `\d`, `\w`, `\s`, `\b` know ASCII; `\p{L}` and
 * `\p{Han}` are Unicode. A leading `(?i)` takes small letters for capitals.
 */
export function patternOf(source: string, ignoreCase: boolean, path: readonly string[]): Pattern {
  if ([...source].length > LONGEST) throw fault(`the pattern is longer than ${LONGEST} characters`, path);
  if (/\0|\p{Surrogate}/u.test(source)) throw fault('the pattern has a character that no database stores', path);
  const flagged = source.startsWith('(?i)');
  const body = plainly(flagged ? source.slice(4) : source);
  const reader = new Reader(ignoreCase || flagged, path);
  const pattern = reader.alternatives(parsed(body, source, path).alternatives);
  const { size, repeats } = weightOf(pattern);
  if (repeats > MOST_NESTED_REPEATS)
    throw fault(`the pattern repeats more than ${MOST_NESTED_REPEATS} times, counts inside counts multiplied`, path);
  if (size > LARGEST) throw fault('the pattern is too large for some engines; say it with fewer counts', path);
  return pattern;
}

/** Engines let any sign be escaped that is no letter; the grammar we read with knows only those that mean something. */
const plainly = (source: string): string =>
  source.replaceAll(/\\([\s\S])/g, (escape, sign: string) => {
    if (sign === 'A') return '^';
    if (sign === 'z') return '$';
    return /[ -/:-@[-`{-~]/.test(sign) && !'^$\\.*+?()[]{}|/-'.includes(sign)
      ? `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`
      : sign === '-'
        ? '\\x2d'
        : escape;
  });

function parsed(body: string, source: string, path: readonly string[]): AST.Pattern {
  try {
    return parser.parsePattern(body, 0, body.length, { unicode: true });
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error;
    const reason = error.message.replace(/^Invalid regular expression: .*: /s, '');
    throw fault(`${JSON.stringify(source)} is not a pattern: ${reason.toLowerCase()}`, path);
  }
}

class Reader {
  constructor(
    private readonly ignoreCase: boolean,
    private readonly path: readonly string[],
  ) {}

  alternatives(of: readonly AST.Alternative[]): Pattern {
    const parts = of.map(({ elements }): Pattern => {
      const each = elements.map((element) => this.element(element));
      return each.length === 1 ? each[0]! : { is: 'sequence', of: each };
    });
    return parts.length === 1 ? parts[0]! : { is: 'choice', of: parts };
  }

  private element(node: AST.Element): Pattern {
    switch (node.type) {
      case 'Character':
      case 'CharacterSet':
        return this.set(this.ranges(node), false);
      case 'CharacterClass':
        return this.set(
          node.elements.flatMap((each) =>
            each.type === 'CharacterClassRange'
              ? [[each.min.value, each.max.value] as const]
              : each.type === 'Character' || each.type === 'CharacterSet'
                ? this.ranges(each)
                : this.refuse('sets of texts'),
          ),
          node.negate,
        );
      case 'CapturingGroup':
        return this.alternatives(node.alternatives);
      case 'Group':
        return node.modifiers === null ? this.alternatives(node.alternatives) : this.refuse('flags inside it');
      case 'Quantifier':
        return this.quantified(node);
      case 'Assertion':
        switch (node.kind) {
          case 'start':
          case 'end':
            return { is: node.kind };
          case 'word':
            // RE2 looks for it between the bytes of a character, too.
            return node.negate ? this.refuse('\\B') : { is: 'boundary' };
          default:
            return this.refuse('look-ahead or look-behind');
        }
      case 'Backreference':
        return this.refuse('a reference to a group');
      default:
        return this.refuse('a set of sets');
    }
  }

  private quantified({ element, min, max }: AST.Quantifier): Pattern {
    if (min > MOST_REPEATS || (max !== Infinity && max > MOST_REPEATS))
      throw fault(`the pattern counts beyond ${MOST_REPEATS}, which is where some engines end`, this.path);
    const of = this.element(element);
    return { is: 'repeat', of, least: min, ...(max === Infinity ? {} : { most: max }) };
  }

  private ranges(node: AST.Character | AST.CharacterSet): readonly CharacterRange[] {
    if (node.type === 'Character') return [[node.value, node.value]];
    switch (node.kind) {
      case 'any':
        return complement([[10, 10]]);
      case 'digit':
        return orNot([[48, 57]], node.negate);
      case 'word':
        return orNot(WORD, node.negate);
      case 'space':
        return orNot(
          [
            [9, 13],
            [32, 32],
          ],
          node.negate,
        );
      case 'property': {
        const { key, value } = node;
        const found = property(value === null ? key : `${key}=${value}`);
        return orNot(found, node.negate);
      }
      default:
        return node satisfies never;
    }
  }

  private set(ranges: readonly CharacterRange[], negated: boolean): Pattern {
    const all = merged(this.ignoreCase ? withBothCases(ranges) : ranges);
    if (all.some(([low, high]) => low === 0 && high === 0))
      throw fault('the pattern has a character that no database stores', this.path);
    return { is: 'set', ranges: all, negated };
  }

  private refuse(what: string): never {
    throw fault(`the pattern has ${what}, which not every engine knows`, this.path);
  }
}

export const WORD: readonly CharacterRange[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];

const orNot = (ranges: readonly CharacterRange[], negate: boolean) => (negate ? complement(ranges) : ranges);

/** How large it is when every count is written out, and how often the most repeated part is repeated. */
function weightOf(pattern: Pattern): { size: number; repeats: number } {
  switch (pattern.is) {
    case 'sequence':
    case 'choice': {
      const parts = pattern.of.map(weightOf);
      return {
        size: parts.reduce((sum, { size }) => sum + size, 1),
        repeats: Math.max(1, ...parts.map(({ repeats }) => repeats)),
      };
    }
    case 'repeat': {
      const times = Math.max(pattern.most ?? pattern.least, 1);
      const { size, repeats } = weightOf(pattern.of);
      return { size: size * times, repeats: repeats * times };
    }
    case 'set':
      return { size: pattern.ranges.length, repeats: 1 };
    default:
      return { size: 1, repeats: 1 };
  }
}
