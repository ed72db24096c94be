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
  if (words.is(verb, 'append from')) return all(other(verb + 2), table);
  if (words.is(verb, 'set schema')) {
    const [name] = [words.range(to - 1, to)];
    return ['alter table ', table, ' rename to ', words.range(verb + 2, verb + 3), '.', name];
  }
  return undefined;
}

/** Statements about whole tables that mean what another statement means. */
export const mutations: Rewrite = {
  name: 'mutations',
  concerns: (text) =>
    /^[^a-z]*(exchange\s+(tables|dictionaries)|alter\s+schema\s|alter\s+table\b[\s\S]*\b(update|delete|replace\s+with|switch|append\s+from|set\s+schema))\b/i.test(
      text,
    ),
  apply(words) {
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
