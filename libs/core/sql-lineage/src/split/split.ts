import type { LexRules } from '../dialects.js';
import { mysqlUnit, oracleUnit, standardUnit } from '../procedures/headers.js';
import { postgresUnit } from '../procedures/postgres.js';
import { type Step, TooDeep } from '../procedures/step.js';
import { TsqlParser } from '../procedures/tsql-parser.js';
import type { Place } from '../types.js';
import { scriptCommand } from './commands.js';
import { Cursor, DELIMITER, type Lexeme } from './cursor.js';
import { Lines } from './lines.js';
import { scan } from './scan.js';

/** One statement's text, without the semicolon and the comments and blanks around it. */
export interface StatementText extends Place {
  readonly text: string;
  /** What it does, when it is code and not a plain SQL statement. */
  readonly code?: Step;
  /** True when the text is not the script's own between start and end, so that places in it say nothing. */
  readonly elsewhere?: true;
  /** Which of the batches that GO separates it is in, from 0; left out in the first. */
  readonly batch?: number;
}

const COPY_FROM_STDIN = /^copy\b[\s\S]*\bfrom\s+stdin\b/i;
const COPY_DATA_END = /^\\\.[ \t\r]*$/m;
const NOTEBOOK_CELL = /^[ \t]*-- COMMAND -+[ \t\r]*$/m;

/** Depth of `BEGIN ATOMIC … END` in the body of a CREATE FUNCTION: semicolons inside do not end the statement. */
class AtomicBody {
  private depth = 0;
  private first = '';
  private before = '';

  get open(): boolean {
    return this.depth > 0;
  }

  see(word: string): void {
    if (this.first === '') this.first = word;
    if (this.before === 'begin' && word === 'atomic' && this.first === 'create') this.depth = 1;
    else if (this.depth > 0 && word === 'case') this.depth++;
    else if (this.depth > 0 && word === 'end') this.depth--;
    this.before = word;
  }
}

class Splitter {
  private readonly statements: StatementText[] = [];
  private readonly lines: Lines;
  private readonly at: Cursor;
  private readonly tsql: TsqlParser | undefined;
  private readonly hasCells: boolean;
  private batch = 0;

  constructor(
    private readonly text: string,
    private readonly rules: LexRules,
  ) {
    this.lines = new Lines(text);
    this.at = new Cursor(text, rules);
    this.tsql = rules.code === 'tsql' ? new TsqlParser(this.at) : undefined;
    this.hasCells = NOTEBOOK_CELL.test(text);
  }

  all(): StatementText[] {
    for (let next = this.at.peek(); next; next = this.at.peek()) {
      if (next.word === ';' || next.word === DELIMITER) this.at.next();
      else if (!this.separator(next) && !this.command(next) && !this.code(next)) this.plain(next);
    }
    return this.statements;
  }

  private add(start: number, end: number, code?: Step): void {
    if (end <= start) return;
    const slice = this.text.slice(start, end);
    const text = this.rules.versionComments && slice.includes('*/') ? withoutVersions(slice, this.rules) : slice;
    this.statements.push({
      start,
      end,
      line: this.lines.of(start),
      text,
      ...(code && { code }),
      ...(this.batch > 0 && { batch: this.batch }),
    });
  }

  /** `GO`, and Oracle's `/` on a line of its own. */
  private separator(next: Lexeme): boolean {
    if (this.tsql?.goLine) {
      const end = next.start + this.at.lineFrom(next.start).length;
      this.add(next.start, end, { start: next.start, end, is: 'nothing' });
      this.batch++;
      this.at.seek(end);
      return true;
    }
    if (!this.slashLine(next)) return false;
    this.at.next();
    return true;
  }

  private slashLine(next: Lexeme): boolean {
    return (
      this.rules.code === 'plsql' && next.word === '/' && this.at.atLineStart && this.at.lineFrom(next.start) === '/'
    );
  }

  /** A line that is for the program that runs the script. */
  private command(next: Lexeme): boolean {
    const found = scriptCommand(this.at, next);
    if (!found) return false;
    if (found.delimiter !== undefined) this.at.endsWith(found.delimiter, found.end);
    else this.at.seek(found.end);
    this.add(next.start, found.end, found.step && { ...found.step, start: next.start, end: found.end });
    return true;
  }

  private code(next: Lexeme): boolean {
    try {
      const step = this.unit();
      if (!step) return false;
      this.add(next.start, step.end, step.is === 'sql' ? undefined : step);
      // Whatever it was, reading goes on behind it.
      if (this.at.end <= next.start) this.at.next();
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      while (
        this.at.peek() &&
        !this.tsql?.goLine &&
        this.at.word() !== DELIMITER &&
        !this.slashLine(this.at.peek() ?? next)
      )
        this.at.next();
      const range = { start: next.start, end: this.at.end };
      this.add(range.start, range.end, { ...range, is: 'foreign', why: error.message });
    }
    return true;
  }

  private unit(): Step | undefined {
    switch (this.rules.code) {
      case 'tsql':
        return this.tsql?.one();
      case 'plsql':
        return oracleUnit(this.at);
      case 'mysql':
        return mysqlUnit(this.at);
      case 'psm':
        return standardUnit(this.at);
      default:
        return undefined;
    }
  }

  /** A statement up to its semicolon. */
  private plain({ start, word }: Lexeme): void {
    const body = new AtomicBody();
    let { end } = this.at;
    for (let next = this.at.peek(); next; next = this.at.peek()) {
      if (next.word === DELIMITER || (next.word === ';' && !body.open)) break;
      if (next.start > start && (this.slashLine(next) || this.newCell(end, next))) break;
      this.at.next();
      ({ end } = next);
      if (next.kind === 'word') body.see(next.word);
    }
    const copied = this.at.word() === ';' ? this.copyDataEnd(start, end) : undefined;
    if (copied !== undefined) {
      end = copied;
      this.at.seek(copied);
    }
    const range = { start, end };
    const mayBeCode = this.rules.code === 'plpgsql' && /^(do|call|create)$/.test(word);
    this.add(start, end, mayBeCode ? postgresUnit(this.text, this.rules, range) : undefined);
  }

  /** Cells of a notebook (`-- COMMAND ----------`) end a statement too. */
  private newCell(end: number, next: Lexeme): boolean {
    return this.hasCells && next.spaced && NOTEBOOK_CELL.test(this.text.slice(end, next.start));
  }

  /** Where the rows after a COPY … FROM stdin end, when there are any. */
  private copyDataEnd(start: number, end: number): number | undefined {
    const statement = this.text.slice(start, end);
    if (!COPY_FROM_STDIN.test(statement)) return undefined;
    const from = this.text.indexOf(';', end) + 1;
    const match = COPY_DATA_END.exec(this.text.slice(from));
    return match === null ? undefined : from + match.index + match[0].trimEnd().length;
  }
}

/** `/*!50001 … *\/`: the same text with the brackets blank. */
function withoutVersions(text: string, rules: LexRules): string {
  let result = '';
  for (const token of scan(text, rules)) {
    const piece = text.slice(token.start, token.end);
    result += token.kind === 'blank' && /^(\/\*M?!\d*|\*\/)$/.test(piece) ? ' '.repeat(piece.length) : piece;
  }
  return result;
}

/**
 * Cuts a script into statements. Quotes, comments (nested ones too) and dollar strings hide semicolons; a block of code is one
 * statement; what separates statements besides semicolons (GO, `/`, DELIMITER, cells) is understood; the rows after `COPY … FROM
 * stdin;` belong to the COPY; a line for the program that runs the script (psql, SQL*Plus) is a statement of its own.
 *
 * @example
 * split("select 1; select ';'", rules).map((statement) => statement.text)   // ['select 1', "select ';'"]
 */
export const split = (text: string, rules: LexRules): StatementText[] => new Splitter(text, rules).all();

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
