import { scan } from '../../split/scan.js';
import type { Rewrite } from './rewrite.js';

/** `TABLE orders`, `CREATE … AS TABLE orders`, DuckDB's `CREATE … AS FROM orders` and `INSERT … BY POSITION`, written out. */
export const shortQueries: Rewrite = {
  name: 'short queries',
  apply(text, dialect) {
    let before = '';
    let result = '';
    for (const token of scan(text, dialect.lex)) {
      const piece = text.slice(token.start, token.end);
      const word = token.kind === 'word' ? piece.toLowerCase() : '';
      if (word === 'table' && (before === '' || before === 'as')) result += 'select * from';
      else if (word === 'from' && before === 'as') result += 'select * from';
      else if (word === 'position' && before === 'by') result = result.replace(/by\s*$/i, '');
      else result += piece;
      if (token.kind !== 'blank') before = token.kind === 'word' ? word : piece;
    }
    return result;
  },
};
