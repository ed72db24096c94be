import { type Call } from './call.js';

export interface QueryLogCall extends Call {
  /** What the last reading gave; everything the source remembers when left out. */
  readonly since?: string;
  /** No more different statements than this, the most used first. */
  readonly maxStatements: number;
  /**
   * Only statements that move data, from this log, as SQL that can be read again (see `shapeOf`). One of the values of the
   * connector's setting `queryLog`. What the log lacks, or why it cannot be read, is in `problems`.
   */
  readonly movingDataIn?: string;
}

/** What a source ran. */
export interface QueryLog {
  readonly statements: readonly LoggedStatement[];
  /** Where the next reading goes on. It means something to the connector only. */
  readonly cursor: string;
  /** What is missing and why, as sentences: the log is off, old entries were lost. */
  readonly problems: readonly string[];
}

/** One statement, whatever its values were, with how it was used since the cursor. */
export interface LoggedStatement {
  /** Without values: `?` or `$1` stand in their places. */
  readonly sql: string;
  readonly calls: number;
  readonly totalMs: number;
  /** The account that ran it, and the database it ran in, as far as the source tells. */
  readonly user?: string;
  readonly database?: string;
  /** ISO 8601. */
  readonly firstAt?: string;
  readonly lastAt?: string;
}

// A quote that is never closed takes the rest: the log cuts long statements off.
/** A text literal, a number, or what must stay as it is: quoted names, names with digits in them, comments. */
const TOKENS =
  /(?<comment>--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>(?:\b_[a-z0-9]+\s*)?(?:\b[nxbe])?'(?:[^'\\]|\\[\s\S]|'')*(?:'|\\?$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|\\?$))|(?<name>`(?:[^`]|``)*`|[\p{L}_@$][\p{L}\p{N}_$@]*)|(?<number>\b0x[0-9a-f]+\b|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)|(?<blank>\s+)/giu;

/**
 * A statement of MySQL's family without its values, comments and formatting, so that the same question asked twice is one.
 * Lists of values become one place, as in MySQL's own digests.
 */
export function withoutValues(sql: string): string {
  return sql
    .replaceAll(TOKENS, (token: string, ...rest: unknown[]) => {
      const groups = rest.at(-1) as Record<string, string | undefined>;
      if (groups['comment'] !== undefined || groups['blank'] !== undefined) return ' ';
      return groups['text'] !== undefined || groups['number'] !== undefined ? '?' : token;
    })
    .replaceAll(/ +/g, ' ')
    .replaceAll(/\?(?: ?, ?\?)+/g, '?, …')
    .replaceAll(/\((\?(?:, …)?)\)(?: ?, ?\(\?(?:, …)?\))+/g, '($1), …')
    .replace(/[; ]+$/, '')
    .trim();
}
