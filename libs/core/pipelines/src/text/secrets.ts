import { readLenientJson } from './lenient-json.js';
import { Value } from './value.js';

/** Names of fields whose value nobody else may see. */
const SECRET_FIELD =
  /pass(?:word|wd|phrase)|^pwd$|secret|token$|access[_.-]?key|private[_.-]?key|credential|^sk$|^ak$|sasl\.jaas/i;
/** Whether what has this name is for nobody else: `db_password`. */
export const isSecretName = (name: string): boolean => SECRET_FIELD.test(name);

/** `password=…` in a URL, a script or a list of properties; `user:password@host`; `-p…` of mysql; `IDENTIFIED BY …`; `thin:user/password@`. */
const SECRETS_IN_TEXT: readonly RegExp[] = [
  /(?<=(?:pass(?:word|wd)?|pwd|secret(?:[_-]?key)?|token|access[_-]?key(?:[_-]?id)?)["']?\s*[=:]\s*["']?)[^\s"'&;,}]+/gi,
  /(?<=\/\/[^\s/:@"']+:)[^\s/@"']+(?=@)/g,
  /(?<=--password[= ]["']?)[^\s"']+/g,
  /(?<=\b(?:mysql\w*|mariadb\w*|sqoop)\b[^\n;|]{0,400}\s-p["']?)[^\s"'-][^\s"']*/g,
  /(?<=\bidentified\s+by\s+["']?)[^\s"';]+/gi,
  /(?<=\bthin:[^\s/:@"']+\/)[^\s/@"']+(?=@)/gi,
];
/** Of SQL: there, what stands bare behind `token =` is a column, and a secret is in quotes. */
const [, ...ELSEWHERE] = SECRETS_IN_TEXT;
const SECRETS_IN_SQL: readonly RegExp[] = [
  /(?<=(?:pass(?:word|wd)?|pwd|secret(?:[_-]?key)?|token|access[_-]?key(?:[_-]?id)?)["'`]?\s*(?:=>?|:)?\s*')[^']+/gi,
  ...ELSEWHERE,
];
/** Names of fields whose value is SQL or a part of it. */
const SQL_FIELD = /sql$|^(?:query|where|filter|projection|statements?|(?:pre|post)[_-]?statements?)$/i;
const MOST_NESTED = 4;

/**
 * The text with `*` in place of every secret, as long as it was: all places stay what they are. What is in strings that are JSON themselves
 * is found too.
 */
export function withoutSecrets(text: string, value: Value): string {
  const found: (readonly [number, number])[] = [];
  collect(value, 'text', 0, found);
  return blanked(text, found);
}

function blanked(text: string, found: readonly (readonly [number, number])[]): string {
  let out = '';
  let last = 0;
  for (const [start, end] of [...found].sort(([one], [other]) => one - other)) {
    if (end <= last) continue;
    const from = Math.max(start, last);
    out += text.slice(last, from) + text.slice(from, end).replace(/[^\n]/g, '*');
    last = end;
  }
  return out + text.slice(last);
}

/** A piece of text, such as a URL, without its secrets. */
export const plainText = (text: string): string => blanked(text, inText(text));

/** SQL without the secrets in it. */
export const plainSql = (sql: string): string => blanked(sql, inSql(sql));

/** In strings of SQL, what would be a secret in any text is one. */
const inSql = (sql: string): (readonly [number, number])[] => [
  ...inText(sql, SECRETS_IN_SQL),
  ...[...sql.matchAll(/'(?:[^']|'')*'/g)].flatMap((match) =>
    inText(match[0]).map(([start, end]) => [match.index + start, match.index + end] as const),
  ),
];

function inText(text: string, patterns = SECRETS_IN_TEXT): (readonly [number, number])[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length] as const),
  );
}

/** What a value is known to be by the name of its field. */
type Content = 'secret' | 'sql' | 'text';

function contentOf(key: string, outside: Content): Content {
  if (outside === 'secret' || SECRET_FIELD.test(key)) return 'secret';
  return SQL_FIELD.test(key) ? 'sql' : 'text';
}

function collect(value: Value, content: Content, nested: number, found: (readonly [number, number])[]): void {
  for (const { key, value: inner } of value.entries) collect(inner, contentOf(key, content), nested, found);
  if (value.kind === 'array') for (const item of value.items) collect(item, content, nested, found);
  const { text } = value;
  if (text === undefined || text === '') return;
  if (content === 'secret') {
    found.push([value.at(0), Math.max(value.at(0), value.at(text.length))]);
    return;
  }
  if (nested < MOST_NESTED && /^\s*[[{]/.test(text)) {
    try {
      collect(readLenientJson(text, value.at).value, 'text', nested + 1, found);
    } catch {
      // It only looked like JSON.
    }
  }
  for (const [start, end] of content === 'sql' ? inSql(text) : inText(text))
    found.push([value.at(start), value.at(end)]);
}
