import { columnNames, type CreateHead, createHead, isQuery, listed, queryOf } from '../clauses.js';
import type { Piece, Range } from '../draft.js';
import type { Words } from '../words.js';
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
    if (end > at + 1) return words.range(at + 1, end);
  }
  return undefined;
}

function plain(words: Words, head: CreateHead, dialect: string): Piece[] {
  const [, named] = head.name;
  const query = queryOf(words, named);
  const open = words.low(named) === '(' && !isQuery(words, named) ? named : -1;
  const end = query === -1 ? words.length : query;
  const like = likeOf(words, named, end);
  const declared = open === -1 ? [] : columnNames(words, open, dialect);
  const columns = query === -1 ? [...declared, ...partitionColumns(words, named, dialect)] : declared;
  // A global temporary table of Oracle lasts; only its rows do not.
  const temporary = head.temporary && dialect !== 'oracle' ? 'temporary ' : '';
  return [
    `create ${head.replace ? 'or replace ' : ''}${temporary}table `,
    words.range(...head.name),
    ...(columns.length > 0 && !like ? [' (', ...listed(columns, ' int'), ')'] : []),
    ...(like ? [' like ', like] : []),
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
