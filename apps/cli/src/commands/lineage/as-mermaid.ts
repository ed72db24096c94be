import { nameOf, type TableName } from '#core/sql-lineage';

import { writeLine } from '../../client/output.js';
import { mermaidText } from './mermaid.js';
import type { ReadScript } from './read-script.js';
import type { Writer } from './writer.js';

/** Gives each thing a short id of its own. */
class Ids {
  private readonly ids = new Map<string, string>();

  constructor(private readonly prefix: string) {}

  of(key: string): { readonly id: string; readonly isNew: boolean } {
    const known = this.ids.get(key);
    if (known !== undefined) return { id: known, isNew: false };
    const id = `${this.prefix}${this.ids.size + 1}`;
    this.ids.set(key, id);
    return { id, isNew: true };
  }
}

/** A Mermaid flowchart of tables, or of their columns. All scripts make one graph; temporary tables are each script's own. */
export class AsMermaid implements Writer {
  private readonly tables = new Ids('t');
  private readonly columns = new Ids('c');
  private readonly labels = new Map<string, { readonly label: string; readonly columns: string[] }>();
  private readonly edges = new Set<string>();

  constructor(private readonly byColumn: boolean) {}

  script({ path, lineage }: ReadScript): void {
    for (const { columnEdges, tableEdges, index } of lineage.statements) {
      const result = { key: `${path}\n${index}`, label: `result of ${path}:${index + 1}` };
      if (!this.byColumn) {
        for (const { from, to } of tableEdges) this.edges.add(`${this.table(path, from)} --> ${this.table(path, to)}`);
        continue;
      }
      for (const { from, to, type } of columnEdges) {
        const arrow = type === 'DIRECT' ? '-->' : '-.->';
        const target = to.table ? this.table(path, to.table) : this.node(result.key, result.label);
        const end = to.column === undefined ? target : this.column(target, to.column);
        for (const table of from.table ? [from.table] : (from.candidates ?? []))
          this.edges.add(`${this.column(this.table(path, table), from.column)} ${arrow} ${end}`);
      }
    }
  }

  end(): void {
    writeLine('graph LR');
    for (const [id, { label, columns }] of this.labels) {
      if (columns.length === 0) writeLine(`  ${id}["${mermaidText(label)}"]`);
      else {
        writeLine(`  subgraph ${id}["${mermaidText(label)}"]`);
        for (const column of columns) writeLine(`    ${column}`);
        writeLine('  end');
      }
    }
    for (const edge of this.edges) writeLine(`  ${edge}`);
  }

  private table(path: string, table: TableName): string {
    return this.node(
      table.temporary ? `${path}\n${nameOf(table)}` : nameOf(table),
      `${nameOf(table)}${table.temporary ? ' (temporary)' : ''}`,
    );
  }

  private node(key: string, label: string): string {
    const { id, isNew } = this.tables.of(key);
    if (isNew) this.labels.set(id, { label, columns: [] });
    return id;
  }

  private column(table: string, name: string): string {
    const { id, isNew } = this.columns.of(`${table}\n${name}`);
    if (isNew) this.labels.get(table)?.columns.push(`${id}["${mermaidText(name)}"]`);
    return id;
  }
}
