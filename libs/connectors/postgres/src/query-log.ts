import {
  type LoggedStatement,
  movesData,
  type QueryLog,
  type QueryLogCall,
  quoteName,
  shapeOf,
} from '#core/connector-kit';
import pg from 'pg';

/** What pg_stat_statements had counted when it was last asked: it counts on and on, and knows no times. */
interface Counted {
  /** When the counting began. */
  readonly since: string | null;
  readonly entries: Readonly<Record<string, readonly [calls: number, ms: number]>>;
}

interface StatementRow {
  readonly key: string;
  readonly sql: string;
  readonly calls: number;
  readonly ms: number;
  readonly user: string;
  readonly hidden: boolean;
}

const NOT_THERE =
  'The extension pg_stat_statements is not installed in this database. Add it to shared_preload_libraries, restart the server, and run ' +
  'CREATE EXTENSION pg_stat_statements.';

/** Statements of this database since the cursor, by pg_stat_statements. */
export async function readQueryLog(
  client: pg.ClientBase,
  version: number,
  { since, maxStatements, movingDataIn }: QueryLogCall,
): Promise<QueryLog> {
  const { rows: found } = await client.query<{ schema: string }>(
    `
    SELECT n.nspname::text AS schema
      FROM pg_catalog.pg_extension AS e
      JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
     WHERE e.extname = 'pg_stat_statements'
    `,
  );
  if (found.length === 0) return { statements: [], cursor: since ?? '', problems: [NOT_THERE] };
  const { schema } = found[0]!;
  const asked = await statements(client, schema, movingDataIn === undefined ? READING_OR_WRITING : WRITING);
  if (typeof asked === 'string') return { statements: [], cursor: since ?? '', problems: [asked] };
  const rows = asked;
  const now: Counted = {
    since: version >= 140000 ? await countingSince(client, schema) : null,
    entries: Object.fromEntries(rows.map(({ key, calls, ms }) => [key, [calls, ms]])),
  };
  const before = countedBefore(since, now);
  const counted = rows
    .filter(({ hidden }) => !hidden)
    .map((row): LoggedStatement => {
      const [calls, ms] = before[row.key] ?? [0, 0];
      // Fewer than before: it was forgotten meanwhile, and counted anew.
      const anew = row.calls < calls;
      const { sql, user } = row;
      return { sql, user, calls: row.calls - (anew ? 0 : calls), totalMs: row.ms - (anew ? 0 : ms) };
    })
    .filter(({ calls }) => calls > 0);
  const { used, unclear } = movingDataIn === undefined ? { used: counted, unclear: 0 } : movingData(counted);
  used.sort((one, other) => other.calls - one.calls);
  const hidden = rows.some((row) => row.hidden);
  return {
    statements: used.slice(0, maxStatements),
    cursor: Buffer.from(JSON.stringify(now)).toString('base64url'),
    problems: [
      ...(!hidden
        ? []
        : [
            'The texts of statements of other users are hidden. GRANT pg_read_all_stats to the user of Plumbline to see them.',
          ]),
      ...(unclear === 0 ? [] : [`${unclear} statements were left out: it is not certain where their values end.`]),
      ...(used.length > maxStatements
        ? [`Only the ${maxStatements} statements most used of ${used.length} were read.`]
        : []),
    ],
  };
}

/** The shapes of those that move data; several texts can have one. */
function movingData(statements: readonly LoggedStatement[]): { used: LoggedStatement[]; unclear: number } {
  const found = new Map<string, LoggedStatement>();
  let unclear = 0;
  for (const statement of statements) {
    const sql = shapeOf(statement.sql, 'postgres');
    if (sql === undefined) unclear++;
    else if (movesData(sql, 'postgres')) {
      const { calls, totalMs } = found.get(sql) ?? { calls: 0, totalMs: 0 };
      const { user: _, ...rest } = statement;
      found.set(sql, { ...rest, sql, calls: statement.calls + calls, totalMs: statement.totalMs + totalMs });
    }
  }
  return { used: [...found.values()], unclear };
}

// Of others the values are not taken out: CREATE ROLE … PASSWORD is among them.
const READING_OR_WRITING = 'select|with|insert|update|delete|merge|table|values';
const WRITING = 'select|with|insert|update|merge|create';

/** The statements, or why they cannot be read, as a sentence. */
async function statements(client: pg.ClientBase, schema: string, verbs: string): Promise<StatementRow[] | string> {
  try {
    return await countedStatements(client, schema, verbs);
  } catch (error) {
    switch ((error as { code?: unknown }).code) {
      case '42501':
        return `The user of Plumbline may not read ${schema}.pg_stat_statements. GRANT USAGE ON SCHEMA ${schema} and GRANT pg_read_all_stats to it.`;
      case '55000':
        return NOT_THERE;
      default:
        throw error;
    }
  }
}

async function countedStatements(client: pg.ClientBase, schema: string, verbs: string): Promise<StatementRow[]> {
  const { rows } = await client.query<StatementRow>(
    String.raw`
    SELECT userid || ':' || coalesce(queryid::text, '') AS key,
           min(query) AS sql,
           sum(calls)::float8 AS calls,
           sum(total_exec_time)::float8 AS ms,
           pg_catalog.pg_get_userbyid(userid)::text AS "user",
           bool_or(queryid IS NULL OR query = '<insufficient privilege>') AS hidden
      FROM ${quoteName('postgres', schema, 'pg_stat_statements')}
     WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
       AND (query = '<insufficient privilege>'
            OR query ~* '^(\s|/\*([^*]|\*[^/])*\*/|--[^\n]*\n)*(${verbs})\M')
     GROUP BY userid, queryid
    `,
  );
  return rows;
}

async function countingSince(client: pg.ClientBase, schema: string): Promise<string | null> {
  const { rows } = await client.query<{ since: string | null }>(
    `SELECT stats_reset::text AS since FROM ${quoteName('postgres', schema, 'pg_stat_statements_info')}`,
  );
  return rows[0]?.since ?? null;
}

/** Nothing when the cursor is not ours, or everything was counted anew since. */
function countedBefore(cursor: string | undefined, now: Counted): Counted['entries'] {
  if (cursor === undefined || cursor === '') return {};
  try {
    const before = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Counted;
    return before.since === now.since ? before.entries : {};
  } catch {
    return {};
  }
}
