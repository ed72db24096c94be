import type { LexRules } from '../dialects.js';
import { Cursor } from '../split/cursor.js';
import { BlockParser } from './block-parser.js';
import { CodeParser } from './code-parser.js';
import type { Parameter, Range, Step } from './step.js';

const MODES: ReadonlySet<string> = new Set(['in', 'out', 'inout', 'variadic']);

/** PostgreSQL's code is a string: DO and CREATE FUNCTION hold it, and say its language. */
class PostgresUnit extends CodeParser {
  private language: string | undefined;
  private body: Range | undefined;

  protected override statement(): Step {
    return { ...this.rest(), is: 'sql' };
  }

  read(): Step | undefined {
    const { start } = this;
    if (this.at.accept('do')) {
      this.clauses();
      return this.routine(start, undefined, [], 'plpgsql');
    }
    if (this.at.accept('call')) {
      const name = this.path();
      const values = this.bracketed();
      return { ...this.all(start), is: 'call', name, arguments: values };
    }
    if (!this.at.accept('create')) return undefined;
    this.at.accept('or', 'replace');
    if (this.at.accept('constraint') || this.next === 'trigger') return this.trigger(start);
    if (!this.at.accept('function') && !this.at.accept('procedure')) return undefined;
    const name = this.path();
    const parameters = this.parameters(MODES);
    if (this.at.accept('returns', 'table'))
      parameters.push(...this.parameters().map(({ name: column }): Parameter => ({ name: column, out: 'out' })));
    this.clauses();
    return this.routine(start, name, parameters, 'sql');
  }

  private all(start: number): Range {
    while (this.at.next());
    return this.range(start);
  }

  /** LANGUAGE x, AS '…', BEGIN ATOMIC …, RETURN …, in any order among others. */
  private clauses(): void {
    for (let next = this.at.peek(); next; next = this.at.peek()) {
      if (this.at.has('begin', 'atomic') || next.word === 'return') {
        const from = next.word === 'begin' ? (this.at.next(), this.at.next()?.end ?? next.end) : next.start;
        const rest = this.all(from);
        this.body = {
          start: from,
          end: next.word === 'begin' ? this.at.text.toLowerCase().lastIndexOf('end', rest.end) : rest.end,
        };
        return;
      }
      if (this.at.accept('language')) {
        const language = this.at.next();
        this.language = language && this.at.slice(language).replace(/^'|'$/g, '').toLowerCase();
      } else if (next.kind === 'string' && !this.body) {
        this.body = { start: next.start, end: next.end };
        this.at.next();
      } else this.at.next();
    }
  }

  private routine(start: number, name: string | undefined, parameters: readonly Parameter[], byDefault: string): Step {
    const whole = this.all(start);
    const language = this.language ?? byDefault;
    if (!this.body) return { ...whole, is: 'foreign', why: 'The code is not in the script.' };
    if (language !== 'plpgsql' && language !== 'sql')
      return { ...whole, is: 'foreign', why: `The code is written in ${language}.` };
    const body: Step = { ...this.body, is: 'body', language };
    return { ...whole, is: 'routine', ...(name !== undefined && { name }), parameters, body: [body] };
  }

  /** A trigger has no code of its own: it calls a function, for the rows of a table. */
  private trigger(start: number): Step {
    while (this.at.peek() && this.next !== 'on') this.at.next();
    this.at.accept('on');
    const table = this.path();
    while (this.at.peek() && this.next !== 'execute') this.at.next();
    this.at.accept('execute');
    this.at.next();
    const name = this.path();
    return { ...this.all(start), is: 'attach', name, table };
  }
}

/** The steps of a body in PL/pgSQL or SQL. */
export function bodySteps(text: string, rules: LexRules, { start, end }: Range, language: string): Step[] {
  const at = new Cursor(text, rules, start, end);
  if (language === 'plpgsql') return [new BlockParser(at, 'plpgsql').anonymous()];
  return new SqlBody(at).all();
}

class SqlBody extends CodeParser {
  all(): Step[] {
    return this.steps(new Set());
  }

  protected override statement(): Step {
    const { start } = this;
    if (this.at.accept('return')) {
      const query = this.rest();
      return { ...this.range(start), is: 'return', value: query };
    }
    return { ...this.rest(), is: 'sql' };
  }
}

/** What a statement of PostgreSQL does that is code; undefined when it is plain SQL. */
export const postgresUnit = (text: string, rules: LexRules, { start, end }: Range): Step | undefined =>
  new PostgresUnit(new Cursor(text, rules, start, end)).read();
