import pg from 'pg';

import {
  type Call,
  CallGroup,
  type Cell,
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

import { digests, PLAIN_PLANS, SCHEMAS, VIEW_SQL, WHO_AND_WHAT } from './catalog-queries.js';
import { PgSessions } from './pg-sessions.js';
import { readQueryLog } from './query-log.js';
import { SnapshotReader } from './read-snapshot.js';
import { readSample } from './sampling.js';
import { type PostgresSettings } from './settings.js';

// Goes up when a snapshot reads more than before, so that no scope is taken for unchanged then.
const READING = 2;

export class PostgresConnection implements Connection {
  readonly dialect = 'postgres';
  private readonly calls = new CallGroup();
  private readonly sessions: PgSessions;
  private readonly address: SourceAddress;

  constructor(private readonly settings: PostgresSettings) {
    const { host, port, database, user } = settings;
    this.address = { product: 'PostgreSQL', host, port, database, user };
    this.sessions = new PgSessions(settings, this.address);
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
    return this.sessions.read(call, async (client) => {
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
  }

  snapshot(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart> {
    return this.calls.stream(call, (own) => this.parts(options, own));
  }

  private async *parts(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart> {
    const rest = remainderOf(call);
    const { user, database, partitions } = this.settings;
    const schemas = (await this.schemas(rest())).filter(({ name }) => scopeFilter(options)(name));
    for (const { name, usable } of schemas) {
      if (usable) continue;
      const reason = `The user ${user} has no USAGE right on the schema "${name}".`;
      yield { part: 'scope', scope: name, complete: false, reasons: [reason] };
    }
    const { sessions, address } = this;
    const usable = schemas.filter((schema) => schema.usable).map(({ name }) => name);
    const reader = new SnapshotReader({ sessions, address, database, user, partitions, schemas: usable });
    yield* reader.parts(rest());
  }

  private schemas(call: Call): Promise<{ name: string; usable: boolean }[]> {
    return this.sessions.read(call, async (client) => {
      const { rows } = await client.query<{ name: string; usable: boolean }>(SCHEMAS);
      return rows;
    });
  }

  scopeDigests(options: SnapshotOptions, call: Call): Promise<ReadonlyMap<string, string>> {
    const { partitions } = this.settings;
    return this.calls.run(call, async (own) => {
      const rest = remainderOf(own);
      const schemas = (await this.schemas(rest())).map(({ name }) => name).filter(scopeFilter(options));
      return this.sessions.read(rest(), async (client, version) => {
        await client.query(PLAIN_PLANS);
        const { rows } = await client.query<DigestRow>(digests({ schemas, partitions, version }));
        return new Map(
          rows.flatMap(({ scope, readable, digest }) =>
            readable === true ? [[scope, `${READING}:${partitions}:${digest}`]] : [],
          ),
        );
      });
    });
  }

  query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult> {
    return this.calls.run(call, (own) => this.ask(sql, params, own));
  }

  private async ask(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult> {
    const maxRows = call.maxRows ?? DEFAULT_MAX_ROWS;
    // As a subquery the statement can only read, and the server itself stops at the limit. (A cursor would bound the
    // rows too, but PostgreSQL runs no statement in parallel that is fetched in portions.)
    const bounded = `${asSubquery(sql)} LIMIT ${Math.trunc(maxRows) + 1}`;
    const result = await this.sessions.read(call, (client) => client.query<Cell[]>(statement(bounded, params)));
    return {
      columns: result.fields.map(({ name, dataTypeID }) => ({
        name,
        nativeType: TYPE_NAMES.get(dataTypeID) ?? 'other',
      })),
      rows: result.rows.slice(0, maxRows),
      truncated: result.rows.length > maxRows,
    };
  }

  async sample(place: DatasetPlace, call: SampleCall): Promise<Sample> {
    const relation = this.relation(place.scope, place.name);
    const found = await this.calls.run(call, (own) =>
      this.sessions.read(own, (client) => readSample(client, relation, place, own)),
    );
    if (found === undefined) throw new SourceQueryFailed(this.address, `there is no table or view ${relation}`);
    return found;
  }

  viewSql({ scope, name }: DatasetPlace, call: Call): Promise<string | undefined> {
    return this.calls.run(call, (own) =>
      this.sessions.read(own, async (client) => {
        const { rows } = await client.query<{ sql: string | null }>(VIEW_SQL, [scope, name]);
        return rows[0]?.sql ?? undefined;
      }),
    );
  }

  queryLog(call: QueryLogCall): Promise<QueryLog> {
    return this.calls.run(call, (own) =>
      this.sessions.read(own, (client, version) => readQueryLog(client, version, own)),
    );
  }

  explain(sql: string, params: readonly unknown[], call: Call): Promise<Plan> {
    return this.calls.run(call, async (own) => {
      const explained = statement(`EXPLAIN (FORMAT JSON) ${asSubquery(sql)}`, params);
      const { rows } = await this.sessions.read(own, (client) => client.query<[string]>(explained));
      const [{ Plan: plan }] = JSON.parse(rows[0]![0]) as [{ Plan: PlanNode }];
      return { rows: plan['Plan Rows'], rowsTaken: rowsTaken(plan), cost: plan['Total Cost'] };
    });
  }

  relation(scope: string, name: string): string {
    return quoteName('postgres', scope, name);
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
    if (datasets === 0) problems.push(`The database "${this.settings.database}" has no tables or views.`);
    else if (readable < datasets)
      problems.push(`The user ${user} may read ${readable} of ${datasets} tables and views. Grant SELECT on the rest.`);
    if (mighty)
      problems.push(
        `The user ${user} may do more than read. Plumbline itself only reads, but a role without other rights is safer.`,
      );
    return problems;
  }
}

const asSubquery = (sql: string): string => `SELECT * FROM (\n${sql.replace(/[;\s]+$/, '')}\n) AS bounded`;

/** One statement. Without parameters pg would choose the simple protocol, which runs several: `1); COMMIT; DROP …`. */
const statement = (text: string, params: readonly unknown[]): pg.QueryArrayConfig & { queryMode: 'extended' } => ({
  text,
  values: [...params],
  rowMode: 'array',
  types: CELLS,
  queryMode: 'extended',
});

interface DigestRow {
  readonly scope: string;
  readonly readable: boolean | null;
  readonly digest: string;
}

interface PlanNode {
  readonly 'Total Cost': number;
  readonly 'Plan Rows': number;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Of the steps that have a table; others only pass on what they get. */
const rowsTaken = (node: PlanNode): number =>
  (node['Relation Name'] === undefined ? 0 : node['Plan Rows']) +
  (node.Plans ?? []).reduce((sum, each) => sum + rowsTaken(each), 0);

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
