import { type FilesSettings } from './settings.js';

export type FileFormat = 'csv' | 'tsv' | 'parquet' | 'jsonl' | 'json' | 'xlsx';

const FORMATS: readonly (readonly [ending: RegExp, format: FileFormat])[] = [
  [/\.csv(\.gz)?$/i, 'csv'],
  [/\.(tsv|tab)(\.gz)?$/i, 'tsv'],
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(jsonl|ndjson)(\.gz)?$/i, 'jsonl'],
  // While Excel has a workbook open, a file of the same name with ~$ before it lies beside it.
  [/^(?!~\$).*\.xlsx$/is, 'xlsx'],
];

/** The format by the ending of the name; undefined for a file that is no data. */
export const formatOf = (name: string): FileFormat | undefined => FORMATS.find(([ending]) => ending.test(name))?.[1];

/** A sheet has the name of its workbook, a slash, and its own. */
export const sheetIn = (name: string): { readonly file: string; readonly sheet: string } | undefined => {
  const [, file, sheet] = /^([^/]+\.xlsx)\/([^/]+)$/is.exec(name) ?? [];
  return file === undefined || sheet === undefined ? undefined : { file, sheet };
};

/** The table function of DuckDB that reads the file, with every option that changes what it sees. */
export function readFunction(
  path: string,
  format: Exclude<FileFormat, 'xlsx'>,
  { header, csvTypes, sampleRows }: Pick<FilesSettings, 'header' | 'csvTypes' | 'sampleRows'>,
): string {
  const file = textLiteral(withoutGlobs(path));
  // The folder `year=2026` would add a column that is not in the file.
  const plain = 'hive_partitioning = false, union_by_name = false';
  const delimited = [
    plain,
    `sample_size = ${sampleRows}`,
    `all_varchar = ${csvTypes === 'text'}`,
    // Else lines are passed by until the rest fits: of a ragged file all but its end, whose values become names.
    'skip = 0',
    ...(header === 'auto' ? [] : [`header = ${header === 'yes'}`]),
  ].join(', ');
  switch (format) {
    case 'csv':
      return `read_csv(${file}, ${delimited})`;
    case 'tsv':
      return `read_csv(${file}, delim = '\t', ${delimited})`;
    case 'parquet':
      return `read_parquet(${file}, ${plain})`;
    case 'jsonl':
      return `read_json(${file}, format = 'newline_delimited', sample_size = ${sampleRows}, ${plain})`;
    case 'json':
      return `read_json(${file}, format = 'auto', sample_size = ${sampleRows}, ${plain})`;
    default:
      return format satisfies never;
  }
}

/** A text literal of DuckDB, which knows no backslash escapes. */
export const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** DuckDB takes a path with these signs for a pattern; in brackets they mean themselves. */
export const withoutGlobs = (path: string): string => path.replaceAll(/[*?[]/g, '[$&]');
