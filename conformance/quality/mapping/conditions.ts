import { CASE_TYPES, type CaseTable, type CaseType } from '../case.js';
import { momentFor } from './moments.js';
import { NotMapped, Refused } from './mapped.js';
import { columnIn } from './params.js';
import { type Tool } from './tools.js';

/** In which language a filter is written: that of pandas' `query`, Great Expectations' own, Spark's SQL, or SQL. */
type Spoken = 'pandas' | 'great_expectations' | 'spark' | 'sql';

interface Token {
  /** `double` stands in double quotes, which are for names in SQL and for texts elsewhere; `ticked` is always a name. */
  readonly is: 'text' | 'double' | 'ticked' | 'word' | 'number' | 'sign';
  readonly text: string;
}

const TOKEN =
  /\s*(?:('(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*")|(`[^`]*`)|([\p{L}_][\p{L}\p{N}_$]*)|((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(<=>|::|<>|<=|>=|!=|==|&&|\|\||[-+*/%=<>()[\],.&|~!]))/uy;

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; source.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [whole, quoted, ticked, word, number, sign] = TOKEN.exec(source) ?? [];
    if (whole === undefined) throw new Refused(`the filter ${JSON.stringify(source)} is not understood at ${at + 1}`);
    if (quoted !== undefined) tokens.push({ is: quoted.startsWith("'") ? 'text' : 'double', text: inside(quoted) });
    else if (ticked !== undefined) tokens.push({ is: 'ticked', text: ticked.slice(1, -1) });
    else if (word !== undefined) tokens.push({ is: 'word', text: word });
    else if (number !== undefined) tokens.push({ is: 'number', text: number });
    else tokens.push({ is: 'sign', text: sign! });
  }
  return tokens;
}

const inside = (quoted: string): string => {
  const quote = quoted[0]!;
  return quoted
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .replaceAll(/\\(['"\\])/g, '$1');
};

/** Functions that we call otherwise. */
const CALLED: Readonly<Record<string, string>> = {
  char_length: 'length',
  len: 'length',
  ifnull: 'coalesce',
  nvl: 'coalesce',
  substr: 'substring',
  ceiling: 'ceil',
  current_date: 'today()',
  current_timestamp: 'now()',
};

const WORDS = new Set(
  'and or not in between is null like case when then else end cast as true false distinct from'.split(' '),
);

/** Methods of a column that say whether it is absent. */
const ABSENT: Readonly<Record<string, string>> = {
  isnull: 'is null',
  isna: 'is null',
  is_null: 'is null',
  notnull: 'is not null',
  notna: 'is not null',
  is_not_null: 'is not null',
};

const TYPES: Readonly<Record<string, string>> = {
  int: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'decimal',
  decimal: 'decimal',
  float: 'float',
  double: 'float',
  varchar: 'text',
  string: 'text',
  text: 'text',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  datetime: 'timestamp',
};

const SIGNS: Readonly<Record<Spoken, Readonly<Record<string, string>>>> = {
  pandas: { '&': 'and', '|': 'or', '~': 'not', '[': '(', ']': ')' },
  great_expectations: { '&': 'and', '|': 'or', '~': 'not', '[': '(', ']': ')' },
  spark: { '&&': 'and', '||': 'or', '!': 'not' },
  sql: { '&&': 'and', '!': 'not' },
};

const caseType = (type: string): CaseType | undefined => CASE_TYPES.find((each) => each === type);

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const named = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Which language a tool's filter is in. Throws `Refused` for one that does not exist. */
export function spokenIn(dialect: string | undefined, tool: Tool): Spoken {
  switch (dialect) {
    case undefined:
      return tool.name === 'deequ' ? 'spark' : 'sql';
    case 'pandas':
    case 'great_expectations':
      return dialect;
    case 'great_expectations__experimental__':
      return 'great_expectations';
    case 'spark':
    case 'sql':
      return dialect;
    default:
      throw new Refused(`there is no language of filters called ${JSON.stringify(dialect)}`);
  }
}

/**
 * A condition of another tool in the text form of ours: names in double quotes, texts in single ones, `=` for `==`, and so on. What our
 * text form has no word for is not mapped.
 */
export function translated(source: string, spoken: Spoken, table: CaseTable, tool: Tool): string {
  return new Translation(tokensOf(source), spoken, table, tool).whole();
}

class Translation {
  private at = 0;
  private readonly out: string[] = [];
  private type: CaseType | undefined;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly spoken: Spoken,
    private readonly table: CaseTable,
    private readonly tool: Tool,
  ) {}

  whole(): string {
    // `1 = 1` is how SQL says that everything will do.
    const [one, sign, other, ...more] = this.tokens;
    if (one?.is === 'number' && sign?.text === '=' && other?.is === 'number' && more.length === 0)
      return String(Number(one.text) === Number(other.text));
    while (this.at < this.tokens.length) this.one(this.tokens[this.at++]!);
    return this.out.join(' ');
  }

  private one(token: Token): void {
    switch (token.is) {
      case 'text':
        this.out.push(this.text(token.text));
        return;
      case 'ticked':
        this.out.push(this.column(token.text));
        return;
      case 'double':
        this.out.push(this.isColumn(token.text) ? this.column(token.text) : this.text(token.text));
        return;
      case 'number':
        this.out.push(token.text.replace(/\.$/, ''));
        return;
      case 'sign':
        this.sign(token.text);
        return;
      case 'word':
        this.word(token.text);
        return;
      default:
        token.is satisfies never;
    }
  }

  /** Some engines' SQL has texts in double quotes; what is no column is one. */
  private isColumn(text: string): boolean {
    const found = columnIn(this.table, text, this.tool);
    return this.spoken === 'sql' && this.table.columns.some(({ name }) => name === found);
  }

  private sign(text: string): void {
    if (text === '::') return this.castLast();
    if (text === '.') return this.method();
    if (text === '<=>') throw new NotMapped('not mapped: <=> in a filter');
    this.out.push(SIGNS[this.spoken][text] ?? (text === '==' ? '=' : text));
  }

  private word(word: string): void {
    const lower = word.toLowerCase();
    const [next, after] = [this.tokens[this.at], this.tokens[this.at + 1]];
    if (this.spoken === 'great_expectations' && lower === 'col' && next?.text === '(' && after !== undefined) {
      this.at += 3;
      this.out.push(this.column(after.text));
      return;
    }
    // A literal takes its type from what it meets, so that a word before it says nothing.
    if (['date', 'timestamp', 'datetime', 'to_date', 'to_timestamp'].includes(lower)) {
      if (next?.is === 'text') return;
      if (
        next?.text === '(' &&
        ['text', 'double'].includes(after?.is ?? '') &&
        this.tokens[this.at + 2]?.text === ')'
      ) {
        this.at += 3;
        this.out.push(this.text(after!.text));
        return;
      }
    }
    if (lower === 'rlike' || lower === 'regexp') this.out.push('matches');
    else if (WORDS.has(lower)) this.out.push(lower);
    else if (lower === 'none' && this.spoken !== 'sql') this.out.push('null');
    else if (CALLED[lower] !== undefined && (next?.text === '(' || CALLED[lower].endsWith(')')))
      this.out.push(CALLED[lower]);
    else if (next?.text === '(') this.out.push(lower);
    else if (this.out.at(-1) === 'as' && TYPES[lower] !== undefined) {
      this.type = caseType(TYPES[lower]);
      this.out.push(TYPES[lower]);
    } else this.out.push(this.column(word));
  }

  private column(said: string): string {
    const name = columnIn(this.table, said, this.tool);
    this.type = this.table.columns.find((each) => each.name === name)?.type;
    return named(name);
  }

  /** A text, for the column named last: a day among times is its beginning, which SQL takes for granted and we do not. */
  private text(text: string): string {
    const moment = this.type === 'timestamp' || this.type === 'timestamptz' ? momentFor(text, this.type) : undefined;
    return quoted(moment ?? text);
  }

  /** `x::date`, as Postgres writes a cast. */
  private castLast(): void {
    const type = TYPES[this.tokens[this.at++]?.text.toLowerCase() ?? ''];
    if (type === undefined) throw new NotMapped('not mapped: a cast in a filter');
    const of = this.out.pop()!;
    this.type = caseType(type);
    this.out.push(of.startsWith("'") ? of : `cast(${of} as ${type})`);
  }

  /** `x.isnull()`, `x.isin([1, 2])`. */
  private method(): void {
    const name = this.tokens[this.at++]?.text.toLowerCase() ?? '';
    if (name === 'isin' || name === 'is_in') {
      const end = this.tokens.findIndex(({ text }, at) => at > this.at && text === ']');
      const list = new Translation(this.tokens.slice(this.at + 1, end + 1), this.spoken, this.table, this.tool);
      this.out.push('in', list.whole());
      this.at = end + 2;
      return;
    }
    const said = ABSENT[name];
    if (said === undefined) throw new NotMapped(`not mapped: .${name} in a filter`);
    this.at += 2;
    this.out.push(said);
  }
}
