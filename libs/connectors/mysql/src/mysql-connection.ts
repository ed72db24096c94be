import {
  type Call,
  type Connection,
  DEFAULT_MAX_ROWS,
  type Estimate,
  type QueryCall,
  type QueryResult,
  quoteName,
  scopeFilter,
  type SnapshotOptions,
  type SnapshotPart,
  type SourceAddress,
  SourceCallCancelled,
  type TestReport,
} from '#core/connector-kit';
import { AppError } from '#kernel';

import { SCHEMAS, WHO_AND_WHAT } from './catalog-queries.js';
import { cellOf, nativeTypeOf } from './cells.js';
import { MysqlSessions } from './mysql-sessions.js';
import { literalOf, withValues } from './parameters.js';
import { readSchema, type SchemaReading } from './read-schema.js';
import { type MysqlSettings } from './settings.js';

// Enough to know what to ask the administrator for; a database can have ten thousand tables.
const NAMES_IN_A_REASON = 20;

const BEGINS_WITH_WITH = /^(?:\s|--\s[^\n]*\n|#[^\n]*\n|\/\*(?!!)[\s\S]*?\*\/)*with\b/i;

export class MysqlConnection implements Connection {
  readonly dialect = 'mysql';
  private readonly sessions: MysqlSessions;
  private readonly address: SourceAddress;

  constructor(private readonly settings: MysqlSettings) {
    const { host, port, database, user } = settings;
    this.address = { product: 'MariaDB/MySQL', host, port, ...(database === undefined ? {} : { database }), user };
    this.sessions = new MysqlSessions(settings, this.address);
  }

  async test(call: Call): Promise<TestReport> {
    try {
      return await this.sessions.read(call, async (session) => {
        const scope = literalOf(this.settings.database);
        const [found] = await session.ask<WhoAndWhat>(WHO_AND_WHAT.replaceAll(':scope', scope));
        const before = performance.now();
        await session.ask('SELECT 1');
        const roundTripMs = Math.round((performance.now() - before) * 100) / 100;
        const { version, user, scopes, datasets, readable } = found!;
        return {
          ok: true,
          server: `${session.isMariaDb ? 'MariaDB' : 'MySQL'} ${/^[\d.]+/.exec(version)?.[0] ?? version}`,
          user,
          scopes: Number(scopes),
          datasets: Number(datasets),
          readableDatasets: Number(readable),
          roundTripMs,
          problems: this.problemsOf(found!),
        };
      });
    } catch (error) {
      if (!(error instanceof AppError) || (error instanceof SourceCallCancelled && call.signal.aborted)) throw error;
      return { ok: false, problems: [error.message] };
    }
  }

  async *snapshot(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart> {
    const until = Date.now() + call.deadlineMs;
    // One transaction a database: none stays open while the reader of this stream is busy with what it got.
    const rest = (): Call => ({ signal: call.signal, deadlineMs: Math.max(0, until - Date.now()) });
    const wanted = scopeFilter(options);
    const { database } = this.settings;
    const scopes = await this.sessions.read(rest(), (session) => session.ask<{ name: string }>(SCHEMAS));
    for (const { name } of scopes) {
      if ((database === undefined || database === name) && wanted(name)) yield* this.scope(name, rest());
    }
  }

  private async *scope(name: string, call: Call): AsyncIterable<SnapshotPart> {
    let reading: SchemaReading;
    try {
      reading = await this.sessions.read(call, (session) => readSchema(session, name));
    } catch (error) {
      if (!(error instanceof AppError) || call.signal.aborted) throw error;
      yield { part: 'scope', scope: name, complete: false, reasons: [error.message] };
      return;
    }
    for (const dataset of reading.datasets) yield { part: 'dataset', scope: name, dataset };
    const { user } = this.settings;
    const reasons = [
      [reading.unreadable, `The user ${user} has no SELECT right in the database "${name}" on`],
      [reading.partly, `The user ${user} sees only the granted columns in the database "${name}" of`],
      [reading.withoutSql, `The user ${user} has no SHOW VIEW right in the database "${name}" on`],
    ].flatMap(([names, says]) => (names!.length === 0 ? [] : [`${says as string} ${listed(names as string[])}.`]));
    yield { part: 'scope', scope: name, complete: reasons.length === 0, reasons };
  }

  async estimate(sql: string, params: readonly unknown[], call: Call): Promise<Estimate> {
    const statement = withValues(sql, params).replace(/[;\s]+$/, '');
    const steps = await this.sessions.read(call, (session) =>
      session.ask<{ rows: string | number | null }>(`EXPLAIN SELECT * FROM (\n${statement}\n) AS bounded`),
    );
    return { rows: steps.reduce((sum, { rows }) => sum + Number(rows ?? 0), 0) };
  }

  async query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult> {
    const maxRows = call.maxRows ?? DEFAULT_MAX_ROWS;
    const statement = withValues(sql, params).replace(/[;\s]+$/, '');
    const limit = `LIMIT ${Math.trunc(maxRows) + 1}`;
    // In parentheses a statement can only read, and the server itself stops at the limit. A subquery would lose its ORDER BY; but
    // MariaDB takes a WITH only as a subquery. The line ends so that a comment of the statement ends with it.
    const bounded = BEGINS_WITH_WITH.test(statement)
      ? `SELECT * FROM (\n${statement}\n) AS bounded ${limit}`
      : `(\n${statement}\n) ${limit}`;
    const { rows, fields } = await this.sessions.read(call, (session) => session.cells(bounded));
    return {
      columns: fields.map((field) => ({ name: field.name, nativeType: nativeTypeOf(field) })),
      rows: rows.slice(0, maxRows).map((row) => row.map((cell, at) => cellOf(cell, fields[at]!))),
      truncated: rows.length > maxRows,
    };
  }

  relation(scope: string, name: string): string {
    return quoteName('mysql', scope, name);
  }

  close(): Promise<void> {
    return this.sessions.close();
  }

  private problemsOf({ user, datasets, readable, mighty }: WhoAndWhat): string[] {
    const problems: string[] = [];
    const where = this.settings.database === undefined ? 'server' : `database "${this.settings.database}"`;
    const unreadable = Number(datasets) - Number(readable);
    if (Number(datasets) === 0) problems.push(`The user ${user} sees no tables or views in the ${where}.`);
    else if (unreadable > 0)
      problems.push(`The user ${user} may read ${readable} of ${datasets} tables and views. Grant SELECT on the rest.`);
    if (Number(mighty) === 1)
      problems.push(
        `The user ${user} may do more than read. Plumbline itself only reads, but an account without other rights is safer.`,
      );
    return problems;
  }
}

interface WhoAndWhat {
  readonly version: string;
  readonly user: string;
  readonly mighty: string | number;
  readonly scopes: string | number;
  readonly datasets: string | number;
  readonly readable: string | number;
}

function listed(names: readonly string[]): string {
  const named = names
    .slice(0, NAMES_IN_A_REASON)
    .map((name) => `"${name}"`)
    .join(', ');
  return names.length > NAMES_IN_A_REASON ? `${named} and ${names.length - NAMES_IN_A_REASON} more` : named;
}
