import { type Edit, edited, type Remark } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const UNITS = wordSet('year month day hour minute second to');

/** The index behind an expression: where something complete is followed by a name, or by what cannot go on. */
function pastExpression(words: Words, from: number): number {
  const { depth } = words.at(from);
  let complete = false;
  for (let at = from; at < words.length; at++) {
    const { depth: here, kind, low } = words.at(at);
    if (here < depth || low === ';' || (here === depth && low === ',')) return at;
    if (low === '(') {
      at = words.pastBrackets(at) - 1;
      complete = true;
    } else if (kind === 'other') complete = low === ')' || /^[\d.]$/.test(low);
    else {
      const goesOn = UNITS.has(low) || words.low(at - 1) === '.';
      if (complete && !goesOn) return at;
      complete = low !== 'interval' && low !== 'timestamp' && low !== 'date';
    }
  }
  return words.length;
}

/** `t AS OF TIMESTAMP sysdate - 1`, `t VERSIONS BETWEEN SCN 1 AND 2`: the same table, as it was. */
function flashback(words: Words, at: number): Edit | undefined {
  if (words.is(at, 'as of') && /^(timestamp|scn)$/.test(words.low(at + 2)))
    return { ...words.range(at, pastExpression(words, at + 3)), put: '' };
  if (!words.is(at, 'versions between') || !/^(timestamp|scn)$/.test(words.low(at + 2))) return undefined;
  const and = words.find(at, words.at(at).depth, wordSet('and'));
  return and === -1 ? undefined : { ...words.range(at, pastExpression(words, and + 1)), put: '' };
}

const AFTER_MODEL = wordSet('partition dimension ignore keep unique return reference main');

/** `MODEL … RULES (…)` computes cells of others, as a sheet does: what of which is not followed. */
function model(words: Words, at: number): { readonly edit: Edit; readonly remark: Remark } | undefined {
  if (words.low(at) !== 'model' || !words.oneOf(at + 1, AFTER_MODEL)) return undefined;
  const { depth } = words.at(at);
  const order = words.find(at, depth, wordSet('order'));
  let end = at;
  while (end < words.length && words.at(end).depth >= depth && end !== order) end++;
  const range = words.range(at, end);
  const message = 'The MODEL clause is not followed: the columns it computes are taken as they were before it.';
  return { edit: { ...range, put: '' }, remark: { code: 'unknown-clause', message, ...range } };
}

/** Clauses of an Oracle query that the parser does not know. */
export const oracleClauses: Rewrite = {
  name: 'oracle clauses',
  concerns: (text, { name }) => name === 'oracle' && /\b(as\s+of|versions\s+between|model)\s/i.test(text),
  apply(words) {
    const edits: Edit[] = [];
    const remarks: Remark[] = [];
    words.list.forEach((_, at) => {
      const found = model(words, at);
      const edit = found?.edit ?? flashback(words, at);
      if (!edit || edit.start < (edits.at(-1)?.end ?? 0)) return;
      edits.push(edit);
      if (found) remarks.push(found.remark);
    });
    return edits.length > 0 ? { pieces: edited(words.text, edits), remarks } : undefined;
  },
};
