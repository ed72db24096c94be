import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

import {
  type Call,
  CallGroup,
  CallWatch,
  type Connection,
  type DatasetPlace,
  DEFAULT_SAMPLE_CHARACTERS,
  type HarvestedDataset,
  type Plan,
  type QueryCall,
  type QueryResult,
  quoteIdentifier,
  remainderOf,
  type Sample,
  type SampleCall,
  scopeFilter,
  type SnapshotOptions,
  type SnapshotPart,
  type SourceAddress,
  SourceCallCancelled,
  SourceQueryFailed,
  SourceTimedOut,
  SourceUnreachable,
  type TestReport,
} from '#core/connector-kit';
import { AppError, InvalidInput } from '#kernel';

import { Describer } from './describe.js';
import { explainFileError } from './duckdb-errors.js';
import { DuckDbSession } from './duckdb-session.js';
import { Encodings } from './encoding.js';
import { formatOf, readFunction, sheetIn } from './file-format.js';
import { type FilesSettings } from './settings.js';
import { Staging } from './staging.js';
import { type Folder, walk } from './walk.js';

// Goes up when a snapshot reads more than before, so that no scope is taken for unchanged then.
const READING = 2;

export class FilesConnection implements Connection {
  readonly dialect = 'duckdb';
  private readonly address: SourceAddress;
  private readonly calls = new CallGroup();
  private readonly session: DuckDbSession;
  private readonly staging: Staging;
  private readonly encodings: Encodings;
  private readonly describer: Describer;

  constructor(private readonly settings: FilesSettings) {
    this.address = { product: 'The folder', host: settings.folder };
    this.staging = new Staging(settings, this.address);
    this.session = new DuckDbSession(
      settings,
      async () => ({ folders: [await this.root(), this.staging.folder] }),
      this.address,
    );
    this.encodings = new Encodings(settings);
    this.describer = new Describer(settings, this.address, this.session, this.staging, this.encodings, (call, work) =>
      this.inTime(call, work),
    );
  }

  async test(call: Call): Promise<TestReport> {
    try {
      return await this.calls.run(call, (own) => this.tryOut(own));
    } catch (error) {
      if (!(error instanceof AppError) || error instanceof SourceCallCancelled) throw error;
      return { ok: false, problems: [error.message] };
    }
  }

  private async tryOut(call: Call): Promise<TestReport> {
    const before = performance.now();
    const version = await this.session.select('SELECT version()', [], 1, call);
    const roundTripMs = Math.round((performance.now() - before) * 100) / 100;
    let scopes = 0;
    let datasets = 0;
    const problems: string[] = [];
    for await (const folder of walk(await this.root(), call.signal)) {
      scopes += 1;
      datasets += folder.files.length;
      if (folder.problem !== undefined)
        problems.push(`The folder "${folder.scope}" cannot be listed: ${folder.problem}.`);
    }
    if (datasets === 0) problems.push(`${this.settings.folder} has no CSV, TSV, Parquet, JSON Lines or Excel file.`);
    return {
      ok: true,
      server: `DuckDB ${String(version.getRows()[0]?.[0])}`,
      scopes,
      datasets,
      roundTripMs,
      problems,
    };
  }

  snapshot(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart> {
    return this.calls.stream(call, (own) => this.parts(options, own));
  }

  private async *parts(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart> {
    const rest = remainderOf(call);
    const wanted = scopeFilter(options);
    for await (const folder of walk(await this.root(), call.signal)) {
      if (wanted(folder.scope)) yield* this.scope(folder, rest);
    }
    if (call.signal.aborted) throw new SourceCallCancelled(this.address, 'caller');
  }

  private async *scope({ scope, files, problem }: Folder, rest: () => Call): AsyncIterable<SnapshotPart> {
    const reasons = problem === undefined ? [] : [`The folder cannot be listed: ${problem}.`];
    for (const { name, format } of files) {
      let datasets: readonly HarvestedDataset[];
      try {
        datasets = await this.describer.describe({ scope, name, format }, await this.root(), rest());
      } catch (error) {
        if (error instanceof SourceCallCancelled || !(error instanceof AppError)) throw error;
        reasons.push(`"${name}" cannot be read: ${error instanceof SourceQueryFailed ? error.reason : error.message}.`);
        // Every other file would run out of time as well.
        if (error instanceof SourceTimedOut) break;
        continue;
      }
      for (const dataset of datasets) yield { part: 'dataset', scope, dataset };
    }
    yield { part: 'scope', scope, complete: reasons.length === 0, reasons };
  }

  /** By names, sizes and times: whoever writes a file without changing any of these is not found out. */
  scopeDigests(options: SnapshotOptions, call: Call): Promise<ReadonlyMap<string, string>> {
    return this.calls.run(call, async (own) => {
      const wanted = scopeFilter(options);
      const root = await this.root();
      const { header, csvTypes, sampleRows, encoding } = this.settings;
      const digests = new Map<string, string>();
      for await (const { scope, files, problem } of walk(root, own.signal)) {
        if (problem !== undefined || !wanted(scope)) continue;
        const facts = await Promise.all(
          files.map(async ({ name }) => {
            const found = await stat(join(root, scope, name), { bigint: true }).catch(() => undefined);
            return [name, String(found?.size), String(found?.mtimeNs)];
          }),
        );
        const all = [READING, header, csvTypes, sampleRows, encoding, facts];
        digests.set(scope, createHash('sha256').update(JSON.stringify(all)).digest('hex'));
      }
      if (own.signal.aborted) throw new SourceCallCancelled(this.address, 'caller');
      return digests;
    });
  }

  query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult> {
    return this.calls.run(call, async (own) => {
      const rest = remainderOf(own);
      await this.copied(sql, own);
      return this.session.query(sql, params, { ...own, ...rest() });
    });
  }

  sample({ scope, name }: DatasetPlace, call: SampleCall): Promise<Sample> {
    return this.calls.run(call, async (own) => {
      const relation = this.relation(scope, name);
      const rest = remainderOf(own);
      const { maxRows, maxCharacters = DEFAULT_SAMPLE_CHARACTERS, fields } = own;
      await this.copied(relation, own);
      const columns = (await this.session.describe(relation, rest()))
        .map(({ name: column, nativeType }) => ({ name: column, nativeType }))
        .filter((column) => fields === undefined || fields.includes(column.name));
      const limit = Math.max(0, Math.trunc(maxRows));
      if (columns.length === 0 || limit === 0) return { columns, rows: [] };
      const characters = Math.max(1, Math.trunc(maxCharacters));
      const selected = columns.map(({ name: column, nativeType }) => {
        const field = quoteIdentifier('duckdb', column);
        return nativeType === 'BLOB'
          ? `'\\x' || lower(hex(${field}))[1:${characters}]`
          : `left(CAST(${field} AS VARCHAR), ${characters})`;
      });
      const reader = await this.session.select(
        `SELECT ${selected.join(', ')} FROM ${relation} LIMIT ${limit}`,
        [],
        limit,
        rest(),
      );
      return {
        columns,
        rows: reader.getRows().map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
      };
    });
  }

  explain(sql: string, params: readonly unknown[], call: Call): Promise<Plan> {
    return this.calls.run(call, async (own) => {
      const rest = remainderOf(own);
      await this.copied(sql, own);
      return this.session.explain(sql, params, rest());
    });
  }

  /** The file as DuckDB reads it, for instance `read_csv('/data/bureau/2026/score.csv', …)`. */
  relation(scope: string, name: string): string {
    const sheet = sheetIn(name);
    const file = sheet?.file ?? name;
    const format = formatOf(file);
    if (format === undefined)
      throw new InvalidInput(
        `"${name}" is no CSV, TSV, Parquet, JSON Lines or Excel file, so it cannot be read as a table.`,
      );
    const path = this.pathOf(scope, file, name);
    if (format === 'xlsx') {
      if (sheet === undefined) throw new InvalidInput(`Name the sheet as well: "${name}/Sheet1".`);
      return readFunction(this.staging.sheet(path, sheet.sheet), 'parquet', this.settings);
    }
    const encoding = this.encodings.foreign(path, format);
    return readFunction(encoding === undefined ? path : this.staging.text(path, encoding), format, this.settings);
  }

  private pathOf(scope: string, file: string, name: string): string {
    const parts = [...(scope === '.' ? [] : scope.split('/')), file];
    if (
      parts.some(
        (part) =>
          part === '' ||
          part === '.' ||
          part === '..' ||
          part.includes('/') ||
          part.includes(sep) ||
          part.includes('\0'),
      )
    )
      throw new InvalidInput(`"${scope}" and "${name}" are not a folder and a file in ${this.settings.folder}.`);
    const root = realpathOr(this.settings.folder);
    const path = join(root, ...parts);
    // DuckDB compares paths as they are written; a link in the folder could lead out of it.
    if (!realpathOr(path).startsWith(root.endsWith(sep) ? root : root + sep))
      throw new InvalidInput(`"${scope}/${name}" leads out of ${this.settings.folder}.`);
    return path;
  }

  cancel(): Promise<void> {
    return this.calls.stopAll();
  }

  async close(): Promise<void> {
    await this.calls.stopAll();
    await this.session.close();
    await this.staging.close();
  }

  /** Makes the copies that a statement needs. */
  private copied(sql: string, call: Call): Promise<void> {
    return this.inTime(call, (signal) => this.staging.ready(sql, signal));
  }

  private async inTime<T>(call: Call, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const watch = new CallWatch(call, this.address);
    const stop = new AbortController();
    watch.onStop = () => stop.abort();
    try {
      watch.throwIfStopped();
      return await watch.orDone(work(stop.signal));
    } catch (error) {
      throw watch.reason ?? explainFileError(error, this.address);
    } finally {
      watch.clear();
    }
  }

  private async root(): Promise<string> {
    const root = await realpath(this.settings.folder).catch(() => {
      throw new SourceUnreachable(this.address, 'there is no such folder');
    });
    if ((await stat(root)).isDirectory()) return root;
    throw new SourceUnreachable(this.address, 'it is not a folder');
  }
}

/** The path without symbolic links; as it is when there is nothing (yet), which reading it will say. */
function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
