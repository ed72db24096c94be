import { type Cursor, DELIMITER } from '../split/cursor.js';
import { DEEPEST, type Parameter, type Range, type Step, TooDeep } from './step.js';

/** What all languages of procedures have in common: brackets, lists, names, and steps inside steps. */
export abstract class CodeParser {
  private depth = 0;

  constructor(protected readonly at: Cursor) {}

  /** One statement, whatever it is. */
  protected abstract statement(): Step;

  protected get next(): string {
    return this.at.word();
  }

  protected get start(): number {
    return this.at.peek()?.start ?? this.at.end;
  }

  protected range(start: number): Range {
    return { start, end: Math.max(start, this.at.end) };
  }

  /** True where the whole unit of code must end, however much of it is still open. */
  protected get over(): boolean {
    const next = this.at.peek();
    return !next || next.word === DELIMITER;
  }

  /** Steps until one of the words begins a statement. */
  protected steps(stops: ReadonlySet<string>): Step[] {
    const steps: Step[] = [];
    while (!this.over && !stops.has(this.next)) {
      if (this.at.accept(';')) continue;
      steps.push(this.deeper(() => this.statement()));
    }
    return steps;
  }

  protected deeper<T>(read: () => T): T {
    if (this.depth >= DEEPEST) throw new TooDeep(`Code is nested deeper than ${DEEPEST} levels.`);
    this.depth++;
    const from = this.at.end;
    const result = read();
    this.depth--;
    // Whatever it was, reading goes on after it.
    if (this.at.end === from) this.at.next();
    return result;
  }

  /** Takes everything up to one of the words outside of brackets and CASE, or the end of the statement. */
  protected until(...stops: readonly string[]): Range {
    const start = this.start;
    let brackets = 0;
    let cases = 0;
    let end = start;
    while (!this.over) {
      const { next } = this;
      if (next === ';') break;
      if (brackets === 0 && cases === 0 && stops.includes(next)) break;
      if (next === '(') brackets++;
      else if (next === ')') brackets = Math.max(0, brackets - 1);
      else if (next === 'case') cases++;
      else if (next === 'end') cases = Math.max(0, cases - 1);
      end = this.at.next()?.end ?? end;
    }
    return { start, end };
  }

  /** Everything up to the end of the statement. */
  protected rest(): Range {
    return this.until();
  }

  /** Values with commas between them, up to one of the words. */
  protected list(...stops: readonly string[]): Range[] {
    const items: Range[] = [];
    do {
      const item = this.until(',', ')', ...stops);
      if (item.end > item.start) items.push(item);
    } while (this.at.accept(','));
    return items;
  }

  /** `( a, b )` when it comes next. */
  protected bracketed(): Range[] {
    if (!this.at.accept('(')) return [];
    const items = this.list();
    this.at.accept(')');
    return items;
  }

  /** Takes a bracket with all that is in it. */
  protected skipBrackets(): void {
    if (this.next !== '(') return;
    let depth = 0;
    while (!this.over) {
      const { next } = this;
      this.at.next();
      if (next === '(') depth++;
      else if (next === ')' && --depth === 0) return;
    }
  }

  /** `a.b."c"`, as written; empty when no name comes next. */
  protected path(): string {
    const start = this.start;
    const first = this.at.peek();
    if (!first || (first.kind !== 'word' && first.kind !== 'quoted')) return '';
    this.at.next();
    // `table@link` in Oracle
    while (this.next === '.' || (this.next === '@' && this.at.peek()?.spaced === false)) {
      this.at.next();
      this.at.next();
    }
    return this.at.text.slice(start, this.at.end);
  }

  protected name(): string {
    const next = this.at.peek();
    if (!next || (next.kind !== 'word' && next.kind !== 'quoted')) return '';
    this.at.next();
    return this.at.slice(next);
  }

  /** The names of `(a IN number, b OUT varchar2 := 1)`; `modes` are the words that may stand before a name. */
  protected parameters(modes: ReadonlySet<string> = new Set()): Parameter[] {
    if (!this.at.accept('(')) return [];
    const parameters: Parameter[] = [];
    while (!this.over && this.next !== ')') {
      const before = this.start;
      while (modes.has(this.next)) this.at.next();
      const mode = this.at.text.slice(before, this.start);
      const sign = this.at.accept('@') ? '@' : '';
      const name = sign + this.name();
      const rest = this.at.slice(this.until(',', ')'));
      if (name !== '') parameters.push({ name, ...outOf(mode, rest) });
      if (!this.at.accept(',')) break;
    }
    this.until(')');
    this.at.accept(')');
    return parameters;
  }
}

/** `OUT a int` and `INOUT a int`; Oracle's `a OUT int` and `a IN OUT int`; `@a int OUTPUT`. */
export function outOf(mode: string, rest: string): Pick<Parameter, 'out'> {
  if (/\binout\b|\bin\s+out\b/i.test(mode) || /^\s*in\s+out\b/i.test(rest)) return { out: 'inout' };
  return /\bout\b/i.test(mode) || /^\s*out\b/i.test(rest) || /\sout(put)?\s*$/i.test(rest) ? { out: 'out' } : {};
}
