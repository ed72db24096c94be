import {
  type LoggedStatement,
  movesData,
  type QueryLog,
  type QueryLogCall,
  shapeOf,
  withoutValues,
} from '#core/connector-kit';

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
  if (call.movingDataIn !== undefined) return movingData(session, call, call.movingDataIn);
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

const WRITES = String.raw`^([[:space:]]|/\*([^*]|\*[^/])*\*/|--[^\n]*\n|#[^\n]*\n|\()*(with|insert|update|replace|create)([[:space:]]|\(|/)`;
// A page is held whole, and the table is gone through for each.
const PAGE = 5_000;
const MOST_PAGES = 20;

/** A log that is a table, and the switch that turns it on. */
interface LogTable {
  readonly switch: string;
  readonly sql: string;
}

const LOG_TABLES: Readonly<Record<string, LogTable>> = {
  general_log: {
    switch: 'general_log',
    sql: `
      SELECT CAST(event_time AS CHAR) AS at, '' AS account, NULL AS place, 0 AS ms, LEFT(argument, ${LONGEST_STATEMENT + 1}) AS text
        FROM mysql.general_log
       WHERE command_type IN ('Query', 'Execute')
         AND event_time > :since
         AND argument REGEXP :looks
       ORDER BY event_time
       LIMIT ${PAGE}
    `,
  },
  slow_log: {
    switch: 'slow_query_log',
    sql: `
      SELECT CAST(start_time AS CHAR) AS at, '' AS account, db AS place,
             TIME_TO_SEC(query_time) * 1000 + MICROSECOND(query_time) / 1000 AS ms, LEFT(sql_text, ${LONGEST_STATEMENT + 1}) AS text
        FROM mysql.slow_log
       WHERE start_time > :since
         AND sql_text REGEXP :looks
       ORDER BY start_time
       LIMIT ${PAGE}
    `,
  },
};

/** The shapes of statements that move data, since the cursor. Whoever ran them: nothing of ours writes. */
async function movingData(session: Session, { since, maxStatements }: QueryLogCall, log: string): Promise<QueryLog> {
  const table = LOG_TABLES[log];
  if (!table) return { statements: [], cursor: since ?? '', problems: [`MySQL and MariaDB have no log named ${log}.`] };
  const problems = await whyEmpty(session, table);
  const found = new Map<string, LoggedStatement>();
  let cursor = since !== undefined && /^\d{4}-\d\d-\d\d [\d:.]+$/.test(since) ? since : '1970-01-02 00:00:00';
  let unclear = 0;
  for (let page = 0, full = true; full; page++) {
    if (page === MOST_PAGES) {
      problems.push(`The log has more than ${PAGE * MOST_PAGES} statements that are new; the next reading goes on.`);
      break;
    }
    let rows: EntryRow[];
    try {
      rows = await session.ask<EntryRow>(
        table.sql.replaceAll(':since', literalOf(cursor)).replaceAll(':looks', literalOf(WRITES)),
      );
    } catch (error) {
      if (!isDenied(error)) throw error;
      return {
        statements: [],
        cursor,
        problems: [`The user of Plumbline may not read the log. GRANT SELECT ON mysql.${log} to it.`],
      };
    }
    for (const row of rows) {
      const sql = row.text.length > LONGEST_STATEMENT ? undefined : shapeOf(row.text, 'mysql');
      if (sql === undefined) unclear++;
      else if (movesData(sql, 'mysql')) note(found, sql, row);
    }
    cursor = rows.at(-1)?.at ?? cursor;
    full = rows.length === PAGE;
  }
  if (unclear > 0)
    problems.push(
      `${unclear} statements were left out: they are longer than ${LONGEST_STATEMENT} characters, or it is not certain where their values end.`,
    );
  const { statements, problems: cut } = mostUsed([...found.values()], maxStatements);
  return { statements, cursor, problems: [...problems, ...cut] };
}

function note(found: Map<string, LoggedStatement>, sql: string, { at, place, ms }: EntryRow): void {
  const key = JSON.stringify([sql, place]);
  const before = found.get(key);
  found.set(key, {
    ...{
      sql,
      ...(place ? { database: place } : {}),
      firstAt: before?.firstAt ?? isoOfEntry(at),
      lastAt: isoOfEntry(at),
    },
    calls: (before?.calls ?? 0) + 1,
    totalMs: (before?.totalMs ?? 0) + Number(ms),
  });
}

/** What the server would have to be told so that it writes the log to a table. */
async function whyEmpty(session: Session, table: LogTable): Promise<string[]> {
  const [means] = await session.ask<{ tables: string | number; on: string | number; output: string }>(
    `SELECT FIND_IN_SET('TABLE', @@log_output) > 0 AS tables, @@${table.switch} AS \`on\`, @@log_output AS output`,
  );
  return [
    ...(Number(means!.tables) === 1
      ? []
      : [`The server writes its logs to ${means!.output}, which is out of reach. SET GLOBAL log_output = 'TABLE'.`]),
    ...(Number(means!.on) === 1 ? [] : [`The log is off. SET GLOBAL ${table.switch} = ON.`]),
  ];
}

// Denied on a table, a column, a database.
const isDenied = (error: unknown): boolean => [1142, 1143, 1044].includes(Number((error as { errno?: unknown }).errno));

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
