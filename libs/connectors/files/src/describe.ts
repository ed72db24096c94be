import { type Stats } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Call,
  type HarvestedDataset,
  type HarvestedField,
  remainderOf,
  type SourceAddress,
  SourceQueryFailed,
} from '#core/connector-kit';

import { type DuckDbSession } from './duckdb-session.js';
import { type Encoding, type Encodings } from './encoding.js';
import { type FileFormat, readFunction, textLiteral, withoutGlobs } from './file-format.js';
import { type FilesSettings } from './settings.js';
import { type Staging } from './staging.js';
import { typeFamily, typeLimits } from './type-family.js';

// What is decoded of a text in another encoding to tell its columns: more than the rows that are looked at, in most files.
const HEAD_CHARACTERS = 8 * 1_048_576;

const SEPARATORS = [',', ';', '\t', '|'] as const;

type TextFormat = Exclude<FileFormat, 'xlsx' | 'parquet'>;

interface FileInScope {
  readonly scope: string;
  readonly name: string;
  readonly format: FileFormat;
}

/** Finds out what tables a file holds. */
export class Describer {
  constructor(
    private readonly settings: FilesSettings,
    private readonly address: SourceAddress,
    private readonly session: DuckDbSession,
    private readonly staging: Staging,
    private readonly encodings: Encodings,
    private readonly inTime: <T>(call: Call, work: (signal: AbortSignal) => Promise<T>) => Promise<T>,
  ) {}

  /** A workbook holds one for each sheet, any other file is one; none when it is not there any more. */
  async describe(file: FileInScope, root: string, call: Call): Promise<HarvestedDataset[]> {
    const path = file.scope === '.' ? file.name : `${file.scope}/${file.name}`;
    const whole = join(root, path);
    const found = await stat(whole).catch((error: unknown) => {
      // Between listing and reading somebody may have taken it away; then it is gone, which is no fault.
      if ((error as { code?: string }).code === 'ENOENT') return undefined;
      throw new SourceQueryFailed(this.address, 'the account of Plumbline may not open it');
    });
    if (found === undefined) return [];
    if (found.size === 0) throw this.refused('the file is empty. Fill it, or take it out of the folder');
    const common = (name: string, of: Stats) => ({
      scope: file.scope,
      name,
      kind: 'file' as const,
      qualifiedName: file.scope === '.' ? name : `${file.scope}/${name}`,
      sizeBytes: of.size,
      alteredAt: of.mtime.toISOString(),
      keys: [],
    });
    if (file.format === 'xlsx') {
      const sheets = await this.inTime(call, () => this.staging.sheets(whole));
      if (sheets.length === 0) throw this.refused('no sheet has anything in it. Fill it, or take it out of the folder');
      return sheets.map((sheet) => ({
        ...common(`${file.name}/${sheet.name}`, found),
        rowEstimate: sheet.rows.length,
        fields: sheet.columns.map(({ name, type }, at) => fieldOf(name, type, at)),
      }));
    }
    const rest = remainderOf(call);
    const fields = await this.fieldsOf(whole, file.format, rest);
    const rows = file.format === 'parquet' ? { rowEstimate: await this.rowsOf(whole, rest()) } : {};
    return [{ ...common(file.name, found), ...rows, fields }];
  }

  private async fieldsOf(
    path: string,
    format: Exclude<FileFormat, 'xlsx'>,
    rest: () => Call,
  ): Promise<HarvestedField[]> {
    if (format === 'parquet') return this.columnsOf(path, format, rest());
    const { encoding, isBlank } = this.encodings.of(path);
    if (isBlank) throw this.refused('there is nothing in the file. Fill it, or take it out of the folder');
    if (encoding === undefined)
      throw this.refused(
        'its encoding cannot be told: it is not good UTF-8, UTF-16 or GB18030. Name the encoding in the settings, or convert it',
      );
    const foreign = this.encodings.foreign(path, format);
    return foreign === undefined
      ? this.textColumns(path, format, rest)
      : this.foreignColumns(path, format, foreign, rest);
  }

  private async foreignColumns(
    path: string,
    format: TextFormat,
    encoding: Encoding,
    rest: () => Call,
  ): Promise<HarvestedField[]> {
    const head = await this.inTime(rest(), (signal) => this.staging.head(path, encoding, HEAD_CHARACTERS, signal));
    try {
      return await this.textColumns(head, format, rest);
    } finally {
      await rm(head, { force: true });
    }
  }

  private async textColumns(path: string, format: TextFormat, rest: () => Call): Promise<HarvestedField[]> {
    const fields = await this.columnsOf(path, format, rest());
    if (format === 'csv') await this.refuseRagged(path, fields, rest);
    return fields;
  }

  /** Where lines have different numbers of columns, DuckDB finds that the file has one, called `a,b,c`. Asked plainly, it says where. */
  private async refuseRagged(path: string, fields: readonly HarvestedField[], rest: () => Call): Promise<void> {
    const [only] = fields;
    if (only === undefined || fields.length > 1) return;
    const counted = SEPARATORS.map((separator) => [separator, only.name.split(separator).length] as const);
    const [separator, count] = counted.reduce((best, each) => (each[1] > best[1] ? each : best));
    if (count === 1) return this.refuseTitled(path, rest);
    const read = (more: string) =>
      `read_csv(${textLiteral(withoutGlobs(path))}, delim = ${textLiteral(separator)}, skip = 0, ${more})`;
    try {
      await this.session.describe(read(`sample_size = ${this.settings.sampleRows}, all_varchar = true`), rest());
      // One name in quotes, with the separator in it.
      return;
    } catch (error) {
      if (!(error instanceof SourceQueryFailed)) throw error;
    }
    const columns = Array.from({ length: count }, (_, at) => `c${at}: 'VARCHAR'`).join(', ');
    const plain = read(`auto_detect = false, header = true, columns = {${columns}}`);
    await this.session.select(
      `SELECT max(c0), max(c${count - 1}) FROM (SELECT * FROM ${plain} LIMIT ${this.settings.sampleRows})`,
      [],
      1,
      rest(),
    );
  }

  /** One column, and a table of several further down: the lines above it are no part of it. */
  private async refuseTitled(path: string, rest: () => Call): Promise<void> {
    const { sampleRows } = this.settings;
    const file = textLiteral(withoutGlobs(path));
    const below = `read_csv(${file}, sample_size = ${sampleRows}, all_varchar = true)`;
    const [sniffed] = await this.session
      .select(`SELECT SkipRows, len(Columns) FROM sniff_csv(${file}, sample_size = ${sampleRows})`, [], 1, rest())
      .then(
        (found) => found.getRows(),
        () => [],
      );
    const [above, columns] = (sniffed ?? []).map(Number);
    if (!above || !columns || columns < 2) return;
    const counted = await this.session.select(
      `SELECT count(*) FROM (SELECT 1 FROM ${below} LIMIT ${sampleRows})`,
      [],
      1,
      rest(),
    );
    // Of a list of texts one of the last lines may have a separator in it.
    if (Number(counted.getRows()[0]?.[0] ?? 0) < 2 * above) return;
    throw this.refused(
      `above the names of its columns stand ${above} lines that are no part of the table. Delete them, or save the table alone`,
    );
  }

  private columnsOf(path: string, format: Exclude<FileFormat, 'xlsx'>, call: Call): Promise<HarvestedField[]> {
    return this.session.describe(readFunction(path, format, this.settings), call);
  }

  /** The number of rows that the footer of a Parquet file tells. */
  private async rowsOf(path: string, call: Call): Promise<number> {
    const file = textLiteral(withoutGlobs(path));
    const found = await this.session.select(`SELECT num_rows FROM parquet_file_metadata(${file})`, [], 1, call);
    return Number(found.getRows()[0]?.[0] ?? 0);
  }

  private refused(reason: string): SourceQueryFailed {
    return new SourceQueryFailed(this.address, reason);
  }
}

const fieldOf = (name: string, nativeType: string, at: number): HarvestedField => ({
  name,
  ordinal: at + 1,
  nativeType,
  typeFamily: typeFamily(nativeType),
  ...typeLimits(nativeType),
  nullable: true,
});
