import { type DuckDBConnection, DuckDBInstance, type DuckDBResultReader, StatementType } from '@duckdb/node-api';

import { type Call, CallWatch, type SourceAddress, SourceQueryFailed } from '#core/connector-kit';

import { explainDuckDbError } from './duckdb-errors.js';
import { textLiteral } from './file-format.js';
import { type FilesSettings } from './settings.js';

// An interrupted statement ends at the next batch of rows.
const GRACE_AFTER_INTERRUPT_MS = 2_000;

/** DuckDB inside this process, locked into one folder: nothing is downloaded, nothing outside can be opened. */
export class DuckDbSession {
  private instance?: Promise<DuckDBInstance>;

  constructor(
    private readonly settings: FilesSettings,
    /** The folders that may be read, without symbolic links. */
    private readonly folders: () => Promise<readonly string[]>,
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
    const folders = await this.folders();
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${this.settings.memoryLimitMb}MB`,
      threads: String(this.settings.threads),
      // Values of the data must not lie about in temporary files; what does not fit into memory is refused.
      temp_directory: '',
    });
    const connection = await instance.connect();
    await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
    await connection.run(`SET allowed_directories = [${folders.map(textLiteral).join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    connection.closeSync();
    return instance;
  }
}
