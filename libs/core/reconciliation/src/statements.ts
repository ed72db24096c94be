import { quoteIdentifier } from '#core/connector-kit';
import { type ColumnFact, writeFilter, writeSum, writeTrim } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

import { type Definition, rightOf } from './definition.js';
import { gridOf, type Mapped, type MappedColumn, type SideFacts } from './mapped.js';
import { localText, offsetAt } from './moments.js';
import { TEXT_DIALECTS } from './texts/index.js';
import { type Value } from './texts/text-dialect.js';

export type SideName = 'left' | 'right';

/** A statement, and for what it is. */
export interface Statement {
  readonly purpose: 'buckets' | 'groups' | 'hashes' | 'values';
  readonly sql: string;
  readonly params: readonly string[];
  readonly maxRows: number;
}

/** More groups than these are not compared: they would have to be held in memory. */
export const MOST_GROUPS = 10_000;

/** A text longer than this is read as its beginning and a digest. */
const LONGEST_TEXT = 1_000;

/** The bucket of rows that lack a part of their key. */
export const KEYLESS = '-';

/** Writes the statements for one side. */
export class SideStatements {
  private readonly texts;
  private readonly filter;
  private readonly zone: string;

  constructor(
    private readonly name: SideName,
    private readonly side: SideFacts,
    private readonly mapped: Mapped,
    definition: Definition,
    cutoff: Date | undefined,
    now: Date,
  ) {
    this.texts = TEXT_DIALECTS[side.dialect];
    this.zone = definition[name]?.timeZone ?? 'UTC';
    offsetAt(this.zone, 0);
    const where = definition[name]?.where;
    this.filter = writeFilter(
      side.facts,
      {
        ...(where !== undefined && { where }),
        ...(cutoff !== undefined && { before: this.before(definition.cutoff!, cutoff) }),
      },
      { dialect: side.dialect, now },
    );
  }

  /**
   * Pass one: of each bucket of keys, how many rows there are, the sum of their hashes, and sums of columns. Without keys there is one
   * bucket. `distinct` counts keys as well, which takes the source longer.
   */
  buckets(sums: readonly MappedColumn[], withKeys: boolean, digits: number, distinct: boolean): Statement {
    const inner = [
      ...(withKeys
        ? [
            `${this.bucket(digits)} AS b`,
            `${this.texts.number(this.rowHash(), 1)} AS h`,
            ...(distinct ? [`${this.texts.number(this.keyHash(), digits + 1)} AS k`] : []),
          ]
        : []),
      ...sums.map((each, at) => `${this.column(each)} AS s${at + 1}`),
    ];
    const figures = [
      'count(*) AS n',
      ...(withKeys ? ['sum(r.h) AS h', ...(distinct ? ['count(DISTINCT r.k) AS d'] : [])] : []),
      ...this.sums(sums),
    ];
    const sql = `SELECT ${[...(withKeys ? ['r.b AS b'] : []), ...figures].join(', ')}\n  FROM ${this.rows(inner, distinct)} AS r`;
    return this.statement('buckets', withKeys ? `${sql}\n GROUP BY r.b` : sql, 16 ** digits + 1);
  }

  groups(by: readonly MappedColumn[], sums: readonly MappedColumn[]): Statement {
    const inner = [
      ...by.map((each, at) => `${this.texts.grouped(this.hashed(each))} AS g${at + 1}`),
      ...sums.map((each, at) => `${this.column(each)} AS s${at + 1}`),
    ];
    const groups = by.map((_, at) => `r.g${at + 1}`);
    const figures = [
      ...groups.map((each, at) => `${this.texts.shown(each)} AS g${at + 1}`),
      'count(*) AS n',
      ...this.sums(sums),
    ];
    return this.statement(
      'groups',
      `SELECT ${figures.join(', ')}\n  FROM ${this.rows(inner)} AS r\n GROUP BY ${groups.join(', ')}`,
      MOST_GROUPS,
    );
  }

  /** Pass two: the hashes of keys and rows of some buckets. */
  hashes(buckets: readonly string[], digits: number, maxRows: number): Statement {
    const inner = [`${this.bucket(digits)} AS b`, `${this.keyHash()} AS k`, `${this.rowHash()} AS h`];
    const sql = `SELECT r.b AS b, r.k AS k, r.h AS h\n  FROM ${this.rows(inner)} AS r\n WHERE r.b IN (${hexList(buckets)})`;
    return this.statement('hashes', sql + this.packed(), maxRows);
  }

  /** Pass three: the values of some keys. */
  values(keys: readonly string[], maxRows: number): Statement {
    const all = [...this.mapped.keys, ...this.mapped.columns];
    const inner = [`${this.keyHash()} AS k`, ...all.map((each, at) => `${this.shown(each)} AS c${at + 1}`)];
    const items = ['r.k AS k', ...all.map((_, at) => `r.c${at + 1} AS c${at + 1}`)];
    const sql = `SELECT ${items.join(', ')}\n  FROM ${this.rows(inner)} AS r\n WHERE r.k IN (${hexList(keys)})`;
    return this.statement('values', sql + this.packed(), maxRows);
  }

  /** DuckDB gives a few rows in as much room as two thousand, unless it has to sort them. */
  private packed(): string {
    return this.side.dialect === 'duckdb' ? '\n ORDER BY r.k' : '';
  }

  private statement(purpose: Statement['purpose'], sql: string, maxRows: number): Statement {
    return { purpose, sql, params: this.filter.params, maxRows };
  }

  private rows(items: readonly string[], apart = false): string {
    // Without the bound PostgreSQL would write each hash out wherever it is used, and reckon it as often.
    const bound = apart && this.side.dialect === 'postgres' ? '\n OFFSET 0' : '';
    const list = items.length === 0 ? '1 AS one' : items.join(',\n       ');
    return `(\nSELECT ${list}\n  FROM ${this.side.facts.relation} AS t\n WHERE ${this.filter.sql}${bound}\n)`;
  }

  private sums(sums: readonly MappedColumn[]): string[] {
    return sums.map((each, at) => `${writeSum(this.side.dialect, `r.s${at + 1}`, this.factOf(each))} AS s${at + 1}`);
  }

  private bucket(digits: number): string {
    const absent = this.mapped.keys.map((key) => `${this.hashed(key)} IS NULL`);
    return `CASE WHEN ${absent.join(' OR ')} THEN '${KEYLESS}' ELSE ${this.texts.left(this.keyHash(), digits)} END`;
  }

  private keyHash(): string {
    return this.texts.md5(this.texts.concat(this.mapped.keys.map((key) => this.part(key))));
  }

  private rowHash(): string {
    const { keys, columns } = this.mapped;
    return this.texts.md5(this.texts.concat([...keys, ...columns].map((each) => this.part(each))));
  }

  /** A value inside a longer text, so that no two rows of different values make the same one. */
  private part(each: MappedColumn): string {
    const { concat, characters } = this.texts;
    const text = this.hashed(each);
    if (each.form === 'text' || each.form === 'uuid')
      return `coalesce(${concat([this.numberText(characters(text)), `':'`, text])}, '-')`;
    return concat([`coalesce(${text}, '')`, `';'`]);
  }

  private numberText(sql: string): string {
    return this.side.dialect === 'mysql'
      ? sql
      : `CAST(${sql} AS ${this.side.dialect === 'postgres' ? 'text' : 'VARCHAR'})`;
  }

  /** The canonical text, as the options of the pair make it. */
  private hashed(each: MappedColumn): string {
    const value = this.valueOf(each);
    if (each.form === 'number' || each.form === 'float') {
      const grid = gridOf(each);
      return grid === undefined ? this.texts.text(value, each) : this.texts.rounded(value, each, grid);
    }
    let text = this.texts.text(value, each);
    if (each.form !== 'text') return text;
    if (each.trim) text = writeTrim(this.side.dialect, text);
    if (each.ignoreCase) text = this.texts.lower(text);
    // A comparison with '' would find blanks too, in a column whose collation pads.
    return each.emptyIsNull ? `(CASE WHEN ${this.texts.characters(text)} > 0 THEN ${text} END)` : text;
  }

  /** The canonical text as it is shown and compared again; a long one as its beginning and a digest of what was hashed. */
  private shown(each: MappedColumn): string {
    const text = this.texts.text(this.valueOf(each), each);
    if (each.form !== 'text' && each.form !== 'bytes') return text;
    const { characters, left, md5, concat } = this.texts;
    const long = concat([left(this.hashed(each), 200), `'… '`, md5(this.hashed(each))]);
    return `(CASE WHEN ${characters(text)} > ${LONGEST_TEXT} THEN ${long} ELSE ${text} END)`;
  }

  private valueOf(each: MappedColumn): Value {
    return { sql: this.column(each), column: this.factOf(each), zone: this.zone };
  }

  private column(each: MappedColumn): string {
    return `t.${quoteIdentifier(this.side.dialect, this.factOf(each).name)}`;
  }

  private factOf(each: MappedColumn): ColumnFact {
    return each[this.name];
  }

  private before(cutoff: NonNullable<Definition['cutoff']>, at: Date): { column: string; value: string } {
    const column = this.name === 'left' ? cutoff.left : rightOf(cutoff);
    const fact = this.side.facts.columns.find(({ name }) => name === column);
    const family = fact?.typeFamily;
    const local = localText(this.zone, at.getTime());
    if (family === 'timestamptz') return { column, value: at.toISOString() };
    if (family === 'timestamp') return { column, value: local.replace(' ', 'T') };
    if (family === 'date') return { column, value: local.slice(0, 10) };
    const message =
      fact === undefined
        ? `${this.side.facts.name} has no column ${JSON.stringify(column)}`
        : `"${column}" is no date and no time, so it cannot say which rows come before the cut-off`;
    throw new InvalidInput(`The reconciliation cannot be used: ${message}.`, [
      { path: ['cutoff', this.name], message },
    ]);
  }
}

/** Hexadecimal texts, which came from a source, as literals: anything else would get into the SQL as it is. */
function hexList(texts: readonly string[]): string {
  return texts
    .map((text) => {
      if (!/^([0-9a-f]{1,32}|-)$/.test(text)) throw new TypeError(`${JSON.stringify(text)} is no hash`);
      return `'${text}'`;
    })
    .join(', ');
}
