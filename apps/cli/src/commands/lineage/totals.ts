import { nameOf, STATEMENT_STATUSES, type StatementStatus, type TableName } from '#core/sql-lineage';

import type { ReadScript } from './read-script.js';

export interface Totals {
  readonly files: number;
  readonly dialects: readonly string[];
  /** How many tables `--schema` has. */
  readonly schemaTables: number;
  readonly statements: Readonly<Record<StatementStatus, number>>;
  readonly tablesRead: number;
  readonly tablesWritten: number;
  readonly edges: { readonly direct: number; readonly indirect: number };
  /** Edges by confidence. */
  readonly confidence: Readonly<Record<string, number>>;
  /** Columns written without a column that gives the value. */
  readonly withoutOrigin: number;
  /** Reasons of statements that were understood: what the schema did not say. */
  readonly notKnown: Readonly<Record<string, number>>;
}

const count = (counts: Record<string, number>, name: string) => (counts[name] = (counts[name] ?? 0) + 1);

/** Adds up what was read, script by script; keeps names of tables, not scripts. */
export class Counting {
  private files = 0;
  private readonly dialects = new Set<string>();
  private readonly statements = Object.fromEntries(STATEMENT_STATUSES.map((status) => [status, 0])) as Record<
    StatementStatus,
    number
  >;
  private readonly read = new Set<string>();
  private readonly written = new Set<string>();
  private readonly edges = { direct: 0, indirect: 0 };
  private readonly confidence: Record<string, number> = {};
  private readonly notKnown: Record<string, number> = {};
  private withoutOrigin = 0;

  constructor(private readonly schemaTables: number) {}

  add({ path, dialect, lineage }: ReadScript): void {
    this.files++;
    this.dialects.add(dialect);
    // Temporary tables of two scripts are two tables.
    const name = (table: TableName) => (table.temporary ? `${path}\n${nameOf(table)}` : nameOf(table));
    for (const { status, sources, targets, columnEdges, generated, reasons } of lineage.statements) {
      this.statements[status]++;
      for (const table of sources) this.read.add(name(table));
      for (const table of targets) if (table.action === 'write') this.written.add(name(table));
      for (const { type, confidence } of columnEdges) {
        this.edges[type === 'DIRECT' ? 'direct' : 'indirect']++;
        count(this.confidence, confidence);
      }
      this.withoutOrigin += generated.length;
      if (understood(status)) for (const { code } of reasons) count(this.notKnown, code);
    }
  }

  get totals(): Totals {
    return {
      files: this.files,
      dialects: [...this.dialects],
      schemaTables: this.schemaTables,
      statements: this.statements,
      tablesRead: this.read.size,
      tablesWritten: this.written.size,
      edges: this.edges,
      confidence: this.confidence,
      withoutOrigin: this.withoutOrigin,
      notKnown: this.notKnown,
    };
  }

  get allUnderstood(): boolean {
    return STATEMENT_STATUSES.every((status) => understood(status) || this.statements[status] === 0);
  }
}

/** Whether everything in a statement of this status that can carry data was understood. (Of a `fallback` only the tables are known.) */
export const understood = (status: StatementStatus): boolean => status === 'ok';
