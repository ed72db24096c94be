import { leadingWords } from '../../split/split.js';
import type { Rewrite } from './rewrite.js';

/** `CREATE MATERIALIZED VIEW … WITH [NO] DATA`: says when it is filled, not with what. */
export const withData: Rewrite = {
  name: 'with data',
  apply: (text, dialect) =>
    leadingWords(text, dialect.lex, 1) === 'create'
      ? text.replace(/\bwith\s+(no\s+)?data\s*$/i, (clause) => ' '.repeat(clause.length))
      : text,
};
