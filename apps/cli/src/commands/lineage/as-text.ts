import { type EdgeTarget, STATEMENT_STATUSES } from '#core/sql-lineage';

import { plain, remark, writeLine } from '../../client/output.js';
import { aligned } from './aligned.js';
import { sourceShown, targetShown } from './names.js';
import type { ReadScript } from './read-script.js';
import { type Totals, understood } from './totals.js';
import type { Writer } from './writer.js';

const FIRST_WORDS = 76;
/** Wider cells do not push the others out of a terminal. */
const WIDEST = 48;
/** A result in which more than this share was refused is likely read in the wrong dialect. */
const MANY_REFUSED = 0.5;

/** Edges by target column, what was not understood, totals: for a person. */
export class AsText implements Writer {
  private readonly open: string[][] = [];
  private begun = false;

  script(read: ReadScript): void {
    if (read.remark !== undefined) remark(`${read.path} ${read.remark}.`);
    this.open.push(...notUnderstood(read));
    const rows = edgesOf(read);
    if (rows.length === 0) return;
    writeLine(`${this.begun ? '\n' : ''}${plain(read.path)}`);
    this.begun = true;
    for (const line of aligned(rows, WIDEST)) writeLine(`  ${line}`);
  }

  end(totals: Totals): void {
    if (this.open.length > 0) {
      writeLine(`${this.begun ? '\n' : ''}Not understood`);
      for (const [first = '', ...more] of this.open) {
        writeLine(plain(first));
        for (const line of more) writeLine(`  ${plain(line)}`);
      }
    }
    writeLine('');
    for (const line of summary(totals)) writeLine(line);
  }
}

interface Row {
  readonly ordinal: number;
  /** It only decides about the value. */
  readonly decides: boolean;
  readonly cells: readonly string[];
}

/** The rows of one target table: by column, in the order of the columns; what concerns all its rows comes last. */
class TargetRows {
  private readonly columns = new Map<string, Row[]>();
  private readonly whole: Row[] = [];

  add(column: string | undefined, row: Row): void {
    const rows = column === undefined ? this.whole : (this.columns.get(column) ?? []);
    if (column !== undefined) this.columns.set(column, rows);
    // A MERGE may write the same in both of its branches.
    if (!rows.some(({ cells }) => cells.join('\n') === row.cells.join('\n'))) rows.push(row);
  }

  get all(): readonly Row[] {
    const first = (rows: readonly Row[]) => rows[0]?.ordinal ?? 0;
    const columns = [...this.columns.values()].sort((one, other) => first(one) - first(other));
    return [
      ...columns.flatMap((rows) => rows.toSorted((one, other) => Number(one.decides) - Number(other.decides))),
      ...this.whole,
    ];
  }
}

/** Rows of target ← source, how, confidence, line; what belongs to one target column stands together. */
function edgesOf({ lineage }: ReadScript): (readonly string[])[] {
  const targets = new Map<string, TargetRows>();
  // A later statement's columns come behind those of the ones before.
  const add = (to: EdgeTarget, index: number, decides: boolean, ...cells: readonly string[]) => {
    const name = targetShown(to.table ? { table: to.table } : {});
    const rows = targets.get(name) ?? new TargetRows();
    targets.set(name, rows);
    rows.add(to.column, { ordinal: index * 1e6 + (to.ordinal ?? 0), decides, cells: [targetShown(to), ...cells] });
  };
  for (const { line, index, columnEdges, generated } of lineage.statements) {
    const place = `line ${line}`;
    for (const { to, from, type, subtype, confidence } of columnEdges) {
      const decides = type === 'INDIRECT';
      const source = `${decides ? '⇠' : '←'} ${sourceShown(from)}`;
      add(to, index, decides, source, subtype.toLowerCase(), confidence, place);
    }
    // Rows of constants have columns without an expression; a dump has thousands of them.
    for (const { to, expression } of generated)
      if (expression !== undefined)
        add(to, index, false, `← ${oneLine(expression, WIDEST - 3)}`, 'generated', '', place);
  }
  return [...targets.values()].flatMap(({ all }) => all.map(({ cells }) => cells));
}

/** For each reason its place, status and code, what it says, and how the statement begins. */
function notUnderstood({ path, text, places, lineage }: ReadScript): string[][] {
  return lineage.statements
    .filter(({ status }) => !understood(status))
    .flatMap(({ status, reasons, start, end }) => {
      const words = oneLine(text.slice(start, Math.min(end, start + 4 * FIRST_WORDS)));
      return reasons.map((reason, at) => {
        const { line, column } = places.of(reason.start);
        const first = `${path}:${line}:${column}  ${status}  ${reason.code}`;
        return [first, reason.message.replace(/\s+/g, ' '), ...(at === 0 ? [words] : [])];
      });
    });
}

/** Beginning of a text on one line. */
function oneLine(text: string, most = FIRST_WORDS): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, many]) => many > 0)
    .map(([name, many]) => `${many} ${name}`)
    .join(', ');

const SCHEMA_SAYS = ['ambiguous-column', 'unknown-columns', 'assumed-columns'];
const advice = (notKnown: Readonly<Record<string, number>>) =>
  SCHEMA_SAYS.some((code) => code in notKnown) ? ' (--schema says what tables have)' : '';

function summary({
  files,
  dialects,
  schemaTables,
  statements,
  tablesRead,
  tablesWritten,
  edges,
  confidence,
  withoutOrigin,
  notKnown,
}: Totals): string[] {
  const all = STATEMENT_STATUSES.reduce((sum, status) => sum + statements[status], 0);
  const surely = listed(confidence);
  const assumed = listed(notKnown);
  return [
    ...(files > 1 ? [`Files            ${files}`] : []),
    `Statements       ${all}${all > 0 ? `: ${listed(statements)}` : ''}`,
    `Tables           ${tablesRead} read, ${tablesWritten} written`,
    `Edges            ${edges.direct} direct, ${edges.indirect} indirect${surely === '' ? '' : `; by confidence ${surely}`}`,
    `Without origin   ${withoutOrigin} ${withoutOrigin === 1 ? 'column' : 'columns'}`,
    ...(assumed === '' ? [] : [`Not known        ${assumed}${advice(notKnown)}`]),
    ...(schemaTables > 0 && all > 0 && (confidence.schema ?? 0) === 0
      ? ['Hint             --schema has none of the tables that are read; are they named alike?']
      : []),
    ...(statements.failed + statements.fallback > MANY_REFUSED * all
      ? [`Hint             more than half was refused; is this ${dialects.join(' and ')}? --dialect names another`]
      : []),
  ];
}
