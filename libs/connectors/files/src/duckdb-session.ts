import { type DuckDBConnection, DuckDBInstance, type DuckDBResultReader, StatementType } from '@duckdb/node-api';

import {
  type Call,
  CallWatch,
  DEFAULT_MAX_ROWS,
  type HarvestedField,
  type Plan,
  type QueryCall,
  type QueryResult,
  type SourceAddress,
  SourceQueryFailed,
} from '#core/connector-kit';
import { InvalidInput } from '#kernel';

import { toCell } from './cells.js';
import { explainDuckDbError } from './duckdb-errors.js';
import { textLiteral } from './file-format.js';
import { type FilesSettings } from './settings.js';
import { typeFamily, typeLimits } from './type-family.js';

// A file can have more columns than a query has rows.
const MAX_COLUMNS = 100_000;

// An interrupted statement ends at the next batch of rows.
const GRACE_AFTER_INTERRUPT_MS = 2_000;

/** What may be opened: everything in these folders, and these files. Without symbolic links. */
export interface Allowed {
  readonly folders?: readonly string[];
  readonly files?: readonly string[];
}

/** DuckDB inside this process, locked into a folder or a few files: nothing is downloaded, nothing else can be opened. */
export class DuckDbSession {
  private instance?: Promise<DuckDBInstance>;

  constructor(
    private readonly settings: Pick<FilesSettings, 'memoryLimitMb' | 'threads'>,
    private readonly allowed: () => Promise<Allowed>,
    private readonly address: SourceAddress,
  ) {}

  /** Runs one SELECT and reads at most `maxRows` rows of it, or a few more. */
  async select(sql: string, params: readonly (string | number | boolean | null)[], maxRows: number, call: Call) {
    const watch = new CallWatch(call, this.address);
    let connection: DuckDBConnection | undefined;
    try {
      watch.throwIfStopped();
      connection = await (await this.open()).connect();
      // Each call has a connection of its own, so that interrupting it disturbs no other.
      const own = connection;
      watch.onStop = () => own.interrupt();
      watch.throwIfStopped();
      return await watch.orDone(this.read(own, sql, params, maxRows), GRACE_AFTER_INTERRUPT_MS);
    } catch (error) {
      throw watch.reason ?? explainDuckDbError(error, this.address);
    } finally {
      connection?.closeSync();
      watch.clear();
    }
  }

  /** Runs one reading statement, as a connection does: at most `maxRows` rows come back, as cells. */
  async query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult> {
    const maxRows = call.maxRows ?? DEFAULT_MAX_ROWS;
    // As a subquery the statement can only read, and DuckDB stops at the limit.
    const bounded = `${asSubquery(sql)} LIMIT ${Math.trunc(maxRows) + 1}`;
    const reader = await this.select(bounded, params.map(toParameter), maxRows + 1, call);
    const rows = reader.getRows().map((row) => row.map(toCell));
    return {
      columns: reader.columnNames().map((name, at) => ({ name, nativeType: String(reader.columnType(at)) })),
      rows: rows.slice(0, maxRows),
      truncated: rows.length > maxRows,
    };
  }

  /** What DuckDB expects of a statement, without running it. */
  async explain(sql: string, params: readonly unknown[], call: Call): Promise<Plan> {
    const explained = `EXPLAIN (FORMAT json) ${asSubquery(sql)}`;
    const reader = await this.select(explained, params.map(toParameter), 1, call);
    const [plan] = JSON.parse(String(reader.getRows()[0]?.[1] ?? '[]')) as PlanNode[];
    const rows = plan === undefined ? undefined : estimateOf(plan);
    return { ...(rows !== undefined && { rows }), ...(plan && { rowsTaken: rowsTaken(plan) }) };
  }

  /** The columns of what stands after FROM. */
  async describe(relation: string, call: Call): Promise<HarvestedField[]> {
    const described = await this.select(`DESCRIBE SELECT * FROM ${relation}`, [], MAX_COLUMNS, call);
    return described.getRows().map(([column, type], at): HarvestedField => {
      const nativeType = String(type);
      return {
        name: String(column),
        ordinal: at + 1,
        nativeType,
        typeFamily: typeFamily(nativeType),
        ...typeLimits(nativeType),
        nullable: true,
      };
    });
  }

  async close(): Promise<void> {
    const instance = this.instance;
    this.instance = undefined;
    (await instance)?.closeSync();
  }

  private async read(
    connection: DuckDBConnection,
    sql: string,
    params: readonly (string | number | boolean | null)[],
    maxRows: number,
  ): Promise<DuckDBResultReader> {
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) throw new SourceQueryFailed(this.address, 'it has to be one statement');
    const prepared = await statements.prepare(0);
    // The folder may be read, but DuckDB could also write into it: COPY, ATTACH, EXPORT.
    if (prepared.statementType !== StatementType.SELECT && prepared.statementType !== StatementType.EXPLAIN)
      throw new SourceQueryFailed(this.address, 'it has to be a SELECT');
    prepared.bind([...params]);
    return prepared.streamAndReadUntil(maxRows);
  }

  private open(): Promise<DuckDBInstance> {
    if (this.instance === undefined) {
      const opening = this.start();
      this.instance = opening;
      // A folder that is not there now may be there later: do not keep the failure.
      opening.catch(() => {
        if (this.instance === opening) this.instance = undefined;
      });
    }
    return this.instance;
  }

  private async start(): Promise<DuckDBInstance> {
    const { folders = [], files = [] } = await this.allowed();
    const list = (paths: readonly string[]) => `[${paths.map(textLiteral).join(', ')}]`;
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${this.settings.memoryLimitMb}MB`,
      threads: String(this.settings.threads),
      // Values of the data must not lie about in temporary files; what does not fit into memory is refused.
      temp_directory: '',
      // It would keep whole files in memory up to the limit; the system's own cache has them too.
      enable_external_file_cache: 'false',
    });
    const connection = await instance.connect();
    await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
    await connection.run(`SET allowed_directories = ${list(folders)}`);
    await connection.run(`SET allowed_paths = ${list(files)}`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    connection.closeSync();
    return instance;
  }
}

const asSubquery = (sql: string): string => `SELECT * FROM (\n${sql.replace(/[;\s]+$/, '')}\n) AS bounded`;

interface PlanNode {
  readonly extra_info?: Readonly<Record<string, unknown>>;
  readonly children?: readonly PlanNode[];
}

/** Of the outermost step that has an estimate. */
function estimateOf({ extra_info: info, children }: PlanNode): number | undefined {
  const estimate = Number(info?.['Estimated Cardinality']);
  if (Number.isFinite(estimate)) return estimate;
  return children?.[0] === undefined ? undefined : estimateOf(children[0]);
}

/** Of the steps that have none below them. */
const rowsTaken = ({ extra_info: info, children = [] }: PlanNode): number =>
  children.length === 0
    ? Number(info?.['Estimated Cardinality'] ?? 0)
    : children.reduce((sum, child) => sum + rowsTaken(child), 0);

function toParameter(value: unknown): string | number | boolean | null {
  if (value == null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  throw new InvalidInput('A parameter of a query must be a text, a number, a truth value or nothing.');
}
