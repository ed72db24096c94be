import { type CellObject, type Row, type Sheet } from 'write-excel-file/node';

import { type Block, type Cell, type ReportDocument, type Section, type Table } from '../document/document.js';

/** The most characters that a spreadsheet's cell holds. */
const LONGEST_CELL = 32_767;
const MOST_ROWS = 1_048_576;

/**
 * The report as a spreadsheet: a sheet for each section, numbers as numbers, times as times, the heading kept in sight.
 * Texts are written as texts, so nothing that has a name is taken for a formula.
 */
export async function xlsxOf(document: ReportDocument, timeZone: string): Promise<Buffer> {
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const names = new Set<string>();
  const cover: Sheet<Buffer> = {
    sheet: sheetName(document.title, names),
    columns: [{ width: 32 }, { width: 90 }],
    data: [
      [{ value: document.title, type: String, fontWeight: 'bold', fontSize: 16 }],
      [],
      ...document.head.flatMap((block) => plain(block, timeZone)),
    ],
  };
  const sheets = document.sections.flatMap((section) => sheetsOf(section, names, timeZone));
  return writeXlsxFile([cover, ...sheets] as never, { fontFamily: 'Microsoft YaHei', fontSize: 10 }).toBuffer();
}

/** Tables have sheets of their own, since each has its own columns. */
function sheetsOf(section: Section, names: Set<string>, timeZone: string): Sheet<Buffer>[] {
  const tables = section.blocks.flatMap((block) => ('table' in block ? [block.table] : []));
  const others = section.blocks.flatMap((block) => ('table' in block || isChart(block) ? [] : plain(block, timeZone)));
  const sheets = tables.map((table) => sheetOf(table, sheetName(section.short, names), timeZone));
  if (others.length === 0) return sheets;
  const [first] = sheets;
  if (first === undefined || section.blocks.some((block) => 'facts' in block || 'code' in block))
    return [
      { sheet: sheetName(section.short, names), columns: [{ width: 40 }, { width: 100 }], data: others },
      ...sheets,
    ];
  // A note goes below the table, so that the heading stays the first row.
  return [{ ...first, data: [...first.data, [], ...others] }, ...sheets.slice(1)];
}

const isChart = (block: Block): boolean => 'days' in block || 'line' in block;

function plain(block: Block, timeZone: string): Row[] {
  if ('text' in block) return [[textCell(block.text)]];
  if ('facts' in block)
    return block.facts.map(([name, cell]) => [{ ...textCell(name), fontWeight: 'bold' }, cellOf(cell, timeZone)]);
  if ('code' in block) return [[textCell(block.title), textCell(block.code)]];
  return [];
}

function sheetOf({ columns, rows }: Table, sheet: string, timeZone: string): Sheet<Buffer> {
  const heading = columns.map(({ title }): CellObject => ({
    ...{ value: title, type: String, fontWeight: 'bold', backgroundColor: '#e8edf5', wrap: true },
    ...{ alignVertical: 'center', borderStyle: 'thin', borderColor: '#9aa4b2' },
  }));
  return {
    sheet,
    stickyRowsCount: 1,
    columns: columns.map(({ width }) => ({ width: Math.min(60, Math.max(11, Math.round(width * 11))) })),
    data: [heading, ...rows.slice(0, MOST_ROWS - 1).map((cells) => cells.map((cell) => cellOf(cell, timeZone)))],
  };
}

function cellOf({ text, value, as, tone }: Cell, timeZone: string): CellObject | null {
  const colour = tone === 'fail' ? { textColor: '#a52a1e' } : {};
  if (value === undefined) return text === '' ? null : { ...textCell(text), ...colour };
  if (value instanceof Date)
    return { value: wallClock(value, timeZone), type: Date, format: 'yyyy-mm-dd hh:mm:ss', alignVertical: 'top' };
  // Beyond what a number is exact for, the digits matter more than being able to add.
  if (!Number.isSafeInteger(value) && as === 'count' && Number.isInteger(value)) return textCell(text);
  return {
    ...{ value, type: Number, alignVertical: 'top' as const, ...colour },
    format: as === 'share' ? '0.00%' : Number.isInteger(value) ? '#,##0' : '0.00',
  };
}

const textCell = (text: string): CellObject => ({
  value: text.replace(CONTROLS, '�').slice(0, LONGEST_CELL),
  ...{ type: String, wrap: true, alignVertical: 'top' },
});

/** XML has no way to say them. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** A spreadsheet knows no time zones: the time on the wall of the report's. */
function wallClock(at: Date, timeZone: string): Date {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return new Date(
    Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second']),
  );
}

/** At most 31 characters without those that a sheet's name cannot have, and no name twice. */
function sheetName(wanted: string, taken: Set<string>): string {
  const base = [...wanted.replace(/[\\/*?:[\]]/g, ' ')].slice(0, 27).join('').trim();
  let name = base;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base} ${n}`;
  taken.add(name.toLowerCase());
  return name;
}
