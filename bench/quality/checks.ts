import { CURRENCIES, GRADES, PRODUCTS, STATES } from './table.js';

/** A rule, and the query that a tool with one query for each check would send; it gives one number. */
export interface Check {
  readonly is: 'row_count' | 'predicate' | 'regex' | 'aggregate' | 'distinct' | 'unique' | 'foreign';
  readonly rule: Readonly<Record<string, unknown>>;
  /** `?` is the table of loans, `??` that of the foreign key. `~` matches a pattern. */
  readonly alone: string;
  readonly other?: 'customers' | 'branches';
  /** Where that number stands in our verdict. */
  readonly told: 'violations' | 'value';
}

const NOW_DATE = '2034-01-01';

const predicate = (kind: string, columns: readonly string[], params: object, violation: string): Check => ({
  is: kind === 'regex' ? 'regex' : 'predicate',
  rule: { kind, columns, params, samples: 0 },
  alone: `SELECT count(*) FROM ? WHERE ${violation}`,
  told: 'violations',
});
const notNull = (column: string) => predicate('not_null', [column], {}, `${column} IS NULL`);
const inSet = (column: string, values: readonly string[]) =>
  predicate('in_set', [column], { values }, `${column} NOT IN (${values.map((value) => `'${value}'`).join(', ')})`);
const between = (column: string, min: number, max: number) =>
  predicate('between', [column], { min, max }, `NOT (${column} BETWEEN ${min} AND ${max})`);
const ordered = (less: string, more: string) =>
  predicate('compare_columns', [less, more], { op: 'lte' }, `NOT (${less} <= ${more})`);
const regex = (column: string, pattern: string) =>
  predicate('regex', [column], { patterns: [pattern] }, `NOT (${column} ~ '${pattern}')`);
const aggregate = (fn: string, column: string, sql: string): Check => ({
  is: 'aggregate',
  rule: { kind: 'aggregate', columns: [column], params: { fn, min: -1e12 }, samples: 0 },
  alone: `SELECT ${sql} FROM ?`,
  told: 'value',
});
const unique = (...columns: readonly string[]): Check => ({
  is: 'unique',
  rule: { kind: 'unique', columns, params: { counted: 'groups' }, samples: 0 },
  alone: `SELECT count(*) FROM (SELECT ${columns.join(', ')} FROM ? WHERE ${columns[0]} IS NOT NULL GROUP BY ${columns.join(', ')} HAVING count(*) > 1) AS d`,
  told: 'violations',
});
const foreign = (column: string, other: Check['other'] & string, refColumn: string): Check => ({
  is: 'foreign',
  rule: { kind: 'foreign_key', columns: [column], params: { refColumns: [refColumn] }, samples: 0 },
  alone: `SELECT count(*) FROM ? AS c LEFT JOIN ?? AS p ON c.${column} = p.${refColumn} WHERE c.${column} IS NOT NULL AND p.${refColumn} IS NULL`,
  other,
  told: 'violations',
});

/** Forty checks on loans. */
export const CHECKS: readonly Check[] = [
  {
    is: 'row_count',
    rule: { kind: 'row_count', params: { min: 1 }, samples: 0 },
    alone: 'SELECT count(*) FROM ?',
    told: 'value',
  },
  ...['loan_id', 'contract_no', 'customer_id', 'branch_code', 'principal', 'open_date', 'status'].map(notNull),
  predicate('not_blank', ['customer_name'], {}, `trim(customer_name) = ''`),
  inSet('status', STATES),
  inSet('grade', GRADES),
  inSet('currency', CURRENCIES),
  inSet('product_code', PRODUCTS),
  regex('contract_no', '^HT[0-9]{16}$'),
  regex('id_no', '^[0-9]{17}[0-9X]$'),
  regex('mobile', '^1[3-9][0-9]{9}$'),
  regex('email', '^[a-z0-9.]+@[a-z0-9]+[.][a-z]+$'),
  between('principal', 0, 1_000_000_000),
  between('balance', 0, 1_000_000_000),
  between('rate', 0, 1),
  between('term_months', 1, 360),
  between('overdue_days', 0, 3_650),
  predicate(
    'length_between',
    ['customer_name'],
    { min: 2, max: 20 },
    'NOT (char_length(customer_name) BETWEEN 2 AND 20)',
  ),
  ordered('balance', 'principal'),
  ordered('open_date', 'maturity_date'),
  ordered('open_date', 'last_pay_date'),
  ordered('last_pay_date', 'maturity_date'),
  predicate(
    'expression',
    [],
    { passWhen: "status <> 'settled' or balance >= 0" },
    `NOT (status <> 'settled' OR balance >= 0)`,
  ),
  {
    ...{ is: 'aggregate', told: 'value', alone: `SELECT max(updated_at) FROM ?` },
    rule: { kind: 'freshness', columns: ['updated_at'], params: { maxAge: 10_000, unit: 'day' }, samples: 0 },
  },
  aggregate('sum', 'balance', 'sum(balance)'),
  aggregate('avg', 'rate', 'avg(rate)'),
  aggregate('min', 'principal', 'min(principal)'),
  aggregate('max', 'principal', 'max(principal)'),
  aggregate('stddev', 'term_months', 'stddev_samp(term_months)'),
  {
    ...{ is: 'distinct', told: 'value', alone: 'SELECT count(DISTINCT branch_code) FROM ?' },
    rule: { kind: 'distinct_count', columns: ['branch_code'], params: { min: 1 }, samples: 0 },
  },
  unique('loan_id'),
  unique('contract_no'),
  unique('branch_code', 'contract_no'),
  foreign('customer_id', 'customers', 'customer_id'),
  foreign('branch_code', 'branches', 'branch_code'),
];

export const NOW = new Date(`${NOW_DATE}T00:00:00Z`);
