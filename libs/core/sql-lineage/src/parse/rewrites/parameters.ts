import type { Dialect } from '../../dialects.js';
import { scan } from '../../split/scan.js';
import { type Edit, edited, type Range, type Remark } from '../draft.js';
import { quote } from '../quote.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

// Of bounded length, so that a text full of openings without an end is not looked through from each of them.
// ${x} #{x} {{ x }} {% if x %} {# … #} $[x] %(x)s {x} of schedulers, mappers and templates; &x and &&x of SQL*Plus.
const PARAMETER =
  /\$\{[^}]{0,1000}\}|#\{[^}]{0,1000}\}|\{\{[\s\S]{0,4000}?\}\}|\{%[\s\S]{0,4000}?%\}|\{#[\s\S]{0,4000}?#\}|\$\[[^\]\n]{0,1000}\]|%\([A-Za-z_]\w*\)s|%s\b|\{[A-Za-z_]\w*\}/g;
const SQLPLUS = /&&?[A-Za-z_]\w*\.?/g;
const MARK = /[$#]\{|\{\{|\{%|\{#|\$\[|%\(|%s\b|\{[A-Za-z_]\w*\}/;
const ORACLE_MARK = new RegExp(`${MARK.source}|&&?[A-Za-z_]`);
const PLAIN_STRING = /'[^'\\\n]*'/g;
// In comments and other quotes an apostrophe begins no string.
const NOT_PLAIN = /--|\/\*|["`#]/;
const BLOCK = /^\{[%#]/;
const LETTER = /[\p{L}\p{N}_$]/u;

const BEFORE_NAME = wordSet(
  'from join into table update view overwrite only describe desc truncate analyze exists database schema use refresh function',
);
const BEFORE_CONDITION = wordSet('where and or on having not when qualify');
const BEFORE_VALUE = wordSet(
  '( , = < > + - * / % | ! ~ select distinct by in like between limit offset top then else interval return values case set to is rlike regexp ilike when where and or on having not all as fetch next first top escape timestamp date time partition using end',
);
const AFTER_CONDITION = wordSet(
  ') and or group order having limit union window cluster distribute sort when then qualify ;',
);
const AFTER_ITEM = wordSet(', from ) ; group order having limit union where');
const COUNTS = wordSet('limit offset top fetch first next');
/** How parameters are called that stand for more than a value. */
const MORE_THAN_VALUE = /col(s|umns?)?\b|fields?|select|cond|where|filter|sql|query|clause|expr|list/i;

interface Found extends Range {
  readonly text: string;
}

/** Parameters that are not inside strings, quotes and comments. */
function found(text: string, dialect: Dialect): Found[] {
  const pattern = dialect.name === 'oracle' ? new RegExp(`${PARAMETER.source}|${SQLPLUS.source}`, 'g') : PARAMETER;
  const all = [...text.matchAll(pattern)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  if (all.length === 0) return [];
  const closed = [...scan(text, dialect.lex)].filter(
    ({ kind, start }) => (kind === 'string' || kind === 'quoted' || kind === 'blank') && !/^\s/.test(text[start] ?? ''),
  );
  let at = 0;
  return all.filter(({ start }) => {
    while ((closed[at]?.end ?? text.length) <= start) at++;
    // A quote inside of a parameter belongs to the parameter: {{ ref('orders') }}.
    return (closed[at]?.start ?? text.length) >= start;
  });
}

/** A run of letters and parameters with nothing between. */
interface Run extends Range {
  readonly parameters: readonly Found[];
}

function runs(text: string, parameters: readonly Found[]): Run[] {
  const result: { start: number; end: number; readonly parameters: Found[] }[] = [];
  for (const parameter of parameters) {
    const last = result.at(-1);
    let start = parameter.start;
    const isBlock = BLOCK.test(parameter.text);
    while (!isBlock && start > (last?.end ?? 0) && LETTER.test(text[start - 1] ?? '')) start--;
    let end = parameter.end;
    while (!isBlock && LETTER.test(text[end] ?? '')) end++;
    // A block stands alone: it is the only one of its run.
    if (last && start <= last.end && !isBlock && !BLOCK.test(last.parameters[0]?.text ?? '')) {
      last.parameters.push(parameter);
      last.end = end;
    } else result.push({ start, end, parameters: [parameter] });
  }
  return result;
}

/** The name as written, in the dialect's case but for the parameters in it. */
function nameOf(text: string, run: Run, dialect: Dialect): string {
  let name = '';
  let at = run.start;
  for (const { start, end } of run.parameters) {
    name += dialect.names.written(text.slice(at, start), false) + text.slice(start, end);
    at = end;
  }
  name += dialect.names.written(text.slice(at, run.end), false);
  // The dot behind a parameter of SQL*Plus ends it.
  return name.replace(/^(&&?\w+)\.$/, '$1');
}

/** dbt's `{{ ref('orders') }}` is a table's name; so is `{{ source('crm', 'orders') }}`. */
function dbtName(text: string, dialect: Dialect): string | undefined {
  const match = /^\{\{-?\s*(ref|source)\s*\(([^)]*)\)\s*-?\}\}$/.exec(text);
  const parts = match ? [...(match[2] ?? '').matchAll(/(?:^|,)\s*(['"])(.*?)\1/g)].map((part) => part[2] ?? '') : [];
  const names = match?.[1] === 'ref' ? parts.slice(-1) : parts;
  return names.length > 0
    ? names.map((name) => quote(dialect.names.written(name, false), dialect)).join('.')
    : undefined;
}

interface Context {
  readonly before: string;
  readonly after: string;
  /** It is the upper bound of a BETWEEN. */
  readonly bound: boolean;
  /** The word before is a name, a value or a closed bracket: something is complete there. */
  readonly complete: boolean;
  readonly inCall: boolean;
}

function contextOf(words: Words, { start, end }: Range): Context {
  const firstBehind = words.indexFrom(end);
  let last = firstBehind - 1;
  while (last >= 0 && words.at(last).end > start) last--;
  const before = words.at(last);
  const open = words.at(firstBehind - 1).around;
  const opener = words.low(open) === '(' ? words.at(open - 1) : undefined;
  const complete =
    last >= 0 &&
    (before.low === ')' || before.kind !== 'other') &&
    !BEFORE_VALUE.has(before.low) &&
    !BEFORE_NAME.has(before.low);
  return {
    before: last < 0 ? '' : before.low,
    after: words.at(firstBehind).low,
    complete,
    bound: before.low === 'and' && isBound(words, last),
    inCall: opener !== undefined && opener.kind === 'word' && !/^(as|from|join|in|exists|union|all)$/.test(opener.low),
  };
}

const BETWEEN_ENDS = wordSet('and or where on having when then select from');

/** Whether the AND at this index belongs to a BETWEEN. */
function isBound(words: Words, and: number): boolean {
  const { depth } = words.at(and);
  for (let at = and - 1; at >= 0 && words.at(at).depth >= depth; at--) {
    if (words.at(at).depth > depth) continue;
    if (words.low(at) === 'between') return true;
    if (words.oneOf(at, BETWEEN_ENDS)) return false;
  }
  return false;
}

const unknownText = (parameter: Found): Remark => ({
  code: 'text-parameter',
  message: `${parameter.text} stands for a part of the SQL that is not known; what it reads is not seen.`,
  start: parameter.start,
  end: parameter.end,
});

const condition = ({ before, after, bound }: Context) =>
  !bound && BEFORE_CONDITION.has(before) && (after === '' || AFTER_CONDITION.has(after));

const item = ({ before, after, inCall }: Context, text: string) =>
  !inCall &&
  /^(select|distinct|by|,)$/.test(before) &&
  (after === '' || AFTER_ITEM.has(after)) &&
  MORE_THAN_VALUE.test(text);

/** Calls in a template that give a value; other macros may make columns, and expressions with columns. */
const GIVES_VALUE = /^\{\{-?\s*(?:(?:env_)?var|run_started_at|ds\w*|ts\w*|macros\.\w[\w.]*|(?:data_)?interval_\w+)\b/;

/** `{{ cents_to_euros('amount') }}`, `{{ dbt_utils.star(ref('x')) }}` */
const isMacro = (text: string): boolean => /^\{\{[^]*\(/.test(text) && !GIVES_VALUE.test(text);

interface Reading {
  readonly edit: Edit;
  readonly remark?: Remark;
}

function read(words: Words, run: Run, dialect: Dialect): Reading {
  const { text } = words;
  const { start, end } = run;
  const [first] = run.parameters as readonly [Found, ...Found[]];
  const put = (words_: string): Edit => ({ start, end, put: words_ });
  if (first.text.startsWith('{#')) return { edit: put(' ') };
  if (first.text.startsWith('{%'))
    return {
      edit: put(' '),
      ...(!/^\{%-?\s*(set|do|macro|raw|else|elif|end\w*)\b/.test(first.text) && {
        remark: {
          ...unknownText(first),
          message: `What the template makes of ${first.text} is not known; what stands between is read as it is written.`,
        },
      }),
    };
  if (/^\{\{-?\s*config\s*\(/.test(first.text)) return { edit: put(' ') };
  const alone = start === first.start && end === first.end;
  const dbt = alone ? dbtName(first.text, dialect) : undefined;
  if (dbt !== undefined) return { edit: put(dbt) };
  const context = contextOf(words, run);
  const dotted = text[end] === '.' || text[start - 1] === '.';
  const called = context.after === '(' && /^\s*\(/.test(text.slice(end));
  if (!alone || dotted || called || BEFORE_NAME.has(context.before))
    return { edit: put(quote(nameOf(text, run, dialect), dialect)) };
  if (context.before === '' || context.complete) {
    if (context.before === 'as') return { edit: put(quote(first.text, dialect)) };
    return { edit: put(' '), remark: unknownText(first) };
  }
  if (context.before === 'as') return { edit: put(quote(first.text, dialect)) };
  if (condition(context)) return { edit: put('1 = 1'), remark: unknownText(first) };
  const value = COUNTS.has(context.before) ? '1' : `'${first.text.replaceAll("'", '')}'`;
  const written = context.before === 'in' ? `(${value})` : value;
  const more = item(context, first.text) || isMacro(first.text);
  return { edit: put(written), ...(more && { remark: unknownText(first) }) };
}

/**
 * Parameters that somebody else fills in. As (a part of) a name they stay in the name as they are written; as a value they are a
 * constant; where they stand for more than that, it is said.
 */
export const parameters: Rewrite = {
  name: 'parameters',
  // Most parameters stand in strings, where they are part of the string.
  concerns: (text, dialect) => {
    const mark = dialect.name === 'oracle' ? ORACLE_MARK : MARK;
    if (!mark.test(text)) return false;
    return NOT_PLAIN.test(text) || mark.test(text.replace(PLAIN_STRING, "''"));
  },
  apply(words, dialect) {
    const readings = runs(words.text, found(words.text, dialect)).map((run) => read(words, run, dialect));
    if (readings.length === 0) return undefined;
    return {
      pieces: edited(
        words.text,
        readings.map(({ edit }) => edit),
      ),
      remarks: readings.flatMap(({ remark }) => (remark ? [remark] : [])),
    };
  },
};
