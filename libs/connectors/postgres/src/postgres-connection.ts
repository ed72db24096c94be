import pg from 'pg';

import {
  type Call,
  type Cell,
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
import { PgSessions } from './pg-sessions.js';
import { readSchema, type SchemaReading } from './read-schema.js';
import { type PostgresSettings } from './settings.js';

// Enough to know what to ask the administrator for; a schema can have ten thousand tables.
const NAMES_IN_A_REASON = 20;

export class PostgresConnection implements Connection {
  readonly dialect = 'postgres';
  private readonly sessions: PgSessions;
  private readonly address: SourceAddress;

  constructor(private readonly settings: PostgresSettings) {
    const { host, port, database, user } = settings;
    this.address = { product: 'PostgreSQL', host, port, database, user };
    this.sessions = new PgSessions(settings, this.address);
  }

  async test(call: Call): Promise<TestReport> {
    try {
      return await this.sessions.read(call, async (client) => {
        const { rows } = await client.query<WhoAndWhat>(WHO_AND_WHAT, [this.settings.partitions]);
        const found = rows[0]!;
        const before = performance.now();
        await client.query('SELECT 1');
        const roundTripMs = Math.round((performance.now() - before) * 100) / 100;
        return {
          ok: true,
          server: `PostgreSQL ${found.version}`,
          user: found.user,
          scopes: found.schemas,
          datasets: found.datasets,
          readableDatasets: found.readable,
          roundTripMs,
          problems: this.problemsOf(found),
        };
      });
    } catch (error) {
      if (!(error instanceof AppError) || (error instanceof SourceCallCancelled && call.signal.aborted)) throw error;
      return { ok: false, problems: [error.message] };
    }
  }

  async *snapshot(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart> {
    const until = Date.now() + call.deadlineMs;
    // One transaction a schema: none stays open while the reader of this stream is busy with what it got.
    const rest = (): Call => ({ signal: call.signal, deadlineMs: Math.max(0, until - Date.now()) });
    const wanted = scopeFilter(options);
    const schemas = await this.sessions.read(rest(), async (client) => {
      const { rows } = await client.query<{ name: string; usable: boolean }>(SCHEMAS);
      return rows;
    });
    for (const { name, usable } of schemas) {
      if (wanted(name)) yield* this.schema(name, usable, rest());
    }
  }

  private async *schema(name: string, usable: boolean, call: Call): AsyncIterable<SnapshotPart> {
    const { user } = this.settings;
    if (!usable) {
      const reason = `The user ${user} has no USAGE right on the schema "${name}".`;
      yield { part: 'scope', scope: name, complete: false, reasons: [reason] };
      return;
    }
    let reading: SchemaReading;
    try {
      reading = await this.sessions.read(call, (client) =>
        readSchema(client, this.settings.database, name, this.settings.partitions),
      );
    } catch (error) {
      if (!(error instanceof AppError) || call.signal.aborted) throw error;
      yield { part: 'scope', scope: name, complete: false, reasons: [error.message] };
      return;
    }
    for (const dataset of reading.datasets) yield { part: 'dataset', scope: name, dataset };
    const { unreadable } = reading;
    const reasons = unreadable.length === 0 ? [] : [this.unreadableReason(name, unreadable)];
    yield { part: 'scope', scope: name, complete: reasons.length === 0, reasons };
  }

  async estimate(sql: string, params: readonly unknown[], call: Call): Promise<Estimate> {
    const statement: pg.QueryConfig & { queryMode: 'extended' } = {
      text: `EXPLAIN (FORMAT JSON) SELECT * FROM (\n${sql.replace(/[;\s]+$/, '')}\n) AS bounded`,
      values: [...params],
      queryMode: 'extended',
    };
    const { rows } = await this.sessions.read(call, (client) =>
      client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(statement),
    );
    const plan = rows[0]!['QUERY PLAN'][0].Plan;
    return { rows: rowsRead(plan), cost: plan['Total Cost'] };
  }

  async query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult> {
    const maxRows = call.maxRows ?? DEFAULT_MAX_ROWS;
    // As a subquery the statement can only read, and the server itself stops at the limit. (A cursor would bound the
    // rows too, but PostgreSQL runs no statement in parallel that is fetched in portions.)
    const bounded = `SELECT * FROM (\n${sql.replace(/[;\s]+$/, '')}\n) AS bounded LIMIT ${Math.trunc(maxRows) + 1}`;
    const statement: pg.QueryArrayConfig & { queryMode: 'extended' } = {
      text: bounded,
      values: [...params],
      rowMode: 'array',
      types: CELLS,
      // Without parameters pg would choose the simple protocol, which runs several statements: `1); COMMIT; DROP …`.
      queryMode: 'extended',
    };
    const result = await this.sessions.read(call, (client) => client.query<Cell[]>(statement));
    return {
      columns: result.fields.map(({ name, dataTypeID }) => ({
        name,
        nativeType: TYPE_NAMES.get(dataTypeID) ?? 'other',
      })),
      rows: result.rows.slice(0, maxRows),
      truncated: result.rows.length > maxRows,
    };
  }

  relation(scope: string, name: string): string {
    return quoteName('postgres', scope, name);
  }

  close(): Promise<void> {
    return this.sessions.close();
  }

  private problemsOf({ user, datasets, readable, mighty }: WhoAndWhat): string[] {
    const problems: string[] = [];
    if (datasets === 0) problems.push(`The database "${this.settings.database}" has no tables or views.`);
    else if (readable < datasets)
      problems.push(`The user ${user} may read ${readable} of ${datasets} tables and views. Grant SELECT on the rest.`);
    if (mighty)
      problems.push(
        `The user ${user} may do more than read. Plumbline itself only reads, but a role without other rights is safer.`,
      );
    return problems;
  }

  private unreadableReason(schema: string, tables: readonly string[]): string {
    const named = tables
      .slice(0, NAMES_IN_A_REASON)
      .map((table) => `"${table}"`)
      .join(', ');
    const more = tables.length > NAMES_IN_A_REASON ? ` and ${tables.length - NAMES_IN_A_REASON} more` : '';
    return `The user ${this.settings.user} has no SELECT right in the schema "${schema}" on ${named}${more}.`;
  }
}

interface PlanNode {
  readonly 'Total Cost': number;
  readonly 'Plan Rows': number;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const rowsRead = (node: PlanNode): number =>
  (node['Relation Name'] === undefined ? 0 : node['Plan Rows']) +
  (node.Plans ?? []).reduce((sum, each) => sum + rowsRead(each), 0);

interface WhoAndWhat {
  readonly version: string;
  readonly user: string;
  readonly mighty: boolean;
  readonly schemas: number;
  readonly datasets: number;
  readonly readable: number;
}

const { builtins } = pg.types;

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(builtins).map(([name, oid]) => [Number(oid), name.toLowerCase()]),
);

const asFloat = (text: string): Cell => (Number.isFinite(Number(text)) ? Number(text) : text);

const PARSERS: ReadonlyMap<number, (text: string) => Cell> = new Map<number, (text: string) => Cell>([
  [builtins.BOOL, (text) => text === 't'],
  [builtins.INT2, Number],
  [builtins.INT4, Number],
  [builtins.FLOAT4, asFloat],
  [builtins.FLOAT8, asFloat],
]);

/** Reads values as {@link Cell}s: what JavaScript would round, or turn by a time zone, stays text. */
const CELLS = { getTypeParser: (oid: number) => PARSERS.get(oid) ?? ((text: string) => text) };
