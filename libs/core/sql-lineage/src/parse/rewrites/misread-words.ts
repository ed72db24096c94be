import type { Dialect } from '../../dialects.js';
import { type Edit, edited } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const MYSQL_LIKE = wordSet('mysql doris starrocks');

/** MySQL: `CONVERT(x, SIGNED)` is `CAST(x AS SIGNED)`; the parser takes the type for a column. */
function conversion(words: Words, at: number): Edit[] {
  if (words.low(at) !== 'convert' || words.low(at + 1) !== '(') return [];
  const items = words.items(at + 1);
  const [, type] = items;
  if (items.length !== 2 || !type || words.at(type[0]).kind !== 'word') return [];
  const comma = words.at(type[0] - 1);
  const name = /^(un)?signed$/.test(words.low(type[0])) ? 'bigint' : words.textOf(...type);
  return [
    { ...words.range(at, at + 1), put: 'cast' },
    { start: comma.start, end: comma.end, put: ' as ' },
    { ...words.range(...type), put: name },
  ];
}

/** MySQL: `0b01`, `0x1F` are numbers. */
function bits(words: Words, at: number): Edit[] {
  const [zero, digits] = [words.at(at), words.at(at + 1)];
  const alone = words.at(at - 1).end < zero.start || /^[(,=<>]$/.test(words.low(at - 1));
  return zero.low === '0' && alone && digits.start === zero.end && /^(b[01]+|x[0-9a-f]+)$/.test(digits.low)
    ? [{ ...words.range(at, at + 2), put: '0' }]
    : [];
}

/** PostgreSQL: `U&"name" UESCAPE '!'`. */
function unicodeName(words: Words, at: number): Edit[] {
  const glued = words.at(at + 2).start === words.at(at).end + 1;
  if (words.low(at) !== 'u' || words.low(at + 1) !== '&' || words.at(at + 2).kind !== 'quoted' || !glued) return [];
  const sets = words.low(at + 3) === 'uescape';
  const escape = sets ? words.at(at + 4).text.slice(1, -1) : '\\';
  const quoted = words.at(at + 2).text;
  const name = quoted.split(escape).map((part, index) => (index === 0 ? part : unescaped(part)));
  return [{ ...words.range(at, sets ? at + 5 : at + 3), put: name.join('') }];
}

/** What stands behind the sign of an escape: four digits, or a plus and six. */
const unescaped = (part: string): string =>
  part.replace(/^(?:\+([0-9a-f]{6})|([0-9a-f]{4}))/i, (_, six: string | undefined, four: string | undefined) =>
    String.fromCodePoint(Math.min(0x10ffff, parseInt(six ?? four ?? '0', 16))),
  );

/** Oracle: `TO_NUMBER(a DEFAULT b ON CONVERSION ERROR)` gives a or b; the parser keeps it as text. */
function conversionError(words: Words, at: number): Edit[] {
  if (words.low(at) !== 'default' || words.at(at).depth === 0) return [];
  const end = words.find(at, words.at(at).depth, wordSet('on'));
  if (end === -1 || !words.is(end, 'on conversion error')) return [];
  let open = at;
  while (open >= 0 && words.at(open).depth >= words.at(at).depth) open--;
  // Of CAST, whose type stands before, the whole is put into NVL; of a function its first argument.
  const cast = words.low(open - 1) === 'cast';
  const start = cast ? words.at(open - 1).start : words.at(open).end;
  return [
    { start, end: start, put: 'nvl(' },
    { ...words.range(at, at + 1), put: cast ? '),' : ',' },
    { ...words.range(end, end + 3), put: cast ? '' : ')' },
  ];
}

/** ClickHouse: of `CREATE MATERIALIZED VIEW v REFRESH EVERY 1 HOUR TO t AS …` the parser forgets the table. */
function refreshes(words: Words, at: number): Edit[] {
  if (words.low(at) !== 'refresh' || !/^(every|after)$/.test(words.low(at + 1))) return [];
  const end = words.find(at, words.at(at).depth, wordSet('to engine as empty definer sql comment'));
  return end === -1 ? [] : [{ ...words.range(at, end), put: '' }];
}

/** ClickHouse: behind `DEFINER = u SQL SECURITY DEFINER` the parser forgets the view's query. */
function definer(words: Words, at: number): Edit[] {
  const sets = words.is(at, 'definer =') ? words.pastName(at + 2) : at;
  const end = words.is(sets, 'sql security') ? sets + 3 : sets;
  return end > at && words.low(0) === 'create' ? [{ ...words.range(at, end), put: '' }] : [];
}

type Look = (words: Words, at: number) => Edit[];

const MYSQL_LOOKS: readonly Look[] = [conversion, bits];
const LOOKS: Readonly<Partial<Record<Dialect['name'], readonly Look[]>>> = {
  oracle: [conversionError],
  postgres: [unicodeName],
  clickhouse: [refreshes, definer],
};

/** What the parser takes without a word, for something that it is not. */
export const misreadWords: Rewrite = {
  name: 'misread words',
  concerns: (text, dialect) =>
    (MYSQL_LIKE.has(dialect.name) && /\bconvert\s*\(|\b0[bx]/i.test(text)) ||
    (dialect.name === 'postgres' && /\bu&"/i.test(text)) ||
    (dialect.name === 'clickhouse' && /\b(refresh\s+(every|after)|definer|sql\s+security)\b/i.test(text)) ||
    (dialect.name === 'oracle' && /\bconversion\s+error\b/i.test(text)),
  apply(words, dialect) {
    const looks = MYSQL_LIKE.has(dialect.name) ? MYSQL_LOOKS : (LOOKS[dialect.name] ?? []);
    const edits = words.list
      .flatMap((_, at) => looks.flatMap((look) => look(words, at)))
      .sort((one, other) => one.start - other.start)
      .filter((edit, which, all) => edit.start >= (all[which - 1]?.end ?? 0));
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
