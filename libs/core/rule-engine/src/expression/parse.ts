import { decimalText, toDecimal } from '../exact.js';
import {
  CAST_TYPES,
  type CastType,
  type Comparison,
  type Expression,
  type LiteralValue,
  LONGEST_CONDITION,
  type Operand,
} from '../expression.js';
import { fault } from '../faults.js';
import { type Keyword, type Token, tokensOf } from './tokens.js';

/** Half of what was read: a condition, or a value that may become one. `grouped` says that it stood in parentheses. */
type Part =
  | { readonly is: 'test'; readonly node: Expression; readonly at: number; readonly grouped?: boolean }
  | { readonly is: 'value'; readonly node: Operand; readonly at: number; readonly grouped?: boolean };

const COMPARED: Readonly<Record<string, Comparison>> = {
  '=': 'eq',
  '==': 'eq',
  '<>': 'ne',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
};
const ARITHMETIC: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
};

/** How strongly a sign or word binds what stands on its two sides. */
const POWER = { or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, sign: 7 } as const;

// A parser that calls itself must not be led into its stack's end.
const DEEPEST = 60;

/**
 * Reads a condition as people write it. Throws `InvalidInput` that says where it is not understood, and what was expected there.
 *
 * @example
 * parse(`status = 'open' and not (opened is null or 省份 in ('北京', '上海'))`)
 */
export function parse(source: string, path: readonly string[] = []): Expression {
  if (source.length > LONGEST_CONDITION)
    throw fault(`the condition is longer than ${LONGEST_CONDITION} characters`, path);
  return new Parser(source, path).whole();
}

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly path: readonly string[],
  ) {
    this.tokens = tokensOf(source, (message, at) => this.refuse(message, at));
  }

  whole(): Expression {
    const part = this.part(0);
    const token = this.token;
    if (token.is !== 'end') this.expected('and, or, or the end', token);
    return this.testOf(part);
  }

  /** Reads on while what comes binds stronger than `power`. */
  private part(power: number): Part {
    if (++this.depth > DEEPEST) this.refuse(`the condition is nested deeper than ${DEEPEST} levels`, this.token.at);
    let left = this.first();
    for (let more = this.after(left, power); more !== undefined; more = this.after(left, power)) left = more;
    this.depth--;
    return left;
  }

  /** What can stand at the beginning. */
  private first(): Part {
    const token = this.take();
    const { at } = token;
    const value = (node: Operand): Part => ({ is: 'value', node, at });
    switch (token.is) {
      case 'number':
        return value({ literal: numberOf(token.text, '') });
      case 'text':
        return value({ literal: token.value });
      case 'name':
        return !token.quoted && this.isSign('(') ? value(this.call(token.text)) : value({ column: token.name });
      case 'sign':
        if (token.text === '(') return this.inParentheses(at);
        if (token.text === '-') return this.negative(at);
        return this.expected('a value', token);
      case 'keyword':
        switch (token.word) {
          case 'not':
            return { is: 'test', node: { op: 'not', arg: this.testOf(this.part(POWER.not)) }, at };
          case 'true':
          case 'false':
            return value({ literal: token.word === 'true' });
          case 'null':
            return value({ literal: null });
          case 'case':
            return value(this.caseOf());
          case 'cast':
            return value(this.cast());
          default:
            return this.expected('a value', token);
        }
      case 'end':
        return this.expected('a value', token);
      default:
        return token satisfies never;
    }
  }

  /** What can follow, if it binds stronger than `power`. */
  private after(left: Part, power: number): Part | undefined {
    const token = this.token;
    const { at } = left;
    if (token.is === 'keyword' && (token.word === 'and' || token.word === 'or')) {
      if (POWER[token.word] <= power) return undefined;
      this.take();
      return { is: 'test', node: this.chain(token.word, left, this.part(POWER[token.word])), at };
    }
    if (token.is === 'keyword' && power < POWER.comparison) {
      const node = this.predicate(left, token.word);
      return node === undefined ? undefined : { is: 'test', node, at };
    }
    if (token.is !== 'sign') return undefined;
    const by = COMPARED[token.text];
    if (by !== undefined) {
      if (power >= POWER.comparison) return undefined;
      this.take();
      const right = this.valueOf(this.part(POWER.comparison));
      return { is: 'test', node: { op: by, left: this.valueOf(left), right }, at };
    }
    const call = ARITHMETIC[token.text];
    if (call === undefined) return undefined;
    const binds = token.text === '+' || token.text === '-' ? POWER.sum : POWER.product;
    if (binds <= power) return undefined;
    this.take();
    return { is: 'value', node: { call, args: [this.valueOf(left), this.valueOf(this.part(binds))] }, at };
  }

  /** `a and b and c` is one condition with three parts; `(a and b) and c` is what it looks like. */
  private chain(op: 'and' | 'or', left: Part, right: Part): Expression {
    const one = this.testOf(left);
    const other = this.testOf(right);
    return one.op === op && left.grouped !== true ? { op, args: [...one.args, other] } : { op, args: [one, other] };
  }

  private predicate(left: Part, word: Keyword): Expression | undefined {
    switch (word) {
      case 'is': {
        this.take();
        const not = this.takeIf('not');
        const value = this.valueOf(left);
        const truth = this.takeIf('true') ? true : this.takeIf('false') ? false : undefined;
        if (truth !== undefined) return negated(not, isTruth(value, truth));
        this.expectWord('null');
        return negated(not, { op: 'is_null', value });
      }
      case 'not': {
        this.take();
        const token = this.token;
        const said = token.is === 'keyword' ? this.positive(left, token.word) : undefined;
        return negated(true, said ?? this.expected('in, between, like or matches', token));
      }
      default:
        return this.positive(left, word);
    }
  }

  private positive(left: Part, word: Keyword): Expression | undefined {
    switch (word) {
      case 'in':
        this.take();
        return { op: 'in', value: this.valueOf(left), list: this.list() };
      case 'between': {
        this.take();
        const min = this.valueOf(this.part(POWER.comparison));
        this.expectWord('and');
        return { op: 'between', value: this.valueOf(left), min, max: this.valueOf(this.part(POWER.comparison)) };
      }
      case 'like':
      case 'matches': {
        this.take();
        const token = this.take();
        if (token.is !== 'text') return this.expected(`a pattern in quotes after ${word}`, token);
        return { op: word, value: this.valueOf(left), pattern: token.value };
      }
      default:
        return undefined;
    }
  }

  private list(): (LiteralValue | null)[] {
    this.expectSign('(');
    const values: (LiteralValue | null)[] = [];
    do values.push(this.literal());
    while (this.takeSign(','));
    this.expectSign(')');
    return values;
  }

  private literal(): LiteralValue | null {
    const token = this.take();
    if (token.is === 'text') return token.value;
    if (token.is === 'number') return numberOf(token.text, '');
    if (token.is === 'keyword' && token.word === 'null') return null;
    if (token.is === 'keyword' && (token.word === 'true' || token.word === 'false')) return token.word === 'true';
    if (token.is === 'sign' && token.text === '-' && this.token.is === 'number') return numberOf(this.take().text, '-');
    return this.expected('a text in quotes, a number, true, false or null', token);
  }

  private inParentheses(at: number): Part {
    const inside = this.part(0);
    this.expectSign(')');
    return { ...inside, at, grouped: true };
  }

  private negative(at: number): Part {
    if (this.token.is === 'number') return { is: 'value', node: { literal: numberOf(this.take().text, '-') }, at };
    return { is: 'value', node: { call: 'negate', args: [this.valueOf(this.part(POWER.sign))] }, at };
  }

  private call(name: string): Operand {
    this.expectSign('(');
    const args: Operand[] = [];
    if (!this.isSign(')'))
      do args.push(this.valueOf(this.part(0)));
      while (this.takeSign(','));
    this.expectSign(')');
    return { call: name.toLowerCase(), args };
  }

  private cast(): Operand {
    this.expectSign('(');
    const of = this.valueOf(this.part(0));
    this.expectWord('as');
    const token = this.take();
    const as = token.is === 'name' ? CAST_TYPES.find((type) => type === token.name.toLowerCase()) : undefined;
    if (as === undefined) return this.expected(`one of ${CAST_TYPES.join(', ')}`, token);
    this.expectSign(')');
    return { cast: of, as: as satisfies CastType };
  }

  private caseOf(): Operand {
    const whens: { when: Expression; then: Operand }[] = [];
    this.expectWord('when');
    do {
      const when = this.testOf(this.part(0));
      this.expectWord('then');
      whens.push({ when, then: this.valueOf(this.part(0)) });
    } while (this.takeIf('when'));
    const otherwise = this.takeIf('else') ? this.valueOf(this.part(0)) : undefined;
    this.expectWord('end');
    return { case: whens, ...(otherwise === undefined ? {} : { else: otherwise }) };
  }

  private testOf(part: Part): Expression {
    return part.is === 'test' ? part.node : { op: 'truth', value: part.node };
  }

  private valueOf(part: Part): Operand {
    return part.is === 'value' ? part.node : this.refuse('here a value is needed, and this is a condition', part.at);
  }

  private get token(): Token {
    // The last one says that there are no more, and is never passed.
    return this.tokens[this.next]!;
  }

  private take(): Token {
    const token = this.token;
    if (token.is !== 'end') this.next++;
    return token;
  }

  private isSign(text: string): boolean {
    const token = this.token;
    return token.is === 'sign' && token.text === text;
  }

  private takeSign(text: string): boolean {
    const is = this.isSign(text);
    if (is) this.take();
    return is;
  }

  private takeIf(word: Keyword): boolean {
    const token = this.token;
    const is = token.is === 'keyword' && token.word === word;
    if (is) this.take();
    return is;
  }

  private expectSign(text: string): void {
    if (!this.takeSign(text)) this.expected(`"${text}"`, this.token);
  }

  private expectWord(word: Keyword): void {
    if (!this.takeIf(word)) this.expected(word, this.token);
  }

  private expected(what: string, { text, at }: Token): never {
    return this.refuse(`${what} is expected${text === '' ? '' : ` instead of ${shortened(text)}`}`, at);
  }

  private refuse(message: string, at: number): never {
    // Characters as people count them, from 1.
    const place = [...this.source.slice(0, at)].length + 1;
    const where = at >= this.source.length ? 'at its end' : `at character ${place}`;
    throw fault(`the condition is not understood ${where}: ${message}`, this.path);
  }
}

/** `x is true` is false where x is absent, not unknown. */
const isTruth = (value: Operand, truth: boolean): Expression => ({
  op: 'and',
  args: [{ op: 'not', arg: { op: 'is_null', value } }, negated(!truth, { op: 'truth', value })],
});

const negated = (not: boolean, node: Expression): Expression => (not ? { op: 'not', arg: node } : node);

const shortened = (text: string): string => ([...text].length > 20 ? `${[...text].slice(0, 20).join('')}…` : text);

/** A number if that is exactly what is written; the writing itself, as a text, if a double would be another number. */
function numberOf(text: string, sign: '' | '-'): LiteralValue {
  const written = toDecimal(text.startsWith('.') ? `0${text}` : text);
  const number = Number(`${sign}${text}`);
  const read = Number.isFinite(number) ? toDecimal(number) : undefined;
  if (written === undefined) return `${sign}${text}`;
  const exact = decimalText({ ...written, units: sign === '-' ? -written.units : written.units });
  return read !== undefined && same(decimalText(read), exact) ? number + 0 : exact;
}

const same = (one: string, other: string): boolean => trimmed(one) === trimmed(other);
const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
