import { messageOf } from '#kernel';

import { type FilesSettings } from './settings.js';
import { unzipped, zipOf, ZipRefused } from './zip.js';

/** A sheet of a workbook as a table. */
export interface SheetTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: SheetType }[];
  /** Each with a cell for every column. Times are texts, in no zone. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

export type SheetType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'DATE' | 'TIMESTAMP';

// A cell far away makes all the cells before it exist, empty.
const MOST_CELLS = 5_000_000;

// The cells and the rows of a sheet by their places: r="XFD1048576", r="7".
const PLACES = /\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["']/g;
const ODD_PLACE = /<(?:\w+:)?(?:c|row)\s[^>]*\br\s*=\s*["'][^"'>]*&/;

/**
 * Reads the sheets of an .xlsx file that have anything in them. Before the reader sees the file it is unpacked up to a limit and
 * looked at, so that neither a bomb nor a lonely cell in the last row fills the memory.
 * @throws {ZipRefused}
 */
export async function readWorkbook(
  path: string,
  { header, csvTypes, workbookMb }: Pick<FilesSettings, 'header' | 'csvTypes' | 'workbookMb'>,
): Promise<SheetTable[]> {
  const files = await unzipped(path, (name) => /\.(xml|rels)$/i.test(name), workbookMb * 1_048_576);
  for (const [name, content] of files)
    if (/worksheets\/[^/]+\.xml$/i.test(name)) refuseWideOnes(content.toString('utf8'));
  const { default: readSheets } = await import('read-excel-file/node');
  const sheets = await readSheets(zipOf(files)).catch((error: unknown) => {
    throw new ZipRefused(
      `it is not a workbook as Excel writes it (${messageOf(error).slice(0, 200)}). Open it and save it again`,
    );
  });
  return sheets.flatMap(({ sheet, data }) => {
    const rows = data.map((row) => row.map(cellOf));
    const first = rows.findIndex((row) => row.some((cell) => cell !== null));
    return first < 0 ? [] : [tableOf(sheet, rows.slice(first), header, csvTypes)];
  });
}

function refuseWideOnes(xml: string): void {
  if (ODD_PLACE.test(xml))
    throw new ZipRefused('places of its cells are written in a way no program writes them. Save it again');
  let [rows, columns] = [1, 1];
  for (const [, letters = '', digits = ''] of xml.matchAll(PLACES)) {
    rows = Math.max(rows, Number(digits));
    columns = Math.max(columns, columnNumber(letters));
  }
  if (rows * columns > MOST_CELLS)
    throw new ZipRefused(
      `a sheet reaches over ${rows} rows and ${columns} columns, more than ${MOST_CELLS} cells. Delete what is far outside the table, or save ` +
        'the data as CSV or Parquet',
    );
}

const columnNumber = (letters: string): number =>
  [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

type Value = string | number | boolean | Date | null;

const cellOf = (cell: unknown): Value =>
  typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' || cell instanceof Date
    ? cell
    : null;

function tableOf(
  name: string,
  rows: readonly (readonly Value[])[],
  header: FilesSettings['header'],
  csvTypes: FilesSettings['csvTypes'],
): SheetTable {
  const [first = []] = rows;
  const named = header === 'yes' || (header === 'auto' && looksLikeHeader(first));
  const names = unique(first.map((cell, at) => (named && cell !== null ? textOf(cell) : `column${at}`)));
  const body = named ? rows.slice(1) : rows;
  const types = first.map((_, at): SheetType =>
    csvTypes === 'text' ? 'VARCHAR' : typeOf(body.map((row) => row[at]!)),
  );
  return {
    name,
    columns: names.map((column, at) => ({ name: column, type: types[at]! })),
    rows: body.map((row) => row.map((cell, at) => stored(cell, types[at]!))),
  };
}

/** Nothing but texts. */
const looksLikeHeader = (row: readonly Value[]): boolean =>
  row.every((cell) => cell === null || typeof cell === 'string');

/** As DuckDB does it for CSV: the second `a` is `a_1`. */
function unique(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name === '' ? 'column' : name;
    for (let n = 1; taken.has(own.toLowerCase()); n += 1) own = `${name}_${n}`;
    taken.add(own.toLowerCase());
    return own;
  });
}

function typeOf(cells: readonly Value[]): SheetType {
  const kinds = new Set(cells.flatMap((cell) => (cell === null ? [] : [kindOf(cell)])));
  const only = (...allowed: SheetType[]) => kinds.size > 0 && [...kinds].every((kind) => allowed.includes(kind));
  if (only('BIGINT')) return 'BIGINT';
  if (only('BIGINT', 'DOUBLE')) return 'DOUBLE';
  if (only('BOOLEAN')) return 'BOOLEAN';
  if (only('DATE')) return 'DATE';
  return only('DATE', 'TIMESTAMP') ? 'TIMESTAMP' : 'VARCHAR';
}

function kindOf(cell: string | number | boolean | Date): SheetType {
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? 'BIGINT' : 'DOUBLE';
  if (typeof cell === 'boolean') return 'BOOLEAN';
  if (typeof cell === 'string') return 'VARCHAR';
  return cell.getTime() % 86_400_000 === 0 ? 'DATE' : 'TIMESTAMP';
}

function stored(cell: Value, type: SheetType): string | number | boolean | null {
  if (cell === null) return null;
  if (type === 'VARCHAR' || cell instanceof Date) return textOf(cell, type);
  return cell;
}

function textOf(cell: Exclude<Value, null>, type?: SheetType): string {
  if (!(cell instanceof Date)) return String(cell).replaceAll('\0', '\ufffd');
  const iso = cell.toISOString();
  return type === 'DATE' || (type !== 'TIMESTAMP' && kindOf(cell) === 'DATE')
    ? iso.slice(0, 10)
    : iso.slice(0, -1).replace('T', ' ');
}
