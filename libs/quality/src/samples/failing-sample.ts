import { type Cell, type QueryResult } from '#core/connector-kit';

import { type SampleColumn, shownValue } from './showing.js';

/** Some rows that break a rule, masked by how secret their columns are. */
export interface FailingSample {
  readonly columns: readonly string[];
  /** Fields of these columns, in their order. */
  readonly fieldIds: readonly string[];
  readonly masked: readonly string[];
  /** Columns that were not read, because of their security level or that of the rule's fields. */
  readonly withheld: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export const MOST_SAMPLE_ROWS = 20;
/** Of all cells together. */
const MOST_BYTES = 32_768;
const LONGEST_CELL = 200;

/** What may be kept of the rows that came back: as many as there is room for. */
export function sampleOf(found: QueryResult | undefined, columns: readonly SampleColumn[]): FailingSample | undefined {
  const read = columns.filter(({ showing }) => showing !== 'withheld');
  const withheld = columns.filter(({ showing }) => showing === 'withheld').map(({ name }) => name);
  const about = {
    columns: read.map(({ name }) => name),
    fieldIds: read.map(({ fieldId }) => fieldId),
    masked: read.filter(({ showing }) => showing === 'masked').map(({ name }) => name),
    withheld,
  };
  if (found === undefined) return withheld.length > 0 && read.length === 0 ? { ...about, rows: [] } : undefined;
  const places = read.map(({ name }) => found.columns.findIndex((each) => each.name === name));
  const rows: (string | null)[][] = [];
  let bytes = 0;
  for (const row of found.rows.slice(0, MOST_SAMPLE_ROWS)) {
    const kept = read.map(({ showing, secrecy }, at) =>
      shownValue(shortText(row[places[at]!] ?? null), showing, secrecy),
    );
    bytes += kept.reduce((sum, cell) => sum + Buffer.byteLength(cell ?? ''), 0);
    if (bytes > MOST_BYTES) break;
    rows.push(kept);
  }
  return { ...about, rows };
}

const shortText = (cell: Cell): string | null => {
  if (cell === null) return null;
  // JSON that is sealed has neither NUL nor halves of surrogate pairs, as the catalog's own.
  const characters = [...Buffer.from(String(cell)).toString().replaceAll('\0', '␀')];
  return characters.length > LONGEST_CELL ? `${characters.slice(0, LONGEST_CELL).join('')}…` : characters.join('');
};
