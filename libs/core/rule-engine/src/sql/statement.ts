import { type Dialect, quoteIdentifier } from '#core/connector-kit';

import { type Condition, type Term } from '../condition.js';
import { type Comparison } from '../expression.js';
import { type ColumnFact } from '../facts.js';
import { type TypedValue } from '../typed-values.js';
import { SQL_DIALECTS } from './dialects.js';

const OPERATORS: Readonly<Record<Comparison, string>> = {
  eq: '=',
  ne: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};

/**
 * Renders one statement. Names come only from facts and are quoted; values only become parameters, as texts with the
 * type they are cast to. Nothing else from a rule reaches the SQL.
 */
export class Statement {
  readonly params: string[] = [];

  constructor(private readonly dialect: Dialect) {}

  /** `alias."name"`. A type without an order or equality of its own that engines share is compared as text. */
  column({ name, typeFamily }: ColumnFact, alias: string): string {
    const column = `${alias}.${this.name(name)}`;
    return typeFamily === 'other' ? `CAST(${column} AS ${SQL_DIALECTS[this.dialect].text})` : column;
  }

  name(name: string): string {
    return quoteIdentifier(this.dialect, name);
  }

  condition(condition: Condition, alias: string): string {
    switch (condition.is) {
      case 'all':
      case 'any': {
        const parts = condition.of.map((part) => this.condition(part, alias));
        // Nothing that has to hold holds; none of nothing does.
        if (parts.length === 0) return condition.is === 'all' ? 'TRUE' : 'FALSE';
        return parts.length === 1 ? parts[0]! : `(${parts.join(condition.is === 'all' ? ' AND ' : ' OR ')})`;
      }
      case 'not':
        return `(NOT ${this.condition(condition.of, alias)})`;
      case 'not_true':
        return `(${this.condition(condition.of, alias)} IS NOT TRUE)`;
      case 'compared': {
        const { left, by, right } = condition;
        return `(${this.term(left, alias)} ${OPERATORS[by]} ${this.term(right, alias)})`;
      }
      case 'in': {
        const values = condition.values.map((value) => this.value(value));
        return `(${this.column(condition.column, alias)} IN (${values.join(', ')}))`;
      }
      case 'null':
        // Without the cast: some types have no text, and IS NULL needs none.
        return `(${alias}.${this.name(condition.column.name)} IS NULL)`;
      case 'like': {
        const pattern = this.value({ family: 'text', text: condition.pattern });
        return `(${this.column(condition.column, alias)} LIKE ${pattern} ESCAPE '\\')`;
      }
      case 'matched':
        return '(r.k1 IS NOT NULL)';
      default:
        return condition satisfies never;
    }
  }

  private term(term: Term, alias: string): string {
    return 'column' in term ? this.column(term.column, alias) : this.value(term.value);
  }

  private value(value: TypedValue): string {
    this.params.push(value.text);
    return `CAST($${this.params.length} AS ${SQL_DIALECTS[this.dialect].typeOf(value)})`;
  }
}
