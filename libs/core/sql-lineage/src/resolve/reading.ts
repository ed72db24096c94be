import { Written } from './as-written.js';
import type { Dialect } from '../dialects.js';
import { type ParsedOk, sqlOf } from '../parse/parse.js';
import type { Identifier, Node, Span, TableRef } from '../parse/tree.js';
import type { Catalog } from '../catalog.js';
import type { StatementText } from '../split/split.js';
import type { ColumnEdge, EdgeTarget, GeneratedColumn, Reason, TableEdge, TableName, TargetTable } from '../types.js';
import { distinct, type Influence } from './influence.js';
import { distinctTables, tableName } from './names.js';
import type { Relation, Rowset } from './rowset.js';
import type { NamedQuery, Scope } from './scope.js';

/** The resolver's parts call each other in circles (a query has expressions, an expression has queries); they meet here. */
export interface Resolver {
  query(node: Node, scope: Scope, reading: Reading): Rowset;
  expression(node: Node, scope: Scope, reading: Reading): Influence[];
  /** A CTE, resolved when it is first used. */
  named(query: NamedQuery, reading: Reading): Rowset;
  /** A statement inside a CTE that changes a table; its rows are its RETURNING clause. */
  write(node: Node, scope: Scope, reading: Reading): Rowset;
}

/** Codes of reasons that are the catalog's silence, not ours: they leave a statement `ok`. The README explains them. */
const NOT_KNOWN = new Set([
  'ambiguous-column',
  'ambiguous-variable',
  'unknown-columns',
  'unknown-variable',
  'assumed-columns',
  'table-function',
  'unused-query',
  'unbound-name',
]);

const WRITTEN = new WeakMap<StatementText, Written>();

/** One statement while it is being read: what it means so far. */
export class Reading {
  readonly reasons: Reason[] = [];
  readonly sources: TableName[] = [];
  readonly targets: TargetTable[] = [];
  readonly renames: TableEdge[] = [];
  readonly swaps: (readonly [TableName, TableName])[] = [];
  readonly unusedSources: TableName[] = [];
  readonly columnEdges: ColumnEdge[] = [];
  readonly generated: GeneratedColumn[] = [];
  readonly tableEdges: TableEdge[] = [];
  /** How many CTEs are being resolved inside each other now. */
  readonly depth = { queries: 0 };

  constructor(
    readonly dialect: Dialect,
    readonly catalog: Catalog,
    private readonly resolver: Resolver,
    private readonly statement: StatementText,
    private readonly parsed: ParsedOk,
  ) {}

  /** A reading of the same statement with its own sources and targets. */
  nested(): Reading {
    const inner = new Reading(this.dialect, this.catalog, this.resolver, this.statement, this.parsed);
    return Object.assign(inner, { reasons: this.reasons, depth: this.depth });
  }

  /** Takes over what a nested reading found. */
  merge(inner: Reading): void {
    this.renames.push(...inner.renames);
    this.swaps.push(...inner.swaps);
    this.sources.push(...inner.sources);
    this.targets.push(...inner.targets);
    this.unusedSources.push(...inner.unusedSources);
    this.columnEdges.push(...inner.columnEdges);
    this.generated.push(...inner.generated);
    this.tableEdges.push(...inner.tableEdges);
  }

  /** The statement as it is written, for what the parser leaves out. */
  get text(): string {
    return this.statement.text;
  }

  query(node: Node, scope: Scope): Rowset {
    return this.resolver.query(node, scope, this);
  }

  expression(node: Node, scope: Scope): Influence[] {
    return this.resolver.expression(node, scope, this);
  }

  named(query: NamedQuery): Rowset {
    return this.resolver.named(query, this);
  }

  expressions(nodes: readonly Node[], scope: Scope): Influence[] {
    const found: Influence[] = [];
    for (const node of nodes) for (const one of this.expression(node, scope)) found.push(one);
    return found;
  }

  write(node: Node, scope: Scope): Rowset {
    return this.resolver.write(node, scope, this);
  }

  /** The name as the database holds it. */
  name(identifier: Identifier): string {
    return this.dialect.names.written(identifier.name, identifier.quoted === true);
  }

  names(identifiers: readonly Identifier[] | null | undefined): string[] {
    return (identifiers ?? []).map((identifier) => this.name(identifier));
  }

  key(written: string): string {
    return this.dialect.names.key(written);
  }

  same(one: string, other: string): boolean {
    return this.key(one) === this.key(other);
  }

  /** The table that a name in this statement means. */
  table(ref: TableRef): TableName {
    return this.catalog.resolve(this.written(ref));
  }

  /** The name itself, even when it is a synonym. */
  tableItself(ref: TableRef): TableName {
    return this.catalog.full(this.written(ref));
  }

  private written(ref: TableRef): TableName {
    const name = tableName(ref, this.dialect);
    // IDENTIFIER($x), and what the parser leaves out: there is a table, but no name.
    if (name.name === '') this.because('unnamed-table', 'A table here has no name that can be read.', ref.name.span);
    return name;
  }

  /** A name for a table that lives only in this session. */
  temporary(ref: TableRef): TableName {
    const { schema, name } = this.written(ref);
    // Spark's global temporary views have a schema of their own; other databases put a private one before the name.
    return schema === 'global_temp' ? { schema, name, temporary: true } : { name, temporary: true };
  }

  /** The SQL of an expression that has a name, as it is written where that can be told. */
  sqlNamed(node: Node, name: Identifier): string | undefined {
    const written = name.span && this.asWritten.before(name.name, this.parsed.place(name.span));
    return written ?? this.sql(node);
  }

  private get asWritten(): Written {
    let written = WRITTEN.get(this.statement);
    if (!written) WRITTEN.set(this.statement, (written = new Written(this.statement.text, this.dialect.lex)));
    return written;
  }

  sql(node: Node): string | undefined {
    return sqlOf(node, this.dialect);
  }

  /** Says that something was not understood or not known, once for each place. */
  because(code: string, message: string, span?: Span | null): void {
    this.remark(code, message, span ? this.parsed.place(span) : undefined);
  }

  /** The same, with a place in the statement's text. */
  remark(code: string, message: string, span?: Span): void {
    const { text, start, end, line } = this.statement;
    let place = { start, end, line };
    if (span && !this.statement.elsewhere) {
      const lines = text.slice(0, span.start).split('\n').length - 1;
      place = { start: start + span.start, end: start + Math.max(span.start, span.end), line: line + lines };
    }
    if (!this.reasons.some((known) => known.code === code && known.start === place.start && known.message === message))
      this.reasons.push({ code, message, ...place });
  }

  get partial(): boolean {
    return this.reasons.some(({ code }) => !NOT_KNOWN.has(code));
  }

  read(table: TableName): void {
    if (table.name !== '') this.sources.push(table);
  }

  touch(table: TableName, action: TargetTable['action']): void {
    if (table.name !== '') this.targets.push({ ...table, action });
  }

  /** Rows go into a table (or, without a table, are the statement's result): the edges that follow from it. */
  give(to: TableName | undefined, rows: Rowset, columns: readonly (string | undefined)[]): void {
    // Into a table whose name cannot be read: `unnamed-table` has been said.
    if (to?.name === '') return;
    rows.columns.forEach((column, ordinal) => {
      const name = columns[ordinal] ?? column.name;
      for (const one of distinct(column.influences))
        this.edge(one, to, name, ordinal, one.by === undefined ? column.expression : one.by || undefined);
      if (name === '*' || column.influences.some(({ type }) => type === 'DIRECT')) return;
      const { expression } = column;
      this.generated.push({ to: targetOf(to, name, ordinal), ...(expression !== undefined && { expression }) });
    });
    for (const one of distinct(rows.influences)) this.edge(one, to);
  }

  private edge(
    one: Influence,
    table: TableName | undefined,
    column?: string,
    ordinal?: number,
    expression?: string,
  ): void {
    this.columnEdges.push({
      from: one.from,
      to: targetOf(table, column, ordinal),
      type: one.type,
      subtype: one.subtype,
      confidence: one.confidence,
      ...(expression !== undefined && { expression }),
    });
  }

  /** Joins all sources so far to a target. */
  flow(to: TableName): void {
    if (to.name === '') return;
    for (const from of distinctTables(this.sources)) this.tableEdges.push({ from, to });
  }

  /** A table in a FROM clause, with the columns we know. */
  relationOf(table: TableName, alias?: string): Relation {
    const columns = this.catalog.columnsOf(table);
    const types = columns && this.catalog.typesOf(table);
    const from = (column: string) => (table.name === '' ? { column } : { table, column });
    const rows: Rowset =
      columns === undefined
        ? {
            columns: [
              {
                name: '*',
                influences: [{ from: from('*'), type: 'DIRECT', subtype: 'IDENTITY', confidence: 'unknown' }],
              },
            ],
            influences: [],
            rest: (name) => [
              {
                from: from(name),
                type: 'DIRECT',
                subtype: 'IDENTITY',
                confidence: table.name === '' ? 'unknown' : 'single-source',
              },
            ],
          }
        : {
            columns: columns.map((name, at) => ({
              name,
              ...(types?.[at] !== undefined && { type: types[at] }),
              influences: [{ from: from(name), type: 'DIRECT', subtype: 'IDENTITY', confidence: 'schema' }],
            })),
            influences: [],
          };
    return {
      alias: alias ?? table.name,
      table,
      ...(alias === undefined && table.schema !== undefined && { schema: table.schema }),
      rows,
    };
  }
}

const targetOf = (table?: TableName, column?: string, ordinal?: number): EdgeTarget => ({
  ...(table && { table }),
  ...(column !== undefined && { column }),
  ...(ordinal !== undefined && { ordinal }),
});
