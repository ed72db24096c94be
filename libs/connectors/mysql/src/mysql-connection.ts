import {
  type Absence,
  type Call,
  CallGroup,
  type Connection,
  type DatasetPlace,
  DEFAULT_MAX_ROWS,
  type Plan,
  type QueryCall,
  type QueryLog,
  type QueryLogCall,
  type QueryResult,
  quoteName,
  remainderOf,
  type Sample,
  type SampleCall,
  scopeFilter,
  type SnapshotOptions,
  type SnapshotPart,
  type SourceAddress,
  SourceCallCancelled,
  SourceQueryFailed,
  type TestReport,
} from '#core/connector-kit';
import { AppError } from '#kernel';

import { DIGESTS, SCHEMAS, VIEWS, WHO_AND_WHAT } from './catalog-queries.js';
import { cellOf, nativeTypeOf } from './cells.js';
import { MysqlSessions } from './mysql-sessions.js';
import { type Scope } from './names.js';
import { literalOf, withValues } from './parameters.js';
import { readQueryLog } from './query-log.js';
import { readSchema, type SchemaReading } from './read-schema.js';
import { readSample } from './sampling.js';
import { type MysqlSettings } from './settings.js';

// Goes up when a snapshot reads more than before, so that no scope is taken for unchanged then.
const READING = 2;

// Enough to know what to ask the administrator for; a database can have ten thousand tables.
const NAMES_IN_A_REASON = 20;

const BEGINS_WITH_WITH = /^(?:\s|--\s[^\n]*\n|#[^\n]*\n|\/\*(?!!)[\s\S]*?\*\/)*with\b/i;

export class MysqlConnection implements Connection {
  readonly dialect = 'mysql';
  private readonly calls = new CallGroup();
  private readonly sessions: MysqlSessions;
  private readonly address: SourceAddress;

  constructor(private readonly settings: MysqlSettings) {
    const { host, port, database, user } = settings;
    this.address = { product: 'MariaDB/MySQL', host, port, ...(database === undefined ? {} : { database }), user };
    this.sessions = new MysqlSessions(settings, this.address);
  }

  async test(call: Call): Promise<TestReport> {
    try {
      return await this.calls.run(call, (own) => this.tryOut(own));
    } catch (error) {
      if (!(error instanceof AppError) || error instanceof SourceCallCancelled) throw error;
      return { ok: false, problems: [error.message] };
    }
  }

  private tryOut(call: Call): Promise<TestReport> {
    return this.sessions.read(call, async (session) => {
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
  }

  snapshot(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart> {
    return this.calls.stream(call, (own) => this.parts(options, own));
  }

  private async *parts(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart> {
    // One transaction a database: none stays open while the reader of this stream is busy with what it got.
    const rest = remainderOf(call);
    for (const scope of await this.scopes(options, rest())) yield* this.scope(scope, rest());
  }

  private async scopes(options: SnapshotOptions, call: Call): Promise<Scope[]> {
    const wanted = scopeFilter(options);
    const rows = await this.sessions.read(call, (session) =>
      session.ask<{ name: string; folded: string | number }>(SCHEMAS),
    );
    return rows
      .map(({ name, folded }) => ({ name, folded: Number(folded) !== 0 }))
      .filter((scope) => this.isChosen(scope) && wanted(scope.name));
  }

  /** The setting names no database, or this one. */
  private isChosen({ name, folded }: Scope): boolean {
    const { database } = this.settings;
    return database === undefined || database === name || (folded && database.toLowerCase() === name.toLowerCase());
  }

  private async *scope(scope: Scope, call: Call): AsyncIterable<SnapshotPart> {
    const { name } = scope;
    let reading: SchemaReading;
    try {
      reading = await this.sessions.read(call, (session) => readSchema(session, scope));
    } catch (error) {
      if (!(error instanceof AppError) || call.signal.aborted) throw error;
      yield { part: 'scope', scope: name, complete: false, reasons: [error.message] };
      return;
    }
    for (const dataset of reading.datasets) yield { part: 'dataset', scope: name, dataset };
    for (const routine of reading.routines) yield { part: 'routine', scope: name, routine };
    const { user } = this.settings;
    const said = (names: readonly string[], says: string) => (names.length === 0 ? [] : [`${says} ${listed(names)}.`]);
    const missing = [
      ...said(reading.unreadable, `The user ${user} has no SELECT right in the database "${name}" on`),
      ...said(
        reading.withoutColumns,
        `No columns show, for the user ${user} has no right to read them or the table was dropped meanwhile, in the database "${name}" of`,
      ),
      ...said(reading.partly, `The user ${user} sees only the granted columns in the database "${name}" of`),
      ...said(reading.withoutSql, `The user ${user} has no SHOW VIEW right in the database "${name}" on`),
    ];
    // The routines are there, and so it is known which are gone; only their text is not.
    const hidden = said(
      reading.withoutBody,
      `The user ${user} may not see the text of these routines in the database "${name}" (SHOW CREATE ROUTINE, SHOW_ROUTINE, or ` +
        'SELECT on mysql.proc would show it):',
    );
    const { goneTables, goneRoutines } = reading;
    yield {
      ...{ part: 'scope', scope: name, complete: missing.length === 0, reasons: [...missing, ...hidden] },
      ...(goneTables && { absentDatasets: { gone: goneTables, ...this.hides('SELECT', name) } }),
      ...(goneRoutines && { absentRoutines: { gone: goneRoutines, ...this.hides('EXECUTE', name) } }),
    };
  }

  private hides(right: string, scope: string): Pick<Absence, 'why' | 'remedy'> {
    return {
      why: `The user ${this.settings.user} sees in the database "${scope}" only what it has a right on, and has none now on`,
      remedy: `Grant ${right} on each of them again, or on the whole database.`,
    };
  }

  scopeDigests(options: SnapshotOptions, call: Call): Promise<ReadonlyMap<string, string>> {
    return this.calls.run(call, async (own) => {
      const rest = remainderOf(own);
      const wanted = new Set((await this.scopes(options, rest())).map(({ name }) => name));
      return this.sessions.read(rest(), async (session) => {
        const rows = await session.ask<DigestRow>(DIGESTS(session.isMariaDb));
        return new Map(
          rows.flatMap(({ scope, facts, digest, hidden }) =>
            wanted.has(scope) && Number(hidden) === 0 ? [[scope, `${READING}:${facts}:${digest}`]] : [],
          ),
        );
      });
    });
  }

  query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult> {
    return this.calls.run(call, async (own) => {
      const maxRows = own.maxRows ?? DEFAULT_MAX_ROWS;
      const bounded = `${inParentheses(withValues(sql, params))} LIMIT ${Math.trunc(maxRows) + 1}`;
      const { rows, fields } = await this.sessions.read(own, (session) => session.cells(bounded));
      return {
        columns: fields.map((field) => ({ name: field.name, nativeType: nativeTypeOf(field) })),
        rows: rows.slice(0, maxRows).map((row) => row.map((cell, at) => cellOf(cell, fields[at]!))),
        truncated: rows.length > maxRows,
      };
    });
  }

  async sample(place: DatasetPlace, call: SampleCall): Promise<Sample> {
    const relation = this.relation(place.scope, place.name);
    const found = await this.calls.run(call, (own) =>
      this.sessions.read(own, (session) => readSample(session, relation, place, own)),
    );
    if (found === undefined)
      throw new SourceQueryFailed(this.address, `there is no table or view ${relation}, or nothing of it may be seen`);
    return found;
  }

  viewSql({ scope, name }: DatasetPlace, call: Call): Promise<string | undefined> {
    return this.calls.run(call, (own) =>
      this.sessions.read(own, async (session) => {
        const rows = await session.ask<{ name: string; view_sql: string | null }>(
          VIEWS.replaceAll(':scope', literalOf(scope)),
        );
        return rows.find((row) => row.name === name)?.view_sql || undefined;
      }),
    );
  }

  queryLog(call: QueryLogCall): Promise<QueryLog> {
    return this.calls.run(call, (own) => this.sessions.read(own, (session) => readQueryLog(session, own)));
  }

  explain(sql: string, params: readonly unknown[], call: Call): Promise<Plan> {
    return this.calls.run(call, (own) =>
      this.sessions.read(own, async (session) => {
        const rows = await session.ask<PlanRow>(`EXPLAIN ${inParentheses(withValues(sql, params))}`);
        // What a subquery or a derived table gives is in the number of the outermost tables already.
        const outer = rows.filter(({ select_type: type }) => type === 'SIMPLE' || type === 'PRIMARY');
        const counted = outer.flatMap(({ rows: count, filtered }) =>
          count === null ? [] : [Number(count) * (filtered == null ? 1 : Number(filtered) / 100)],
        );
        return {
          ...(counted.length > 0 && { rows: counted.reduce((product, count) => product * count, 1) }),
          rowsTaken: rows.reduce((sum, { table, rows: count }) => sum + (isTable(table) ? Number(count ?? 0) : 0), 0),
        };
      }),
    );
  }

  relation(scope: string, name: string): string {
    return quoteName('mysql', scope, name);
  }

  cancel(): Promise<void> {
    return this.calls.stopAll();
  }

  async close(): Promise<void> {
    await this.calls.stopAll();
    await this.sessions.close();
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

/**
 * In parentheses a statement can only read, and the server itself stops at a limit behind them. A subquery would lose its ORDER BY; but
 * MariaDB takes a WITH only as a subquery. The line ends so that a comment of the statement ends with it.
 */
function inParentheses(sql: string): string {
  const statement = sql.replace(/[;\s]+$/, '');
  return BEGINS_WITH_WITH.test(statement) ? `SELECT * FROM (\n${statement}\n) AS bounded` : `(\n${statement}\n)`;
}

interface DigestRow {
  readonly scope: string;
  readonly facts: string | number;
  readonly digest: string;
  readonly hidden: string | number;
}

/** `<derived2>` and its like are what another step gives. */
const isTable = (name: string | null): boolean => name !== null && !/^<[a-z]+\d/.test(name);

interface PlanRow {
  readonly table: string | null;
  readonly select_type: string;
  readonly rows: string | number | null;
  readonly filtered?: string | number | null;
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
