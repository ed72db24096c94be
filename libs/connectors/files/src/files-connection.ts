import { realpathSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

import {
  type Call,
  type Connection,
  DEFAULT_MAX_ROWS,
  type Estimate,
  type HarvestedDataset,
  type HarvestedField,
  type QueryCall,
  type QueryResult,
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

import { toCell } from './cells.js';
import { DuckDbSession } from './duckdb-session.js';
import { type FileFormat, formatOf, readFunction, textLiteral, withoutGlobs } from './file-format.js';
import { type FilesSettings } from './settings.js';
import { typeFamily, typeLimits } from './type-family.js';
import { type Folder, walk } from './walk.js';

// A file can have more columns than a query has rows.
const MAX_COLUMNS = 100_000;

export class FilesConnection implements Connection {
  readonly dialect = 'duckdb';
  private readonly address: SourceAddress;
  private readonly session: DuckDbSession;

  constructor(private readonly settings: FilesSettings) {
    this.address = { product: 'The folder', host: settings.folder };
    this.session = new DuckDbSession(settings, () => this.root(), this.address);
  }

  async test(call: Call): Promise<TestReport> {
    try {
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
      if (datasets === 0) problems.push(`${this.settings.folder} has no CSV, TSV, Parquet or JSON Lines file.`);
      return {
        ok: true,
        server: `DuckDB ${String(version.getRows()[0]?.[0])}`,
        scopes,
        datasets,
        roundTripMs,
        problems,
      };
    } catch (error) {
      if (!(error instanceof AppError) || (error instanceof SourceCallCancelled && call.signal.aborted)) throw error;
      return { ok: false, problems: [error.message] };
    }
  }

  async *snapshot(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart> {
    const until = Date.now() + call.deadlineMs;
    const rest = (): Call => ({ signal: call.signal, deadlineMs: Math.max(0, until - Date.now()) });
    const wanted = scopeFilter(options);
    for await (const folder of walk(await this.root(), call.signal)) {
      if (wanted(folder.scope)) yield* this.scope(folder, rest);
    }
    if (call.signal.aborted) throw new SourceCallCancelled(this.address, 'caller');
  }

  private async *scope({ scope, files, problem }: Folder, rest: () => Call): AsyncIterable<SnapshotPart> {
    const reasons = problem === undefined ? [] : [`The folder cannot be listed: ${problem}.`];
    for (const { name, format } of files) {
      let dataset: HarvestedDataset;
      try {
        dataset = await this.describe(scope, name, format, rest());
      } catch (error) {
        if (error instanceof SourceCallCancelled || !(error instanceof AppError)) throw error;
        reasons.push(`"${name}" cannot be read: ${error instanceof SourceQueryFailed ? error.reason : error.message}.`);
        // Every other file would run out of time as well.
        if (error instanceof SourceTimedOut) break;
        continue;
      }
      yield { part: 'dataset', scope, dataset };
    }
    yield { part: 'scope', scope, complete: reasons.length === 0, reasons };
  }

  private async describe(scope: string, name: string, format: FileFormat, call: Call): Promise<HarvestedDataset> {
    const path = scope === '.' ? name : `${scope}/${name}`;
    const whole = join(await this.root(), path);
    const { size } = await stat(whole);
    if (size === 0) throw new SourceQueryFailed(this.address, 'the file is empty');
    const described = await this.session.select(
      `DESCRIBE SELECT * FROM ${this.relation(scope, name)}`,
      [],
      MAX_COLUMNS,
      call,
    );
    const rowEstimate = format === 'parquet' ? await this.rowsOf(whole, call) : undefined;
    return {
      scope,
      name,
      kind: 'file',
      qualifiedName: path,
      ...(rowEstimate === undefined ? {} : { rowEstimate }),
      fields: described.getRows().map(([column, type], at): HarvestedField => {
        const nativeType = String(type);
        return {
          name: String(column),
          ordinal: at + 1,
          nativeType,
          typeFamily: typeFamily(nativeType),
          ...typeLimits(nativeType),
          nullable: true,
        };
      }),
      keys: [],
    };
  }

  /** The number of rows that the footer of a Parquet file tells. */
  private async rowsOf(path: string, call: Call): Promise<number> {
    const file = textLiteral(withoutGlobs(path));
    const found = await this.session.select(`SELECT num_rows FROM parquet_file_metadata(${file})`, [], 1, call);
    return Number(found.getRows()[0]?.[0] ?? 0);
  }

  async estimate(sql: string, params: readonly unknown[], call: Call): Promise<Estimate> {
    const explained = `EXPLAIN (FORMAT json) SELECT * FROM (\n${sql.replace(/[;\s]+$/, '')}\n) AS bounded`;
    const reader = await this.session.select(explained, params.map(toParameter), 1, call);
    const [step] = JSON.parse(String(reader.getRows()[0]?.[1])) as PlanStep[];
    return { rows: step === undefined ? 0 : rowsRead(step) };
  }

  async query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult> {
    const maxRows = call.maxRows ?? DEFAULT_MAX_ROWS;
    // As a subquery the statement can only read, and DuckDB stops at the limit.
    const bounded = `SELECT * FROM (\n${sql.replace(/[;\s]+$/, '')}\n) AS bounded LIMIT ${Math.trunc(maxRows) + 1}`;
    const reader = await this.session.select(bounded, params.map(toParameter), maxRows + 1, call);
    const rows = reader.getRows().map((row) => row.map(toCell));
    return {
      columns: reader.columnNames().map((name, at) => ({ name, nativeType: String(reader.columnType(at)) })),
      rows: rows.slice(0, maxRows),
      truncated: rows.length > maxRows,
    };
  }

  /** The file as DuckDB reads it, for instance `read_csv('/data/bureau/2026/score.csv', …)`. */
  relation(scope: string, name: string): string {
    const format = formatOf(name);
    if (format === undefined)
      throw new InvalidInput(`"${name}" is no CSV, TSV, Parquet or JSON Lines file, so it cannot be read as a table.`);
    const parts = [...(scope === '.' ? [] : scope.split('/')), name];
    if (parts.some((part) => part === '' || part === '.' || part === '..' || /[/\\\0]/.test(part)))
      throw new InvalidInput(`"${scope}" and "${name}" are not a folder and a file in ${this.settings.folder}.`);
    const root = realpathOr(this.settings.folder);
    const path = join(root, ...parts);
    // DuckDB compares paths as they are written; a link in the folder could lead out of it.
    if (!realpathOr(path).startsWith(root.endsWith(sep) ? root : root + sep))
      throw new InvalidInput(`"${scope}/${name}" leads out of ${this.settings.folder}.`);
    return readFunction(path, format, this.settings);
  }

  close(): Promise<void> {
    return this.session.close();
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

interface PlanStep {
  readonly children: readonly PlanStep[];
  readonly extra_info: Readonly<Record<string, unknown>>;
}

/** What steps without others below them read: files. */
const rowsRead = ({ children, extra_info: info }: PlanStep): number =>
  children.length === 0
    ? Number(info['Estimated Cardinality'] ?? 0)
    : children.reduce((sum, child) => sum + rowsRead(child), 0);

function toParameter(value: unknown): string | number | boolean | null {
  if (value == null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  throw new InvalidInput('A parameter of a query must be a text, a number, a truth value or nothing.');
}
