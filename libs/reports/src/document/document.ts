import { type Counts } from '../quality-report.facts.js';

/** What a table says in a cell; `text` is for people, `value` for spreadsheets. */
export interface Cell {
  readonly text: string;
  readonly value?: number | Date;
  readonly as?: 'count' | 'share' | 'time';
  /** Names the number, so that it can be found again. */
  readonly figure?: string;
  readonly tone?: 'fail';
}

export interface Column {
  readonly title: string;
  /** Beside the other columns of the table: 3 is three times as wide as 1. */
  readonly width: number;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What stands where rows were left out of print; spreadsheets have them all. */
  readonly leftOut?: (rows: number) => string;
}

export type Block =
  | { readonly text: string; readonly tone?: 'note' | 'notice' }
  | { readonly facts: readonly (readonly [string, Cell])[] }
  | { readonly table: Table }
  | { readonly days: { readonly names: readonly string[]; readonly counts: Readonly<Record<string, Counts>> } }
  | { readonly line: readonly { readonly name: string; readonly share: number | null }[] }
  | { readonly code: string; readonly title: string };

export interface Section {
  readonly heading: string;
  /** For the tab of a spreadsheet. */
  readonly short: string;
  readonly blocks: readonly Block[];
}

/** A report in one language, before it is a page, a print or a spreadsheet. */
export interface ReportDocument {
  readonly lang: string;
  readonly title: string;
  /** Stands at the head of each printed page. */
  readonly about: string;
  readonly head: readonly Block[];
  readonly sections: readonly Section[];
}

/** Rows of a table that are printed; nobody reads more of them, and spreadsheets have them all. */
export const MOST_PRINTED = 500;

export const text = (of: string): Cell => ({ text: of });
