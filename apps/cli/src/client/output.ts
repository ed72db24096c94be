import Table from 'cli-table3';

/** How results are written: tables for people, JSON for machines. */
export interface Output {
  readonly json: boolean;
}

/** A table without lines. */
export const NO_LINES = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** Writes rows as a table with these columns; an empty list says so in words. With --json: the rows as they are. */
export function writeRows<R extends object>(
  output: Output,
  rows: readonly R[],
  columns: Readonly<Record<string, (row: R) => unknown>>,
  empty = 'There is nothing to show.',
): void {
  if (output.json) return writeJson(rows);
  if (rows.length === 0) return writeLine(empty);
  const table = new Table({
    head: Object.keys(columns),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push(Object.values(columns).map((cell) => plain(cell(row))));
  writeLine(table.toString());
}

/** Writes one thing as lines of "name: value"; with --json as it is. */
export function writeFacts(output: Output, thing: object, facts: Readonly<Record<string, unknown>>): void {
  if (output.json) return writeJson(thing);
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  for (const [name, value] of Object.entries(facts)) writeLine(`${name.padEnd(width)}  ${plain(value)}`);
}

export const writeJson = (value: unknown): void => writeLine(JSON.stringify(value, null, 2));

export const writeLine = (text: string): void => void process.stdout.write(`${text}\n`);

/** What a person should know beside the result; never in the way of --json. */
export const remark = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

// Control characters in a name must not steer the terminal.

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A value as a cell of a table: nothing is a dash, control characters are made harmless. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(plain).join(', ');
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replace(CONTROL, '�');
}

/** A moment as people here write it: local time to the second. */
export function moment(iso: string | null | undefined): string {
  if (iso == null) return '–';
  const date = new Date(iso);
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}
