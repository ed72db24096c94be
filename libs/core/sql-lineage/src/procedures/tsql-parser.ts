import { CodeParser, outOf } from './code-parser.js';
import type { Parameter, Range, Step, TriggerRows } from './step.js';
import { TsqlStatementEnd } from './tsql-statement-end.js';

const NONE: ReadonlySet<string> = new Set();
const END: ReadonlySet<string> = new Set(['end']);

/** What a control statement reads: the columns of `TABLE (a int, b int)`. */
const CONSTRAINTS = new Set(['constraint', 'primary', 'unique', 'check', 'index', 'foreign', 'period']);

/** Reads T-SQL: control flow, and where one statement ends and the next begins without a semicolon. */
export class TsqlParser extends CodeParser {
  /** All statements of a batch. */
  batch(): Step[] {
    return this.steps(NONE);
  }

  /** True at a line that says GO. */
  get goLine(): boolean {
    return (
      this.next === 'go' && this.at.atLineStart && /^go(\s+\d+)?\s*;?\s*(--.*)?$/i.test(this.at.lineFrom(this.start))
    );
  }

  protected override get over(): boolean {
    return super.over || this.goLine;
  }

  one(): Step {
    return this.deeper(() => this.statement());
  }

  protected override statement(): Step {
    const start = this.start;
    if (this.isLabel) {
      this.at.next();
      this.at.next();
      return { ...this.range(start), is: 'nothing' };
    }
    switch (this.next) {
      case 'begin':
        return this.begin(start);
      case 'if':
        return this.choice(start);
      case 'while': {
        this.at.next();
        const condition = this.tail();
        const body = this.body();
        return { ...this.range(start), is: 'loop', conditions: [condition], body };
      }
      case 'declare':
        return this.declare(start);
      case 'set':
        return this.set(start);
      case 'exec':
      case 'execute':
        return this.exec(start);
      case 'open': {
        this.at.next();
        this.at.accept('global');
        const cursor = this.variable();
        return this.ended(start, { is: 'open', cursor });
      }
      case 'fetch':
        return this.fetch(start);
      case 'return': {
        this.at.next();
        const value = this.tail();
        const isQuery = /^\(?\s*(select|with)\b/i.test(this.at.slice(value));
        if (isQuery) return this.ended(start, { is: 'query', query: value });
        return this.ended(start, value.end > value.start ? { is: 'return', value } : { is: 'nothing' });
      }
      case 'create':
      case 'alter':
        return this.create(start) ?? this.plain(start);
      case 'print':
      case 'raiserror':
      case 'throw':
      case 'break':
      case 'continue':
      case 'goto':
      case 'close':
      case 'deallocate':
      case 'waitfor':
      case 'commit':
      case 'rollback':
      case 'save': {
        this.at.next();
        this.tail();
        return this.ended(start, { is: 'nothing' });
      }
      default:
        return this.plain(start);
    }
  }

  private get isLabel(): boolean {
    const colon = this.at.peek(1);
    if (this.at.peek()?.kind !== 'word' || colon?.word !== ':' || colon.spaced) return false;
    return this.at.word(2) !== ':';
  }

  private ended<T extends object>(start: number, step: T): T & Range {
    const range = this.range(start);
    this.at.accept(';');
    return { ...range, ...step };
  }

  private plain(start: number): Step {
    this.sql();
    return this.ended(start, { is: 'sql' });
  }

  /** Takes one statement without control flow, up to where the next begins. */
  private sql(): Range {
    const start = this.start;
    const statement = new TsqlStatementEnd(this.at);
    let end = start;
    while (!this.over && !statement.endsHere()) end = this.at.next()?.end ?? end;
    return { start, end };
  }

  /** What still belongs to a statement whose first words were taken; it may be nothing. */
  private tail(): Range {
    const start = this.start;
    const statement = new TsqlStatementEnd(this.at, true);
    let end = start;
    while (!this.over && !statement.endsHere()) end = this.at.next()?.end ?? end;
    return { start, end };
  }

  private body(): Step[] {
    return this.over ? [] : [this.one()];
  }

  private begin(start: number): Step {
    this.at.next();
    if (['tran', 'transaction', 'distributed', 'dialog', 'conversation'].includes(this.next)) {
      this.sql();
      return this.ended(start, { is: 'nothing' });
    }
    const kind = this.at.accept('try') ? 'try' : this.at.accept('catch') ? 'catch' : undefined;
    if (this.at.accept('atomic')) {
      this.at.accept('with');
      this.skipBrackets();
    }
    const body = this.steps(END);
    const closed = this.at.accept('end');
    if (kind) this.at.accept(kind);
    this.at.accept(';');
    if (!closed) body.push({ ...this.range(start), is: 'unknown', why: 'A block of code has no END.' });
    if (kind === 'try' && this.at.has('begin', 'catch')) {
      const handler = this.one();
      return { ...this.range(start), is: 'block', body, handlers: [[handler]] };
    }
    return { ...this.range(start), is: 'block', body, handlers: [] };
  }

  private choice(start: number): Step {
    const conditions: Range[] = [];
    const branches: Step[][] = [];
    let complete = false;
    // A chain of ELSE IF is one choice: it is as flat as it is written.
    while (this.at.accept('if')) {
      conditions.push(this.tail());
      branches.push(this.body());
      while (this.next === ';' && this.at.word(1) === 'else') this.at.next();
      if (!this.at.accept('else')) break;
      if (this.next === 'if') continue;
      branches.push(this.body());
      complete = true;
      break;
    }
    return { ...this.range(start), is: 'choice', conditions, branches, complete };
  }

  private variable(): string {
    const start = this.start;
    while (this.next === '@') this.at.next();
    return this.name() === '' ? '' : this.at.text.slice(start, this.at.end);
  }

  private declare(start: number): Step {
    this.at.next();
    const body: Step[] = [];
    do {
      const first = this.start;
      const name = this.variable();
      if (name === '') break;
      this.at.accept('as');
      if (this.next === 'table') {
        this.at.next();
        const columns = this.columns();
        body.push({ ...this.range(first), is: 'table', name, columns });
        continue;
      }
      if (this.cursorNext) {
        body.push(this.cursor(first, name));
        continue;
      }
      const value = this.declared();
      body.push({ ...this.range(first), is: 'declare', names: [name], ...(value && { value }) });
    } while (this.at.accept(','));
    this.tail();
    return this.ended(start, { is: 'block', body, handlers: [] });
  }

  private get cursorNext(): boolean {
    return ['cursor', 'insensitive', 'scroll'].includes(this.next);
  }

  /** The type, and the value after `=`. */
  private declared(): Range | undefined {
    const statement = new TsqlStatementEnd(this.at, true);
    let value: { start: number; end: number } | undefined;
    let brackets = 0;
    while (!this.over && !statement.endsHere()) {
      if (brackets === 0 && this.next === ',') break;
      if (brackets === 0 && !value && this.next === '=') {
        this.at.next();
        value = { start: this.start, end: this.start };
        continue;
      }
      if (this.next === '(') brackets++;
      if (this.next === ')') brackets--;
      const taken = this.at.next();
      if (value && taken) value.end = taken.end;
    }
    return value;
  }

  private cursor(start: number, name: string): Step {
    while (!this.over && this.next !== 'for' && this.next !== ';') this.at.next();
    this.at.accept('for');
    const query = this.sql();
    return this.ended(start, { is: 'cursor', name, parameters: [], query });
  }

  /** `(id int PRIMARY KEY, name nvarchar(10), CHECK (…))` */
  private columns(): string[] {
    const columns: string[] = [];
    if (!this.at.accept('(')) return columns;
    while (!this.over && this.next !== ')') {
      const isColumn = !CONSTRAINTS.has(this.next);
      const name = this.name();
      if (isColumn && name !== '') columns.push(name);
      this.until(',', ')');
      if (!this.at.accept(',')) break;
    }
    this.until(')');
    this.at.accept(')');
    return columns;
  }

  private set(start: number): Step {
    if (this.at.word(1) !== '@') {
      this.at.next();
      this.sql();
      return this.ended(start, { is: 'nothing' });
    }
    this.at.next();
    const first = this.start;
    const name = this.variable();
    // `@x.method()`, `@x += 1`
    while (!this.over && !['=', ';'].includes(this.next)) this.at.next();
    const operator = this.at.text.slice(first + name.length, this.at.end).trim();
    this.at.accept('=');
    if (this.cursorNext) return this.cursor(start, name);
    const value = this.sql();
    const target = { start: first, end: first + name.length };
    // `@x += e` keeps what was in it.
    return this.ended(start, { is: 'assign', target, value, ...(operator !== '' && { adds: true }) });
  }

  private exec(start: number): Step {
    this.at.next();
    if (this.next === '(') {
      this.at.next();
      const text = this.until(')', ',');
      this.until(')');
      this.at.accept(')');
      this.tail();
      return this.ended(start, { is: 'execute', text, into: [], using: [] });
    }
    if (this.at.has('as') && ['login', 'user', 'caller', 'owner'].includes(this.at.word(1))) {
      this.sql();
      return this.ended(start, { is: 'nothing' });
    }
    const outputs: Range[] = [];
    if (this.next === '@') {
      // `EXEC @result = p …`, or a procedure whose name is in a variable.
      const first = this.start;
      this.variable();
      if (this.at.accept('=')) outputs.push({ start: first, end: this.at.end });
      else this.at.seek(first);
    }
    const first = this.start;
    while (!this.over && this.nameGoesOn(first)) this.at.next();
    const name = this.at.text.slice(first, Math.max(first, this.at.end)).trim();
    const values = this.arguments(outputs);
    if (/(^|\.)sp_executesql$/i.test(name) && values.length > 0) return this.executeSql(start, values);
    return this.ended(start, {
      is: 'call',
      name,
      arguments: values.map(({ value }) => value),
      names: values.map(({ name: parameter }) => parameter),
      outputs,
    });
  }

  private nameGoesOn(first: number): boolean {
    const next = this.at.peek();
    if (!next) return false;
    if (next.start === first) return true;
    const before = this.at.text[this.at.end - 1];
    return next.word === '.' || before === '.' || (before === '@' && !next.spaced);
  }

  /** `a, @p = b OUTPUT, 'c'` */
  private arguments(outputs: Range[]): { readonly name?: string; readonly value: Range }[] {
    const found: { name?: string; value: Range }[] = [];
    const statement = new TsqlStatementEnd(this.at, true);
    while (!this.over && !statement.endsHere()) {
      const start = this.start;
      let end = start;
      let name: string | undefined;
      let valueStart = start;
      let brackets = 0;
      while (!this.over && !statement.endsHere() && !(brackets === 0 && this.next === ',')) {
        if (this.next === '(') brackets++;
        if (this.next === ')') brackets--;
        if (this.next === '=' && name === undefined && brackets === 0) {
          name = this.at.text.slice(start, end).trim();
          this.at.next();
          valueStart = end = this.start;
          continue;
        }
        if (this.next === 'output' || this.next === 'out') {
          outputs.push({ start: valueStart, end });
          this.at.next();
          continue;
        }
        end = this.at.next()?.end ?? end;
      }
      if (end > valueStart) found.push({ value: { start: valueStart, end }, ...(name !== undefined && { name }) });
      if (!this.at.accept(',')) break;
    }
    return found;
  }

  /** `sp_executesql N'…', N'@d date', @d = @today` */
  private executeSql(start: number, values: readonly { readonly name?: string; readonly value: Range }[]): Step {
    const text = values[0]?.value ?? this.range(start);
    const declared = values[1]
      ? [...this.at.slice(values[1].value).matchAll(/@[\p{L}\p{N}_@$#]+/gu)].map(([name]) => name)
      : [];
    const given = values.slice(2);
    const names = given.map(({ name }, at) => name ?? declared[at] ?? '');
    return this.ended(start, { is: 'execute', text, into: [], using: given.map(({ value }) => value), names });
  }

  private fetch(start: number): Step {
    this.at.next();
    const statement = new TsqlStatementEnd(this.at, true);
    let cursor = '';
    while (!this.over && !statement.endsHere() && this.next !== 'into') {
      if (['next', 'prior', 'first', 'last', 'absolute', 'relative', 'from', 'global'].includes(this.next))
        this.at.next();
      else {
        const first = this.start;
        while (this.next === '@') this.at.next();
        this.at.next();
        cursor = this.at.text.slice(first, this.at.end);
      }
    }
    const into: Range[] = [];
    if (this.at.accept('into'))
      do {
        const first = this.start;
        if (this.variable() === '') break;
        into.push({ start: first, end: this.at.end });
      } while (this.at.accept(','));
    return this.ended(start, { is: 'fetch', cursor, into });
  }

  /** CREATE and ALTER of code; the rest of the batch is its body. Undefined when something else is created. */
  private create(start: number): Step | undefined {
    let ahead = 1;
    if (this.at.word(ahead) === 'or') ahead += 2;
    const kind = this.at.word(ahead);
    if (!['proc', 'procedure', 'function', 'trigger'].includes(kind)) return undefined;
    for (let count = 0; count <= ahead; count++) this.at.next();
    const name = this.path();
    if (this.at.accept(';')) while (/^\d/.test(this.next)) this.at.next();
    if (kind === 'trigger') return this.trigger(start, name);
    return kind === 'function' ? this.function(start, name) : this.procedure(start, name);
  }

  private procedure(start: number, name: string): Step {
    const parameters = this.next === '(' ? this.parameters() : this.bareParameters();
    // WITH RECOMPILE, EXECUTE AS OWNER; FOR REPLICATION
    while (!this.over && !(this.next === 'as' && !this.at.has('as', 'owner') && !this.executeAs)) this.at.next();
    this.at.accept('as');
    if (this.at.has('external', 'name')) return this.external(start);
    const body = this.batch();
    return { ...this.range(start), is: 'routine', name, parameters, body };
  }

  private get executeAs(): boolean {
    return this.at.has('as') && /\bexec(ute)?\s+$/i.test(this.at.text.slice(Math.max(0, this.start - 20), this.start));
  }

  private external(start: number): Step {
    while (!this.over) this.at.next();
    return { ...this.range(start), is: 'foreign', why: 'The routine is written in another language.' };
  }

  private bareParameters(): Parameter[] {
    const parameters: Parameter[] = [];
    while (this.next === '@') {
      const name = this.variable();
      let rest = this.until(',', 'as', 'with', 'for');
      // `@p AS int`
      if (this.at.has('as') && this.isType) {
        this.at.next();
        rest = this.until(',', 'as', 'with', 'for');
      }
      parameters.push({ name, ...outOf('', ` ${this.at.slice(rest)}`) });
      if (!this.at.accept(',')) break;
    }
    return parameters;
  }

  /** After `@p`, AS is followed by a type; before the body it is followed by a statement. */
  private get isType(): boolean {
    const before = this.at.text.slice(0, this.start).trimEnd();
    return /@[\p{L}\p{N}_$#]+$/u.test(before.slice(-130));
  }

  private function(start: number, name: string): Step {
    const parameters = this.parameters();
    let result: { name: string; columns: string[] } | undefined;
    let isTable = false;
    if (this.at.accept('returns')) {
      if (this.next === '@') {
        const table = this.variable();
        this.at.accept('table');
        result = { name: table, columns: this.columns() };
      } else if (this.at.accept('table')) {
        isTable = true;
        if (this.next === '(') this.skipBrackets();
      }
    }
    while (!this.over && !['as', 'begin', 'return'].includes(this.next)) this.at.next();
    while (this.executeAs) {
      this.at.next();
      while (!this.over && !['as', 'begin', 'return'].includes(this.next)) this.at.next();
    }
    this.at.accept('as');
    if (this.at.has('external', 'name')) return this.external(start);
    if (isTable && this.at.accept('return')) {
      const query = this.sql();
      this.at.accept(';');
      return { ...this.range(start), is: 'routine', name, parameters, body: [{ ...query, is: 'query', query }] };
    }
    const body = this.batch();
    return { ...this.range(start), is: 'routine', name, parameters, body, ...(result && { result }) };
  }

  private trigger(start: number, name: string): Step {
    this.at.accept('on');
    const table = this.path();
    while (!this.over && !(this.next === 'as' && !this.executeAs)) this.at.next();
    this.at.accept('as');
    if (this.at.has('external', 'name')) return this.external(start);
    const body = this.batch();
    const onTable = !/^(all|database)$/i.test(table);
    const trigger: TriggerRows = { table, records: [], tables: ['inserted', 'deleted'] };
    return { ...this.range(start), is: 'routine', name, parameters: [], ...(onTable && { trigger }), body };
  }
}
