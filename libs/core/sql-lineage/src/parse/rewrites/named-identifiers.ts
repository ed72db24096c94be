import { edited } from '../draft.js';
import type { Rewrite } from './rewrite.js';

/** `UPDATE IDENTIFIER('t')`, `MERGE INTO IDENTIFIER(t) USING IDENTIFIER('s') AS s`: where the name is written, it is the name. */
export const namedIdentifiers: Rewrite = {
  name: 'named identifiers',
  concerns: (text) => /\bidentifier\s*\(/i.test(text),
  apply(words) {
    const edits = words.list.flatMap(({ low }, at) => {
      if (low !== 'identifier' || words.low(at + 1) !== '(') return [];
      const end = words.pastBrackets(at + 1);
      const inner = words.at(at + 2);
      const isString = end === at + 4 && inner.kind === 'string';
      const isName = words.pastName(at + 2) === end - 1 && !/^[$@&:?]/.test(inner.text);
      if (!isString && !isName) return [];
      const name = isString ? inner.text.slice(1, -1) : words.textOf(at + 2, end - 1);
      return [{ ...words.range(at, end), put: `${name} ` }];
    });
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
