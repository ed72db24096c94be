import {
  type Connection,
  quoteIdentifier,
  SourceDatabaseUnknown,
  SourceLoginRefused,
  SourceUnreachable,
} from '#core/connector-kit';
import { type CodesFound, type Sentence } from '#core/standards-matcher';
import { AppError } from '#kernel';

export interface CodedColumn {
  readonly scope: string;
  readonly dataset: string;
  readonly field: string;
  readonly codes: readonly string[];
  /** Whether some of the unknown codes may be kept: not those of a sensitive column. */
  readonly keepCodes: boolean;
}

/** What was found, and after an error whether the whole source is out of reach. */
export type LookedUp = CodesFound & { readonly outOfReach?: boolean };

const DEADLINE_MS = 60_000;
const CODES_KEPT = 20;

/**
 * Counts the rows of a column whose value is not in a code set, in the source itself: a few numbers come back, and at
 * most 20 of the unknown codes. A source that does not answer gives an error, no count.
 * @throws when the caller stopped.
 */
export async function countUnknownCodes(
  connection: Connection,
  { scope, dataset, field, codes, keepCodes }: CodedColumn,
  signal: AbortSignal,
): Promise<LookedUp> {
  const call = { signal, deadlineMs: DEADLINE_MS };
  try {
    const relation = connection.relation(scope, dataset);
    const column = quoteIdentifier(connection.dialect, field);
    const value = `CAST(${column} AS text)`;
    // Without any code every value is unknown; NOT IN () is no SQL.
    const unknown = codes.length === 0 ? 'TRUE' : `${value} NOT IN (${codes.map((_, at) => `$${at + 1}`).join(', ')})`;
    const counted = await connection.query(
      `
      SELECT count(*) AS all_rows,
             count(*) FILTER (WHERE ${unknown}) AS bad_rows,
             count(DISTINCT ${value}) FILTER (WHERE ${unknown}) AS bad_codes
        FROM ${relation} WHERE ${column} IS NOT NULL
      `,
      codes,
      call,
    );
    const [rows, badRows, distinctBadCodes] = (counted.rows[0] ?? []).map(Number);
    const badCodes =
      keepCodes && (badRows ?? 0) > 0
        ? await connection.query(
            `
            SELECT ${value} AS code, count(*) AS n FROM ${relation}
             WHERE ${column} IS NOT NULL AND ${unknown}
             GROUP BY ${value} ORDER BY n DESC, code LIMIT ${CODES_KEPT}
            `,
            codes,
            call,
          )
        : undefined;
    return {
      state: 'counted',
      rows: rows ?? 0,
      badRows: badRows ?? 0,
      distinctBadCodes: distinctBadCodes ?? 0,
      badCodes: (badCodes?.rows ?? []).map(([code]) => String(code).slice(0, 200)),
    };
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    return { state: 'error', reason: sentenceOf(error), outOfReach: isOutOfReach(error) };
  }
}

const CHINESE: Readonly<Record<string, string>> = {
  SOURCE_UNREACHABLE: '数据源无法连接',
  SOURCE_LOGIN_REFUSED: '数据源拒绝登录',
  SOURCE_DATABASE_UNKNOWN: '数据库不存在',
  SOURCE_PERMISSION_DENIED: '没有读取权限',
  SOURCE_TIMED_OUT: '查询超时',
  SOURCE_CALL_CANCELLED: '数据源中止了查询',
  SOURCE_QUERY_FAILED: '查询失败',
  SECRET_LOST: '数据源的密钥无法打开',
};

/** Why the values could not be read. */
export const sentenceOf = (error: AppError): Sentence => ({
  en: `The values could not be read. ${error.message}`,
  zh: `无法读取字段取值：${CHINESE[error.code] ?? '数据源出错'}。`,
});

/** Whether asking the same source for another column would be in vain. */
const isOutOfReach = (error: AppError) =>
  [SourceUnreachable, SourceLoginRefused, SourceDatabaseUnknown].some((kind) => error instanceof kind);
