import { type Edit, edited } from '../draft.js';
import type { Rewrite } from './rewrite.js';

/** `TABLE orders`, `CREATE … AS TABLE orders`, DuckDB's `CREATE … AS FROM orders` and `INSERT … BY POSITION`, written out. */
export const shortQueries: Rewrite = {
  name: 'short queries',
  concerns: (text) => /\b(table|from|position)\b/i.test(text),
  apply(words) {
    const edits: Edit[] = [];
    words.list.forEach(({ low, start, end }, at) => {
      const before = words.at(at - 1);
      if (low === 'table' && (at === 0 || before.low === 'as')) edits.push({ start, end, put: 'select * from' });
      else if (low === 'from' && before.low === 'as') edits.push({ start, end, put: 'select * from' });
      else if (low === 'position' && before.low === 'by') edits.push({ start: before.start, end, put: '' });
    });
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
