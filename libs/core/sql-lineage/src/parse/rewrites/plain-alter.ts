import { isQuery } from '../clauses.js';
import type { Piece } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

/** These take rows from one table to another, or change them. */
const MOVES = wordSet(
  'exchange switch swap replace move update delete rename attach fetch materialize freeze import discard',
);
const PARTS = wordSet('partition partitions primary constraint index key unique foreign check period fulltext spatial');

const RENAMED_PARTS = wordSet('column constraint partition subpartition index key');

/** The words behind ADD, DROP, CHANGE: `COLUMN`, `COLUMNS`, and what follows. */
const pastColumnWord = (words: Words, at: number): number =>
  words.past(words.past(at, 'columns', 'column'), 'if not exists', 'if exists');

/** `ADD a int`, `ADD COLUMNS (a int, b int)`, `DROP COLUMN a`, `CHANGE a b int` in the words that the parser knows. */
function action(words: Words, from: number): Piece[][] {
  const verb = words.low(from);
  const at = pastColumnWord(words, from + 1);
  // `ADD IF NOT EXISTS PARTITION`; behind COLUMN anything is a name.
  const saysColumn = /^columns?$/.test(words.low(from + 1));
  if (words.oneOf(at, PARTS) && !saysColumn) return [];
  const names = words.low(at) === '(' ? words.items(at).map(([start]) => words.range(start, start + 1)) : [];
  if (names.length === 0 && words.isName(at)) names.push(words.range(at, at + 1));
  if (verb === 'add') return names.map((name) => ['add column ', name, ' int']);
  if (verb === 'drop' && at > from + 1) return names.map((name) => ['drop column ', name]);
  const [old] = names;
  const next = words.past(at + 1, 'to');
  if ((verb === 'change' || (verb === 'rename' && at > from + 1)) && old && words.isName(next))
    return words.at(next).text === words.at(at).text
      ? []
      : [['rename column ', old, ' to ', words.range(next, next + 1)]];
  return [];
}

/** ALTER TABLE with only those of its actions that later statements must know: columns that come, go and are renamed. */
function alterTable(words: Words): Piece[] | undefined {
  const what = words.past(
    1,
    'materialized view',
    'foreign table',
    'external table',
    'streaming table',
    'table',
    'view',
  );
  const from = words.past(words.past(what, 'if exists'), 'only');
  const to = words.pastName(from);
  if (what === 1 || to === from) return undefined;
  const starts = words.list.flatMap(({ low, depth }, at) => (at >= to && depth === 0 && low === ',' ? [at + 1] : []));
  const all = [words.past(to, '*'), ...starts];
  if (all.some((at) => words.oneOf(at, MOVES) && !(words.low(at) === 'rename' && words.oneOf(at + 1, RENAMED_PARTS))))
    return undefined;
  const actions = all.flatMap((at) => action(words, at));
  if (actions.length === 0) actions.push(['drop constraint nothing']);
  return [
    'alter table ',
    words.range(from, to),
    ' ',
    ...actions.flatMap((each, at) => (at > 0 ? [', ', ...each] : each)),
  ];
}

/** `ALTER VIEW v AS query` makes it anew. */
function alterView(words: Words): Piece[] | undefined {
  const view = words.list.findIndex(({ low }, at) => at < 14 && low === 'view');
  const from = words.past(view + 1, 'if exists');
  const to = words.pastName(from);
  const as = words.low(to) === '(' ? words.pastBrackets(to) : to;
  if (view < 1 || words.low(as) !== 'as' || !isQuery(words, as + 1)) return undefined;
  return ['create or replace view ', words.range(from, words.length)];
}

/** MySQL's `RENAME TABLE a TO b, c TO d`. */
function renameTable(words: Words): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let at = 2; at < words.length;) {
    const to = words.pastName(at);
    const end = words.pastName(to + 1);
    if (words.low(to) !== 'to' || end === to + 1) return undefined;
    if (pieces.length > 0) pieces.push(';\n');
    pieces.push('alter table ', words.range(at, to), ' rename to ', words.range(to + 1, end));
    at = words.low(end) === ',' ? end + 1 : words.length;
  }
  return pieces;
}

/** DROP TABLE and DROP VIEW without FORCE, PURGE, SYNC, CASCADE. */
function drop(words: Words): Piece[] | undefined {
  const what = words.past(
    1,
    'foreign table',
    'external table',
    'temporary table',
    'materialized view',
    'table',
    'view',
  );
  if (what === 1) return undefined;
  let at = words.past(what, 'if exists');
  const pieces: Piece[] = [];
  for (;;) {
    const to = words.pastName(at);
    if (to === at) return undefined;
    if (pieces.length > 0) pieces.push(';\n');
    pieces.push(words.low(what - 1) === 'view' ? 'drop view ' : 'drop table ', words.range(at, to));
    if (words.low(to) !== ',') return pieces;
    at = to + 1;
  }
}

/** What happens to tables and views as such, in the words that the parser knows. */
export const plainAlter: Rewrite = {
  name: 'plain alter',
  concerns: (text) => /^[^a-z]*(alter|rename|drop)\b/i.test(text),
  apply(words) {
    const first = words.low(0);
    const pieces =
      first === 'rename' && words.low(1) === 'table'
        ? renameTable(words)
        : first === 'drop'
          ? drop(words)
          : first === 'alter'
            ? (alterView(words) ?? alterTable(words))
            : undefined;
    return pieces && { pieces };
  },
};
