import { type Edit, edited } from '../draft.js';
import type { Words } from '../words.js';
import type { Rewrite } from './rewrite.js';

/** Where the name of a lateral view stands; -1 when it has none in quotes. */
function quotedName(words: Words, at: number): number {
  if (!words.is(at, 'lateral view')) return -1;
  const name = words.pastBrackets(words.pastName(words.past(at + 2, 'outer')));
  return words.at(name).kind === 'quoted' ? name : -1;
}

/** A bare name that nothing else in the statement has. */
function freshName(words: Words, quoted: string): string {
  const plain = `v_${quoted.slice(1, -1).replace(/[^\p{L}\p{N}_]/gu, '_')}`;
  return words.text.includes(plain) ? freshName(words, ` _${plain} `) : plain;
}

/** Hive, Spark: a lateral view's name in quotes, which the parser refuses. It is called otherwise; no answer shows that name. */
export const lateralNames: Rewrite = {
  name: 'lateral names',
  concerns: (text) => /\blateral\s+view\b/i.test(text),
  apply(words) {
    const renamed = new Map<string, string>();
    const names = new Set<number>();
    for (const at of words.list.keys()) {
      const name = quotedName(words, at);
      if (name === -1) continue;
      const { text } = words.at(name);
      names.add(name);
      renamed.set(text, renamed.get(text) ?? freshName(words, text));
    }
    const edits = words.list.flatMap(({ text, start, end }, at): Edit[] => {
      const put = renamed.get(text);
      const qualifies = words.low(at + 1) === '.' && words.low(at - 1) !== '.';
      return put !== undefined && (names.has(at) || qualifies) ? [{ start, end, put }] : [];
    });
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
