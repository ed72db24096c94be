/** How a family of databases writes values, names and comments. */
export type SqlFamily = 'postgres' | 'mysql';

/** Stands for a value while a shape is made: a character that SQL does not have. */
const PLACE = '\u{F8FF}';

const COMMON = String.raw`(?<blank>\s+)|(?<nested>\/\*)|(?<number>0[xob][\da-f_]+\b|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:e[+-]?\d+)?)`;

// A quote that is never closed takes the rest: the text was cut off.
const TOKENS: Readonly<Record<SqlFamily, RegExp>> = {
  postgres: new RegExp(
    String.raw`(?<comment>--[^\n]*)|(?<text>(?:[nxb]|u&)?'(?:[^']|'')*(?:'|$)|e'(?:[^'\\]|\\[\s\S]|'')*(?:'|$))|(?<dollar>\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)|(?<parameter>\$\d+)|(?<name>(?:u&)?"(?:[^"]|"")*(?:"|$)|[\p{L}_][\p{L}\p{N}_$]*)|${COMMON}|(?<sign>[\s\S])`,
    'giuy',
  ),
  mysql: new RegExp(
    String.raw`(?<comment>--(?=\s|$)[^\n]*|#[^\n]*)|(?<text>(?:_[a-z0-9]+\s*)?[nxb]?'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|(?:_[a-z0-9]+\s*)?"(?:[^"\\]|\\[\s\S]|"")*(?:"|$))|(?<parameter>\?)|(?<name>${'`'}(?:[^${'`'}]|${'``'})*(?:${'`'}|$)|[\p{L}_@$][\p{L}\p{N}_$@]*)|${COMMON}|(?<sign>[\s\S])`,
    'giuy',
  ),
};

/**
 * A statement without its values, comments and formatting, so that the same statement run twice is one; still SQL that can be read
 * again: parameters stand in the places of values, and lists are as long as they were, but for IN and rows of VALUES. Undefined when the
 * text was cut off, or when it cannot be told for certain where its values end: those are not to be kept.
 *
 * @example
 * shapeOf(`insert into b select x from a where name = '张三' -- for 李四`, 'postgres')  // insert into b select x from a where name = $1
 */
export function shapeOf(sql: string, family: SqlFamily): string | undefined {
  const tokens = new RegExp(TOKENS[family]);
  const parts: string[] = [];
  if (sql.includes(PLACE)) return undefined;
  while (tokens.lastIndex < sql.length) {
    const found = tokens.exec(sql);
    if (!found) return undefined;
    const [token] = found;
    const is = found.groups ?? {};
    if (is['blank'] !== undefined || is['comment'] !== undefined) parts.push(' ');
    else if (is['nested'] !== undefined) {
      const end = endOfComment(sql, found.index, family);
      if (end === undefined) return undefined;
      tokens.lastIndex = end;
      parts.push(' ');
    } else if (is['dollar'] !== undefined) {
      const end = sql.indexOf(token, tokens.lastIndex);
      if (end < 0) return undefined;
      tokens.lastIndex = end + token.length;
      parts.push(PLACE);
    } else if (is['text'] !== undefined) {
      // `'\'` ends here or goes on, as the session's settings have it.
      if (/\\['"]/.test(token) || !isClosed(token)) return undefined;
      parts.push(PLACE);
    } else if (is['number'] !== undefined || is['parameter'] !== undefined) parts.push(PLACE);
    else if (is['name'] !== undefined && /["`]/.test(token) && !isClosed(token)) return undefined;
    else parts.push(token);
  }
  return numbered(listsAsOne(parts.join('')), family);
}

/** PostgreSQL's comments stand in each other. */
function endOfComment(sql: string, from: number, family: SqlFamily): number | undefined {
  if (family === 'mysql') {
    const end = sql.indexOf('*/', from + 2);
    return end < 0 ? undefined : end + 2;
  }
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(sql); mark; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}

/** A name or a text in quotes ends with the quote it began with. */
function isClosed(token: string): boolean {
  const quoted = token.slice(token.search(/['"`]/));
  const quote = quoted.charAt(0);
  const inside = quoted.slice(1).replaceAll(quote + quote, '');
  return inside.indexOf(quote) === inside.length - 1 && inside !== '';
}

const LIST = new RegExp(String.raw`\bin ?\( ?${PLACE}(?: ?, ?${PLACE})* ?\)`, 'giu');
const ROWS = new RegExp(String.raw`(\((?: ?${PLACE} ?,)* ?${PLACE} ?\))(?: ?, ?\1)+`, 'gu');
// `DATE $1` is what pg_stat_statements makes of DATE '2026-01-01', and no SQL; of MySQL's, INTERVAL ? DAY is.
const TYPED = new RegExp(
  String.raw`\b(?:date|timestamptz|timestamp|time)(?: with(?:out)? time zone)? (?=${PLACE})`,
  'giu',
);
const INTERVAL = new RegExp(
  String.raw`\binterval (${PLACE})(?: (?:year|month|day|hour|minute|second)s?\b(?: to (?:month|hour|minute|second))?)?`,
  'giu',
);

const listsAsOne = (text: string): string =>
  text
    .replaceAll(/ +/g, ' ')
    .replaceAll(LIST, `IN (${PLACE})`)
    .replaceAll(ROWS, '$1')
    .replace(/[; ]+$/, '')
    .trim();

function numbered(text: string, family: SqlFamily): string {
  const plain = text.replaceAll(TYPED, '');
  if (family === 'mysql') return plain.replaceAll(PLACE, '?');
  let count = 0;
  return plain.replaceAll(INTERVAL, '$1').replaceAll(PLACE, () => `$${++count}`);
}

/**
 * Whether a shape can say that data flows from one place to another. Values put into a table do not; views, procedures and the loading
 * of files (whose names are values) are told by others.
 */
export function movesData(shape: string, family: SqlFamily): boolean {
  const text = shape.toLowerCase().replace(/^[( ]+/, '');
  const has = (pattern: RegExp) => pattern.test(text);
  switch (/^[a-z]+/.exec(text)?.[0]) {
    case 'insert':
    case 'replace':
      return has(/\b(?:from|table)\b/);
    case 'with':
      return has(/\b(?:insert into|update|merge into|delete from)\b/) && has(/\bfrom\b/);
    case 'update':
      return has(/\b(?:from|join|select)\b/) || (family === 'mysql' && has(/^update [^=]*,[^=]* set /));
    case 'merge':
      return true;
    case 'create':
      return has(
        /^create (?:or replace )?(?:(?:global |local )?temp(?:orary)? |unlogged )?table\b.*\b(?:select|table)\b.*\bfrom\b/,
      );
    case 'select':
      return family === 'postgres' && has(/\binto\b.*\bfrom\b/);
    default:
      return false;
  }
}
