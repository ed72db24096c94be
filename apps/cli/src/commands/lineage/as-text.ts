import { STATEMENT_STATUSES } from '#core/sql-lineage';

import { remark, writeLine } from '../../client/output.js';
import { aligned } from './aligned.js';
import { sourceShown, targetShown } from './names.js';
import type { ReadScript } from './read-script.js';
import { type Totals, understood } from './totals.js';
import type { Writer } from './writer.js';

const FIRST_WORDS = 80;

/** Edges by target column, what was not understood, totals: for a person. */
export class AsText implements Writer {
  private readonly open: string[][] = [];

  script(read: ReadScript): void {
    if (read.remark !== undefined) remark(`${read.path} ${read.remark}.`);
    for (const line of aligned(edgesOf(read))) writeLine(line);
    this.open.push(...notUnderstood(read));
  }

  end(totals: Totals): void {
    if (this.open.length > 0) {
      writeLine('\nNot understood');
      for (const line of aligned(this.open)) writeLine(line);
    }
    writeLine('');
    for (const line of summary(totals)) writeLine(line);
  }
}

/** Rows of target ← source, how, confidence, place; what belongs to one target column stands together. */
function edgesOf({ path, lineage }: ReadScript): string[][] {
  const groups = new Map<string, string[][]>();
  const add = (target: string, ...row: readonly string[]) => {
    const group = groups.get(target) ?? [];
    groups.set(target, group);
    group.push([target, ...row]);
  };
  for (const { line, columnEdges, generated } of lineage.statements) {
    const place = `${path}:${line}`;
    for (const { to, from, type, subtype, confidence } of columnEdges) {
      const source = `${type === 'DIRECT' ? '←' : '⇠'} ${sourceShown(from)}`;
      add(targetShown(to), source, subtype.toLowerCase(), confidence, place);
    }
    // Rows of constants have columns without an expression; a dump has thousands of them.
    for (const { to, expression } of generated)
      if (expression !== undefined) add(targetShown(to), `← ${oneLine(expression)}`, 'generated', '', place);
  }
  return [...groups.values()].flat();
}

function notUnderstood({ path, text, places, lineage }: ReadScript): string[][] {
  return lineage.statements
    .filter(({ status }) => !understood(status))
    .flatMap(({ status, reasons, start, end }) =>
      reasons.map((reason) => {
        const { line, column } = places.of(reason.start);
        const words = oneLine(text.slice(start, Math.min(end, start + 4 * FIRST_WORDS)));
        return [`${path}:${line}:${column}`, status, reason.code, reason.message.replace(/\s+/g, ' '), words];
      }),
    );
}

/** Beginning of a text on one line. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > FIRST_WORDS ? `${line.slice(0, FIRST_WORDS)}…` : line;
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
    `Without origin   ${withoutOrigin} columns`,
    ...(assumed === '' ? [] : [`Not known        ${assumed}${advice(notKnown)}`]),
  ];
}
