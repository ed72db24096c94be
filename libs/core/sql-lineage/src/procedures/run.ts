import type { Catalog } from '../catalog.js';
import type { Dialect } from '../dialects.js';
import { blank, kindFrom, reasonFor } from '../outcome.js';
import { readStatement, runsCode } from '../read-statement.js';
import { leadingWords, split, type StatementText } from '../split/split.js';
import { Lines } from '../split/lines.js';
import type { StatementLineage } from '../types.js';
import type { Watch } from '../watch.js';
import { Block, type OpenCursor } from './block.js';
import type { KnownText } from './known-text.js';
import { Results } from './results.js';
import { Source } from './source.js';
import type { Step } from './step.js';
import { type Value, Variables } from './variables.js';

/** More turns than this no loop needs: each must carry a value one assignment further. */
const TURNS = 4;

/** Reads the statements of a script in their order: plain ones, and blocks of code with the statements in them. */
export class Run {
  readonly variables: Variables;
  readonly lines: Lines;
  readonly statements: StatementLineage[] = [];
  /** Routines whose code was read, by name. */
  readonly routines = new Set<string>();
  /** What functions give back. */
  readonly results = new Results();
  /** What the OUT parameters of routines hold at the end: a column for each parameter; those of others have no name. */
  readonly outputs = new Results();
  /** Types of records, with their fields. */
  readonly types = new Map<string, readonly string[]>();
  /** Statements that PREPARE has named. */
  readonly prepared = new Map<string, KnownText | undefined>();
  /** Cursors that are declared. */
  readonly cursors = new Map<string, OpenCursor>();
  /** The tables whose triggers call a function. */
  readonly triggers = new Map<string, string[]>();
  private readonly units: readonly StatementText[];
  /** Statements that must not be read, each with the reason; asked for once, however often a loop is followed. */
  private readonly refused = new Map<string, string | undefined>();
  private batch = 0;

  constructor(
    private readonly sql: string,
    readonly dialect: Dialect,
    readonly catalog: Catalog,
    private readonly watch: Watch,
  ) {
    this.variables = new Variables(this.dialect.names, this.results);
    this.lines = new Lines(sql);
    this.units = split(sql, this.dialect.lex);
    for (const { code } of this.units)
      if (code?.is === 'attach')
        this.triggers.set(this.routineKey(code.name), [
          ...(this.triggers.get(this.routineKey(code.name)) ?? []),
          code.table,
        ]);
  }

  all(): readonly StatementLineage[] {
    const source = Source.script(this.sql, this.lines);
    for (const unit of this.units) {
      if ((unit.batch ?? 0) !== this.batch) this.variables.restart();
      this.batch = unit.batch ?? 0;
      const from = this.statements.length;
      this.unit(unit, source);
      this.watch.ends(this.statements.slice(from));
    }
    return this.statements;
  }

  /** One statement of a script, or of the text of dynamic SQL. */
  unit(unit: StatementText, source: Source, parent?: number): void {
    // Asked before anything is done with its text, which may be what takes so long.
    const refused = this.mayRead(unit);
    const { code } = unit;
    if (refused !== undefined) this.push(this.notFinished(unit, refused), parent);
    else if (!code) new Block(this, source, parent).statement(unit, false);
    else if (code.is === 'foreign') this.push(this.opaque(unit, code.why), parent);
    else this.code(unit, code, source, parent);
  }

  /** A block of code: one statement for all of it, then the statements in it. */
  private code(unit: StatementText, step: Step, source: Source, parent: number | undefined): void {
    const index = this.push(blank(unit, 0, this.kindOf(step, unit), 'ok'), parent);
    const restore =
      step.is === 'routine' || step.is === 'block' || step.is === 'loop' || step.is === 'choice'
        ? this.catalog.keep()
        : undefined;
    let carried: ReadonlyMap<Step, ReadonlyMap<string, Value>> = new Map();
    let block = new Block(this, source, index, carried);
    block.follow(step);
    for (let turn = 1; restore && (this.isLate || block.leaves.size > 0) && turn < TURNS; turn++) {
      carried = new Map([...carried, ...block.leaves]);
      this.statements.length = index + 1;
      restore();
      block = new Block(this, source, index, carried);
      block.follow(step);
    }
    const before = this.statements[index];
    if (before) this.statements[index] = block.lineage(before);
  }

  /** Something was called before it was known. */
  private get isLate(): boolean {
    const late = [this.results.late, this.outputs.late];
    return late.includes(true);
  }

  private kindOf(step: Step, unit: StatementText): StatementLineage['kind'] {
    return ['routine', 'block', 'loop', 'choice'].includes(step.is) && !/^\s*(set|declare\s*@)/i.test(unit.text)
      ? 'procedure'
      : 'other';
  }

  /** Gives the statement's index. */
  push(statement: StatementLineage, parent: number | undefined): number {
    const index = this.statements.length;
    this.statements.push({ ...statement, index, ...(parent !== undefined && { parent }) });
    return index;
  }

  read(statement: StatementText): ReturnType<typeof readStatement> {
    return readStatement(statement, this.statements.length, this.dialect, this.catalog, this.variables);
  }

  opaque(statement: StatementText, why?: string): StatementLineage {
    const reason = runsCode(statement);
    return blank(statement, 0, 'other', 'opaque', [
      why === undefined ? reason : { ...reason, message: `${why} ${reason.message}` },
    ]);
  }

  routineKey(name: string): string {
    const last = name.split('.').at(-1) ?? name;
    const bare = /^["`[]/.test(last) ? last.slice(1, -1) : last;
    return bare.toLowerCase();
  }

  /** Asked before anything is done with a statement: why it must not be read. */
  mayRead(statement: StatementText): string | undefined {
    const key = `${statement.start} ${statement.end} ${statement.elsewhere ? statement.text : ''}`;
    if (!this.refused.has(key)) this.refused.set(key, this.watch.begins());
    return this.refused.get(key);
  }

  notFinished(statement: StatementText, why: string): StatementLineage {
    const kind = kindFrom(leadingWords(statement.text, this.dialect.lex));
    return blank(statement, 0, kind, 'failed', [reasonFor(statement, 'not-finished', why)]);
  }
}
