import { type SourceAddress, SourcePermissionDenied, SourceQueryFailed } from '#core/connector-kit';
import { AppError, messageOf } from '#kernel';

/** Says what an error of DuckDB means. Its own messages quote lines of the file; ours do not. */
export function explainDuckDbError(error: unknown, address: SourceAddress): AppError {
  if (error instanceof AppError) return error;
  // Errors of a native module are not always an `Error` of this context, and then bring the word along.
  const message = messageOf(error).replace(/^Error: /, '');
  if (message.startsWith('Permission Error'))
    return new SourcePermissionDenied(address, 'only files in the folder may be read');
  return new SourceQueryFailed(address, reasonOf(message), /^([A-Za-z ]+) Error/.exec(message)?.[1]);
}

/** Says what an error met while a file was copied or unpacked means. */
export function explainFileError(error: unknown, address: SourceAddress): AppError {
  if (error instanceof AppError) return error;
  switch ((error as { code?: unknown }).code) {
    case 'ENOENT':
      return new SourceQueryFailed(address, 'the file is not there any more');
    case 'EACCES':
    case 'EPERM':
      return new SourcePermissionDenied(address, 'the account of Plumbline may not open the file');
    case 'ENOSPC':
      return new SourceQueryFailed(address, 'the disk for temporary copies is full');
    case 'Z_DATA_ERROR':
    case 'Z_BUF_ERROR':
      return new SourceQueryFailed(address, 'it is no gzip file, or cut short. Copy it again');
    default:
      return explainDuckDbError(error, address);
  }
}

/** The reason in an error's message, without values of the data. */
export function reasonOf(message: string): string {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const where = line === undefined ? '' : `line ${line}: `;
  const known = REASONS.find(([sign]) => sign.test(message));
  if (known !== undefined) return where + known[1];
  if (line !== undefined) return `${where}it cannot be read`;
  if (/^(Conversion|Out of Range|Constraint) Error/.test(message)) return 'it met a value that does not fit its type';
  // What comes after the first line is the statement and advice for people who use DuckDB.
  return firstLine(message)
    .replace(/\s*Input: .*$/, '')
    .replace(/[.\s]+$/, '');
}

const REASONS: readonly (readonly [sign: RegExp, reason: string])[] = [
  [/not utf-8 encoded|Invalid unicode/i, 'the text is not in UTF-8. Name its encoding in the settings, or convert it'],
  [
    /Expected Number of Columns: \d+ Found: \d+/i,
    'it has another number of columns than the lines before. Give every line as many as the header, and write texts with the separator in quotes',
  ],
  [/unterminated quote/i, 'a quote is opened and not closed'],
  [/Error when converting column/i, 'a value does not fit the type of its column'],
  [
    /not possible to automatically detect the CSV/i,
    'it is not text in columns with one separator and one kind of line end. Write it anew, or take it out of the folder',
  ],
  [
    /No magic bytes found|Parquet.*(?:too small|file size)|(?:Failed to read|corrupt|Invalid).*(?:Parquet|footer|Thrift|metadata)|TProtocolException/is,
    'the Parquet file is cut short or broken. Copy it again from where it came',
  ],
  [/Malformed JSON/i, 'it is not JSON, or the line is cut short. Write one whole object a line'],
  [/No such file|Cannot open file/i, 'the file is not there any more'],
  [/Maximum line size/i, 'the line is too long'],
  [
    /^Out of Memory Error/,
    'it needs more memory than allowed. Raise the memory limit in the settings, or ask for less',
  ],
];

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
