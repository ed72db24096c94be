import type { CodeFamily, LexRules } from '../dialects.js';
import { scan, type Token } from '../split/scan.js';

/** An SQL statement of a block of code as plain SQL, and what was taken out of it. */
export interface InnerSql {
  /** Of the same length, unless {@link InnerSql.rewritten}. */
  readonly text: string;
  /** Where the rows go, as written: `v`, `r.total`, `l_ids(i)`. */
  readonly into: readonly string[];
  /** Values of the SELECT list that go into variables: T-SQL's `@v = x`, MySQL's `@v := x`. */
  readonly assigned: readonly { readonly name: string; readonly ordinal: number; readonly adds: boolean }[];
  /** Every column goes into a variable: the statement gives no rows. */
  readonly keepsRows: boolean;
  /** `INSERT … EXEC p`: the rows come from code. */
  readonly runs?: string;
}

interface Word extends Token {
  readonly word: string;
  readonly depth: number;
}

const ATTRIBUTE = new Set(['rowcount', 'found', 'notfound', 'isopen', 'bulk_rowcount']);
const OF_COLLECTION = new Set(['count', 'first', 'last', 'limit']);
const AFTER_LIST = new Set([
  'from',
  'where',
  'group',
  'order',
  'union',
  'limit',
  'for',
  'bulk',
  'using',
  'values',
  'log',
  'intersect',
  'except',
  'minus',
  'having',
]);

class Edit {
  private readonly blanks: [number, number, string][] = [];
  readonly words: readonly Word[];

  constructor(
    readonly text: string,
    rules: LexRules,
  ) {
    const words: Word[] = [];
    let depth = 0;
    for (const token of scan(text, rules)) {
      if (token.kind === 'blank') continue;
      const piece = text.slice(token.start, token.end);
      if (piece === ')' && token.kind === 'other') depth--;
      words.push({
        ...token,
        word: token.kind === 'word' ? piece.toLowerCase() : token.kind === 'other' ? piece : '',
        depth,
      });
      if (piece === '(' && token.kind === 'other') depth++;
    }
    this.words = words;
  }

  word(at: number): string {
    return this.words[at]?.word ?? '';
  }

  /** Writes something else, or nothing, in the same space. */
  put(from: number, to: number, text = ''): void {
    this.blanks.push([from, to, text]);
  }

  /** The index after the bracket that opens at `at`. */
  closing(at: number): number {
    const depth = this.words[at]?.depth ?? 0;
    for (let to = at + 1; to < this.words.length; to++) {
      const each = this.words[to];
      if (each?.word === ')' && each.depth === depth) return to + 1;
    }
    return this.words.length;
  }

  result(): string {
    if (this.blanks.length === 0) return this.text;
    let result = '';
    let at = 0;
    for (const [from, to, text] of this.blanks.toSorted(([a], [b]) => a - b)) {
      if (from < at) continue;
      // Lines stay lines, so that places stay places.
      const space = this.text.slice(from, to).replace(/[^\n]/g, ' ');
      result += this.text.slice(at, from) + text + space.slice(text.length);
      at = to;
    }
    return result + this.text.slice(at);
  }
}

/** Where a list of targets ends: `a, r.b, l_ids(i)`. Gives the targets and the index after them. */
function targets(edit: Edit, from: number): { readonly names: string[]; readonly to: number } {
  const names: string[] = [];
  let at = from;
  for (;;) {
    const first = edit.words[at];
    if (!first) break;
    let end = first.end;
    // `:host`, `@v`
    while (edit.word(at) === ':' || edit.word(at) === '@') end = edit.words[++at]?.end ?? end;
    at++;
    for (;;) {
      if (edit.word(at) === '.') {
        end = edit.words[at + 1]?.end ?? end;
        at += 2;
      } else if (edit.word(at) === '(' || edit.word(at) === '[') {
        const to =
          edit.word(at) === '('
            ? edit.closing(at)
            : edit.words.findIndex((each, index) => index > at && each.word === ']') + 1;
        end = edit.words[to - 1]?.end ?? end;
        at = Math.max(to, at + 1);
      } else break;
    }
    names.push(edit.text.slice(first.start, end));
    if (edit.word(at) !== ',') break;
    at++;
  }
  return { names, to: at };
}

/** Takes `INTO v` out of a query, or from behind RETURNING. */
function takeInto(edit: Edit, family: CodeFamily): string[] {
  const first = edit.word(0) === '(' ? edit.word(1) : edit.word(0);
  const isQuery = first === 'select' || first === 'with';
  let returning = false;
  for (let at = 1; at < edit.words.length; at++) {
    const each = edit.words[at];
    if (!each || each.depth > 0) continue;
    if (each.word === 'returning' || (family === 'plsql' && each.word === 'return')) returning = true;
    if (
      each.word !== 'into' ||
      !(isQuery || returning) ||
      edit.word(at - 1) === 'insert' ||
      edit.word(at - 1) === 'merge'
    )
      continue;
    if (['outfile', 'dumpfile', 'table', 'temp', 'temporary', 'unlogged'].includes(edit.word(at + 1))) return [];
    let from = each.start;
    if (edit.word(at - 1) === 'collect' && edit.word(at - 2) === 'bulk') from = edit.words[at - 2]?.start ?? from;
    const begin = edit.word(at + 1) === 'strict' ? at + 2 : at + 1;
    const { names, to } = targets(edit, begin);
    edit.put(from, edit.words[to - 1]?.end ?? each.end);
    return names;
  }
  return [];
}

/** Takes `@v =` from before the values of a SELECT list. */
function takeAssigned(edit: Edit): { readonly assigned: InnerSql['assigned']; readonly items: number } {
  const assigned: { name: string; ordinal: number; adds: boolean }[] = [];
  let select = edit.words.findIndex(({ word, depth }) => word === 'select' && depth === 0);
  if (select === -1) return { assigned, items: 0 };
  if (['distinct', 'all'].includes(edit.word(select + 1))) select++;
  if (edit.word(select + 1) === 'top') {
    select = edit.word(select + 2) === '(' ? edit.closing(select + 2) - 1 : select + 2;
    while (/^\d$/.test(edit.word(select + 1))) select++;
  }
  let ordinal = 0;
  for (let at = select + 1; at < edit.words.length; at++) {
    const each = edit.words[at];
    if (!each || (each.depth === 0 && AFTER_LIST.has(each.word))) break;
    if (each.word === ',' && each.depth === 0) {
      ordinal++;
      continue;
    }
    const starts = at === select + 1 || (edit.word(at - 1) === ',' && each.depth === 0);
    if (!starts || each.word !== '@' || edit.words[at + 1]?.kind !== 'word') continue;
    let to = at + 2;
    const operator = edit.word(to);
    if (operator === ':' && edit.word(to + 1) === '=') to++;
    else if (/^[-+*/%&|^]$/.test(operator) && edit.word(to + 1) === '=') to++;
    if (edit.word(to) !== '=') continue;
    assigned.push({
      name: edit.text.slice(each.start, edit.words[at + 1]?.end),
      ordinal,
      adds: operator !== '=' && operator !== ':',
    });
    edit.put(each.start, edit.words[to]?.end ?? each.end);
  }
  return { assigned, items: ordinal + 1 };
}

/** What PL/SQL writes that is no SQL: `:new.x`, `l_ids(i)`, `SQL%ROWCOUNT`, `WHERE CURRENT OF c`. */
function plain(edit: Edit, family: CodeFamily, isVariable: (name: string) => boolean): void {
  edit.words.forEach((each, at) => {
    const next = edit.word(at + 1);
    if (each.word === 'current' && next === 'of' && edit.word(at - 1) === 'where')
      edit.put(edit.words[at - 1]?.start ?? each.start, edit.words[at + 2]?.end ?? each.end);
    if (family !== 'plsql') return;
    if (
      each.word === ':' && /^(new|old)$/.test(next)
        ? true
        : each.word === ':' && edit.word(at + 2) === '.' && isVariable(next)
    )
      edit.put(each.start, each.end);
    if (each.kind !== 'word' && each.kind !== 'quoted') return;
    if (next === '%' && ATTRIBUTE.has(edit.word(at + 2)) && edit.word(at - 1) !== '.')
      edit.put(each.start, edit.words[at + 2]?.end ?? each.end, 'NULL');
    if (edit.word(at - 1) === '.' || !isVariable(edit.text.slice(each.start, each.end))) return;
    if (next === '.' && OF_COLLECTION.has(edit.word(at + 2)) && edit.word(at + 3) !== '.')
      edit.put(each.start, edit.words[at + 2]?.end ?? each.end, 'NULL');
    if (next === '(') {
      const to = edit.closing(at + 1);
      edit.put(edit.words[at + 1]?.start ?? each.end, edit.words[to - 1]?.end ?? each.end);
    }
  });
}

/** A statement of a block as plain SQL. `isVariable` says which names are variables in sight. */
export function innerSql(
  text: string,
  rules: LexRules,
  code: boolean,
  isVariable: (name: string) => boolean,
): InnerSql {
  const family = rules.code;
  const none = { text, into: [], assigned: [], keepsRows: false };
  if (!family) return none;
  const edit = new Edit(text, rules);
  if (code) plain(edit, family, isVariable);
  const first = edit.words[0];
  if (first?.word === 'perform') edit.put(first.start, first.end, 'select');
  const takesInto = family === 'plsql' || family === 'mysql' || ((family === 'plpgsql' || family === 'psm') && code);
  const into = takesInto ? takeInto(edit, family) : [];
  if (family === 'tsql' && first?.word === 'insert') {
    const at = edit.words.findIndex(({ word, depth }) => depth === 0 && (word === 'exec' || word === 'execute'));
    if (at > 0) {
      const { start } = edit.words[at] ?? first;
      return { ...none, text: `${text.slice(0, start)}default values`, runs: text.slice(start) };
    }
  }
  if (family === 'tsql' && first?.word === 'update') takeFromSet(edit);
  const selects = family === 'tsql' || family === 'mysql' ? takeAssigned(edit) : { assigned: [], items: 0 };
  const isQuery = ['select', 'with', '(', 'perform'].includes(first?.word ?? '');
  const keepsRows =
    isQuery &&
    (into.length > 0 ||
      first?.word === 'perform' ||
      (family === 'tsql' && selects.assigned.length > 0 && selects.assigned.length === selects.items));
  return { text: edit.result(), into, assigned: selects.assigned, keepsRows };
}

/** T-SQL: `UPDATE t SET @v = x = x + 1` sets the column, and keeps it in a variable. */
function takeFromSet(edit: Edit): void {
  edit.words.forEach(({ word, start, depth }, at) => {
    if (word !== '@' || depth > 0 || !['set', ','].includes(edit.word(at - 1)) || edit.word(at + 2) !== '=') return;
    const column = edit.words[at + 3];
    if (column && (column.kind === 'word' || column.kind === 'quoted') && edit.word(at + 4) === '=')
      edit.put(start, column.start);
  });
}
