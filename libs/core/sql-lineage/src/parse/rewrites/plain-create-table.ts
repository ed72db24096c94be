import { columnNames, type CreateHead, createHead, isQuery, queryOf } from '../clauses.js';
import type { Piece, Range } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

/** The columns that Hive's `PARTITIONED BY (dt string)` adds; `PARTITIONED BY (dt)` names columns that are there already. */
function partitionColumns(words: Words, from: number, dialect: string): Range[] {
  for (let at = from; at < words.length; at++) {
    if (!words.is(at, 'partitioned by') || words.low(at + 2) !== '(') continue;
    const typed = words.items(at + 2).every(([start, end]) => end > start + 1 && words.low(start + 1) !== '(');
    return typed ? columnNames(words, at + 2, dialect) : [];
  }
  return [];
}

/** `LIKE other`, after the name or among the columns. */
function likeOf(words: Words, from: number, to: number): Range | undefined {
  for (let at = from; at < to; at++) {
    if (words.low(at) !== 'like' || words.at(at).depth > words.at(from).depth + 1) continue;
    const end = words.pastName(at + 1);
    // Impala's `LIKE PARQUET '/f'` looks into a file.
    if (end > at + 1 && words.at(end).kind !== 'string') return words.range(at + 1, end);
  }
  return undefined;
}

/** `total AS price * amount`: a column that is computed of others (Flink, T-SQL). */
function computedColumn(words: Words, from: number, to: number): Piece[] | undefined {
  if (words.low(from + 1) !== 'as') return undefined;
  const { depth } = words.at(from);
  const end = words.find(from + 2, depth, wordSet('comment persisted not'));
  return [
    words.range(from, from + 1),
    ' int generated always as (',
    words.range(from + 2, end === -1 || end > to ? to : end),
    ')',
  ];
}

/** The declared columns, with what they are computed of. */
function declaredColumns(words: Words, open: number, dialect: string): Piece[][] {
  const names = columnNames(words, open, dialect);
  return words.items(open).flatMap(([from, to]) => {
    const name = names.find(({ start }) => start === words.at(from).start);
    return name ? [computedColumn(words, from, to) ?? [name, ' int']] : [];
  });
}

const separated = (parts: readonly Piece[][]): Piece[] =>
  parts.flatMap((part, at) => (at === 0 ? part : [', ', ...part]));

function plain(words: Words, head: CreateHead, dialect: string): Piece[] {
  const [, named] = head.name;
  const query = queryOf(words, named);
  const open = words.low(named) === '(' && !isQuery(words, named) ? named : -1;
  const end = query === -1 ? words.length : query;
  const like = likeOf(words, named, end);
  const declared = open === -1 ? [] : declaredColumns(words, open, dialect);
  const partitions = query === -1 ? partitionColumns(words, named, dialect) : [];
  const columns = [...declared, ...partitions.map((name): Piece[] => [name, ' int'])];
  // A global temporary table of Oracle lasts; only its rows do not.
  const temporary = head.temporary && dialect !== 'oracle' ? 'temporary ' : '';
  return [
    `create ${head.replace ? 'or replace ' : ''}${temporary}table `,
    words.range(...head.name),
    ...(columns.length > 0 ? [' (', ...separated(like ? [...columns, ['like ', like]] : columns), ')'] : []),
    ...(like && columns.length === 0 ? [' like ', like] : []),
    ...(query === -1
      ? like || columns.length > 0
        ? []
        : [' (unknown_columns int)']
      : [' as ', words.range(query, words.length)]),
  ];
}

/**
 * CREATE TABLE without what says how its rows are stored: engines, buckets, formats, properties, watermarks, constraints, types.
 * Its name, its columns' names, LIKE and the query stay.
 */
export const plainCreateTable: Rewrite = {
  name: 'plain create table',
  concerns: (text) => /^[^a-z]*create\b/i.test(text) && /\btable\b/i.test(text),
  apply(words, dialect) {
    const head = createHead(words);
    if (head?.what !== 'table' || /\bclone\b/i.test(words.text)) return undefined;
    return { pieces: plain(words, head, dialect.name) };
  },
};
