import { stringify } from 'csv-stringify/sync';

import { type ReportDocument } from '../document/document.js';

/** The tables of a report, one below the other; a BOM lets spreadsheets read Chinese, and nothing is taken for a formula. */
export function tableCsv({ sections }: ReportDocument): Buffer {
  const lines = sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      'table' in block
        ? [block.table.columns.map(({ title }) => title), ...block.table.rows.map((row) => row.map(({ text }) => text))]
        : [],
    ),
  );
  return Buffer.from(
    stringify(lines, { bom: true, escape_formulas: true, record_delimiter: 'windows', quoted_match: /^\s/ }),
  );
}
