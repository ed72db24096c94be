import type { Piece } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

/** `ON CLUSTER x`, which says where and not what. */
function pastCluster(words: Words, from: number): number {
  const on = words.past(from, 'on cluster');
  return on > from ? words.pastName(on) : from;
}

/** ClickHouse: `ALTER TABLE t UPDATE a = 1 WHERE x` and `ALTER TABLE t DELETE WHERE x` change rows as UPDATE and DELETE do. */
function mutation(words: Words, from: number, to: number): Piece[] | undefined {
  const verb = pastCluster(words, to);
  const where = words.find(verb, 0, wordSet('where'));
  const table = words.range(from, to);
  if (words.low(verb) === 'delete')
    return ['delete from ', table, ...(where === -1 ? [] : [' ', words.range(where, words.length)])];
  if (words.low(verb) !== 'update') return undefined;
  const ends = words.find(verb, 0, wordSet('in where'));
  const rest: Piece[] = where === -1 ? [] : [' ', words.range(where, words.length)];
  return ['update ', table, ' set ', words.range(verb + 1, ends === -1 ? words.length : ends), ...rest];
}

const all = (from: Piece, to: Piece): Piece[] => ['insert into ', to, ' select * from ', from];

/** What takes rows, or all of a table, to another one. */
function moved(words: Words, from: number, to: number): Piece[] | undefined {
  const table = words.range(from, to);
  const verb = pastCluster(words, to);
  const other = (at: number): Piece => words.range(at, words.pastName(at));
  // ALTER TABLE a REPLACE WITH TABLE b: both stay (Doris), or b takes the place of a.
  if (words.is(verb, 'replace with table')) {
    const swaps = !/['"]swap['"]\s*=\s*['"]false['"]/i.test(words.text);
    return swaps
      ? ['alter table ', table, ' swap with ', other(verb + 3)]
      : ['drop table ', table, ';\nalter table ', other(verb + 3), ' rename to ', table];
  }
  // T-SQL: ALTER TABLE a SWITCH PARTITION 1 TO b. Redshift: ALTER TABLE a APPEND FROM b.
  if (words.low(verb) === 'switch') {
    const at = words.find(verb, 0, wordSet('to'));
    return at === -1 ? undefined : all(table, other(at + 1));
  }
  if (words.is(verb, 'rename as')) return ['alter table ', table, ' rename to ', words.range(verb + 2, words.length)];
  if (words.is(verb, 'append from')) return all(other(verb + 2), table);
  if (words.is(verb, 'set schema')) {
    const [name] = [words.range(to - 1, to)];
    return ['alter table ', table, ' rename to ', words.range(verb + 2, verb + 3), '.', name];
  }
  return undefined;
}

/** PostgreSQL: `CREATE RECURSIVE VIEW v (n) AS query` reads itself as a recursive CTE of that name does. */
function recursiveView(words: Words): Piece[] | undefined {
  const view = words.list.findIndex(({ low }, at) => at < 8 && low === 'view');
  const to = words.pastName(view + 1);
  const columns = words.pastBrackets(to);
  if (view === -1 || columns === to || words.low(columns) !== 'as') return undefined;
  const name = words.range(to - 1, to);
  const list = words.range(to, columns);
  return [
    'create view ',
    words.range(view + 1, columns),
    ' as with recursive ',
    name,
    ' ',
    list,
    ' as (',
    words.range(columns + 1, words.length),
    ') select * from ',
    name,
  ];
}

/** The string given for an option: `path '/tmp/x'`. */
function option(words: Words, name: string): string | undefined {
  const at = words.list.findIndex(({ text }) => text.replace(/^['"`]|['"`]$/g, '').toLowerCase() === name);
  const value = words.at(words.past(at + 1, '='));
  return at !== -1 && (value.kind === 'string' || value.kind === 'quoted') ? value.text.slice(1, -1) : undefined;
}

/** Spark: `CREATE TEMPORARY VIEW v USING parquet OPTIONS (path '/x')` is a view of a file. */
function viewOfFile(words: Words): Piece[] | undefined {
  const view = words.list.findIndex(({ low }, at) => at < 7 && low === 'view');
  const to = words.pastName(view + 1);
  const using = words.pastBrackets(to);
  if (view === -1 || words.low(using) !== 'using') return undefined;
  const path = option(words, 'path');
  const head: Piece[] = [words.range(0, view), ' view ', words.range(view + 1, to)];
  const format = words.textOf(using + 1, words.pastName(using + 1));
  if (path !== undefined) return [...head, ` as select * from ${format}.\`${path.replaceAll('`', '')}\``];
  return ['create temporary table ', words.range(view + 1, to), ' (unknown_columns int)'];
}

/** Spark: `INSERT OVERWRITE DIRECTORY '/x' USING parquet OPTIONS (…) SELECT …`. */
function directory(words: Words): Piece[] | undefined {
  const at = words.past(words.past(1, 'overwrite', 'into'), 'local');
  if (words.low(at) !== 'directory') return undefined;
  const named = words.at(at + 1).kind === 'string' || words.at(at + 1).kind === 'quoted';
  const using = named ? at + 2 : at + 1;
  const path = named ? words.at(at + 1).text.slice(1, -1) : option(words, 'path');
  const end = words.pastBrackets(words.past(words.pastName(using + 1), 'options'));
  if (words.low(using) !== 'using' || path === undefined) return undefined;
  return [`insert overwrite directory '${path.replaceAll("'", "''")}' `, words.range(end, words.length)];
}

/** Oracle's and PostgreSQL's TRUNCATE say too what becomes of the storage, of sequences and of other tables. */
function truncation(words: Words): Piece[] | undefined {
  const end = words.find(1, 0, wordSet('drop reuse purge preserve cascade restrict restart continue'));
  return end === -1 ? undefined : [words.range(0, end)];
}

/** Words that stand before or in a statement and change nothing of what it reads and writes. */
function plainWords(words: Words): Piece[] | undefined {
  if (words.is(0, 'replace table')) return ['create or ', words.range(0, words.length)];
  // Oracle.
  if (words.low(0) === 'rename' && words.low(words.pastName(1)) === 'to')
    return [
      'alter table ',
      words.range(1, words.pastName(1)),
      ' rename to ',
      words.range(words.pastName(1) + 1, words.length),
    ];
  if (words.low(0) === 'truncate') return truncation(words);
  if (words.is(0, 'create snapshot table')) return ['create ', words.range(2, words.length)];
  if (words.is(0, 'submit task')) {
    const as = words.find(0, 0, wordSet('as'));
    return as === -1 ? undefined : [words.range(as + 1, words.length)];
  }
  // Doris: a statement that is run by a clock.
  if (words.is(0, 'create job')) {
    const does = words.find(0, 0, wordSet('do'));
    return does === -1 ? undefined : [words.range(does + 1, words.length)];
  }
  if (words.is(0, 'delete from table') && words.isName(3) && words.low(3) !== 'where')
    return ['delete from ', words.range(3, words.length)];
  const upsert = words.find(0, 0, wordSet('upsert'));
  if (upsert !== -1 && words.is(upsert, 'upsert into'))
    return [words.range(0, upsert), ' insert ', words.range(upsert + 1, words.length)];
  // Spark: a table with a dot in its name that is kept in memory, or no longer. Nothing flows.
  if (words.low(0) === 'cache' || words.low(0) === 'uncache')
    return words.find(0, 0, wordSet('select with')) === -1 ? [`${words.low(0)} table kept`] : undefined;
  if (words.low(0) === 'insert') return directory(words);
  if (words.low(0) !== 'create') return undefined;
  return /\brecursive\s+view\b/i.test(words.text) ? recursiveView(words) : viewOfFile(words);
}

/** Statements about whole tables that mean what another statement means. */
export const mutations: Rewrite = {
  name: 'mutations',
  concerns: (text) =>
    /^[^a-z]*(rename\s+(?!table)|(un)?cache|truncate|replace\s+table|delete\s+from\s+table|insert\s+(overwrite|into)\s+(local\s+)?directory|(with\b[\s\S]*)?\bupsert\s+into|create\s+(snapshot|job)|submit\s+task\b|create\s[^()]{0,80}\bview|exchange\s+(tables|dictionaries)|alter\s+schema\s|alter\s+table\b[\s\S]*\b(rename\s+as|update|delete|replace\s+with|switch|append\s+from|set\s+schema))\b/i.test(
      text,
    ),
  apply(words) {
    const plain = plainWords(words);
    if (plain) return { pieces: plain };
    if (words.low(0) === 'exchange') {
      const one = words.pastName(2);
      const other = words.pastName(one + 1);
      return words.low(one) === 'and'
        ? { pieces: ['alter table ', words.range(2, one), ' swap with ', words.range(one + 1, other)] }
        : undefined;
    }
    // T-SQL: ALTER SCHEMA s TRANSFER dbo.t
    if (words.is(0, 'alter schema')) {
      const schema = words.pastName(2);
      const from = words.past(schema + 1, 'object : :');
      const to = words.pastName(from);
      if (words.low(schema) !== 'transfer' || to === from) return undefined;
      const name = words.range(to - 1, to);
      return { pieces: ['alter table ', words.range(from, to), ' rename to ', words.range(2, schema), '.', name] };
    }
    const from = words.past(words.past(2, 'if exists'), 'only');
    const to = words.pastName(from);
    if (!words.is(0, 'alter table') || to === from) return undefined;
    const pieces = mutation(words, from, to) ?? moved(words, from, to);
    return pieces && { pieces };
  },
};
