import type { Cursor } from '../split/cursor.js';
import { BlockParser } from './block-parser.js';
import { CodeParser } from './code-parser.js';
import type { Parameter, Step, TriggerRows } from './step.js';

const MODES: ReadonlySet<string> = new Set(['in', 'out', 'inout', 'variadic']);
const BODY: ReadonlySet<string> = new Set(['declare', 'begin', 'call', 'compound', '<']);

/** What stands before the code of a unit: `CREATE OR REPLACE PROCEDURE p (…) IS`. */
abstract class HeaderParser extends CodeParser {
  protected override statement(): Step {
    return { ...this.rest(), is: 'sql' };
  }

  protected skip(count: number): void {
    for (let at = 0; at < count; at++) this.at.next();
  }
}

class OracleHeaders extends HeaderParser {
  private readonly block = new BlockParser(this.at, 'plsql');

  unit(): Step | undefined {
    const { start, next } = this;
    if (next === 'declare' || next === 'begin' || this.at.has('<', '<')) return this.block.anonymous();
    if (next !== 'create') return undefined;
    let ahead = 1;
    while (['or', 'replace', 'editionable', 'noneditionable'].includes(this.at.word(ahead))) ahead++;
    switch (this.at.word(ahead)) {
      case 'procedure':
      case 'function':
        this.skip(ahead);
        return { ...this.block.routine(), start };
      case 'package':
        this.skip(ahead + 1);
        this.at.accept('body');
        return this.package(start);
      case 'type':
        if (this.at.word(ahead + 1) !== 'body') return undefined;
        this.skip(ahead + 2);
        return this.package(start);
      case 'trigger':
        this.skip(ahead + 1);
        return this.trigger(start);
      default:
        return undefined;
    }
  }

  private package(start: number): Step {
    this.at.accept('if', 'not', 'exists');
    const name = this.path();
    this.until('is', 'as');
    this.at.next();
    return this.block.packageBody(start, name);
  }

  private trigger(start: number): Step {
    this.at.accept('if', 'not', 'exists');
    const name = this.path();
    this.until('on');
    this.at.accept('on');
    if (this.at.accept('nested')) this.until('of');
    this.at.accept('of');
    const table = this.path();
    let records = ['new', 'old'];
    while (!this.over && this.next !== ';' && !BODY.has(this.next)) {
      if (this.at.accept('referencing')) records = [...records, ...this.referencing()];
      else if (this.at.accept('when')) this.skipBrackets();
      else this.at.next();
    }
    const rows: TriggerRows = { table, records, tables: [] };
    return this.block.triggerBody(start, name, /(^|\.)(schema|database)$/i.test(table) ? { ...rows, table: '' } : rows);
  }

  /** `OLD AS o NEW AS n` */
  private referencing(): string[] {
    const names: string[] = [];
    while (['old', 'new', 'parent'].includes(this.next)) {
      this.at.next();
      this.at.accept('as');
      names.push(this.name());
    }
    return names;
  }
}

class MysqlHeaders extends HeaderParser {
  private readonly block = new BlockParser(this.at, 'mysql');

  unit(): Step | undefined {
    const { start, next } = this;
    if (next === 'create' || next === 'alter') return this.created(start);
    if (next === 'begin') return this.isTransaction ? undefined : this.block.single();
    if (this.at.word(1) === ':' || CONTROL.has(next)) return this.block.single();
    // Of SET, only what gives a value to a variable is code.
    if (next === 'set') return this.at.word(1) === '@' && this.at.word(2) !== '@' ? this.block.single() : undefined;
    return undefined;
  }

  protected single(): Step {
    return this.block.single();
  }

  private get isTransaction(): boolean {
    const after = this.at.word(1);
    return after === '' || after === ';' || after === 'work' || after === this.at.delimiter;
  }

  private created(start: number): Step | undefined {
    let ahead = 1;
    let kind = '';
    // OR REPLACE, DEFINER = `etl`@`%`, AGGREGATE
    for (; ahead < 16; ahead++) {
      kind = this.at.word(ahead);
      if (
        ['procedure', 'function', 'trigger', 'event', 'table', 'view', '', ';'].includes(kind) &&
        this.at.peek(ahead)?.kind !== 'quoted'
      )
        break;
      if (kind === '(' && this.at.word(ahead + 1) !== ')') return undefined;
    }
    if (!['procedure', 'function', 'trigger', 'event'].includes(kind)) return undefined;
    if (this.next === 'alter' && kind !== 'event') return undefined;
    this.skip(ahead + 1);
    this.at.accept('if', 'not', 'exists');
    const name = this.path();
    if (kind === 'trigger') return this.trigger(start, name);
    if (kind === 'event') return this.event(start, name);
    const parameters = this.parameters(MODES);
    return this.routine(start, name, parameters);
  }

  /** RETURNS type, COMMENT, LANGUAGE, SQL SECURITY …; then the body. */
  private routine(start: number, name: string, parameters: Parameter[]): Step {
    if (this.at.accept('returns')) {
      this.at.next();
      this.skipBrackets();
    }
    while (!this.over && this.next !== ';' && !this.bodyBegins) {
      if (this.at.accept('soname')) {
        this.rest();
        this.at.accept(';');
        return { ...this.range(start), is: 'foreign', why: 'The function is in a library.' };
      }
      if (this.at.accept('comment') || this.at.accept('language')) this.at.next();
      else if (this.at.accept('charset') || this.at.accept('collate')) this.at.next();
      else if (this.at.accept('sql', 'security')) this.at.next();
      else if (!this.characteristic()) this.at.next();
    }
    if (this.over || this.next === ';') {
      this.at.accept(';');
      return { ...this.range(start), is: 'foreign', why: 'The code is not in the script.' };
    }
    const body = [this.block.single()];
    return { ...this.range(start), is: 'routine', name, parameters, body };
  }

  /** `MODIFIES SQL DATA` and its like: words that are no statements. */
  private characteristic(): boolean {
    return (
      this.at.accept('modifies', 'sql', 'data') ||
      this.at.accept('reads', 'sql', 'data') ||
      this.at.accept('contains', 'sql') ||
      this.at.accept('no', 'sql')
    );
  }

  private get bodyBegins(): boolean {
    return BODY_STATEMENTS.has(this.next) || (this.at.word(1) === ':' && this.at.word(2) !== ':');
  }

  private trigger(start: number, name: string): Step {
    this.until('on');
    this.at.accept('on');
    const table = this.path();
    this.at.accept('for', 'each', 'row');
    if (this.at.accept('follows') || this.at.accept('precedes')) this.path();
    const body = this.over ? [] : [this.block.single()];
    const trigger: TriggerRows = { table, records: ['new', 'old'], tables: [] };
    return { ...this.range(start), is: 'routine', name, parameters: [], trigger, body };
  }

  private event(start: number, name: string): Step {
    this.until('do');
    if (!this.at.accept('do')) {
      this.at.accept(';');
      return { ...this.range(start), is: 'nothing' };
    }
    const body = this.over ? [] : [this.block.single()];
    return { ...this.range(start), is: 'routine', name, parameters: [], body };
  }
}

const CONTROL: ReadonlySet<string> = new Set(
  'if case loop while repeat declare open fetch close leave iterate return signal resignal get prepare execute deallocate call'.split(
    ' ',
  ),
);
const BODY_STATEMENTS: ReadonlySet<string> = new Set(
  'begin select insert update delete replace set return if case loop while repeat call truncate with create drop alter do prepare execute signal values'.split(
    ' ',
  ),
);

/** A unit of PL/SQL, when one begins here. */
export const oracleUnit = (at: Cursor): Step | undefined => new OracleHeaders(at).unit();

/** What the standard's code is read by: MySQL's is nearest to it. */
class StandardHeaders extends MysqlHeaders {
  override unit(): Step | undefined {
    const { next } = this;
    const after = this.at.word(1);
    if (next === 'create') return this.isProcedure ? super.unit() : undefined;
    if (next === 'begin') return ['transaction', 'tran'].includes(after) ? undefined : super.unit();
    if (next === 'set') return this.at.word(2) === '=' && this.at.word(3) === '(' ? this.single() : undefined;
    if (next === 'declare') return ['global', 'local', 'temporary'].includes(after) ? undefined : super.unit();
    if (next === 'execute') return after === 'immediate' ? super.unit() : undefined;
    if (after === ':' || ['if', 'while', 'loop', 'repeat', 'for'].includes(next)) return this.single();
    return undefined;
  }

  /** A procedure whose body is here as it is, and not in a string. */
  private get isProcedure(): boolean {
    let kind = '';
    for (let ahead = 1; ahead < 200; ahead++) {
      const lexeme = this.at.peek(ahead);
      if (!lexeme || lexeme.word === ';' || lexeme.kind === 'string') return false;
      if (ahead < 4 && lexeme.word === 'procedure') kind = lexeme.word;
      if (ahead === 4 && kind === '') return false;
      if (lexeme.word === 'begin') return true;
    }
    return false;
  }
}

/** A statement of the standard's code, when one begins here. */
export const standardUnit = (at: Cursor): Step | undefined => new StandardHeaders(at).unit();

/** A statement of MySQL that is code, when one begins here. */
export const mysqlUnit = (at: Cursor): Step | undefined => new MysqlHeaders(at).unit();
