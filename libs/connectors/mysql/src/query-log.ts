import { type LoggedStatement, type QueryLog, type QueryLogCall, withoutValues } from '#core/connector-kit';

import { type Session } from './mysql-sessions.js';
import { literalOf } from './parameters.js';

// The log is a file that the server reads from its beginning each time; what is beyond comes with the next reading.
const ENTRIES_AT_ONCE = 50_000;
const LONGEST_STATEMENT = 20_000;

// Account statements and LOAD DATA carry passwords and paths; what changes or reads rows is what lineage and usage are made of.
const READS_OR_WRITES = String.raw`^([[:space:]]|/\*([^*]|\*[^/])*\*/|--[^\n]*\n|#[^\n]*\n|\()*(select|with|insert|update|delete|replace)([[:space:]]|\(|\*)`;

interface Means {
  readonly digests: string | number;
  readonly tables: string | number;
  readonly general: string | number;
  readonly slow: string | number;
  readonly user: string;
}

interface EntryRow {
  readonly at: string;
  readonly account: string;
  readonly place: string | null;
  readonly ms: string | number;
  readonly text: string;
}

interface DigestRow {
  readonly digest: string;
  readonly place: string | null;
  readonly text: string;
  readonly calls: string | number;
  readonly ms: string | number;
  readonly at: string;
}

const NOTHING =
  'The server keeps no statements that can be read. Turn performance_schema on, or write the log to a table: SET GLOBAL log_output = ' +
  "'TABLE', and general_log or slow_query_log = ON.";

/** Statements since the cursor, from the server's own digests, or from the tables of the general or the slow log. */
export async function readQueryLog(session: Session, call: QueryLogCall): Promise<QueryLog> {
  const [means] = await session.ask<Means>(`
    SELECT @@performance_schema AS digests,
           FIND_IN_SET('TABLE', @@log_output) > 0 AS tables,
           @@general_log AS general,
           @@slow_query_log AS slow,
           CURRENT_USER() AS user
  `);
  const on = (value: string | number) => Number(value) === 1;
  if (on(means!.digests)) return fromDigests(session, call);
  if (on(means!.tables) && on(means!.general)) return fromLog(session, call, means!.user, GENERAL);
  if (on(means!.tables) && on(means!.slow)) return fromLog(session, call, means!.user, SLOW);
  return { statements: [], cursor: call.since ?? '', problems: [NOTHING] };
}

// The general log has no times and no databases.
const GENERAL = `
  SELECT CAST(event_time AS CHAR) AS at, user_host AS account, NULL AS place, 0 AS ms, LEFT(argument, ${LONGEST_STATEMENT}) AS text
    FROM mysql.general_log
   WHERE command_type IN ('Query', 'Execute')
     AND event_time > :since
     AND LEFT(user_host, CHAR_LENGTH(:me) + 1) <> CONCAT(:me, '[')
     AND argument REGEXP :looks
   ORDER BY event_time
   LIMIT ${ENTRIES_AT_ONCE}
`;

const SLOW = `
  SELECT CAST(start_time AS CHAR) AS at, user_host AS account, db AS place,
         TIME_TO_SEC(query_time) * 1000 + MICROSECOND(query_time) / 1000 AS ms, LEFT(sql_text, ${LONGEST_STATEMENT}) AS text
    FROM mysql.slow_log
   WHERE start_time > :since
     AND LEFT(user_host, CHAR_LENGTH(:me) + 1) <> CONCAT(:me, '[')
     AND sql_text REGEXP :looks
   ORDER BY start_time
   LIMIT ${ENTRIES_AT_ONCE}
`;

async function fromLog(
  session: Session,
  { since, maxStatements }: QueryLogCall,
  me: string,
  log: string,
): Promise<QueryLog> {
  const from = since !== undefined && /^\d{4}-\d\d-\d\d [\d:.]+$/.test(since) ? since : '1970-01-02 00:00:00';
  const rows = await session.ask<EntryRow>(
    log
      .replaceAll(':since', literalOf(from))
      .replaceAll(':me', literalOf(me.slice(0, me.lastIndexOf('@'))))
      .replaceAll(':looks', literalOf(READS_OR_WRITES)),
  );
  const found = new Map<string, LoggedStatement>();
  for (const row of rows) {
    const sql = withoutValues(row.text);
    const user = row.account.slice(0, Math.max(0, row.account.indexOf('[')));
    const key = JSON.stringify([sql, user, row.place]);
    const before = found.get(key);
    found.set(key, {
      ...{ sql, user, ...(row.place ? { database: row.place } : {}), lastAt: isoOfEntry(row.at) },
      calls: (before?.calls ?? 0) + 1,
      totalMs: (before?.totalMs ?? 0) + Number(row.ms),
    });
  }
  return {
    ...mostUsed([...found.values()], maxStatements),
    cursor: rows.at(-1)?.at ?? from,
  };
}

async function fromDigests(session: Session, { since, maxStatements }: QueryLogCall): Promise<QueryLog> {
  const rows = await session.ask<DigestRow>(`
    SELECT CONCAT(IFNULL(SCHEMA_NAME, ''), ' ', DIGEST) AS digest, SCHEMA_NAME AS place, DIGEST_TEXT AS text,
           COUNT_STAR AS calls, SUM_TIMER_WAIT / 1000000000 AS ms, CAST(LAST_SEEN AS CHAR) AS at
      FROM performance_schema.events_statements_summary_by_digest
     WHERE DIGEST IS NOT NULL
       AND DIGEST_TEXT REGEXP ${literalOf('^\\(* ?(SELECT|WITH|INSERT|UPDATE|DELETE|REPLACE) ')}
  `);
  const before = countedBefore(since);
  const statements = rows.flatMap(({ digest, place, text, calls, ms, at }): LoggedStatement[] => {
    const [knownCalls, knownMs] = before[digest] ?? [0, 0];
    // Fewer than before: the server was restarted, or its table emptied.
    const anew = Number(calls) < knownCalls;
    const used = Number(calls) - (anew ? 0 : knownCalls);
    const spent = Number(ms) - (anew ? 0 : knownMs);
    const database = place === null ? {} : { database: place };
    return used > 0 ? [{ sql: text, calls: used, totalMs: spent, ...database, lastAt: isoOfEntry(at) }] : [];
  });
  const counts = Object.fromEntries(rows.map(({ digest, calls, ms }) => [digest, [Number(calls), Number(ms)]]));
  return {
    ...mostUsed(statements, maxStatements),
    cursor: Buffer.from(JSON.stringify(counts)).toString('base64url'),
  };
}

const isoOfEntry = (at: string): string => `${at.replace(' ', 'T')}Z`;

function mostUsed(statements: LoggedStatement[], most: number): Pick<QueryLog, 'statements' | 'problems'> {
  statements.sort((one, other) => other.calls - one.calls);
  const problems =
    statements.length > most ? [`Only the ${most} statements most used of ${statements.length} were read.`] : [];
  return { statements: statements.slice(0, most), problems };
}

function countedBefore(cursor: string | undefined): Readonly<Record<string, readonly [calls: number, ms: number]>> {
  try {
    return JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString()) as ReturnType<typeof countedBefore>;
  } catch {
    return {};
  }
}
