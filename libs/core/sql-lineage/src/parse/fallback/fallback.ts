import type { BasicSQL } from 'dt-sql-parser/dist/parser/common/basicSQL.js';
import type { EntityContext } from 'dt-sql-parser/dist/parser/common/entityCollector.js';
import type { Dialect } from '../../dialects.js';
import type { SqlDialect } from '../../types.js';
import { Draft, edited } from '../draft.js';
import { utf16 } from '../parse.js';
import { quote } from '../quote.js';
import type { Identifier, TableRef } from '../tree.js';
import { Words, wordSet } from '../words.js';

type Parsers = typeof import('#dt-sql-parser');

type ParserName = 'HiveSQL' | 'ImpalaSQL' | 'SparkSQL' | 'MySQL' | 'PostgreSQL' | 'FlinkSQL' | 'TrinoSQL';

/** The dialects that the second parser knows, by its names. Impala's scripts come as Hive's. */
const PARSERS: Readonly<Partial<Record<SqlDialect, readonly ParserName[]>>> = {
  hive: ['HiveSQL', 'ImpalaSQL'],
  spark: ['SparkSQL'],
  databricks: ['SparkSQL'],
  mysql: ['MySQL'],
  postgres: ['PostgreSQL'],
  flink: ['FlinkSQL'],
  trino: ['TrinoSQL'],
  presto: ['TrinoSQL'],
};

/** Its parsers slow down with the length of a statement. */
const LONGEST = 100_000;
/** They try again at each bracket in a bracket; PostgreSQL's takes seconds for four queries that are values of each other, and minutes for six. */
const DEEPEST = { brackets: 100, values: 40, queries: 40 };
const DEEPEST_POSTGRES = { brackets: 100, values: 8, queries: 2 };
const NOT_ASCII = /[^\x00-\x7f]/;

/** The tables of a statement. */
export interface Tables {
  readonly read: readonly TableRef[];
  readonly written: readonly TableRef[];
}

/** Thrown where a statement could be read if the second parser were here. {@link withFallback} gets it and begins again. */
export class FallbackWanted extends Error {}

let parsers: Parsers | undefined;
let mayWait = false;
const instances = new Map<ParserName, BasicSQL>();

/** The second parser is 10 MB and takes a second to load: it comes when the first statement needs it. */
export async function loadFallback(): Promise<void> {
  parsers ??= await import('#dt-sql-parser');
}

/** Runs something that reads SQL; again, once the second parser is here, when a statement asks for it; `waiting` is called before it is fetched. */
export async function withFallback<T>(run: () => T, waiting: () => void = () => undefined): Promise<T> {
  mayWait = true;
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FallbackWanted)) throw error;
  } finally {
    mayWait = false;
  }
  waiting();
  await loadFallback();
  return run();
}

/** What the second parser sees in a statement that the first one refused; undefined when it does not know it either. */
export function tablesOf(text: string, dialect: Dialect): Tables | undefined {
  const names = PARSERS[dialect.name];
  if (!names || text.length > LONGEST || tooDeep(text, dialect)) return undefined;
  if (!parsers) {
    if (mayWait) throw new FallbackWanted();
    return undefined;
  }
  const known = inItsLetters(text, dialect);
  for (const name of names) {
    const entities = entitiesOf(`${known};`, name, parsers);
    if (entities) return sorted(known, entities, dialect);
  }
  return undefined;
}

/** Whether more brackets stand in each other than its parsers get through in a moment; strings and comments are taken for SQL. */
function tooDeep(text: string, { name }: Dialect): boolean {
  const most = name === 'postgres' ? DEEPEST_POSTGRES : DEEPEST;
  const open: { readonly value: boolean; readonly query: boolean }[] = [];
  let [values, queries] = [0, 0];
  for (const { 0: found, index } of text.matchAll(/[\p{L}\p{N}_"`]\s*\(|\(|\)/gu)) {
    if (found === ')') {
      const closed = open.pop();
      if (closed?.value) values--;
      if (closed?.query) queries--;
      continue;
    }
    // Behind a word it is a list, the arguments of a call or a table.
    const value = found === '(';
    const query = value && /^\s*select\b/i.test(text.slice(index + 1, index + 30));
    open.push({ value, query });
    if (value) values++;
    if (query) queries++;
    if (open.length > most.brackets || values > most.values || queries > most.queries) return true;
  }
  return false;
}

/** Its parsers know other letters than ASCII only in quotes. */
function inItsLetters(text: string, dialect: Dialect): string {
  if (!NOT_ASCII.test(text)) return text;
  const edits = new Words(text, dialect.lex).list
    .filter(({ kind, text: word }) => kind === 'word' && NOT_ASCII.test(word))
    .map(({ start, end, text: word }) => ({ start, end, put: quote(dialect.names.written(word, false), dialect) }));
  return Draft.of(text).rewritten(edited(text, edits)).text;
}

/** After an error it guesses, and its guesses are no answer. */
function entitiesOf(sql: string, name: ParserName, { [name]: Parser }: Parsers): readonly EntityContext[] | undefined {
  const parser = instances.get(name) ?? new Parser();
  instances.set(name, parser);
  let errors = 0;
  parser.parse(sql, () => errors++);
  return errors > 0 ? undefined : (parser.getAllEntities(sql) ?? []);
}

const WRITES = wordSet('into table update overwrite cache upsert lazy view');
const HEADS = wordSet('merge update delete truncate alter drop replace cache upsert load');

function sorted(text: string, entities: readonly EntityContext[], dialect: Dialect): Tables {
  const words = new Words(text, dialect.lex);
  const named = queryNames(words);
  const read: TableRef[] = [];
  const written: TableRef[] = [];
  const literal = entities.filter((entity) => typeOf(entity) === 'table' && !isExpression(entity));
  const first = Math.min(...literal.map(({ position }) => position.startIndex));
  for (const entity of entities) {
    const ref = refOf(entity.text, dialect);
    if (!ref) continue;
    if (typeOf(entity) === 'tableCreate' || typeOf(entity) === 'viewCreate') written.push(ref);
    else if (literal.includes(entity)) {
      const { startIndex } = entity.position;
      const at = words.list.findIndex(({ start }) => start >= utf16(text, startIndex));
      const changes =
        (startIndex === first && words.oneOf(0, HEADS)) ||
        (words.oneOf(at - 1, WRITES) && !words.is(at - 2, 'as table') && at > 1);
      if (changes) written.push(ref);
      else if (ref.schema || !named.has(dialect.names.key(ref.name.name))) read.push(ref);
    }
  }
  return { read, written };
}

const typeOf = ({ entityContextType }: EntityContext): string => entityContextType;

/** A subquery or a function in the place of a table. */
const isExpression = (entity: EntityContext): boolean => 'declareType' in entity && Number(entity.declareType) === 1;

/** The names of CTEs: `with a as (…), b (x) as (…)`. */
function queryNames(words: Words): ReadonlySet<string> {
  const names = new Set<string>();
  if (!words.list.some(({ low }) => low === 'with')) return names;
  words.list.forEach((word, at) => {
    const as = words.pastBrackets(at + 1);
    if (word.kind !== 'other' && words.low(as) === 'as' && words.low(as + 1) === '(')
      names.add(word.text.replace(/^[`"[]|[`"\]]$/g, '').toLowerCase());
  });
  return names;
}

/** A dotted name as the parser of trees would give it. */
function refOf(text: string, dialect: Dialect): TableRef | undefined {
  const words = new Words(text, dialect.lex);
  if (words.length === 0 || words.pastName(0) !== words.length) return undefined;
  const parts = words.list
    .filter(({ low }) => low !== '.')
    .map(({ kind, text: part }): Identifier =>
      kind === 'quoted'
        ? { name: part.slice(1, -1).replaceAll(part.slice(-1).repeat(2), part.slice(-1)), quoted: true }
        : { name: part },
    );
  const [name, schema, catalog] = parts.reverse();
  return name && { name, schema: schema ?? null, catalog: catalog ?? null };
}
