import { columnNames, createHead, isQuery, listed, queryOf } from '../clauses.js';
import { wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

/** CREATE VIEW without what says how it is kept and guarded: comments, properties, schedules, constraints. */
export const plainCreateView: Rewrite = {
  name: 'plain create view',
  concerns: (text) => /^[^a-z]*create\b/i.test(text) && /\bview\b/i.test(text),
  apply(words, dialect) {
    const head = createHead(words);
    if (head?.what !== 'view') return undefined;
    const [, named] = head.name;
    const query = queryOf(words, named);
    if (query === -1) return undefined;
    const columns = words.low(named) === '(' && !isQuery(words, named) ? columnNames(words, named, dialect.name) : [];
    // ClickHouse: the table that the view feeds.
    const fed = dialect.name === 'clickhouse' ? words.find(named, 0, wordSet('to')) : -1;
    const feeds = fed !== -1 && fed < query ? [' to ', words.range(fed + 1, words.pastName(fed + 1))] : [];
    const kind = head.temporary ? 'temporary ' : head.materialized ? 'materialized ' : '';
    return {
      pieces: [
        `create ${head.replace ? 'or replace ' : ''}${kind}view `,
        words.range(...head.name),
        ...feeds,
        ...(columns.length > 0 ? [' (', ...listed(columns), ')'] : []),
        ' as ',
        words.range(query, words.length),
      ],
    };
  },
};
