import type { LexRules } from '../dialects.js';
import type { Place } from '../types.js';
import { scan, type Token } from './scan.js';

/** One statement's text, without the semicolon and the comments and blanks around it. */
export interface StatementText extends Place {
  readonly text: string;
}

const COPY_FROM_STDIN = /^copy\b[\s\S]*\bfrom\s+stdin\b/i;
const COPY_DATA_END = /^\\\.[ \t\r]*$/m;

/** Depth of `BEGIN ATOMIC … END` in the body of a CREATE FUNCTION: semicolons inside do not end the statement. */
class AtomicBody {
  private depth = 0;
  private words: string[] = [];

  get open(): boolean {
    return this.depth > 0;
  }

  see(word: string): void {
    const before = this.words.at(-1);
    this.words.push(word.toLowerCase());
    const now = this.words.at(-1);
    if (before === 'begin' && now === 'atomic' && this.words[0] === 'create') this.depth = 1;
    else if (this.depth > 0 && now === 'case') this.depth++;
    else if (this.depth > 0 && now === 'end') this.depth--;
  }

  reset(): void {
    this.depth = 0;
    this.words = [];
  }
}

/** Counts lines up to growing offsets. */
class Lines {
  private at = 0;
  private line = 1;

  constructor(private readonly text: string) {}

  of(offset: number): number {
    for (; this.at < offset; this.at++) if (this.text.charCodeAt(this.at) === 10) this.line++;
    return this.line;
  }
}

/**
 * Cuts a script into statements. Quotes, comments (nested ones too) and dollar strings hide semicolons; the rows after
 * `COPY … FROM stdin;` belong to the COPY; a line that begins with a backslash is a statement of its own (psql).
 *
 * @example
 * split("select 1; select ';'", rules).map((statement) => statement.text)   // ['select 1', "select ';'"]
 */
export function split(text: string, rules: LexRules): StatementText[] {
  const statements: StatementText[] = [];
  const lines = new Lines(text);
  const body = new AtomicBody();
  let start = -1;
  let end = -1;

  const close = () => {
    if (start !== -1) statements.push({ start, end, line: lines.of(start), text: text.slice(start, end) });
    start = -1;
    body.reset();
  };
  const take = (token: Pick<Token, 'start' | 'end'>) => {
    if (start === -1) start = token.start;
    end = token.end;
  };

  let resumeAt = 0;
  while (resumeAt < text.length) {
    const from = resumeAt;
    resumeAt = text.length;
    for (const part of scan(text, rules, from)) {
      const first = text[part.start];
      if (part.kind === 'blank') continue;
      if (part.kind === 'other' && first === ';' && !body.open) {
        const copied = start === -1 ? undefined : copyDataEnd(text, text.slice(start, end), part.end);
        if (copied !== undefined) end = copied;
        close();
        if (copied === undefined) continue;
        resumeAt = copied;
        break;
      }
      if (part.kind === 'other' && first === '\\' && start === -1 && atLineStart(text, part.start)) {
        const newline = text.indexOf('\n', part.start);
        const lineEnds = newline === -1 ? text.length : newline;
        take({ start: part.start, end: part.start + text.slice(part.start, lineEnds).trimEnd().length });
        close();
        resumeAt = lineEnds;
        break;
      }
      take(part);
      if (part.kind === 'word') body.see(text.slice(part.start, part.end));
    }
  }
  close();
  return statements;
}

const atLineStart = (text: string, at: number) => /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 200), at));

/** Where the rows after a COPY … FROM stdin end, when there are any. */
function copyDataEnd(text: string, statement: string, from: number): number | undefined {
  if (!COPY_FROM_STDIN.test(statement)) return undefined;
  const match = COPY_DATA_END.exec(text.slice(from));
  return match === null ? undefined : from + match.index + match[0].trimEnd().length;
}

/** The first words of a statement in lower case, quoted names and signs left out: `create or replace view`. */
export function leadingWords(text: string, rules: LexRules, count = 6): string {
  const words: string[] = [];
  for (const token of scan(text, rules)) {
    if (token.kind === 'blank') continue;
    if (token.kind !== 'word' && !(token.kind === 'other' && text[token.start] === '(')) break;
    if (token.kind === 'word') words.push(text.slice(token.start, token.end).toLowerCase());
    if (words.length === count) break;
  }
  return words.join(' ');
}
