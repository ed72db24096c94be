import type { CodeFamily } from '../dialects.js';
import { Cursor } from '../split/cursor.js';
import { CodeParser } from './code-parser.js';
import type { Range, Step, TriggerRows } from './step.js';

const BLOCK_ENDS: ReadonlySet<string> = new Set(['end', 'exception']);
const END: ReadonlySet<string> = new Set(['end']);
const BRANCH_ENDS: ReadonlySet<string> = new Set(['elsif', 'elseif', 'else', 'end']);
const CASE_ENDS: ReadonlySet<string> = new Set(['when', 'else', 'end']);
const HANDLER_ENDS: ReadonlySet<string> = new Set(['when', 'end']);
const UNTIL: ReadonlySet<string> = new Set(['until']);

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const SQL = words(`select with insert update delete merge replace truncate create alter drop values copy table
  grant revoke analyze vacuum refresh comment explain lock load rename flush optimize use show do handler import`);
const MOVES_NOTHING =
  words(`null exit continue leave iterate goto commit rollback savepoint raise signal resignal assert get
  close move pragma release deallocate discard listen notify unlisten reset start`);
const ROUTINE_PREFIXES = words('member static constructor map order overriding final instantiable not');
const MODES = words('in out inout variadic');
const QUERY = words('select with values insert update delete merge table');
const DML = words('insert update delete merge execute');

/** Reads blocks of PL/SQL, PL/pgSQL and MySQL: `BEGIN … END`, control flow, declarations. They differ in few words. */
export class BlockParser extends CodeParser {
  private label: string | undefined;

  constructor(
    at: Cursor,
    private readonly family: CodeFamily,
  ) {
    super(at);
  }

  protected override get over(): boolean {
    return super.over || (this.family === 'plsql' && this.next === '/' && this.slashLine);
  }

  private get slashLine(): boolean {
    return this.at.atLineStart && this.at.lineFrom(this.start) === '/';
  }

  /** `[<<label>>] [DECLARE …] BEGIN … END` */
  anonymous(): Step {
    const start = this.start;
    this.labels();
    return this.block(start, this.takeLabel());
  }

  /** The body of a procedure after IS or AS: declarations, BEGIN … END. */
  declaredBlock(start: number, name?: string): Step {
    const declarations = this.declarations();
    return this.begin(start, name, declarations);
  }

  /** One statement as the body of a routine (MySQL). */
  single(): Step {
    return this.deeper(() => this.statement());
  }

  /** The steps of a body that has none of its own brackets. */
  all(): Step[] {
    return this.steps(new Set());
  }

  /** A package, its body, or the body of a type: declarations, perhaps BEGIN …, END. */
  packageBody(start: number, name: string): Step {
    const declarations = this.declarations();
    if (this.next === 'begin') return this.begin(start, name, declarations);
    this.close();
    return { ...this.range(start), is: 'block', name, body: declarations, handlers: [] };
  }

  protected override statement(): Step {
    const start = this.start;
    this.labels();
    const name = this.takeLabel();
    const first = this.next;
    switch (first) {
      case 'begin':
        return this.block(start, name);
      case 'declare':
        return this.family === 'mysql' ? this.mysqlDeclaration() : this.block(start, name);
      case 'if':
        return this.choice(start);
      case 'case':
        return this.caseStatement(start);
      case 'loop':
      case 'while':
      case 'repeat':
      case 'for':
      case 'foreach':
      case 'forall':
        return this.loop(start, name);
      case 'return':
        return this.returned(start);
      case 'open':
        return this.open(start);
      case 'fetch':
        return this.fetch(start);
      case 'execute':
        return this.execute(start);
      case 'prepare':
        return this.prepare(start);
      case 'perform':
        return this.ended({ ...this.rest(), is: 'sql' });
      case 'call':
        this.at.next();
        return this.call(start);
      case 'set':
        return this.family === 'mysql' ? this.sets(start) : this.nothing(start);
      case 'pipe': {
        this.at.accept('pipe');
        this.at.accept('row');
        const value = this.rest();
        return this.ended({ ...this.range(start), is: 'look', values: [value] });
      }
      default:
    }
    if (MOVES_NOTHING.has(first) && !this.assigns()) return this.nothing(start);
    if (SQL.has(first) || (first === '(' && this.family !== 'plsql')) return this.ended({ ...this.rest(), is: 'sql' });
    return this.assignmentOrCall(start);
  }

  private ended<T extends Step>(step: T): T {
    this.at.accept(';');
    return step;
  }

  private nothing(start: number): Step {
    this.rest();
    return this.ended({ ...this.range(start), is: 'nothing' });
  }

  /** `name := …` where the name is also a word of the language. */
  private assigns(): boolean {
    return this.at.word(1) === ':' && this.at.word(2) === '=';
  }

  private labels(): void {
    while (this.at.has('<', '<')) {
      this.at.accept('<', '<');
      this.label = this.name();
      this.at.accept('>', '>');
    }
    if (this.family !== 'mysql' || this.at.word(1) !== ':') return;
    if (!['begin', 'loop', 'while', 'repeat', 'for'].includes(this.at.word(2))) return;
    this.label = this.name();
    this.at.accept(':');
  }

  private takeLabel(): string | undefined {
    const { label } = this;
    this.label = undefined;
    return label;
  }

  private block(start: number, name?: string): Step {
    const declarations = this.at.accept('declare') ? this.declarations() : [];
    return this.begin(start, name, declarations);
  }

  private begin(start: number, name: string | undefined, declarations: readonly Step[]): Step {
    if (!this.at.accept('begin')) {
      this.rest();
      this.at.accept(';');
      return { ...this.range(start), is: 'unknown', why: 'A block of code does not begin with BEGIN.' };
    }
    this.at.accept('not', 'atomic');
    this.at.accept('atomic');
    const body = this.steps(BLOCK_ENDS);
    const handlers: Step[][] = [];
    if (this.at.accept('exception'))
      while (this.at.accept('when')) {
        this.until('then');
        this.at.accept('then');
        handlers.push(this.steps(HANDLER_ENDS));
      }
    const steps = [...declarations, ...body, ...this.closing(start, 'A block of code')];
    return { ...this.range(start), is: 'block', ...(name !== undefined && { name }), body: steps, handlers };
  }

  /** Closes what began at `start`; where its END is missing, a step says so. */
  private closing(start: number, what: string, kind?: string): Step[] {
    return this.close(kind) ? [] : [{ ...this.range(start), is: 'unknown', why: `${what} has no END.` }];
  }

  /** `END [IF] [label];` */
  private close(kind?: string): boolean {
    if (!this.at.accept('end')) return false;
    if (kind !== undefined) this.at.accept(kind);
    // `END hire;`, `END BEFORE EACH ROW;`
    for (let count = 0; count < 3 && !this.over; count++) {
      const next = this.at.peek();
      if (next?.kind !== 'word' && next?.kind !== 'quoted') break;
      if (count > 0 && !['statement', 'each', 'row'].includes(next.word)) break;
      if (this.family === 'mysql' && count === 0 && BRANCH_ENDS.has(next.word)) break;
      this.at.next();
    }
    this.at.accept(';');
    return true;
  }

  private choice(start: number): Step {
    const conditions: Range[] = [];
    const branches: Step[][] = [];
    let complete = false;
    while (['if', 'elsif', 'elseif'].includes(this.next)) {
      this.at.next();
      conditions.push(this.until('then'));
      this.at.accept('then');
      branches.push(this.steps(BRANCH_ENDS));
    }
    if (this.at.accept('else')) {
      complete = true;
      branches.push(this.steps(END));
    }
    const missing = this.closing(start, 'An IF', 'if');
    if (missing.length > 0) branches.push([...(branches.pop() ?? []), ...missing]);
    return { ...this.range(start), is: 'choice', conditions, branches, complete };
  }

  private caseStatement(start: number): Step {
    this.at.next();
    const operand = this.until('when');
    const conditions = operand.end > operand.start ? [operand] : [];
    const branches: Step[][] = [];
    let complete = false;
    while (this.at.accept('when')) {
      conditions.push(this.until('then'));
      this.at.accept('then');
      branches.push(this.steps(CASE_ENDS));
    }
    if (this.at.accept('else')) {
      complete = true;
      branches.push(this.steps(END));
    }
    const missing = this.closing(start, 'A CASE', 'case');
    if (missing.length > 0) branches.push([...(branches.pop() ?? []), ...missing]);
    return { ...this.range(start), is: 'choice', conditions, branches, complete };
  }

  private loop(start: number, name?: string): Step {
    const named = name === undefined ? {} : { name };
    switch (this.next) {
      case 'loop': {
        const body = this.loopBody();
        return { ...this.range(start), is: 'loop', ...named, conditions: [], body };
      }
      case 'while': {
        this.at.next();
        const condition = this.until('loop', 'do');
        const body = this.loopBody();
        return { ...this.range(start), is: 'loop', ...named, conditions: [condition], body };
      }
      case 'repeat': {
        this.at.next();
        const body = this.steps(UNTIL);
        this.at.accept('until');
        const condition = this.until('end');
        body.push(...this.closing(start, 'A loop', 'repeat'));
        return { ...this.range(start), is: 'loop', ...named, conditions: [condition], body };
      }
      case 'forall':
        return this.forAll(start);
      default:
        return this.forLoop(start, named);
    }
  }

  private loopBody(): Step[] {
    const { start } = this;
    this.at.next();
    const body = this.steps(END);
    const kind = this.at.word(1);
    body.push(...this.closing(start, 'A loop', ['loop', 'while', 'for'].includes(kind) ? kind : undefined));
    return body;
  }

  private forLoop(start: number, named: { readonly name?: string }): Step {
    this.at.next();
    const names: string[] = [];
    do names.push(this.path());
    while (this.at.accept(','));
    if (this.at.accept('slice')) this.at.next();
    this.at.accept('in');
    this.at.accept('reverse');
    if (this.at.has('(') && ['select', 'with', '('].includes(this.at.word(1)) && this.bracketThenLoop()) {
      this.at.accept('(');
      const query = this.until(')');
      this.at.accept(')');
      const body = this.loopBody();
      return { ...this.range(start), is: 'loop', ...named, head: { names, query }, conditions: [], body };
    }
    if (QUERY.has(this.next)) {
      const query = this.until('loop', 'do');
      const body = this.loopBody();
      return { ...this.range(start), is: 'loop', ...named, head: { names, query }, conditions: [], body };
    }
    if (this.at.accept('execute')) {
      const text = this.until('using', 'loop');
      const using = this.at.accept('using') ? this.list('loop') : [];
      const body = this.loopBody();
      return { ...this.range(start), is: 'loop', ...named, head: { names, text, using }, conditions: [], body };
    }
    this.at.accept('array');
    const value = this.until('loop', 'do');
    const cursor = /^[^\s(]+/.exec(this.at.slice(value))?.[0];
    const bounds = this.at.slice(value).includes('..');
    const body = this.loopBody();
    const head = { names, ...(bounds || cursor === undefined ? { value } : { cursor }) };
    return { ...this.range(start), is: 'loop', ...named, head, conditions: [], body };
  }

  /** `(SELECT …) LOOP`, not `(SELECT …) + 1 .. 3 LOOP` */
  private bracketThenLoop(): boolean {
    let depth = 0;
    for (let ahead = 0; ; ahead++) {
      const lexeme = this.at.peek(ahead);
      if (!lexeme || lexeme.word === ';') return false;
      if (lexeme.word === '(') depth++;
      if (lexeme.word === ')' && --depth === 0) return ['loop', 'do'].includes(this.at.word(ahead + 1));
    }
  }

  private forAll(start: number): Step {
    this.at.next();
    const names = [this.name()];
    while (!this.over && this.next !== ';' && !DML.has(this.next)) this.at.next();
    const body = [this.single()];
    return { ...this.range(start), is: 'loop', head: { names }, conditions: [], body };
  }

  private returned(start: number): Step {
    this.at.accept('return');
    if (this.at.accept('query')) {
      if (this.next === 'execute') return this.execute(start);
      const query = this.rest();
      return this.ended({ ...this.range(start), is: 'query', query });
    }
    this.at.accept('next');
    const value = this.rest();
    return value.end > value.start
      ? this.ended({ ...this.range(start), is: 'return', value })
      : this.ended({ ...this.range(start), is: 'nothing' });
  }

  private open(start: number): Step {
    this.at.next();
    const cursor = this.path();
    while (!this.over && ![';', 'for', '('].includes(this.next)) this.at.next();
    this.skipBrackets();
    if (!this.at.accept('for')) {
      this.rest();
      return this.ended({ ...this.range(start), is: 'open', cursor });
    }
    if (QUERY.has(this.next) || this.next === '(') {
      const query = this.rest();
      return this.ended({ ...this.range(start), is: 'open', cursor, query });
    }
    this.at.accept('execute');
    const text = this.until('using');
    const using = this.at.accept('using') ? this.list() : [];
    return this.ended({ ...this.range(start), is: 'open', cursor, text, using });
  }

  private fetch(start: number): Step {
    this.at.next();
    const before = this.until('into', 'bulk');
    const cursor = this.at.slice(before).trim().split(/\s+/).at(-1) ?? '';
    const into = this.into('limit');
    this.rest();
    return this.ended({ ...this.range(start), is: 'fetch', cursor, into });
  }

  /** `[BULK COLLECT] INTO [STRICT] a, b` */
  private into(...stops: readonly string[]): Range[] {
    this.at.accept('bulk', 'collect');
    if (!this.at.accept('into')) return [];
    this.at.accept('strict');
    return this.list(...stops);
  }

  private execute(start: number): Step {
    this.at.accept('execute');
    if (this.family === 'mysql' && !this.at.has('immediate')) {
      const name = this.name();
      const using = this.at.accept('using') ? this.list() : [];
      return this.ended({ ...this.range(start), is: 'run', name, using });
    }
    this.at.accept('immediate');
    const text = this.until('into', 'bulk', 'using', 'returning', 'return');
    const into: Range[] = [];
    const using: Range[] = [];
    for (;;) {
      if (this.next === 'into' || this.next === 'bulk') into.push(...this.into('using', 'returning', 'return'));
      else if (this.at.accept('returning') || this.at.accept('return')) into.push(...this.into('using'));
      else if (this.at.accept('using'))
        using.push(...this.list('into', 'bulk', 'returning', 'return').map((item) => this.withoutMode(item)));
      else break;
    }
    this.rest();
    return this.ended({ ...this.range(start), is: 'execute', text, into, using });
  }

  /** `USING IN a, OUT b` */
  private withoutMode(item: Range): Range {
    const mode = /^(in\s+out|in|out)\s+/i.exec(this.at.slice(item));
    return mode ? { start: item.start + mode[0].length, end: item.end } : item;
  }

  private prepare(start: number): Step {
    this.at.next();
    const name = this.name();
    if (this.family !== 'mysql' || !this.at.accept('from')) {
      this.rest();
      return this.ended({ ...this.range(start), is: 'sql' });
    }
    const text = this.rest();
    return this.ended({ ...this.range(start), is: 'prepare', name, text });
  }

  private call(start: number): Step {
    const name = this.path();
    const outputs = this.bracketed();
    this.rest();
    return this.ended({ ...this.range(start), is: 'call', name, arguments: outputs });
  }

  /** MySQL: `SET a = 1, NEW.b = c, @d := e` */
  private sets(start: number): Step {
    this.at.next();
    const body: Step[] = [];
    do {
      const first = this.start;
      const target = this.until('=', ',', ':');
      this.at.accept(':');
      if (!this.at.accept('=')) continue;
      const value = this.until(',');
      body.push({ start: first, end: value.end, is: 'assign', target, value });
    } while (this.at.accept(','));
    this.rest();
    return this.ended({ ...this.range(start), is: 'block', body, handlers: [] });
  }

  private assignmentOrCall(start: number): Step {
    const target = this.until(':', '=');
    if (this.next === ':' && this.at.word(1) === '=') {
      this.at.accept(':', '=');
      return this.assigned(start, target);
    }
    // `:new.x := …` begins with the sign that also ends the target of others.
    if (this.next === ':' && target.end === target.start) {
      this.at.next();
      this.until(':', '=');
      if (this.at.accept(':', '=')) return this.assigned(start, { start, end: this.beforeAssignment(start) });
      this.rest();
      return this.ended({ ...this.range(start), is: 'nothing' });
    }
    if (this.next === '=' && this.family === 'plpgsql') {
      this.at.next();
      return this.assigned(start, target);
    }
    const rest = this.rest();
    const whole = { start, end: Math.max(target.end, rest.end) };
    if (this.family !== 'plsql') return this.ended({ ...whole, is: 'sql' });
    const text = this.at.slice(whole);
    const name = /^[^\s(;]+/.exec(text)?.[0] ?? '';
    return this.ended({ ...whole, is: 'call', name, arguments: this.argumentsIn(whole) });
  }

  /** The arguments of a call that has been passed. */
  private argumentsIn({ start, end }: Range): Range[] {
    const at = new Cursor(this.at.text, this.at.rules, start, end);
    const found: Range[] = [];
    let depth = 0;
    let from = end;
    for (let next = at.next(); next; next = at.next()) {
      if (next.word === '(' && ++depth === 1) from = next.end;
      const ends = depth === 1 && (next.word === ')' || next.word === ',');
      if (ends && at.text.slice(from, next.start).trim() !== '') found.push({ start: from, end: next.start });
      if (ends) from = next.end;
      if (next.word === ')' && --depth === 0) break;
    }
    return found;
  }

  private beforeAssignment(start: number): number {
    const text = this.at.text.slice(start, this.at.end);
    return start + text.lastIndexOf(':');
  }

  private assigned(start: number, target: Range): Step {
    const value = this.rest();
    return this.ended({ ...this.range(start), is: 'assign', target, value });
  }

  private mysqlDeclaration(): Step {
    const start = this.start;
    this.at.next();
    if (['continue', 'exit', 'undo'].includes(this.next) && this.at.word(1) === 'handler') {
      while (!this.over && this.next !== ';' && !this.at.has('for')) this.at.next();
      this.at.accept('for');
      this.handlerConditions();
      const body = [this.single()];
      return { ...this.range(start), is: 'choice', conditions: [], branches: [body], complete: false };
    }
    const names: string[] = [];
    do names.push(this.name());
    while (this.at.accept(','));
    if (this.at.accept('cursor')) {
      const parameters = this.parameters();
      this.at.accept('for');
      const query = this.rest();
      return this.ended({ ...this.range(start), is: 'cursor', name: names[0] ?? '', parameters, query });
    }
    const type = this.until('default');
    const value = this.at.accept('default') ? this.rest() : undefined;
    const rowOf = rowType(this.at.slice(type));
    return this.ended({
      ...this.range(start),
      is: 'declare',
      names,
      ...(rowOf !== undefined && { rowOf }),
      ...(value && { value }),
    });
  }

  /** `SQLSTATE '02000', NOT FOUND, 1051, name` */
  private handlerConditions(): void {
    do {
      if (this.at.accept('sqlstate')) {
        this.at.accept('value');
        this.at.next();
      } else if (!this.at.accept('not', 'found')) {
        const digits = /\d/.test(this.next);
        this.at.next();
        while (digits && /\d/.test(this.next)) this.at.next();
      }
    } while (this.at.accept(','));
  }

  /** Declarations up to BEGIN or END. */
  declarations(): Step[] {
    const steps: Step[] = [];
    while (!this.over && this.next !== 'begin' && this.next !== 'end') {
      if (this.at.accept(';')) continue;
      steps.push(this.deeper(() => this.declaration()));
    }
    return steps;
  }

  private declaration(): Step {
    const start = this.start;
    const first = this.next;
    if (first === 'pragma') return this.nothing(start);
    if ((first === 'type' || first === 'subtype') && this.family === 'plsql') return this.type(start);
    if (first === 'type' || first === 'subtype') return this.nothing(start);
    if (first === 'cursor') {
      this.at.next();
      return this.cursor(start, this.name());
    }
    if (first === 'procedure' || first === 'function' || this.prefixedRoutine) return this.routine();
    if (['before', 'after', 'instead'].includes(first) && this.family === 'plsql') return this.timingPoint(start);
    const name = this.name();
    if (name === '') return this.unknownDeclaration(start);
    if (this.family === 'plpgsql' && this.isCursor) return this.cursor(start, name);
    const type = this.until(':', '=', 'default');
    this.at.accept(':');
    const value = this.at.accept('=') || this.at.accept('default') ? this.rest() : undefined;
    this.rest();
    const rowOf = rowType(this.at.slice(type));
    return this.ended({
      ...this.range(start),
      is: 'declare',
      names: [name],
      ...(rowOf !== undefined && { rowOf }),
      ...(this.family === 'plsql' && { type: this.at.slice(type) }),
      ...(value && { value }),
    });
  }

  private type(start: number): Step {
    this.at.next();
    const name = this.name();
    const definition = this.rest();
    return this.ended({ ...this.range(start), is: 'type', name, definition });
  }

  private unknownDeclaration(start: number): Step {
    this.rest();
    this.at.accept(';');
    return { ...this.range(start), is: 'unknown', why: 'A declaration is not understood.' };
  }

  private get prefixedRoutine(): boolean {
    if (!ROUTINE_PREFIXES.has(this.next)) return false;
    for (let ahead = 1; ahead < 5; ahead++) if (['procedure', 'function'].includes(this.at.word(ahead))) return true;
    return false;
  }

  private get isCursor(): boolean {
    for (let ahead = 0; ahead < 3; ahead++) if (this.at.word(ahead) === 'cursor') return true;
    return false;
  }

  /** `CURSOR c (p number) RETURN t%ROWTYPE IS SELECT …`, `c SCROLL CURSOR (p int) FOR SELECT …` */
  private cursor(start: number, name: string): Step {
    while (['no', 'scroll', 'cursor'].includes(this.next)) this.at.next();
    const parameters = this.parameters(MODES);
    this.until('is', 'for');
    const query = this.at.accept('is') || this.at.accept('for') ? this.rest() : undefined;
    return this.ended({ ...this.range(start), is: 'cursor', name, parameters, ...(query && { query }) });
  }

  /** `BEFORE EACH ROW IS … BEGIN … END BEFORE EACH ROW;` of a compound trigger. */
  private timingPoint(start: number): Step {
    this.until('is');
    this.at.accept('is');
    return this.declaredBlock(start);
  }

  /** `PROCEDURE p (…) IS … BEGIN … END p;`, or its specification alone. */
  routine(): Step {
    const start = this.start;
    while (ROUTINE_PREFIXES.has(this.next)) this.at.next();
    this.at.next();
    this.at.accept('if', 'not', 'exists');
    const name = this.path();
    const parameters = this.parameters();
    for (;;) {
      this.until('is', 'as');
      if (this.at.has('as', 'result')) this.at.next();
      else break;
    }
    if (!this.at.accept('is') && !this.at.accept('as')) return this.ended({ ...this.range(start), is: 'nothing' });
    if (['language', 'external', 'mle'].includes(this.next)) {
      this.rest();
      return this.ended({ ...this.range(start), is: 'foreign', why: 'The routine is written in another language.' });
    }
    const body = [this.declaredBlock(start)];
    return { ...this.range(start), is: 'routine', name, parameters, body };
  }

  /** A trigger's body, after its header. */
  triggerBody(start: number, name: string, trigger: TriggerRows): Step {
    let body: Step;
    if (this.at.accept('compound', 'trigger')) body = this.packageBody(start, name);
    else if (this.next === 'call') body = this.single();
    else body = this.anonymous();
    return { ...this.range(start), is: 'routine', name, parameters: [], trigger, body: [body] };
  }
}

/** `t` in `t%ROWTYPE`, `TYPE OF ROW t`. */
function rowType(type: string): string | undefined {
  return /([^\s]+)\s*%\s*rowtype/i.exec(type)?.[1] ?? /row\s+type\s+of\s+(\S+)/i.exec(type)?.[1];
}
