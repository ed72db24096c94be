import { realpathSync } from 'node:fs';
import { basename } from 'node:path';

import {
  type Call,
  type HarvestedField,
  type Plan,
  type QueryCall,
  type QueryResult,
  type SourceAddress,
} from '#core/connector-kit';
import { InvalidInput } from '#kernel';

import { DuckDbSession } from './duckdb-session.js';
import { type FileFormat, formatOf, readFunction } from './file-format.js';
import { type FilesSettings } from './settings.js';

export type LooseFilesOptions = Partial<
  Pick<FilesSettings, 'header' | 'csvTypes' | 'sampleRows' | 'memoryLimitMb' | 'threads'>
>;

const DEFAULTS = { header: 'auto', csvTypes: 'detect', sampleRows: 20_480, memoryLimitMb: 512, threads: 2 } as const;

/** The formats of a folder but workbooks, which have several tables, and JSON that is one list. */
function formatAt(path: string): Exclude<FileFormat, 'xlsx'> | undefined {
  const format = formatOf(path) ?? (/\.json(\.gz)?$/i.test(path) ? 'json' : undefined);
  return format === 'xlsx' ? undefined : format;
}

/**
 * Single files that somebody names, read by DuckDB without being registered. Nothing but these files can be opened.
 *
 * @example
 * const files = LooseFiles.open(['loan.csv', '../client.parquet']);
 * await files.query(`SELECT count(*) FROM ${files.relation('loan.csv')}`, [], call);
 */
export class LooseFiles {
  private constructor(
    private readonly paths: ReadonlyMap<string, string>,
    private readonly session: DuckDbSession,
    private readonly options: Required<LooseFilesOptions>,
  ) {}

  /** @throws {InvalidInput} for a path that is no file, or of no known format. */
  static open(paths: readonly string[], options: LooseFilesOptions = {}): LooseFiles {
    const real = new Map(paths.map((path) => [path, realPath(path)]));
    const settings: Required<LooseFilesOptions> = { ...DEFAULTS, ...options };
    const address: SourceAddress = { product: 'The file', host: paths.map((path) => basename(path)).join(', ') };
    const session = new DuckDbSession(settings, () => Promise.resolve({ files: [...real.values()] }), address);
    return new LooseFiles(real, session, settings);
  }

  /** The file as DuckDB reads it, for use after FROM. */
  relation(path: string): string {
    const real = this.paths.get(path);
    if (real === undefined) throw new InvalidInput(`${path} was not opened.`);
    return readFunction(real, formatAt(path)!, this.options);
  }

  fields(path: string, call: QueryCall): Promise<HarvestedField[]> {
    return this.session.describe(this.relation(path), call);
  }

  query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult> {
    return this.session.query(sql, params, call);
  }

  explain(sql: string, params: readonly unknown[], call: Call): Promise<Plan> {
    return this.session.explain(sql, params, call);
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

function realPath(path: string): string {
  if (formatAt(path) === undefined)
    throw new InvalidInput(`${path} is no CSV, TSV, Parquet, JSON or JSON Lines file, by the ending of its name.`);
  try {
    return realpathSync(path);
  } catch {
    throw new InvalidInput(`There is no file ${path}.`);
  }
}
