import { readLenientJson } from './lenient-json.js';
import { Value } from './value.js';

/** Names of fields whose value nobody else may see. */
const SECRET_FIELD =
  /pass(?:word|wd|phrase)|^pwd$|secret|token$|access[_.-]?key|private[_.-]?key|credential|^sk$|^ak$|sasl\.jaas/i;
/** `password=…` in a URL, a script or a list of properties; `user:password@host`; `-p…` of mysql; `IDENTIFIED BY …`; `thin:user/password@`. */
const SECRETS_IN_TEXT: readonly RegExp[] = [
  /(?<=(?:pass(?:word|wd)?|pwd|secret(?:[_-]?key)?|token|access[_-]?key(?:[_-]?id)?)["']?\s*[=:]\s*["']?)[^\s"'&;,}]+/gi,
  /(?<=\/\/[^\s/:@"']+:)[^\s/@"']+(?=@)/g,
  /(?<=--password[= ]["']?)[^\s"']+/g,
  /(?<=\b(?:mysql\w*|mariadb\w*|sqoop)\b[^\n;|]{0,400}\s-p["']?)[^\s"'-][^\s"']*/g,
  /(?<=\bidentified\s+by\s+["']?)[^\s"';]+/gi,
  /(?<=\bthin:[^\s/:@"']+\/)[^\s/@"']+(?=@)/gi,
];
const MOST_NESTED = 4;

/**
 * The text with `*` in place of every secret, as long as it was: all places stay what they are. What is in strings that are JSON themselves
 * is found too.
 */
export function withoutSecrets(text: string, value: Value): string {
  const found: (readonly [number, number])[] = [];
  collect(value, false, 0, found);
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
export const plainText = (text: string): string => {
  const found = inText(text).map(([start, end]) => [start, end] as const);
  return blanked(text, found);
};

function inText(text: string): (readonly [number, number])[] {
  return SECRETS_IN_TEXT.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length] as const),
  );
}

function collect(value: Value, secret: boolean, nested: number, found: (readonly [number, number])[]): void {
  for (const { key, value: inner } of value.entries) collect(inner, secret || SECRET_FIELD.test(key), nested, found);
  if (value.kind === 'array') for (const item of value.items) collect(item, secret, nested, found);
  const { text } = value;
  if (text === undefined || text === '') return;
  if (secret) {
    found.push([value.at(0), Math.max(value.at(0), value.at(text.length))]);
    return;
  }
  if (nested < MOST_NESTED && /^\s*[[{]/.test(text)) {
    try {
      collect(readLenientJson(text, value.at).value, false, nested + 1, found);
    } catch {
      // It only looked like JSON.
    }
  }
  for (const [start, end] of inText(text)) found.push([value.at(start), value.at(end)]);
}
