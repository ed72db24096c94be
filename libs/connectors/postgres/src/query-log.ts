import { type LoggedStatement, type QueryLog, type QueryLogCall, quoteName } from '#core/connector-kit';
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
  { since, maxStatements }: QueryLogCall,
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
  const rows = await statements(client, schema);
  const now: Counted = {
    since: version >= 140000 ? await countingSince(client, schema) : null,
    entries: Object.fromEntries(rows.map(({ key, calls, ms }) => [key, [calls, ms]])),
  };
  const before = countedBefore(since, now);
  const used = rows
    .filter(({ hidden }) => !hidden)
    .map((row): LoggedStatement => {
      const [calls, ms] = before[row.key] ?? [0, 0];
      // Fewer than before: it was forgotten meanwhile, and counted anew.
      const anew = row.calls < calls;
      const { sql, user } = row;
      return { sql, user, calls: row.calls - (anew ? 0 : calls), totalMs: row.ms - (anew ? 0 : ms) };
    })
    .filter(({ calls }) => calls > 0)
    .sort((one, other) => other.calls - one.calls);
  const hidden = rows.filter((row) => row.hidden).length;
  return {
    statements: used.slice(0, maxStatements),
    cursor: Buffer.from(JSON.stringify(now)).toString('base64url'),
    problems: [
      ...(hidden === 0
        ? []
        : [
            `The texts of ${hidden} statements of other users are hidden. GRANT pg_read_all_stats to the user of Plumbline to see them.`,
          ]),
      ...(used.length > maxStatements
        ? [`Only the ${maxStatements} statements most used of ${used.length} were read.`]
        : []),
    ],
  };
}

async function statements(client: pg.ClientBase, schema: string): Promise<StatementRow[]> {
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
       -- Of others the values are not taken out: CREATE ROLE … PASSWORD is among them.
       AND (query = '<insufficient privilege>'
            OR query ~* '^(\s|/\*([^*]|\*[^/])*\*/|--[^\n]*\n)*(select|with|insert|update|delete|merge|table|values)\M')
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
