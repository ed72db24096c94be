import { type EventMemory } from './event-memory.js';

/** What stands where a secret stood. */
export const REDACTED = '***';

const WORDS = String.raw`pass(?:word|wd|phrase)|passwd|pwd|secret|api[-_. ]?key|access[-_. ]?key|account[-_. ]?key|private[-_. ]?key|signing[-_. ]?key|credentials?|authorization|sasl[-_. ]?jaas[-_. ]?config|(?:access|auth|bearer|refresh|session|security|id|sas|oauth|api)?[-_. ]?token`;
const SECRET_NAME = new RegExp(
  String.raw`(?:^|[^a-z]|[a-z](?=[A-Z]))?(?:${WORDS})(?!s?[-_. ]?(?:count|name|type|url|uri|id|file|path|provider|expir\w*|ttl|length|limit))`,
  'i',
);
const NO_SECRET = /tokens$|tokeni[sz]/i;

/** Facets that tell of columns: a column may be called "password", and is no secret. */
const STRUCTURE = new Set(['schema', 'columnLineage', 'lineage', 'symlinks']);
const MOST_DEPTH = 200;

/** A value that cannot be gone through. */
export class TooDeep extends Error {}

const MOST_REMEMBERED = 20_000;
const LONGEST_REMEMBERED = 200;

/** Events of one producer have the same names and texts again and again. What is remembered of texts is no secret. */
function remembering<V>(work: (text: string) => V, worth: (text: string, value: V) => boolean): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = work(text);
    if (text.length > LONGEST_REMEMBERED || !worth(text, value)) return value;
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(text, value);
    return value;
  };
}

const isSecretName = remembering(
  (name) => SECRET_NAME.test(name) && !NO_SECRET.test(name),
  () => true,
);

const ASSIGNED = new RegExp(
  String.raw`([\w.-]*(?:${WORDS})[\w.-]*["']?\s*(?:=|:(?!:|//)|=>)\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.|'')*'|(?:bearer|basic)\s+[^\s,;&"']+|[^\s,;&"')}\]]+)`,
  'gi',
);
const ASSIGNED_LITERAL = new RegExp(
  String.raw`([\w.-]*(?:${WORDS})[\w.-]*["'\x60]?\s*(?:=|:|=>)\s*)('(?:[^']|'')*'|"[^"]*")`,
  'gi',
);
const FLAG = new RegExp(String.raw`(--?(?:[\w.-]*(?:${WORDS})[\w.-]*)\s+)("[^"]*"|'[^']*'|[^\s-]\S*)`, 'gi');
const ONLY_FLAG = new RegExp(String.raw`^--?[\w.-]*(?:${WORDS})[\w.-]*$`, 'i');
const ANYWHERE: readonly (readonly [RegExp, string])[] = [
  // postgres://user:password@host, in any text.
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@"'?#]*:)[^\s/"'?#]*(?=@)/gi, `$1${REDACTED}`],
  [/\b(identified\s+by\s+(?:values\s+|password\s+)?|password\s+)('(?:[^']|'')*'|"[^"]*")/gi, `$1${REDACTED}`],
  [/\b(bearer|basic)\s+[\w.~+/-]{12,}=*/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g, REDACTED],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, REDACTED],
  [/\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{10,}/g, REDACTED],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
];
const WORTH_A_LOOK = new RegExp(
  String.raw`${WORDS}|identified|://|bearer|basic |eyJ|AKIA|ASIA|gh[pousr]_|xox|PRIVATE KEY`,
  'i',
);

/** A text without the secrets in it. In SQL only literals are: `token = t.token` compares two columns. */
function redactText(text: string, sql: boolean): string {
  if (text.length < 6 || !WORTH_A_LOOK.test(text)) return text;
  let clean = text;
  for (const [pattern, by] of ANYWHERE) clean = clean.replace(pattern, by);
  if (sql)
    return clean.replace(ASSIGNED_LITERAL, (all, name: string) =>
      NO_SECRET.test(name.replace(/\W+$/, '')) ? all : `${name}${REDACTED}`,
    );
  return clean
    .replace(ASSIGNED, (all, name: string, value: string) =>
      value === REDACTED || NO_SECRET.test(name.replace(/\W+$/, '')) ? all : `${name}${REDACTED}`,
    )
    .replace(FLAG, `$1${REDACTED}`);
}

// PostgreSQL keeps neither NUL nor half of a surrogate pair.
const storable = (text: string): string =>
  (text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text).toWellFormed();

const unchanged = (text: string, clean: string) => text === clean;
const cleanText = remembering((text) => redactText(storable(text), false), unchanged);
const cleanSql = remembering((text) => redactText(storable(text), true), unchanged);

type Json = Record<string, unknown>;

/**
 * A copy of an event in which no value is a secret by its name, by the name beside it (`{name, value}`), or by what it
 * looks like. Everything else is as it was.
 * @throws {TooDeep}
 */
export const redact = (event: unknown, memory?: EventMemory): unknown =>
  walk(event, { depth: 0, structure: false, sql: false, ...(memory && { memory, job: ownerOf(jobOf(event)) }) });

const jobOf = (event: unknown): unknown => (isObject(event) ? event['job'] : undefined);
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Place {
  readonly memory?: EventMemory;
  readonly job?: string | undefined;
  readonly depth: number;
  readonly structure: boolean;
  readonly sql: boolean;
}

function walk(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return place.sql ? cleanSql(value) : cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (place.depth > MOST_DEPTH) throw new TooDeep();
  const inside = { ...place, depth: place.depth + 1 };
  if (Array.isArray(value)) return walkList(value, inside);
  const object = value as Json;
  const named = place.structure ? undefined : [object['name'], object['key']].find((one) => typeof one === 'string');
  const hidesValue = typeof named === 'string' && isSecretName(named);
  const copy: [string, unknown][] = [];
  for (const name in object) {
    const child = object[name];
    const hidden = !place.structure && (isSecretName(name) || (hidesValue && name.toLowerCase() === 'value'));
    if (name === 'facets' && place.depth <= 2 && !place.structure && !place.sql && isObject(child))
      copy.push([name, walkFacets(object, child, place, inside)]);
    else copy.push([storable(name), hidden ? hide(child, inside) : walk(child, within(name, inside))]);
  }
  return Object.fromEntries(copy);
}

/** Facets of a job, a run or a dataset. A run comes but once: its facets are remembered as its job's. */
function walkFacets(owner: Json, facets: Json, { memory, job }: Place, inside: Place): unknown {
  const whose = 'runId' in owner ? job && `run ${job}` : ownerOf(owner);
  const all = Object.entries(facets);
  if (memory === undefined || whose === undefined || !all.every(([, facet]) => isObject(facet)))
    return walk(facets, inside);
  return Object.fromEntries(
    all.map(([name, facet]) => {
      const kept = storable(name);
      const work = () => (walk({ [name]: facet }, inside) as Json)[kept];
      return [kept, memory.clean(`${inside.depth} ${whose}`, name, facet, work)];
    }),
  );
}

function ownerOf(named: unknown): string | undefined {
  if (!isObject(named)) return undefined;
  const { namespace, name } = named;
  return typeof namespace === 'string' && typeof name === 'string' ? `${namespace}\0${name}` : undefined;
}

const within = (name: string, place: Place): Place =>
  STRUCTURE.has(name)
    ? { ...place, structure: true }
    : name === 'query' || name === 'sql'
      ? { ...place, sql: true }
      : place;

function walkList(list: readonly unknown[], place: Place): unknown[] {
  let flagged = false;
  return list.map((item) => {
    const hidden = flagged && typeof item === 'string' && !item.startsWith('-');
    flagged = typeof item === 'string' && ONLY_FLAG.test(item);
    return hidden ? REDACTED : walk(item, place);
  });
}

/** Nothing that stands under a secret's name is told. What is absent or a switch tells nothing. */
function hide(value: unknown, place: Place): unknown {
  if (value === null || typeof value === 'boolean' || value === '') return value;
  if (typeof value !== 'object') return REDACTED;
  if (place.depth > MOST_DEPTH) throw new TooDeep();
  const inside = { ...place, depth: place.depth + 1 };
  if (Array.isArray(value)) return value.map((item) => hide(item, inside));
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [storable(name), hide(child, inside)]));
}
