import { columnNames, createHead, isQuery, listed, queryOf } from '../clauses.js';
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
    const kind = head.temporary ? 'temporary ' : head.materialized ? 'materialized ' : '';
    return {
      pieces: [
        `create ${head.replace ? 'or replace ' : ''}${kind}view `,
        words.range(...head.name),
        ...(columns.length > 0 ? [' (', ...listed(columns), ')'] : []),
        ' as ',
        words.range(query, words.length),
      ],
    };
  },
};
