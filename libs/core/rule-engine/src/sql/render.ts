import { type Comparison } from '../expression.js';
import { type TypedValue } from '../typed-values.js';
import { type Argument, type SqlDialect } from './dialects/dialect.js';
import { countedPattern } from '../regex/counted.js';
import { spellPattern } from '../regex/spell.js';
import { looksLike } from './looks.js';
import { type From, type Select, type Sort, type Term, type TermType, type Test, typeOf } from './term.js';

/** A statement and its bound parameters, which travel as texts. */
export interface Rendered {
  readonly sql: string;
  readonly params: readonly string[];
}

const OPERATORS: Readonly<Record<Comparison, string>> = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** Writes a query in a dialect. Names come only from facts and are quoted; values only become parameters. */
export function render(select: Select, dialect: SqlDialect): Rendered {
  const writer = new Writer(dialect);
  return { sql: writer.select(select), params: writer.params };
}

/** Writes a condition in a dialect, over rows that are called what its columns say. */
export function renderTest(test: Test, dialect: SqlDialect): Rendered {
  const writer = new Writer(dialect);
  return { sql: writer.test(test), params: writer.params };
}

const WHOLE_OR_DECIMAL = ['integer', 'decimal'];

class Writer {
  readonly params: string[] = [];

  constructor(private readonly dialect: SqlDialect) {}

  select({ items, from, where, groupBy = [], having, orderBy = [], limit, distinct }: Select): string {
    const lines = [
      // The order of these calls is the order of the parameters.
      `SELECT ${distinct === true ? 'DISTINCT ' : ''}${this.items(items, groupBy, distinct === true).join(',\n       ')}`,
      `  FROM ${this.from(from)}`,
      ...(where === undefined || isTrue(where) ? [] : [` WHERE ${this.test(where)}`]),
      ...(groupBy.length === 0 ? [] : [` GROUP BY ${groupBy.map((term) => this.compared(term, false)).join(', ')}`]),
      ...(having === undefined ? [] : [`HAVING ${this.test(having)}`]),
      ...(orderBy.length === 0 ? [] : [` ORDER BY ${this.sorts(orderBy)}`]),
    ];
    const sql = lines.join('\n');
    return limit === undefined ? sql : this.dialect.limit(sql, limit);
  }

  /** What is grouped by, or distinct, is shown as it was compared; otherwise the engine would not know it for the same. */
  private items(items: Select['items'], groupBy: readonly Term[], distinct: boolean): string[] {
    const keys = new Set(groupBy.map((term) => JSON.stringify(term)));
    return items.map(({ as, term }) => {
      const grouped = distinct || keys.has(JSON.stringify(term));
      const sql = grouped ? this.dialect.shown(this.compared(term, false), typeOf(term)) : this.term(term);
      return `${sql} AS ${this.dialect.quote(as)}`;
    });
  }

  private from(from: From): string {
    switch (from.is) {
      case 'table':
        return this.aliased(
          from.sample === undefined ? from.relation : this.sampled(from.relation, from.sample),
          from.as,
        );
      case 'query':
        return this.aliased(`(${this.select(from.select)})`, from.as);
      case 'union':
        return this.aliased(`(${from.selects.map((each) => this.select(each)).join('\nUNION ALL\n')})`, from.as);
      case 'join':
        return `${this.from(from.left)}\n  ${from.kind.toUpperCase()} JOIN ${this.from(from.right)}\n    ON ${this.test(from.on)}`;
      default:
        return from satisfies never;
    }
  }

  private sampled(relation: string, share: string): string {
    if (!/^0\.[0-9]{1,7}$/.test(share)) throw new TypeError(`${share} is no share`);
    return `(SELECT * FROM ${relation} WHERE ${this.dialect.chance} < ${share})`;
  }

  private aliased(relation: string, alias: string): string {
    return this.dialect.aliased?.(relation, alias) ?? `${relation} AS ${alias}`;
  }

  /** A term as it is compared with others. */
  private compared(term: Term, ordered: boolean): string {
    return this.dialect.comparable(this.term(term), typeOf(term), ordered);
  }

  private sorts(sorts: readonly Sort[]): string {
    return sorts
      .map(({ by, descending }) => this.dialect.sorted(this.compared(by, true), descending === true))
      .join(', ');
  }

  term(term: Term): string {
    switch (term.is) {
      case 'column':
        return `${term.of}.${this.dialect.quote(term.name)}`;
      case 'value':
        return this.value(term.value);
      case 'null':
        return `CAST(NULL AS ${this.dialect.castType(term.type)})`;
      case 'number':
        if (!Number.isSafeInteger(term.number)) throw new TypeError(`${term.number} is no whole number`);
        return term.number < 0 ? `(${term.number})` : String(term.number);
      case 'replaced':
        return this.dialect.replaced(this.term(term.of), this.pattern(term.pattern, false), this.text(term.by));
      case 'call':
        return this.dialect.functions[term.fn](term.args.map((each) => this.argument(each)));
      case 'cast':
        return term.safe
          ? this.safeCast(term.of, term.type)
          : `CAST(${this.term(term.of)} AS ${this.dialect.castType(term.type)})`;
      case 'case': {
        const whens = term.whens.map(([when, then]) => `WHEN ${this.test(when)} THEN ${this.term(then)}`);
        return `CASE ${whens.join(' ')} ELSE ${this.term(term.otherwise)} END`;
      }
      case 'aggregate':
        return this.aggregate(term);
      case 'window':
        return this.window(term);
      default:
        return term satisfies never;
    }
  }

  private argument(term: Term): Argument {
    return { sql: this.term(term), type: typeOf(term) };
  }

  private aggregate(term: Extract<Term, { is: 'aggregate' }>): string {
    const { filters } = this.dialect;
    const { fn, of, distinct = false, when, at } = term;
    if (when !== undefined && !filters) {
      // Before the argument, as it stands before it in the SQL.
      const test = this.test(when);
      const inner = of === undefined ? '1' : distinct ? this.compared(of, false) : this.term(of);
      return this.aggregated(fn, `CASE WHEN ${test} THEN ${inner} END`, distinct, of, at);
    }
    const inner = of === undefined ? undefined : distinct ? this.compared(of, false) : this.term(of);
    const plain = this.aggregated(fn, inner, distinct, of, at);
    return when === undefined ? plain : `${plain} FILTER (WHERE ${this.test(when)})`;
  }

  private aggregated(
    fn: Extract<Term, { is: 'aggregate' }>['fn'],
    sql: string | undefined,
    distinct: boolean,
    of: Term | undefined,
    at: string | undefined,
  ): string {
    if (fn === 'count') return `count(${distinct ? 'DISTINCT ' : ''}${sql ?? '*'})`;
    return this.dialect.aggregate(fn, { sql: sql!, type: typeOf(of!) }, at);
  }

  private window({ fn, of, partition, order, before }: Extract<Term, { is: 'window' }>): string {
    const over = [
      ...(partition.length === 0
        ? []
        : [`PARTITION BY ${partition.map((each) => this.compared(each, false)).join(', ')}`]),
      ...(order.length === 0 ? [] : [`ORDER BY ${this.sorts(order)}`]),
      ...(before === true ? ['ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING'] : []),
    ];
    const argument = of === undefined ? (fn === 'count' ? '*' : '') : this.term(of);
    return `${fn}(${argument}) OVER (${over.join(' ')})`;
  }

  test(test: Test): string {
    switch (test.is) {
      case 'all':
      case 'any': {
        const between = test.is === 'all' ? this.between(test.of) : undefined;
        if (between !== undefined) return between;
        const parts = test.of.map((part) => this.test(part));
        // Nothing that has to hold holds; none of nothing does.
        if (parts.length === 0) return test.is === 'all' ? '(1 = 1)' : '(1 = 0)';
        return parts.length === 1 ? parts[0]! : `(${parts.join(test.is === 'all' ? ' AND ' : ' OR ')})`;
      }
      case 'not':
        // NOT (x IS NULL) is the same as x IS NOT NULL, which reads better and uses an index.
        return test.of.is === 'null' && this.dialect.absent === undefined
          ? `(${this.term(test.of.of)} IS NOT NULL)`
          : `(NOT ${this.test(test.of)})`;
      case 'not_true':
        return this.dialect.conditionsAreValues
          ? `(${this.test(test.of)} IS NOT TRUE)`
          : `(CASE WHEN ${this.test(test.of)} THEN 0 ELSE 1 END = 1)`;
      case 'true':
        return this.dialect.conditionsAreValues
          ? `(${this.test(test.of)} IS TRUE)`
          : `(CASE WHEN ${this.test(test.of)} THEN 1 ELSE 0 END = 1)`;
      case 'compared': {
        const blank = this.blank(test);
        if (blank !== undefined) return blank;
        const ordered = test.by !== 'eq' && test.by !== 'ne';
        return `(${this.compared(test.left, ordered)} ${OPERATORS[test.by]} ${this.compared(test.right, ordered)})`;
      }
      case 'null':
        return this.dialect.absent?.(this.term(test.of), typeOf(test.of)) ?? `(${this.term(test.of)} IS NULL)`;
      case 'in': {
        const of = this.compared(test.of, false);
        const values = test.values.map((each) =>
          this.dialect.comparable(this.value(each), { family: each.family }, false),
        );
        return `(${of} IN (${values.join(', ')}))`;
      }
      case 'like':
        return this.dialect.like(this.term(test.of), this.text(test.pattern));
      case 'matches':
        return this.matches(test);
      case 'truth':
        return this.dialect.conditionsAreValues ? `(${this.term(test.of)})` : `(${this.term(test.of)} = 1)`;
      case 'found':
        return this.found(test);
      default:
        return test satisfies never;
    }
  }

  /** Two bounds of one number are one test, for which the number is looked at once. */
  private between([low, high, ...more]: readonly Test[]): string | undefined {
    if (low?.is !== 'compared' || high?.is !== 'compared' || more.length > 0) return undefined;
    if (low.by !== 'gte' || high.by !== 'lte' || JSON.stringify(low.left) !== JSON.stringify(high.left))
      return undefined;
    const families = [low.left, low.right, high.right].map((term) => typeOf(term).family);
    if (
      ![low.right, high.right].every(({ is }) => is === 'value') ||
      families.some((family) => !WHOLE_OR_DECIMAL.includes(family))
    )
      return undefined;
    return `(${this.term(low.left)} BETWEEN ${this.term(low.right)} AND ${this.term(high.right)})`;
  }

  private blank({ by, left, right }: Extract<Test, { is: 'compared' }>): string | undefined {
    if (this.dialect.blank === undefined || by !== 'eq' || right.is !== 'value' || right.value.text !== '')
      return undefined;
    return left.is === 'call' && left.fn === 'trim' ? this.dialect.blank(this.term(left.args[0]!)) : undefined;
  }

  private found({ of, keys, from, where }: Extract<Test, { is: 'found' }>): string {
    if (this.dialect.findsInLists === true) {
      const wanted = of.map((term) => this.compared(term, false));
      const listed = keys.map((term) => this.compared(term, false));
      const list = `SELECT ${listed.join(', ')} FROM ${this.from(from)} WHERE ${this.test(where)}`;
      return `((${wanted.join(', ')}) IN (${list}))`;
    }
    const source = this.from(from);
    const equal = of.map((term, at) => this.test({ is: 'compared', by: 'eq', left: term, right: keys[at]! }));
    return `EXISTS (SELECT 1 FROM ${source} WHERE ${[...equal, this.test(where)].join(' AND ')})`;
  }

  private matches({ of, pattern, ignoreCase }: Extract<Test, { is: 'matches' }>): string {
    const { functions, matches, regex, countsSlowly } = this.dialect;
    const counted = countsSlowly === true ? countedPattern(pattern, ignoreCase, regex) : undefined;
    if (counted === undefined) return matches(this.term(of), this.pattern(pattern, ignoreCase));
    const { least, most, pattern: shorter } = counted;
    const length = () => functions.length([this.argument(of)]);
    const sizes = least === most ? [`${length()} = ${least}`] : [`${length()} >= ${least}`];
    if (most !== undefined && most !== least) sizes.push(`${length()} <= ${most}`);
    return `(${sizes.join(' AND ')} AND ${matches(this.term(of), this.text(shorter))})`;
  }

  /** Only a text can be something else than it says; what it looks like when it can be read is the same everywhere. */
  private safeCast(of: Term, type: TermType): string {
    const looks = typeOf(of).family === 'text' ? looksLike(of, type.family) : undefined;
    if (looks === undefined) return this.dialect.safeCast(this.term(of), typeOf(of), type);
    const readable = this.test(looks);
    return `(CASE WHEN ${readable} THEN ${this.dialect.safeCast(this.term(of), typeOf(of), type)} END)`;
  }

  private pattern(pattern: string, ignoreCase: boolean): string {
    return this.text(spellPattern(pattern, ignoreCase, this.dialect.regex));
  }

  private text(text: string): string {
    return this.value({ family: 'text', text });
  }

  private value(value: TypedValue): string {
    const { literal } = this.dialect;
    if (literal !== undefined) return literal(value);
    this.params.push(value.text);
    return `CAST(${this.dialect.placeholder(this.params.length)} AS ${this.dialect.typeOf(value)})`;
  }
}

const isTrue = (test: Test): boolean => test.is === 'all' && test.of.length === 0;
