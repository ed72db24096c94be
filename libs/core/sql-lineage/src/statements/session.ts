import type { Session } from '../catalog.js';
import type { Dialect } from '../dialects.js';
import { type Word, Words } from '../parse/words.js';

// What changes where bare names lead: USE, SET search_path, ALTER SESSION SET CURRENT_SCHEMA. Read from the words; databases spell
// these in more ways than the parser knows.

const nameOf = ({ kind, text }: Word, dialect: Dialect): string =>
  kind === 'word' ? dialect.names.written(text, false) : text.slice(1, -1);

const isName = ({ kind }: Word): boolean => kind === 'word' || kind === 'quoted' || kind === 'string';

/** `USE db`, `USE CATALOG c`, `USE SCHEMA a.b`, `SWITCH c` */
function used(words: Words, dialect: Dialect): Session | undefined {
  const from = words.past(1, 'database', 'catalog', 'schema', 'namespace', 'warehouse', 'role', 'secondary roles');
  const kind = from > 1 && words.isName(from) ? words.low(1) : words.low(0) === 'switch' ? 'catalog' : '';
  const start = kind === '' || words.low(0) === 'switch' ? 1 : from;
  const name = words.at(start).kind === 'string' ? start + 1 : words.pastName(start);
  const parts = words.list.slice(start, name).filter(isName);
  const [last, catalog] = parts.map((part) => nameOf(part, dialect)).reverse();
  if (last === undefined || kind === 'warehouse' || kind === 'role' || kind === 'secondary') return undefined;
  if (catalog !== undefined) return { catalog, schemas: [last] };
  const isCatalog = kind === 'catalog' || ((kind === 'database' || kind === '') && dialect.use === 'catalog');
  return isCatalog ? { catalog: last } : { schemas: [last] };
}

const SETTINGS: readonly (readonly [string, keyof Session])[] = [
  ['search_path', 'schemas'],
  ['current_schema', 'schemas'],
  ['current schema', 'schemas'],
  ['schema', 'schemas'],
  ['catalog', 'catalog'],
  ['database', 'catalog'],
];

const IGNORED = new Set(['$user', 'pg_catalog', 'default']);

/** `SET search_path TO a, b`, `SET SCHEMA 'a'`, `ALTER SESSION SET CURRENT_SCHEMA = a` */
function set(words: Words, dialect: Dialect): Session | undefined {
  const start = words.past(words.past(0, 'alter session set', 'set'), 'session', 'local');
  const setting = SETTINGS.find(([phrase]) => words.is(start, phrase));
  if (!setting) return undefined;
  const values = words.list
    .slice(words.past(words.past(start, setting[0]), '=', 'to'))
    .filter(isName)
    .map((value) => nameOf(value, dialect))
    .filter((name) => !IGNORED.has(name.toLowerCase()));
  const [first] = values;
  if (first === undefined) return undefined;
  return setting[1] === 'schemas' ? { schemas: values } : { catalog: first };
}

const SETS = /\b(search_path|schema|current_schema|catalog|database)\b/i;

/** True for a statement that only says where to look. */
export const isUse = (words: string): boolean => /^(use|switch)\b/.test(words);

/** Where bare names lead after a statement; undefined when it changes nothing of that. */
export function sessionAfter(words: string, text: string, dialect: Dialect): Session | undefined {
  if (isUse(words)) return used(new Words(text, dialect.lex), dialect);
  if (!/^(set|alter session)\b/.test(words) || !SETS.test(text)) return undefined;
  return set(new Words(text, dialect.lex), dialect);
}
