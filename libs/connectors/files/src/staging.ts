import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, realpathSync, statSync } from 'node:fs';
import { chmod, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { DuckDBInstance } from '@duckdb/node-api';
import iconv from 'iconv-lite';

import { quoteIdentifier, type SourceAddress, SourceQueryFailed } from '#core/connector-kit';

import { type Encoding } from './encoding.js';
import { textLiteral } from './file-format.js';
import { type FilesSettings } from './settings.js';
import { readWorkbook, type SheetTable } from './workbook.js';
import { ZipRefused } from './zip.js';

/** A file that DuckDB cannot read as it is, and what makes a copy that it can. */
interface Copy {
  readonly path: string;
  make(signal: AbortSignal): Promise<void>;
}

/**
 * Copies of files that DuckDB cannot read: texts in other encodings, as UTF-8, and sheets of workbooks, as Parquet. They lie in a
 * folder that only this account may enter, are made when a statement needs them, have a limit, and go with the connection.
 */
export class Staging {
  private readonly copies = new Map<string, Copy>();
  private readonly made = new Map<string, Promise<void>>();
  private taken = 0;
  private place?: string;

  constructor(
    private readonly settings: FilesSettings,
    private readonly address: SourceAddress,
  ) {}

  /** The folder of the copies. */
  get folder(): string {
    this.place ??= realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-files-')));
    return this.place;
  }

  /** The path of the copy of a text; it is made when a statement has this path in it. */
  text(source: string, encoding: Encoding): string {
    const path = this.pathOf(source, encoding, basename(source).replace(/\.gz$/i, ''));
    if (!this.copies.has(path))
      this.copies.set(path, { path, make: (signal) => this.transcode(source, path, encoding, signal) });
    return path;
  }

  /** The path of a sheet as Parquet. */
  sheet(source: string, sheet: string): string {
    const path = this.pathOf(source, sheet, 'sheet.parquet');
    if (!this.copies.has(path)) this.copies.set(path, { path, make: () => this.writeSheet(source, sheet, path) });
    return path;
  }

  /** Makes the copies that a statement names. */
  async ready(sql: string, signal: AbortSignal): Promise<void> {
    for (const copy of this.copies.values()) {
      if (!sql.includes(copy.path)) continue;
      const making = this.made.get(copy.path) ?? copy.make(signal);
      this.made.set(copy.path, making);
      try {
        await making;
      } catch (error) {
        this.made.delete(copy.path);
        await rm(copy.path, { force: true });
        throw error;
      }
    }
  }

  /** The sheets of a workbook; its faults in words that fit behind its name. */
  async sheets(source: string): Promise<SheetTable[]> {
    try {
      return await readWorkbook(source, this.settings);
    } catch (error) {
      throw error instanceof ZipRefused ? new SourceQueryFailed(this.address, error.message) : error;
    }
  }

  /** The beginning of a text as a file of its own, up to the end of a line; who asked for it deletes it. */
  async head(source: string, encoding: Encoding, bytes: number, signal: AbortSignal): Promise<string> {
    const path = join(this.folder, `head-${process.hrtime.bigint()}-${basename(source).replace(/\.gz$/i, '')}`);
    let text = '';
    for await (const chunk of this.decoded(source, encoding)) {
      signal.throwIfAborted();
      text += chunk;
      if (text.length >= bytes) break;
    }
    const whole = text.length < bytes;
    await writeFile(path, whole ? text : text.slice(0, text.lastIndexOf('\n') + 1), { mode: 0o600 });
    return path;
  }

  async close(): Promise<void> {
    const place = this.place;
    this.place = undefined;
    this.copies.clear();
    this.made.clear();
    this.taken = 0;
    if (place !== undefined) await rm(place, { recursive: true, force: true });
  }

  /** Another content has another path: a changed file is never read from an old copy. */
  private pathOf(source: string, part: string, name: string): string {
    const { mtimeMs, size } = statSync(source, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
    const digest = createHash('sha256')
      .update(JSON.stringify([source, part, mtimeMs, size]))
      .digest('hex');
    const folder = join(this.folder, digest.slice(0, 32));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return join(folder, name);
  }

  private decoded(source: string, encoding: Encoding): AsyncIterable<string> {
    const bytes = createReadStream(source);
    const unpacked = /\.gz$/i.test(source) ? bytes.pipe(createGunzip()) : bytes;
    bytes.on('error', (error) => unpacked.destroy(error));
    const decoder = iconv.getDecoder(encoding);
    return (async function* () {
      for await (const chunk of unpacked as AsyncIterable<Buffer>) yield decoder.write(chunk);
      yield decoder.end() ?? '';
    })();
  }

  private async transcode(source: string, path: string, encoding: Encoding, signal: AbortSignal): Promise<void> {
    const bounded = new Transform({
      decodeStrings: true,
      transform: (chunk: Buffer, _, done) => {
        this.taken += chunk.length;
        if (this.taken > this.limit) done(this.tooMuch());
        else done(null, chunk);
      },
    });
    await pipeline(this.decoded(source, encoding), bounded, createWriteStream(path, { mode: 0o600 }), { signal });
  }

  private async writeSheet(source: string, sheet: string, path: string): Promise<void> {
    const table = (await this.sheets(source)).find(({ name }) => name === sheet);
    if (table === undefined)
      throw new SourceQueryFailed(this.address, `"${basename(source)}" has no sheet "${sheet}" with anything in it`);
    const lines = `${path}.jsonl`;
    const json = table.rows
      .map((row) => JSON.stringify(Object.fromEntries(row.map((cell, at) => [`c${at}`, cell]))))
      .join('\n');
    this.taken += Buffer.byteLength(json);
    if (this.taken > this.limit) throw this.tooMuch();
    await writeFile(lines, `${json}\n`, { mode: 0o600 });
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${this.settings.memoryLimitMb}MB`,
      threads: '1',
    });
    try {
      const writer = await instance.connect();
      const columns = table.columns.map(({ type }, at) => `c${at}: '${type}'`).join(', ');
      const selected = table.columns.map(({ name }, at) => `c${at} AS ${quoteIdentifier('duckdb', name)}`).join(', ');
      const from = `read_json(${textLiteral(lines)}, format = 'newline_delimited', columns = {${columns}})`;
      await writer.run(`COPY (SELECT ${selected} FROM ${from}) TO ${textLiteral(path)} (FORMAT parquet)`);
      writer.closeSync();
    } finally {
      instance.closeSync();
    }
    await chmod(path, 0o600);
    const { size } = await stat(path);
    this.taken += size - Buffer.byteLength(json);
    await rm(lines, { force: true });
  }

  private get limit(): number {
    return this.settings.temporaryMb * 1_048_576;
  }

  private tooMuch(): SourceQueryFailed {
    return new SourceQueryFailed(
      this.address,
      `the copies of files in other encodings and of workbooks would take more than ${this.settings.temporaryMb} MB. Raise the limit in the settings, ` +
        'or convert the files to UTF-8',
    );
  }
}
