import { Unreadable } from './unreadable.js';
import { type Entry, Value } from './value.js';

/** What was put up with although it is no JSON. */
export interface Lenience {
  readonly code: 'comment' | 'trailing-comma' | 'missing-comma' | 'full-width' | 'quotes' | 'placeholder';
  readonly offset: number;
}

export interface LenientJson {
  readonly value: Value;
  readonly lenience: readonly Lenience[];
}

const MOST_DEPTH = 200;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/**
 * Reads JSON as people write it by hand: with comments, commas too many or too few, single quotes, names without quotes, line breaks in
 * strings, full-width signs, `...` for what they left out. Each such place is told. Throws {@link Unreadable} where no value can be made out.
 *
 * @param at where the character at an offset stands in the file, when the text is itself a string in a file.
 */
export function readLenientJson(text: string, at: (offset: number) => number = (offset) => offset): LenientJson {
  const reader = new Reader(text, at);
  const value = reader.document();
  return { value, lenience: reader.lenience };
}

class Reader {
  readonly lenience: Lenience[] = [];
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly at: (offset: number) => number,
  ) {
    if (text.startsWith('\uFEFF')) this.position = 1;
  }

  document(): Value {
    this.skip();
    const value = this.value(0);
    this.skip();
    if (this.position < this.text.length) this.refuse(`${this.here()} stands behind the end of the JSON.`);
    return value;
  }

  private value(depth: number): Value {
    if (depth > MOST_DEPTH) this.refuse(`More than ${MOST_DEPTH} values stand in each other.`);
    const sign = this.text[this.position];
    if (sign === '{') return this.object(depth);
    if (sign === '[') return this.array(depth);
    if (sign === '"' || sign === "'") return this.string(sign);
    return this.bare();
  }

  private object(depth: number): Value {
    const start = this.position++;
    const entries: Entry[] = [];
    for (;;) {
      this.skip();
      if (this.text[this.position] === '}') break;
      if (this.leftOut()) continue;
      const key = this.key();
      this.skip();
      if (this.text[this.position] === '：') this.note('full-width');
      else if (this.text[this.position] !== ':')
        this.refuse(`A colon is missing behind "${key}", before ${this.here()}.`);
      this.position++;
      this.skip();
      entries.push({ key, value: this.value(depth + 1) });
      this.between('}');
    }
    return this.made('object', start, ++this.position, { entries });
  }

  private array(depth: number): Value {
    const start = this.position++;
    const items: Value[] = [];
    for (;;) {
      this.skip();
      if (this.text[this.position] === ']') break;
      if (this.leftOut()) continue;
      items.push(this.value(depth + 1));
      this.between(']');
    }
    return this.made('array', start, ++this.position, { items });
  }

  private key(): string {
    const sign = this.text[this.position];
    if (sign === '"' || sign === "'") return this.string(sign).text ?? '';
    const name = /[\p{L}\p{N}_$.-]+/uy;
    name.lastIndex = this.position;
    const found = name.exec(this.text)?.[0];
    if (found === undefined) return this.refuse(`A name should stand where ${this.here()} is.`);
    this.note('quotes');
    this.position += found.length;
    return found;
  }

  /** What stands between two members: a comma, or nothing where somebody forgot it. */
  private between(end: string): void {
    this.skip();
    if (this.isComma()) {
      const comma = this.position++;
      this.skip();
      if (this.text[this.position] === end) this.note('trailing-comma', comma);
      // Two commas are one.
      while (this.isComma()) {
        this.note('trailing-comma');
        this.position++;
        this.skip();
      }
      return;
    }
    if (this.text[this.position] === end) return;
    if (this.position >= this.text.length) this.refuse(`The text ends before "${end}".`);
    if (!/["'{[\p{L}\p{N}_$-]/u.test(this.text[this.position] ?? ''))
      this.refuse(`A comma or "${end}" should stand where ${this.here()} is.`);
    this.note('missing-comma');
  }

  private isComma(): boolean {
    const sign = this.text[this.position];
    if (sign === '，') this.note('full-width');
    return sign === ',' || sign === '，';
  }

  /** `...` in an example: something was left out. */
  private leftOut(): boolean {
    const dots = /\.{3,}|…/y;
    dots.lastIndex = this.position;
    const found = dots.exec(this.text)?.[0];
    if (found === undefined) return false;
    this.note('placeholder');
    this.position += found.length;
    this.skip();
    if (this.text[this.position] === ',') this.position++;
    return true;
  }

  private string(quote: string): Value {
    if (quote === "'") this.note('quotes');
    const start = this.position++;
    let text = '';
    /** Pairs of an offset in `text` and the offset in the source from which on they go together. */
    const marks: number[] = [0, this.position];
    for (let from = this.position; ;) {
      const sign = this.text[this.position];
      if (sign === undefined) return this.refuse('A string is not closed.', start);
      if (sign !== quote && sign !== '\\') {
        this.position++;
        continue;
      }
      text += this.text.slice(from, this.position);
      if (sign === quote) {
        this.position++;
        break;
      }
      text += this.escape();
      from = this.position;
      marks.push(text.length, from);
    }
    return this.made('string', start, this.position, { text, at: mapping(marks, this.at) });
  }

  private escape(): string {
    const sign = this.text[this.position + 1] ?? '';
    this.position += 2;
    if (sign !== 'u') return ESCAPES[sign] ?? sign;
    const code = this.text.slice(this.position, this.position + 4);
    if (!/^[0-9a-f]{4}$/i.test(code)) return 'u';
    this.position += 4;
    return String.fromCharCode(Number.parseInt(code, 16));
  }

  /** A number, true, false, null; or a word that should have quotes, such as `${channel}`. */
  private bare(): Value {
    const start = this.position;
    const word = /\$\{[^}\n]*\}|[^\s,:，：{}[\]"'/]+(?:\/(?![/*])[^\s,:，：{}[\]"'/]*)*/y;
    word.lastIndex = start;
    const text = word.exec(this.text)?.[0];
    if (text === undefined) return this.refuse(`A value should stand where ${this.here()} is.`);
    this.position += text.length;
    const kind = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)
      ? 'number'
      : text === 'true' || text === 'false'
        ? 'boolean'
        : text === 'null'
          ? 'null'
          : 'string';
    if (kind === 'string') this.note('quotes', start);
    return this.made(kind, start, this.position, { text, at: (offset) => this.at(start + offset) });
  }

  private made(kind: Value['kind'], start: number, end: number, parts: ConstructorParameters<typeof Value>[3]): Value {
    return new Value(kind, this.at(start), this.at(end), parts);
  }

  /** Blanks and comments. */
  private skip(): void {
    for (;;) {
      while (/\s|\u00a0|\u3000/.test(this.text[this.position] ?? '')) this.position++;
      const two = this.text.slice(this.position, this.position + 2);
      if (two === '//' || two.startsWith('#')) {
        this.note('comment');
        const end = this.text.indexOf('\n', this.position);
        this.position = end < 0 ? this.text.length : end;
      } else if (two === '/*') {
        this.note('comment');
        const end = this.text.indexOf('*/', this.position + 2);
        if (end < 0) this.refuse('A comment is not closed.');
        this.position = end + 2;
      } else return;
    }
  }

  private note(code: Lenience['code'], offset = this.position): void {
    this.lenience.push({ code, offset: this.at(offset) });
  }

  private here(): string {
    const sign = this.text[this.position];
    return sign === undefined ? 'the end of the text' : JSON.stringify(sign);
  }

  private refuse(message: string, offset = this.position): never {
    throw new Unreadable(message, this.at(offset));
  }
}

/** Where the characters of a string stand: it has pieces that go together, each beginning at a mark. */
function mapping(marks: readonly number[], at: (offset: number) => number): (offset: number) => number {
  return (offset) => {
    let [low, high] = [0, marks.length / 2 - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (marks[2 * middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return at(marks[2 * low + 1]! + offset - marks[2 * low]!);
  };
}
