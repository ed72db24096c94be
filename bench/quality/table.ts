import { type Dialect, type TypeFamily } from '#core/connector-kit';

/** How an engine spells what the generated data is made of. `i` counts the rows from 1. */
export interface Spelling {
  /** The n-th day after the first of January 2012. */
  day(days: string): string;
  at(seconds: string): string;
  /** A whole number as a text with leading zeros. */
  digits(number: string, width: number): string;
  /** A number with two decimals, from hundredths. */
  money(hundredths: string): string;
  /** A number with six decimals, from millionths. */
  rate(millionths: string): string;
  concat(...parts: string[]): string;
}

interface Column {
  readonly name: string;
  readonly family: TypeFamily;
  readonly types: Readonly<Record<Dialect, string>>;
  value(spelling: Spelling): string;
}

const column = (
  name: string,
  family: TypeFamily,
  types: string | Readonly<Record<Dialect, string>>,
  value: Column['value'],
): Column => ({
  name,
  family,
  types: typeof types === 'string' ? { postgres: types, mysql: types, duckdb: types } : types,
  value,
});

const oneOf = (number: string, values: readonly string[]) =>
  `CASE ${number} % ${values.length} ${values.map((value, at) => `WHEN ${at} THEN '${value}'`).join(' ')} END`;

const moment = { postgres: 'timestamp', mysql: 'datetime', duckdb: 'TIMESTAMP' };

export const STATES = ['normal', 'overdue', 'settled', 'written_off'];
export const GRADES = ['A', 'B', 'C', 'D', 'E'];
export const CURRENCIES = ['CNY', 'USD', 'EUR', 'HKD', 'JPY'];
export const PRODUCTS = ['P01', 'P02', 'P03', 'P04', 'P05', 'P06', 'P07', 'P08'];

/** Multiplying by an odd number and cutting at 2^32 gives every number once, in no order that anybody would see. */
const SHUFFLED = '((i * 2654435761) % 4294967296)';

/** A bank's loans: 22 columns. Some rows are wrong: every 100,003rd in one way or another. */
export const COLUMNS: readonly Column[] = [
  column('loan_id', 'integer', 'bigint', () => 'i'),
  column('contract_no', 'text', 'varchar(18)', (s) => s.concat(`'HT'`, s.digits(SHUFFLED, 16))),
  column('customer_id', 'integer', 'bigint', () => '1 + (i * 48271) % 500000'),
  column('branch_code', 'text', 'varchar(6)', (s) => s.concat(`'B'`, s.digits('(i * 7919) % 1000', 5))),
  column('product_code', 'text', 'varchar(3)', () => oneOf('(i * 31)', PRODUCTS)),
  column('currency', 'text', 'varchar(3)', () => oneOf('(i * 3)', CURRENCIES)),
  column('principal', 'decimal', 'decimal(18,2)', (s) => s.money('1000000 + (i * 7907) % 100000000')),
  column('balance', 'decimal', 'decimal(18,2)', (s) =>
    s.money('CASE i % 100003 WHEN 7 THEN -1 ELSE (i * 7907) % 1000000 END'),
  ),
  column('rate', 'decimal', 'decimal(9,6)', (s) => s.rate('20000 + (i * 53) % 160000')),
  column('term_months', 'integer', 'integer', () => '6 + (i * 13) % 355'),
  column('open_date', 'date', 'date', (s) => s.day('(i * 17) % 4000')),
  column('maturity_date', 'date', 'date', (s) => s.day('4000 + (i * 19) % 4000')),
  column(
    'last_pay_date',
    'date',
    'date',
    (s) => `CASE WHEN i % 5 = 0 THEN NULL ELSE ${s.day('4000 + (i * 23) % 900')} END`,
  ),
  column('status', 'text', 'varchar(12)', () => oneOf('(i * 11)', STATES)),
  column('grade', 'text', 'varchar(1)', () => `CASE i % 100003 WHEN 11 THEN 'X' ELSE ${oneOf('(i * 7)', GRADES)} END`),
  column('overdue_days', 'integer', 'integer', () => 'CASE WHEN i % 3 = 0 THEN NULL ELSE (i * 29) % 180 END'),
  column('id_no', 'text', 'varchar(18)', (s) =>
    s.concat(
      `'11010119'`,
      s.digits('50 + (i * 37) % 50', 2),
      s.digits('1 + i % 12', 2),
      s.digits('1 + i % 28', 2),
      s.digits('i % 10000', 4),
    ),
  ),
  column('mobile', 'text', 'varchar(11)', (s) => s.concat(`'13'`, s.digits('(i * 104729) % 1000000000', 9))),
  column(
    'email',
    'text',
    'varchar(40)',
    (s) =>
      `CASE WHEN i % 4 = 0 THEN NULL WHEN i % 100003 = 13 THEN 'nobody' ELSE ${s.concat(`'user'`, s.digits('i % 1000000', 1), `'@example.com'`)} END`,
  ),
  column('customer_name', 'text', 'varchar(20)', (s) => s.concat(`'客户'`, s.digits('1 + (i * 48271) % 500000', 6))),
  column(
    'remark',
    'text',
    'varchar(60)',
    (s) => `CASE WHEN i % 2 = 0 THEN NULL ELSE ${s.concat(`'按月等额本息 '`, s.digits('i % 100', 2))} END`,
  ),
  column('updated_at', 'timestamp', moment, (s) => s.at('(i * 977) % 31536000')),
];

/** One INSERT's SELECT for the rows that `series` gives as `i`. */
export const loanRows = (spelling: Spelling): string =>
  COLUMNS.map(({ name, value }) => `${value(spelling)} AS ${name}`).join(',\n');

/** The two tables that loans point to. They have keys; loans declare nothing. */
export const CUSTOMERS = 500_000;
export const BRANCHES = 1_000;
