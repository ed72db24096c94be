import { Words } from '../parse/words.js';
import type { LexRules } from '../dialects.js';
import type { Span } from '../parse/tree.js';

/** What a list of expressions with names comes after. */
const BEFORE = new Set(['select', 'with', 'returning', 'output']);
/** After these words of a SELECT there is more before the expression than this reads. */
const UNSURE = new Set([
  'on',
  'top',
  'as',
  'unique',
  'straight_join',
  'sql_calc_found_rows',
  'struct',
  'value',
  'into',
]);
const COMMENT = /--|\/\*|#/;
const QUOTE = /['"`$]/;

/** The words of a statement's text, found when they are first asked for. */
export class Written {
  private words: Words | undefined;

  constructor(
    private readonly text: string,
    private readonly lex: LexRules,
  ) {}

  /**
   * The expression before a name: `a + 1` of `select x, a + 1 as b`, where `b` stands at the span. Undefined where it cannot be told without doubt. (The
   * parser can write an expression too, but slowly, and not as it stood there.)
   */
  before(name: string, { start }: Span): string | undefined {
    this.words ??= new Words(this.text, this.lex);
    const { words } = this;
    const at = words.indexFrom(start);
    if (words.at(at).start !== start || !words.at(at).text.includes(name)) return undefined;
    const { depth } = words.at(at);
    const last = words.low(at - 1) === 'as' ? at - 2 : at - 1;
    let first = last;
    while (first >= 0 && !begins(words, first, depth)) first--;
    if (first < 0) return undefined;
    first++;
    if (words.low(first - 1) === 'select' && ['distinct', 'all'].includes(words.low(first))) first++;
    if (first > last || UNSURE.has(words.low(first))) return undefined;
    const sql = this.text.slice(words.at(first).start, words.at(last).end);
    if (COMMENT.test(sql)) return undefined;
    return QUOTE.test(sql) ? sql : sql.replace(/\s+/g, ' ');
  }
}

const begins = (words: Words, index: number, depth: number): boolean => {
  const word = words.at(index);
  return word.depth < depth || (word.depth === depth && (word.text === ',' || BEFORE.has(word.low)));
};
