import { blank, reasonFor } from '../outcome.js';
import { quote } from '../parse/quote.js';
import { distinct, type Influence, indirect, through } from '../resolve/influence.js';
import { distinctTables, tableKey, tableName } from '../resolve/names.js';
import { isStar, type Rowset } from '../resolve/rowset.js';
import { Cursor } from '../split/cursor.js';
import { split, type StatementText } from '../split/split.js';
import type {
  ColumnEdge,
  GeneratedColumn,
  Reason,
  StatementLineage,
  TableEdge,
  TableName,
  TargetTable,
} from '../types.js';
import { innerSql } from './inner-sql.js';
import { type KnownText, knownText, literalText } from './known-text.js';
import { bodySteps } from './postgres.js';
import type { Results } from './results.js';
import type { Run } from './run.js';
import { Source } from './source.js';
import type { Execution, Parameter, Range, Step, TriggerRows } from './step.js';
import { all, eitherOf, NO_VALUE, type Value, type Variables } from './variables.js';

/** Packages that move no data between tables. */
const HARMLESS =
  /^("?sys"?\.)?"?(dbms_(output|application_info|lock|session|stats|utility|random|transaction|profiler|alert|pipe|trace|monitor|assert|flashback)|utl_(file|http|smtp|mail|tcp|raw|encode|url|inaddr))"?\.|^raise_application_error$|^htp\.|^(sys\.)?sp_(help\w*|who2?|spaceused|addextendedproperty|updateextendedproperty|dropextendedproperty|executesql_none|recompile|configure|updatestats|getapplock|releaseapplock|set_session_context|settriggerorder|adduser|addrolemember|droprolemember)$/i;

/** What can take a value: `v`, `@v`, `:v`, `r.f`, `l_ids(1)`. */
const VARIABLE = /^[:@]{0,2}[\p{L}_"`[][^\s]*$/u;

const HAS_QUERY = /\b(select|with)\b/i;

export interface OpenCursor {
  readonly query?: Range;
  readonly parameters: readonly Parameter[];
  readonly source: Source;
  /** Its rows, once they were read. */
  value?: Value;
}

/**
 * Follows the code of one block step by step: what its variables hold, and the statements in it, which are added to the script's.
 * What the code itself reads and writes (conditions, values of triggers) is the block's own.
 */
export class Block {
  /** What loops leave for their next turn. */
  readonly leaves = new Map<Step, ReadonlyMap<string, Value>>();
  private readonly reasons: Reason[] = [];
  private readonly sources: TableName[] = [];
  private readonly targets: TargetTable[] = [];
  private readonly columnEdges: ColumnEdge[] = [];
  private readonly tableEdges: TableEdge[] = [];
  private readonly generated: GeneratedColumn[] = [];
  private opaque = false;
  private partial = false;
  private readonly cursors: Map<string, OpenCursor>;
  private readonly routines: (readonly [Step, ReturnType<Variables['routine']>])[] = [];
  private readonly prepared: Map<string, KnownText | undefined>;
  /** What the routines that are being followed give back. */
  private readonly returning: { value?: Value }[] = [];
  private readonly given = new Set<string>();
  /** The rows of the statement before. */
  private lastRows: Rowset | undefined;

  constructor(
    private readonly run: Run,
    private source: Source,
    private readonly parent: number | undefined,
    private readonly carried: ReadonlyMap<Step, ReadonlyMap<string, Value>> = new Map(),
  ) {
    this.prepared = run.prepared;
    this.cursors = run.cursors;
  }

  /** What is known of the block itself, when all of it was followed. */
  lineage(before: StatementLineage): StatementLineage {
    this.unopened();
    const status = this.opaque ? 'opaque' : this.partial ? 'partial' : 'ok';
    return {
      ...before,
      status,
      reasons: this.reasons,
      sources: distinctTables(this.sources),
      targets: distinctTables(this.targets),
      tableEdges: this.tableEdges,
      columnEdges: this.columnEdges,
      generated: this.generated,
    };
  }

  /** Follows all of the code. */
  follow(step: Step): void {
    const assigned = this.run.variables.collecting(() => this.step(step));
    for (const [routine, missed] of this.routines) {
      const left = missed(assigned);
      if (left) this.leaves.set(routine, left);
    }
  }

  private because(code: string, message: string, range: Range): void {
    const reason = { code, message, ...this.source.place(range) };
    if (!this.reasons.some((known) => known.code === code && known.start === reason.start)) this.reasons.push(reason);
    this.partial = true;
  }

  private steps(steps: readonly Step[]): void {
    for (const step of steps) this.step(step);
  }

  step(step: Step): void {
    switch (step.is) {
      case 'nothing':
      case 'attach':
        return step.is === 'attach' ? this.call(step, step.name) : undefined;
      case 'sql':
        this.lastRows = this.statement(this.source.statement(step), true);
        return;
      case 'query':
        this.returned(rowsAsValue(this.statement(this.source.statement(step.query), true)));
        return;
      case 'look':
        step.values.forEach((range) => this.look(range));
        return;
      case 'assign':
        this.assignment(step.target, step.value, step.adds === true);
        return;
      case 'declare':
        this.declare(step);
        return;
      case 'type':
        this.type(step.name, this.source.slice(step.definition));
        return;
      case 'return':
        this.returned(this.value(step.value));
        return;
      case 'table':
        this.table(step.name, step.columns);
        return;
      case 'block':
        this.block(step.name, step.body, step.handlers);
        return;
      case 'choice':
        step.conditions.forEach((range) => this.look(range));
        this.run.variables.branches(
          step.branches.map((branch) => () => this.steps(branch)),
          step.complete,
        );
        return;
      case 'loop':
        this.loop(step);
        return;
      case 'cursor':
        this.cursors.set(this.cursorKey(step.name), { ...step, source: this.source });
        this.run.variables.declare(step.name);
        return;
      case 'open':
        this.open(step);
        return;
      case 'fetch':
        this.fetch(
          step.cursor,
          step.into.map((range) => this.source.slice(range).trim()),
          step,
        );
        return;
      case 'execute':
        this.execute(step, step);
        return;
      case 'prepare':
        this.prepared.set(this.cursorKey(step.name), this.text(step.text));
        return;
      case 'run':
        this.runPrepared(step);
        return;
      case 'call':
        step.arguments.forEach((range) => this.look(range));
        step.outputs?.forEach((range) => this.assign(this.source.slice(range).trim(), NO_VALUE));
        this.takeOutputs(step);
        this.call(step, step.name);
        return;
      case 'routine':
        this.routine(step);
        return;
      case 'body':
        this.body(step, step.language);
        return;
      case 'foreign':
        this.because('runs-code', `${step.why} What it reads and writes is not seen.`, step);
        return;
      case 'unknown':
        this.because('unknown-code', step.why, step);
        return;
      default:
        return step satisfies never;
    }
  }

  // Values.

  /** What an expression is made of. */
  private value(range: Range): Value {
    const text = this.source.slice(range);
    const { variables } = this.run;
    const constant = this.text(range);
    const name = /^\s*(@?[\p{L}_][\p{L}\p{N}_$#]*)\s*$/u.exec(text)?.[1];
    const held = name === undefined ? undefined : variables.holds(name);
    if (held) return held;
    const record = this.recordFrom(range, text);
    if (record) return record;
    if (constant) return { influences: [], text: constant };
    if (/^[\s\d.+\-*/()]*$/.test(text) || /^\s*(null|true|false)\s*$/i.test(text)) return NO_VALUE;
    variables.forget();
    const read = this.read(range, text);
    if (!read) return { influences: this.mentioned(range) };
    const influences = distinct([...read.columns.flatMap((column) => [...column.influences]), ...read.influences]);
    const { deciding } = variables;
    return { influences, ...(deciding.length > 0 && { deciding }) };
  }

  /** `r := f(x)`, where the script has f and it gives a record. */
  private recordFrom(range: Range, text: string): Value | undefined {
    const call = /^(\s*([\p{L}_][\p{L}\p{N}_$#.]*)\s*\()([^()]*)\)\s*$/u.exec(text);
    const result = call && this.run.results.of(call[2] ?? '', this.run.variables.around);
    if (!call || !result?.rows) return undefined;
    const [, before = '', , given = ''] = call;
    const start = range.start + before.length;
    const { influences } = given.trim() === '' ? NO_VALUE : this.value({ start, end: start + given.length });
    const also = through('TRANSFORMATION', influences);
    const columns = result.rows.columns.map((column) => ({
      ...column,
      influences: distinct([...column.influences, ...also]),
    }));
    const { deciding } = this.run.variables;
    return {
      influences: [],
      rows: { ...result.rows, columns },
      ...(deciding.length > 0 && { deciding }),
    };
  }

  /** An expression as the only column of a query; undefined when the parser refuses it. */
  private read(range: Range, text: string): Rowset | undefined {
    const before = 'select ';
    const inner = innerSql(before + text, this.run.dialect.lex, true, (name) => this.run.variables.has(name));
    const place = this.source.place(range);
    const statement: StatementText = {
      ...place,
      start: place.start - before.length,
      text: inner.text,
      ...(!this.source.exact && { elsewhere: true as const }),
    };
    const refused = this.run.mayRead(statement);
    if (refused !== undefined) {
      this.because('not-finished', refused, range);
      return undefined;
    }
    const { lineage, rows } = this.run.read(statement);
    if (lineage.status === 'failed' || !rows) {
      this.sources.push(...lineage.sources);
      if (HAS_QUERY.test(text))
        this.because('not-parsed', lineage.reasons[0]?.message ?? 'An expression could not be read.', range);
      return undefined;
    }
    this.sources.push(...lineage.sources);
    for (const reason of lineage.reasons) {
      if (/^un(known-column|bound-name)$/.test(reason.code) && !HAS_QUERY.test(text)) continue;
      this.reasons.push({ ...reason, start: Math.max(reason.start, place.start) });
    }
    if (lineage.status === 'partial' && HAS_QUERY.test(text)) this.partial = true;
    return rows;
  }

  /** What the parser refuses: the variables that are named in it. */
  private mentioned(range: Range): Influence[] {
    const at = new Cursor(this.source.text, this.run.dialect.lex, range.start, range.end);
    const found: Influence[] = [];
    for (let next = at.next(); next; next = at.next())
      if (next.kind === 'word') found.push(...(this.run.variables.holds(at.slice(next))?.influences ?? []));
    return through('TRANSFORMATION', distinct(found));
  }

  /** Values that go nowhere: only the queries in them count. */
  private look(range: Range): void {
    if (HAS_QUERY.test(this.source.slice(range))) this.value(range);
  }

  private text(range: Range): KnownText | undefined {
    const { source } = this;
    return knownText(
      source.text,
      this.run.dialect.lex,
      range,
      (part) => source.place(part),
      (name) => this.run.variables.holds(name)?.text,
    );
  }

  // Variables.

  private declare({ names, rowOf, type, value: range }: Extract<Step, { is: 'declare' }>): void {
    const value = range ? this.value(range) : NO_VALUE;
    const fields = rowOf === undefined ? this.fieldsOfType(type) : this.run.catalog.columnsOf(this.tableNamed(rowOf));
    const rows = fields ? { columns: fields.map((name) => ({ name, influences: [] })), influences: [] } : EMPTY_RECORD;
    const record = fields !== undefined || rowOf !== undefined;
    for (const name of names)
      this.run.variables.declare(name, record && !value.rows ? { ...value, rows } : value, fields);
  }

  /** `TYPE t IS RECORD (a NUMBER, …)`; `TYPE ts IS TABLE OF t` has the fields of t. */
  private type(name: string, written: string): void {
    const definition = written.replace(/--[^\n]*|\/\*[^]*?\*\//g, ' ');
    const list = /^\s*is\s+record\s*\(([^]*)\)\s*$/i.exec(definition)?.[1];
    const of = /\bof\s+([^\s;]+)/i.exec(definition)?.[1] ?? /^\s*is\s+([^\s;(]+)\s*$/i.exec(definition)?.[1];
    const rowOf = /([^\s]+)\s*%\s*rowtype/i.exec(definition)?.[1];
    const { written: held } = this.run.dialect.names;
    const fields =
      list !== undefined
        ? list.split(/,(?![^()]*\))/).map((field) => bare(/^\s*("[^"]*"|\S+)/.exec(field)?.[1] ?? '', held))
        : rowOf !== undefined
          ? this.run.catalog.columnsOf(this.tableNamed(rowOf))
          : this.fieldsOfType(of);
    if (fields) this.run.types.set(this.run.routineKey(name), fields);
    else this.run.types.delete(this.run.routineKey(name));
  }

  private fieldsOfType(type: string | undefined): readonly string[] | undefined {
    const name =
      type === undefined ? undefined : /^\s*(?:constant\s+)?([^\s(;]+)\s*(?:not\s+null\s*)?$/i.exec(type)?.[1];
    return name === undefined ? undefined : this.run.types.get(this.run.routineKey(name));
  }

  /** `RETURN x`: what the routine gives to whoever calls it. */
  private returned(value: Value): void {
    const result = this.returning.at(-1);
    if (!result) return;
    const { influences, deciding = [] } = value;
    const whole = value.rows ? selected(value) : { influences: distinct([...influences, ...deciding]) };
    result.value = result.value ? eitherOf(result.value, whole) : whole;
  }

  private table(name: string, columns: readonly string[]): void {
    const { written } = this.run.dialect.names;
    this.run.catalog.create(
      { name, temporary: true },
      columns.length > 0 ? columns.map((column) => bare(column, written)) : undefined,
    );
  }

  private assignment(target: Range, range: Range, adds: boolean): void {
    const name = this.source.slice(target).trim();
    const value = this.value(range);
    if (!adds) return this.assign(name, value);
    const before = this.run.variables.holds(name) ?? NO_VALUE;
    const both: Value = { influences: through('TRANSFORMATION', eitherOf(before, value).influences) };
    const text = before.text && value.text && { ...value.text, text: before.text.text + value.text.text, exact: false };
    this.assign(name, { ...both, ...(text && { text }) });
  }

  /** `v`, `r.f`, `l_ids(i).f`, `:new.x`, `block.v` */
  private assign(target: string, value: Value): void {
    const { variables } = this.run;
    const path = target
      .replace(/^:/, '')
      .replace(/\([^]*?\)|\[[^]*?\]/g, '()')
      .split('.');
    const [first = '', field] = path.map((part) => part.replace('()', '').trim());
    const element = path.some((part) => part.includes('()'));
    const held = variables.holds(first);
    if (!held) {
      // `block.v`, and what is declared in a package elsewhere.
      if (field !== undefined) variables.set(field, value);
      else variables.set(first, value);
      return;
    }
    if (held.table && field !== undefined) this.writes(held.table, field, value);
    if (field !== undefined)
      variables.setField(first, field, element ? eitherOf(this.fieldOf(held, field), value) : value);
    else if (element) variables.add(first, value);
    else variables.set(first, value);
  }

  private fieldOf(held: Value, field: string): Value {
    const { key, written } = this.run.dialect.names;
    const column = held.rows?.columns.find(({ name }) => key(name) === key(bare(field, written)));
    return { influences: column?.influences ?? [] };
  }

  /** `:new.x := …`: the trigger writes a column of its table. */
  private writes(table: TableName, field: string, value: Value): void {
    const column = bare(field, this.run.dialect.names.written);
    const to = { table, column };
    this.targets.push({ ...table, action: 'write' });
    const influences = [...value.influences, ...(value.deciding ?? [])];
    for (const one of influences) {
      this.columnEdges.push({ from: one.from, to, type: one.type, subtype: one.subtype, confidence: one.confidence });
      this.joins(one.from.table, table, this.tableEdges);
    }
    if (!influences.some(({ type }) => type === 'DIRECT')) this.generated.push({ to });
  }

  private joins(from: TableName | undefined, to: TableName, edges: TableEdge[]): void {
    if (!from || tableKey(from) === tableKey(to)) return;
    if (!edges.some((edge) => tableKey(edge.from) === tableKey(from) && tableKey(edge.to) === tableKey(to)))
      edges.push({ from, to });
  }

  // Control flow.

  private block(name: string | undefined, body: readonly Step[], handlers: readonly (readonly Step[])[]): void {
    const { variables } = this.run;
    const follow = () => {
      if (handlers.length === 0) return this.steps(body);
      const collected = variables.collecting(() => this.steps(body));
      variables.handlers(
        collected,
        handlers.map((handler) => () => this.steps(handler)),
      );
    };
    // T-SQL's variables are those of the batch, in whatever block they are declared.
    if (this.run.dialect.lex.code === 'tsql' || this.isAssignments(body)) follow();
    else variables.within(name, follow);
  }

  /** MySQL's `SET a = 1, b = 2` is no block of its own. */
  private isAssignments(body: readonly Step[]): boolean {
    const { code } = this.run.dialect.lex;
    return (code === 'mysql' || code === 'psm') && body.length > 0 && body.every(({ is }) => is === 'assign');
  }

  private loop(step: Extract<Step, { is: 'loop' }>): void {
    const { variables } = this.run;
    const { head } = step;
    step.conditions.forEach((range) => this.look(range));
    const record = head && this.rowsOf(head, step);
    variables.within(step.name, () => {
      if (head && this.declares(head))
        for (const name of head.names) variables.declare(name, head.names.length === 1 ? record : NO_VALUE);
      else if (head && record) this.receive(head.names, record);
      const left = variables.loop(() => this.steps(step.body), this.carried.get(step));
      if (left) this.leaves.set(step, left);
    });
  }

  /** PL/SQL declares the record of a loop; PL/pgSQL takes a declared one when there is one. */
  private declares({ names }: { readonly names: readonly string[] }): boolean {
    const [first = ''] = names;
    return this.run.dialect.lex.code !== 'plpgsql' || !this.run.variables.has(first);
  }

  private rowsOf(head: NonNullable<Extract<Step, { is: 'loop' }>['head']>, step: Step): Value {
    if (head.query) return this.queried(this.source.statement(head.query));
    if (head.cursor !== undefined) {
      const cursor = this.cursors.get(this.cursorKey(head.cursor));
      if (cursor) return this.rowsOfCursor(cursor);
      return this.run.variables.holds(head.cursor) ?? NO_VALUE;
    }
    if (head.text) return this.execute({ text: head.text, into: [], using: head.using ?? [] }, step) ?? NO_VALUE;
    return head.value ? this.value(head.value) : NO_VALUE;
  }

  // Cursors.

  private cursorKey(name: string): string {
    return this.run.dialect.names.key(bare(name, this.run.dialect.names.written)).toLowerCase();
  }

  private open(step: Extract<Step, { is: 'open' }>): void {
    const key = this.cursorKey(step.cursor);
    if (step.query) {
      const value = this.queried(this.source.statement(step.query));
      this.cursors.set(key, { parameters: [], source: this.source, value });
    } else if (step.text) {
      const value = this.execute({ text: step.text, into: [], using: step.using ?? [] }, step) ?? NO_VALUE;
      this.cursors.set(key, { parameters: [], source: this.source, value });
    } else {
      const cursor = this.cursors.get(key);
      if (cursor) this.rowsOfCursor(cursor);
    }
  }

  /** A cursor's query is read where it is first opened: there its variables have their values. */
  private rowsOfCursor(cursor: OpenCursor): Value {
    if (cursor.value) return cursor.value;
    if (!cursor.query) return NO_VALUE;
    const outer = this.source;
    this.source = cursor.source;
    const { query } = cursor;
    cursor.value = this.run.variables.within(undefined, () => {
      for (const { name } of cursor.parameters) this.run.variables.declare(name);
      return this.queried(this.source.statement(query));
    });
    this.source = outer;
    return cursor.value;
  }

  /** Cursors that nothing opens: their queries are there all the same. */
  private unopened(outer: ReadonlyMap<string, OpenCursor> = new Map()): void {
    for (const [key, cursor] of this.cursors) if (outer.get(key) !== cursor) this.rowsOfCursor(cursor);
  }

  private fetch(name: string, into: readonly string[], range: Range): void {
    const cursor = this.cursors.get(this.cursorKey(name));
    if (cursor) this.receive(into, this.rowsOfCursor(cursor));
    else if (!this.run.variables.has(name))
      this.because(
        'unknown-cursor',
        `The cursor ${name} is not declared here; where its rows come from is not seen.`,
        range,
      );
  }

  /** A query whose rows the code takes: a statement of its own, but its rows are no result of the script. */
  private queried(statement: StatementText): Value {
    return rowsAsValue(this.statement(statement, true, true));
  }

  /** The columns of a row into variables, or all of it into a record. */
  private receive(targets: readonly string[], row: Value): void {
    const [only] = targets;
    if (only !== undefined && targets.length === 1) return this.assign(only, row);
    const columns = row.rows?.columns ?? [];
    const star = columns.findIndex(({ name }) => name === '*');
    targets.forEach((target, at) => {
      const column = star !== -1 && at >= star ? columns[star] : columns[at];
      this.assign(target, {
        influences: column?.influences ?? row.influences,
        ...(row.deciding && { deciding: row.deciding }),
      });
    });
  }

  // Statements.

  /** An SQL statement; `taken`: its rows go to the code and not to the result. Gives its rows. */
  statement(statement: StatementText, code: boolean, taken = false): Rowset | undefined {
    const { run } = this;
    const { variables, dialect } = run;
    const refused = run.mayRead(statement);
    if (refused !== undefined) {
      run.push(run.notFinished(statement, refused), this.parent);
      return undefined;
    }
    const inner = innerSql(statement.text, dialect.lex, code, (name) => variables.has(name));
    variables.forget();
    const text = this.withRecords(inner.text);
    const changed = text.length !== statement.text.length;
    const { lineage, rows } = run.read({ ...statement, text, ...(changed && { elsewhere: true as const }) });
    const noRows = taken || inner.keepsRows;
    const read = this.throughVariables(
      noRows ? { ...lineage, columnEdges: lineage.columnEdges.filter(({ to }) => to.table), generated: [] } : lineage,
    );
    const whole = inner.runs === undefined ? read : this.fromCode(read, statement);
    const parent = this.parent;
    // A statement of the script itself is no part of a block.
    run.push(whole, parent);
    if (inner.into.length > 0) this.receive(inner.into, selected(rowsAsValue(rows)));
    for (const { name, ordinal, adds } of inner.assigned) {
      const column = rows?.columns[ordinal];
      const value: Value = { influences: distinct([...(column?.influences ?? []), ...(rows?.influences ?? [])]) };
      if (adds) variables.add(name, { influences: through('TRANSFORMATION', value.influences) });
      else variables.set(name, value);
    }
    return rows;
  }

  /** `VALUES rec`: a record as a row; `SET ROW = rec`: each of its fields. */
  private withRecords(text: string): string {
    const row = /\bset\s+row\s*=\s*([\p{L}_][\p{L}\p{N}_$#]*)/iu.exec(text);
    if (row) return this.withRow(text, row.index, row[0], row[1] ?? '');
    const match =
      /\bvalues\s+([\p{L}_][\p{L}\p{N}_$#]*)\s*$/iu.exec(text) ??
      /\bvalues\s+([\p{L}_][\p{L}\p{N}_$#]*)\s+(?=returning\b)/iu.exec(text);
    const record = match?.[1];
    if (!match || record === undefined || !this.run.variables.has(record)) return text;
    return `${text.slice(0, match.index)}select ${record}.*${text.slice(match.index + match[0].length)}`;
  }

  private withRow(text: string, start: number, clause: string, record: string): string {
    const columns = this.run.variables.holds(record)?.rows?.columns ?? [];
    if (columns.length === 0 || columns.some(({ name }) => name === '*')) return text;
    const { dialect } = this.run;
    const set = columns.map(({ name }) => quote(name, dialect)).map((name) => `${name} = ${record}.${name}`);
    return `${text.slice(0, start)}set ${set.join(', ')}${text.slice(start + clause.length)}`;
  }

  /** What came through variables joins tables too, and what decided about a cursor's rows decides about what is made of them. */
  private throughVariables(lineage: StatementLineage): StatementLineage {
    const { deciding, tables } = this.run.variables;
    const written = lineage.targets.filter(({ action }) => action === 'write').map(({ action: _, ...table }) => table);
    const direct = new Set(lineage.sources.map(tableKey));
    const edges = deciding.flatMap((one) =>
      written.map((table): ColumnEdge => ({
        from: one.from,
        to: { table },
        type: one.type,
        subtype: one.subtype,
        confidence: one.confidence,
      })),
    );
    const columnEdges = [
      ...lineage.columnEdges,
      ...edges.filter((edge) => !lineage.columnEdges.some((known) => sameEdge(known, edge))),
    ];
    const tableEdges = [...lineage.tableEdges];
    for (const { from, to } of columnEdges) {
      if (!from.table || !to.table || direct.has(tableKey(from.table))) continue;
      this.joins(from.table, to.table, tableEdges);
    }
    return { ...lineage, columnEdges, tableEdges, sources: distinctTables([...lineage.sources, ...tables]) };
  }

  private fromCode(lineage: StatementLineage, statement: StatementText): StatementLineage {
    return {
      ...lineage,
      kind: 'insert',
      status: 'opaque',
      reasons: [
        reasonFor(
          statement,
          'runs-code',
          'The rows come from code that this statement runs; what it reads is not seen.',
        ),
      ],
    };
  }

  // Routines and other code.

  private routine(step: Extract<Step, { is: 'routine' }>): void {
    const { run } = this;
    if (step.name !== undefined) run.routines.add(run.routineKey(step.name));
    const shortName = step.name?.split('.').at(-1);
    const rows = this.triggerRows(step.name, step.trigger);
    for (const { name } of rows.tables) run.catalog.alias({ name }, rows.table ?? { name: '' });
    const cursors = new Map(this.cursors);
    const body = () =>
      run.variables.within(shortName, () => {
        for (const { name } of step.parameters) run.variables.declare(name);
        if (step.result) this.table(step.result.name, step.result.columns);
        for (const name of rows.records) run.variables.declare(name, this.recordOf(rows.table));
        this.returning.push({});
        this.steps(step.body);
        const outputs = this.outputs(step.parameters);
        const returned = this.returning.pop()?.value;
        const result = run.dialect.lex.code === 'plpgsql' && outputs ? declaredBy(outputs, returned) : returned;
        if (result && step.name !== undefined && !step.trigger) this.gives(step.name, result, run.results);
        if (outputs && step.name !== undefined) this.gives(step.name, outputs, run.outputs);
        this.unopened(cursors);
      });
    if (run.variables.inside) this.routines.push([step, run.variables.routine(body, this.carried.get(step))]);
    else body();
    this.cursors.clear();
    for (const [key, cursor] of cursors) this.cursors.set(key, cursor);
    for (const { name } of rows.tables) run.catalog.unalias({ name });
  }

  private gives(name: string, result: Value, to: Results): void {
    const around = this.run.variables.around.slice(0, -1);
    const key = JSON.stringify([name.toLowerCase(), around, to === this.run.results]);
    const { rows, influences } = result;
    to.add(name, around, { influences, ...(rows && { rows }) }, this.given.has(key));
    this.given.add(key);
  }

  /** What the OUT parameters hold at the end of a routine; the others have no name. */
  private outputs(parameters: readonly Parameter[]): Value | undefined {
    if (!parameters.some(({ out }) => out)) return undefined;
    const { variables, dialect } = this.run;
    const columns = parameters.map(({ name, out }) => {
      if (!out) return { name: '', influences: [] };
      const { deciding = [], ...value } = variables.left(name);
      return { name: bare(name, dialect.names.written), type: out, influences: distinct([...all(value), ...deciding]) };
    });
    return { influences: [], rows: { columns, influences: [] } };
  }

  /** The variables that are given for OUT parameters hold what the routine leaves in them. */
  private takeOutputs({ name, arguments: values, names, outputs }: Extract<Step, { is: 'call' }>): void {
    const { run } = this;
    const columns = run.outputs.of(name, run.variables.around)?.rows?.columns;
    if (!columns) return;
    const { key, written } = run.dialect.names;
    values.forEach((range, at) => {
      // T-SQL gives nothing back unless the call says OUTPUT too.
      if (run.dialect.lex.code === 'tsql' && !outputs?.some(({ start }) => start === range.start)) return;
      const [, before, variable = ''] =
        /^\s*(?:([^\s=:>]+)\s*(?:=>|:=)\s*)?([^]*?)\s*$/.exec(this.source.slice(range)) ?? [];
      const parameter = names?.[at] ?? before;
      const column =
        parameter === undefined
          ? columns[at]
          : columns.find((each) => each.name !== '' && key(each.name) === key(bare(parameter, written)));
      if (!column || column.name === '' || !VARIABLE.test(variable)) return;
      const value = { influences: column.influences };
      const held = column.type === 'inout' ? run.variables.holds(variable.replace(/^:/, '')) : undefined;
      this.assign(variable, held ? eitherOf(held, value) : value);
    });
  }

  /** The table of a trigger, and the names its rows go by. PostgreSQL's is named where the trigger is made. */
  private triggerRows(
    name: string | undefined,
    trigger: TriggerRows | undefined,
  ): { readonly table?: TableName; readonly records: readonly string[]; readonly tables: readonly TableName[] } {
    if (trigger) {
      if (trigger.table === '') return { records: trigger.records, tables: [] };
      const table = this.tableNamed(trigger.table);
      return { table, records: trigger.records, tables: trigger.tables.map((each) => ({ name: each })) };
    }
    if (this.run.dialect.lex.code !== 'plpgsql' || name === undefined) return { records: [], tables: [] };
    const attached = this.run.triggers.get(this.run.routineKey(name)) ?? [];
    const [only, ...more] = attached;
    return only !== undefined && more.length === 0
      ? { table: this.tableNamed(only), records: ['new', 'old'], tables: [] }
      : { records: ['new', 'old'], tables: [] };
  }

  private tableNamed(path: string): TableName {
    const { dialect, catalog } = this.run;
    const [name = '', schema, owner] = path
      .split('.')
      .map((part) => ({ name: part.replace(/^(["`[])([^]*)(["`\]])$/, '$2'), quoted: /^["`[]/.test(part) }))
      .reverse();
    return catalog.resolve(
      tableName({ name: name === '' ? { name: '' } : name, schema: schema ?? null, catalog: owner ?? null }, dialect),
    );
  }

  private recordOf(table: TableName | undefined): Value {
    if (!table) {
      const unknown = (column: string): Influence[] => [
        { from: { column }, type: 'DIRECT', subtype: 'IDENTITY', confidence: 'unknown' },
      ];
      return {
        influences: [],
        rows: { columns: [{ name: '*', influences: unknown('*') }], influences: [], rest: unknown },
      };
    }
    const columns = this.run.catalog.columnsOf(table);
    const from = (column: string, confidence: Influence['confidence']): Influence[] => [
      { from: { table, column }, type: 'DIRECT', subtype: 'IDENTITY', confidence },
    ];
    const rows: Rowset = columns
      ? { columns: columns.map((name) => ({ name, influences: from(name, 'schema') })), influences: [] }
      : {
          columns: [{ name: '*', influences: from('*', 'unknown') }],
          influences: [],
          rest: (name) => from(name, 'single-source'),
        };
    return { influences: [], rows, table };
  }

  private body(range: Range, language: string): void {
    const { source } = this;
    this.lastRows = undefined;
    this.bodyOf(range, language);
    // A function in SQL gives what its last query gives.
    if (/^sql$/i.test(language) && this.lastRows) this.returned(rowsAsValue(this.lastRows));
    this.source = source;
  }

  private bodyOf(range: Range, language: string): void {
    const { source } = this;
    const literal = source.slice(range);
    const isString = /^(n|e)?['$]/i.test(literal);
    const { lex } = this.run.dialect;
    if (!isString) return this.steps(bodySteps(source.text, lex, range, language));
    const { text, from, exact } = literalText(literal, lex);
    if (exact) {
      const inner = { start: range.start + from, end: range.start + from + text.length };
      return this.steps(bodySteps(source.text, lex, inner, language));
    }
    this.source = Source.from(text, this.run.lines, source.place(range));
    this.steps(bodySteps(text, lex, { start: 0, end: text.length }, language));
  }

  /** Runs code that is elsewhere: understood when the script has it. */
  private call(range: Range, name: string): void {
    const { run } = this;
    const first = name.split('.')[0] ?? name;
    if (name === '' || HARMLESS.test(name) || run.routines.has(run.routineKey(name))) return;
    // `l_ids.extend`, `l_ids.delete(1)`
    if (name.includes('.') && run.variables.has(first)) return;
    const statement = this.source.statement(range);
    if (this.isOwn(range)) {
      this.opaque = true;
      this.reasons.push(run.opaque(statement).reasons[0] ?? reasonFor(statement, 'runs-code', ''));
    } else run.push(run.opaque(statement), this.parent);
  }

  /** True when the block is nothing but this. */
  private isOwn(range: Range): boolean {
    const own = this.parent === undefined ? undefined : this.run.statements[this.parent];
    const place = this.source.place(range);
    return own?.start === place.start && own.end >= place.end && own.kind === 'other' && place.end >= own.end - 1;
  }

  // Dynamic SQL.

  private runPrepared({ name, using, start, end }: Extract<Step, { is: 'run' }>): void {
    const text = this.prepared.get(this.cursorKey(name));
    if (text) this.dynamic(text, using, undefined);
    else this.unknownText({ start, end });
  }

  /** Gives the rows, when there are some. */
  private execute({ text, into, using, names }: Execution, range: Range): Value | undefined {
    const known = this.text(text);
    if (!known) {
      this.look(text);
      this.unknownText(range);
      for (const target of into) this.assign(this.source.slice(target).trim(), NO_VALUE);
      return undefined;
    }
    const rows = this.dynamic(known, using, names, into.length > 0);
    const value = rows && rowsAsValue(rows);
    if (into.length > 0 && value)
      this.receive(
        into.map((target) => this.source.slice(target).trim()),
        selected(value),
      );
    return value;
  }

  private unknownText(range: Range): void {
    const statement = this.source.statement(range);
    const reason = reasonFor(
      statement,
      'dynamic-sql',
      'The SQL is put together when it runs; what it reads and writes is not seen.',
    );
    if (this.isOwn(range)) {
      this.opaque = true;
      this.reasons.push(reason);
      return;
    }
    this.run.push(blank(statement, 0, 'other', 'opaque', [reason]), this.parent);
    this.because('dynamic-sql', reason.message, range);
  }

  private dynamic(
    known: KnownText,
    using: readonly Range[],
    names?: readonly string[],
    taken = false,
  ): Rowset | undefined {
    const { run } = this;
    const values = using.map((range) => this.value(range));
    const { lex } = run.dialect;
    const bound = withBinds(known.text, lex, names);
    const source =
      bound.text === known.text && known.exact
        ? Source.within(known.text, run.lines, known.place.start)
        : Source.from(bound.text, run.lines, known.place);
    return run.variables.within(undefined, () => {
      values.forEach((value, at) => run.variables.declare(names?.[at] ?? `${BIND}${at + 1}`, value));
      let rows: Rowset | undefined;
      const outer = this.source;
      for (const unit of split(bound.text, lex)) {
        const statement = source.statement(unit, unit.text, unit.code);
        this.source = source;
        if (unit.code) run.unit(statement, source, this.parent);
        else rows = this.statement(statement, true, taken);
        this.source = outer;
      }
      return rows;
    });
  }
}

const EMPTY_RECORD: Rowset = { columns: [], influences: [], rest: () => [] };

const BIND = '__bind_';

/** `:1`, `$1`, `?` become names of variables. */
function withBinds(
  text: string,
  rules: ConstructorParameters<typeof Cursor>[1],
  names?: readonly string[],
): { readonly text: string } {
  if (names || !/[:$?]/.test(text)) return { text };
  const at = new Cursor(text, rules);
  let result = '';
  let done = 0;
  let count = 0;
  for (let next = at.next(); next; next = at.next()) {
    const after = at.peek();
    const joined = after && !after.spaced && (after.kind === 'word' || /^\d$/.test(after.word));
    const before = text[next.start - 1];
    if (next.word === '?') {
      result += `${text.slice(done, next.start)}${BIND}${++count}`;
      done = next.end;
    } else if (next.word === ':' && joined && before !== ':' && before !== '=') {
      at.next();
      while (/^\d$/.test(at.word()) && !at.peek()?.spaced) at.next();
      result += `${text.slice(done, next.start)}${BIND}${++count}`;
      done = at.end;
    } else if (next.word === '$' && joined) {
      const from = at.peek()?.start ?? next.end;
      while (/^\d$/.test(at.word()) && !at.peek()?.spaced) at.next();
      const number = text.slice(from, at.end);
      if (!/^\d+$/.test(number)) continue;
      result += `${text.slice(done, next.start)}${BIND}${number}`;
      done = at.end;
    }
  }
  return { text: result + text.slice(done) };
}

/** A name as the database holds it. */
function bare(name: string, written: (name: string, quoted: boolean) => string): string {
  const quoted = /^["`[]/.test(name);
  return written(quoted ? name.slice(1, -1) : name, quoted);
}

/** What a function of PostgreSQL gives whose OUT parameters or RETURNS TABLE name its columns; without rows of its own, what they hold. */
function declaredBy(outputs: Value, returned: Value | undefined): Value {
  const columns = (outputs.rows?.columns ?? []).filter(({ name }) => name !== '');
  const rows = returned?.rows;
  if (returned && rows?.columns.length === columns.length && !rows.columns.some(isStar))
    return {
      ...returned,
      rows: { ...rows, columns: rows.columns.map((column, at) => ({ ...column, name: columns[at]?.name ?? '' })) },
    };
  if (returned) return returned;
  const [only, ...more] = columns;
  return { influences: only && more.length === 0 ? only.influences : [], rows: { columns, influences: [] } };
}

/** The rows of a query as the value of a record; what decides about them is kept apart. */
function rowsAsValue(rows: Rowset | undefined): Value {
  if (!rows) return NO_VALUE;
  const [only, ...more] = rows.columns;
  const deciding = distinct(rows.influences);
  return {
    influences: only && more.length === 0 ? distinct(only.influences) : [],
    rows: {
      columns: rows.columns.map((column) => ({ name: column.name, influences: distinct(column.influences) })),
      influences: [],
      ...(rows.rest && { rest: rows.rest }),
    },
    ...(deciding.length > 0 && { deciding }),
  };
}

/** `SELECT … INTO v`: one row, whose filter decides about the value, as in a scalar subquery. */
function selected(value: Value): Value {
  const { deciding, rows } = value;
  if (!deciding || !rows) return value;
  const also = (influences: readonly Influence[]) =>
    distinct([
      ...influences,
      ...deciding.map((one) => (one.type === 'INDIRECT' ? one : (indirect('FILTER', [one])[0] ?? one))),
    ]);
  return {
    influences: value.influences.length > 0 || rows.columns.length === 1 ? also(value.influences) : [],
    rows: {
      ...rows,
      columns: rows.columns.map((column) => ({ ...column, influences: also(column.influences) })),
      ...(rows.rest && { rest: (name: string) => also(rows.rest?.(name) ?? []) }),
    },
  };
}

const sameEdge = (one: ColumnEdge, other: ColumnEdge): boolean =>
  one.subtype === other.subtype &&
  one.from.column === other.from.column &&
  one.to.column === other.to.column &&
  JSON.stringify([one.from.table, one.to.table]) === JSON.stringify([other.from.table, other.to.table]);
