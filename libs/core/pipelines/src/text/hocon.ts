import { Unreadable } from './unreadable.js';
import { type Entry, Value } from './value.js';

/** Something that is HOCON, but is not followed here; or that is none, and was put up with. */
export interface HoconRemark {
  readonly code: 'include' | 'substitution' | 'missing-comma';
  readonly text: string;
  readonly offset: number;
}

export interface Hocon {
  readonly value: Value;
  readonly remarks: readonly HoconRemark[];
}

const MOST_DEPTH = 200;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
/** SeaTunnel keeps each plugin of these blocks, also when two have one name; elsewhere objects of one name are one. */
const BLOCKS = ['env', 'source', 'transform', 'sink'];

/**
 * Reads the HOCON that configurations are written in: objects with and without braces, `=`, `:` or nothing, comments, all kinds of strings,
 * lists, `+=`, values put together of pieces. A dotted name stays one name (`job.mode`). `${x}` is filled from what stands before it in the
 * text, and otherwise stays as it is, as a parameter. Files that are included are not read; that is told. JSON is HOCON.
 *
 * @param at where the character at an offset stands in the file, when the text is itself a string in a file.
 */
export function readHocon(text: string, at: (offset: number) => number = (offset) => offset): Hocon {
  const reader = new Reader(text, at);
  return { value: reader.document(), remarks: reader.remarks };
}

class Reader {
  readonly remarks: HoconRemark[] = [];
  private position = 0;
  private readonly root: Entry[] = [];

  constructor(
    private readonly text: string,
    private readonly at: (offset: number) => number,
  ) {
    if (text.startsWith('\uFEFF')) this.position = 1;
  }

  document(): Value {
    this.skip();
    const braces = this.text[this.position] === '{';
    const start = this.position;
    if (braces) this.position++;
    this.entries(this.root, braces ? '}' : undefined, 0, false);
    this.skip();
    if (this.position < this.text.length) this.refuse(`${this.here()} stands behind the end of the configuration.`);
    return this.made('object', start, this.position, { entries: this.root });
  }

  private entries(entries: Entry[], end: string | undefined, depth: number, keepAll: boolean): void {
    if (depth > MOST_DEPTH) this.refuse(`More than ${MOST_DEPTH} values stand in each other.`);
    const opened = this.position;
    for (;;) {
      this.skip();
      while (this.text[this.position] === ',') {
        this.position++;
        this.skip();
      }
      if (this.position >= this.text.length) {
        if (end !== undefined) this.refuse('A brace is not closed.', Math.max(0, opened - 1));
        return;
      }
      if (this.text[this.position] === end) {
        this.position++;
        return;
      }
      if (!this.included()) this.entry(entries, depth, keepAll);
    }
  }

  private entry(entries: Entry[], depth: number, keepAll: boolean): void {
    const key = this.key();
    this.blanks();
    const append = this.text.startsWith('+=', this.position);
    if (append) this.position += 2;
    else if (this.text[this.position] === '=' || this.text[this.position] === ':') this.position++;
    else {
      this.skip();
      if (this.text[this.position] !== '{') this.refuse(`"=" or "{" is missing behind "${key}".`);
    }
    this.skip();
    const [block, ...rest] = key.split('.');
    const inBlock = depth === 0 && rest.length > 0 && BLOCKS.includes(block!);
    const value = this.value(depth + 1, depth === 0 && key !== 'env' && BLOCKS.includes(key));
    if (inBlock) {
      const inner = new Value('object', value.start, value.end, { entries: [{ key: rest.join('.'), value }] });
      this.add(entries, block!, inner, false);
    } else if (append) this.add(entries, key, this.appended(entries, key, value), false);
    else this.add(entries, key, value, keepAll);
  }

  private appended(entries: readonly Entry[], key: string, value: Value): Value {
    const before = entries.findLast((entry) => entry.key === key)?.value;
    return new Value('array', before?.start ?? value.start, value.end, { items: [...(before?.items ?? []), value] });
  }

  /** A later value replaces an earlier one; two objects become one. */
  private add(entries: Entry[], key: string, value: Value, keepAll: boolean): void {
    const index = keepAll ? -1 : entries.findIndex((entry) => entry.key === key);
    if (index < 0) {
      entries.push({ key, value });
      return;
    }
    entries[index] = { key, value: merged(entries[index]!.value, value) };
  }

  /** A value: one piece, or several on one line that are put together. */
  private value(depth: number, keepAll = false): Value {
    const start = this.position;
    const pieces: { readonly value: Value; readonly gap: string }[] = [];
    for (;;) {
      const from = this.position;
      this.blanks();
      const gap = this.text.slice(from, this.position);
      const sign = this.text[this.position];
      if (sign === undefined || /[\n\r,}\]]/.test(sign) || this.atComment()) break;
      if (pieces.length > 0 && this.atField()) {
        this.remarks.push({ code: 'missing-comma', text: '', offset: this.at(this.position) });
        break;
      }
      pieces.push({ value: this.piece(sign, depth, keepAll), gap });
    }
    const [first, ...more] = pieces;
    if (!first) return this.refuse(`A value should stand where ${this.here()} is.`, start);
    if (more.length === 0) return first.value;
    return this.joined(pieces);
  }

  private joined(pieces: readonly { readonly value: Value; readonly gap: string }[]): Value {
    const values = pieces.map(({ value }) => value);
    const [first] = values as [Value, ...Value[]];
    const end = values.at(-1)!.end;
    if (values.every(({ kind }) => kind === 'object')) return values.reduce(merged);
    if (values.every(({ kind }) => kind === 'array'))
      return new Value('array', first.start, end, { items: values.flatMap(({ items }) => [...items]) });
    const parts = pieces.map(({ value, gap }, index) => (index === 0 ? '' : gap) + (value.text ?? ''));
    return new Value('string', first.start, end, { text: parts.join(''), at: first.at });
  }

  private piece(sign: string, depth: number, keepAll: boolean): Value {
    const start = this.position;
    if (sign === '{') {
      this.position++;
      const entries: Entry[] = [];
      this.entries(entries, '}', depth, keepAll);
      return this.made('object', start, this.position, { entries });
    }
    if (sign === '[') return this.array(depth);
    if (this.text.startsWith('"""', start)) return this.tripleQuoted();
    if (sign === '"') return this.quoted();
    if (this.text.startsWith('${', start)) return this.substitution();
    const end = this.endOfWord();
    if (end === start) return this.refuse(`A value should stand where ${this.here()} is.`);
    const text = this.text.slice(start, end).trimEnd();
    this.position = start + text.length;
    const kind = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)
      ? 'number'
      : text === 'true' || text === 'false'
        ? 'boolean'
        : text === 'null'
          ? 'null'
          : 'string';
    return this.made(kind, start, this.position, { text, at: (offset) => this.at(start + offset) });
  }

  /** Whether the next field begins here, on the same line and without a comma: no HOCON, but written so. */
  private atField(): boolean {
    const field = /[\p{L}_][\p{L}\p{N}_.-]*[^\S\n\r]*(?:\+?=|\{)/uy;
    field.lastIndex = this.position;
    return field.test(this.text);
  }

  /** Where words without quotes end: at a sign that means something, where a comment begins, or before the name of the next field. */
  private endOfWord(): number {
    const word = /(?:(?!\/\/|\$\{)[^\n\r,{}[\]"#=])+/y;
    word.lastIndex = this.position;
    const found = word.exec(this.text)?.[0] ?? '';
    const end = this.position + found.length;
    if (this.text[end] !== '=') return end;
    const before = /^(.*\S)\s+[\p{L}_][\p{L}\p{N}_.-]*\s*\+?$/su.exec(found)?.[1];
    return before === undefined ? end : this.position + before.length;
  }

  private array(depth: number): Value {
    if (depth > MOST_DEPTH) this.refuse(`More than ${MOST_DEPTH} values stand in each other.`);
    const start = this.position++;
    const items: Value[] = [];
    for (;;) {
      this.skip();
      while (this.text[this.position] === ',') {
        this.position++;
        this.skip();
      }
      if (this.position >= this.text.length) this.refuse('A list is not closed.', start);
      if (this.text[this.position] === ']') break;
      if (this.text[this.position] === '}') this.refuse('A list is not closed before this brace.');
      items.push(this.value(depth + 1));
    }
    return this.made('array', start, ++this.position, { items });
  }

  private key(): string {
    let key = '';
    for (;;) {
      if (this.text[this.position] === '"') key += this.quoted().text ?? '';
      else {
        const word = /[^\s=:{}[\],"#+$]+|\+(?!=)/y;
        word.lastIndex = this.position;
        const found = word.exec(this.text)?.[0];
        if (found === undefined) break;
        key += found;
        this.position += found.length;
      }
    }
    if (key === '') this.refuse(`A name should stand where ${this.here()} is.`);
    return key;
  }

  private tripleQuoted(): Value {
    const start = this.position;
    const close = this.text.indexOf('"""', start + 3);
    if (close < 0) this.refuse('A string in three quotes is not closed.');
    let end = close + 3;
    while (this.text[end] === '"') end++;
    this.position = end;
    const text = this.text.slice(start + 3, end - 3);
    return this.made('string', start, end, { text, at: (offset) => this.at(start + 3 + offset) });
  }

  private quoted(): Value {
    const start = this.position++;
    let text = '';
    const origins: number[] = [];
    for (;;) {
      const sign = this.text[this.position];
      if (sign === undefined || sign === '\n') return this.refuse('A string is not closed.', start);
      const here = this.position;
      this.position++;
      if (sign === '"') break;
      let piece = sign;
      if (sign === '\\') {
        const escaped = this.text[this.position++] ?? '';
        const code = this.text.slice(this.position, this.position + 4);
        if (escaped === 'u' && /^[0-9a-f]{4}$/i.test(code)) {
          piece = String.fromCharCode(Number.parseInt(code, 16));
          this.position += 4;
        } else piece = ESCAPES[escaped] ?? escaped;
      }
      origins.push(here);
      text += piece;
    }
    const end = this.position;
    return this.made('string', start, end, { text, at: (offset) => this.at(origins[offset] ?? end - 1) });
  }

  /** `${x}` is what stands before it in the text; otherwise it stays, as a parameter. */
  private substitution(): Value {
    const start = this.position;
    const end = this.text.indexOf('}', start);
    if (end < 0) return this.refuse('A substitution is not closed.');
    this.position = end + 1;
    const text = this.text.slice(start, this.position);
    const path = text.slice(2, -1).replace(/^\?/, '').trim().replaceAll('"', '');
    const found = lookUp(this.root, path);
    if (found) return new Value(found.kind, this.at(start), this.at(this.position), partsOf(found));
    this.remarks.push({ code: 'substitution', text, offset: this.at(start) });
    return this.made('string', start, this.position, { text, at: (offset) => this.at(start + offset) });
  }

  /** `include "file"`: that file is not here. */
  private included(): boolean {
    const include = /include\s+(?:(?:file|url|classpath|required)\(+)?"([^"\n]*)"\)*/y;
    include.lastIndex = this.position;
    const found = include.exec(this.text);
    if (!found) return false;
    this.remarks.push({ code: 'include', text: found[1] ?? '', offset: this.at(this.position) });
    this.position += found[0].length;
    return true;
  }

  private blanks(): void {
    while (/[^\S\n\r]/.test(this.text[this.position] ?? '')) this.position++;
  }

  private atComment(): boolean {
    return this.text[this.position] === '#' || this.text.startsWith('//', this.position);
  }

  private skip(): void {
    for (;;) {
      while (/\s/.test(this.text[this.position] ?? '')) this.position++;
      if (!this.atComment()) return;
      const end = this.text.indexOf('\n', this.position);
      this.position = end < 0 ? this.text.length : end;
    }
  }

  private made(kind: Value['kind'], start: number, end: number, parts: ConstructorParameters<typeof Value>[3]): Value {
    return new Value(kind, this.at(start), this.at(end), parts);
  }

  private here(): string {
    const sign = this.text[this.position];
    return sign === undefined ? 'the end of the text' : JSON.stringify(sign);
  }

  private refuse(message: string, offset = this.position): never {
    throw new Unreadable(message, this.at(offset));
  }
}

/** Fields of a later object come over those of an earlier one. */
function merged(before: Value, after: Value): Value {
  if (before.kind !== 'object' || after.kind !== 'object') return after;
  const entries = [...before.entries];
  for (const { key, value } of after.entries) {
    const index = entries.findIndex((entry) => entry.key === key);
    if (index < 0) entries.push({ key, value });
    else entries[index] = { key, value: merged(entries[index]!.value, value) };
  }
  return new Value('object', before.start, after.end, { entries });
}

/** The value at a path, whose names may hold dots themselves. */
function lookUp(entries: readonly Entry[], path: string): Value | undefined {
  for (const { key, value } of [...entries].reverse()) {
    if (key === path) return value;
    const inner = path.startsWith(`${key}.`) ? lookUp(value.entries, path.slice(key.length + 1)) : undefined;
    if (inner) return inner;
  }
  return undefined;
}

function partsOf(value: Value): ConstructorParameters<typeof Value>[3] {
  return {
    entries: value.entries,
    items: value.kind === 'array' ? value.items : [],
    ...(value.text !== undefined && { text: value.text }),
    at: value.at,
  };
}

/** The value of a dotted name, whether it is written as one name or as objects in objects. */
export const dotted = (value: Value | undefined, path: string): Value | undefined =>
  value && lookUp(value.entries, path);
