import { type Comparing } from '../mapped.js';
import { scientific, type TextDialect, type Value } from './text-dialect.js';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const varchar = (sql: string): string => `CAST(${sql} AS VARCHAR)`;
const concat = (parts: readonly string[]): string => `(${parts.join(' || ')})`;

const float = ({ sql }: Value): string =>
  scientific(`lower(CAST(CAST(${sql} AS DOUBLE) AS VARCHAR))`, {
    before: (text, sign) => `split_part(${text}, '${sign}', 1)`,
    after: (text, sign) => `split_part(${text}, '${sign}', 2)`,
    withoutLeadingZeros: (text) => `ltrim(${text}, '0')`,
    withoutTrailingZeros: (text) => `rtrim(${text}, '0')`,
    whole: (text) => `coalesce(CAST(nullif(replace(${text}, '+', ''), '') AS INTEGER), 0)`,
    concat: (parts) => (parts.length === 1 ? varchar(parts[0]!) : concat(parts)),
  });

/** Without the zeros that a fixed scale puts at the end. */
const decimal = (sql: string): string => {
  const text = varchar(sql);
  return `(CASE WHEN contains(${text}, '.') THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END)`;
};

/** A moment as what a clock in UTC shows. */
function utc({ sql, column: { typeFamily }, zone }: Value): string {
  if (typeFamily === 'timestamptz') return `make_timestamp(epoch_us(${sql}))`;
  const local = `CAST(${sql} AS TIMESTAMP)`;
  if (zone === 'UTC') return local;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return `make_timestamp(epoch_us(timezone(${literal(zone)}, ${local})))`;
  const shift = `to_minutes(${Number(hours) * 60 + Number(minutes)})`;
  return `(${local} ${sign === '+' ? '-' : '+'} ${shift})`;
}

const UNITS: Readonly<Record<Comparing['precision'], string>> = {
  seconds: 'second',
  milliseconds: 'millisecond',
  microseconds: 'microsecond',
};

export const duckdb: TextDialect = {
  text(value, { form, precision }) {
    const { sql, column } = value;
    switch (form) {
      case 'number':
        if (column.typeFamily === 'boolean') return varchar(`CAST(${sql} AS TINYINT)`);
        return column.typeFamily === 'integer' ? varchar(sql) : decimal(sql);
      case 'float':
        return float(value);
      case 'boolean':
      case 'text':
      case 'date':
      case 'time':
        return varchar(sql);
      case 'uuid':
        return `lower(${varchar(sql)})`;
      case 'moment': {
        const at = utc(value);
        return varchar(precision === 'microseconds' ? at : `date_trunc('${UNITS[precision]}', ${at})`);
      }
      case 'bytes':
        return `lower(hex(${sql}))`;
      default:
        return form satisfies never;
    }
  },
  rounded(value, comparing, digits) {
    const { sql, column } = value;
    if (column.typeFamily === 'integer' || column.typeFamily === 'boolean') return this.text(value, comparing);
    if (column.typeFamily === 'decimal') return decimal(`round(${sql}, ${digits})`);
    const rounded = decimal(`round(TRY_CAST(${sql} AS DECIMAL(38, 10)), ${digits})`);
    return `(CASE WHEN abs(${sql}) < 1e15 THEN ${rounded} ELSE ${this.text(value, comparing)} END)`;
  },
  lower: (sql) => `lower(${sql})`,
  characters: (sql) => `length(${sql})`,
  left: (sql, characters) => `left(${sql}, ${characters})`,
  concat,
  md5: (sql) => `md5(${sql})`,
  number: (md5, from) => `CAST('0x' || substr(${md5}, ${from}, 15) AS BIGINT)`,
  grouped: (sql) => sql,
  shown: (sql) => sql,
};
