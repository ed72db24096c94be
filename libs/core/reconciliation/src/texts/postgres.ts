import { type Comparing } from '../mapped.js';
import { scientific, type TextDialect, type Value } from './text-dialect.js';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const concat = (parts: readonly string[]): string => `(${parts.join(' || ')})`;

const float = ({ sql }: Value): string =>
  scientific(`lower((${sql})::float8::text)`, {
    before: (text, sign) => `split_part(${text}, '${sign}', 1)`,
    after: (text, sign) => `split_part(${text}, '${sign}', 2)`,
    withoutLeadingZeros: (text) => `ltrim(${text}, '0')`,
    withoutTrailingZeros: (text) => `rtrim(${text}, '0')`,
    whole: (text) => `coalesce(nullif(${text}, '')::int, 0)`,
    concat: (parts) => (parts.length === 1 ? `(${parts[0]})::text` : concat(parts)),
  });

/** A moment as what a clock in UTC shows. */
function utc({ sql, column: { typeFamily }, zone }: Value): string {
  if (typeFamily === 'timestamptz') return `(${sql} AT TIME ZONE 'UTC')`;
  const local = typeFamily === 'date' ? `${sql}::timestamp` : sql;
  return zone === 'UTC' ? local : `((${local} AT TIME ZONE ${zoneOf(zone)}) AT TIME ZONE 'UTC')`;
}

// As a name, +08:00 would be read as POSIX does: west of Greenwich. An interval is not.
const zoneOf = (zone: string): string =>
  /^[+-]/.test(zone) ? `INTERVAL '${zone.replace(/:?(\d\d)$/, ':$1')}'` : literal(zone);

const UNITS: Readonly<Record<Comparing['precision'], string>> = {
  seconds: 'second',
  milliseconds: 'milliseconds',
  microseconds: 'microseconds',
};

const decimal = (sql: string): string => `trim_scale(${sql})::text`;

export const postgres: TextDialect = {
  text(value, { form, precision }) {
    const { sql, column } = value;
    switch (form) {
      case 'number':
        if (column.typeFamily === 'boolean') return `${sql}::int::text`;
        return column.typeFamily === 'integer' ? `${sql}::text` : decimal(sql);
      case 'float':
        return float(value);
      case 'boolean':
        return `(CASE WHEN ${sql} THEN 'true' WHEN NOT ${sql} THEN 'false' END)`;
      case 'text':
        return `${sql}::text`;
      case 'uuid':
        return `lower(${sql}::text)`;
      case 'date':
        return `${sql}::text`;
      case 'time':
        return column.nativeType?.includes('with time zone') === true || column.nativeType === 'timetz'
          ? `(${sql} AT TIME ZONE 'UTC')::time::text`
          : `${sql}::text`;
      case 'moment': {
        const at = utc(value);
        return `${precision === 'microseconds' ? at : `date_trunc('${UNITS[precision]}', ${at})`}::text`;
      }
      case 'bytes':
        return `encode(${sql}, 'hex')`;
      default:
        return form satisfies never;
    }
  },
  rounded(value, comparing, digits) {
    if (value.column.typeFamily !== 'float') return `${decimal(`round(${value.sql}::numeric, ${digits})`)}`;
    const rounded = decimal(`round(${value.sql}::numeric, ${digits})`);
    return `(CASE WHEN abs(${value.sql}) < 1e15 THEN ${rounded} ELSE ${this.text(value, comparing)} END)`;
  },
  lower: (sql) => `lower(${sql})`,
  characters: (sql) => `char_length(${sql})`,
  left: (sql, characters) => `left(${sql}, ${characters})`,
  concat,
  // A database may keep its texts in another encoding.
  md5: (sql) => `md5(convert_to(${sql}, 'UTF8'))`,
  number: (md5, from) => `('x' || substr(${md5}, ${from}, 15))::bit(60)::bigint`,
  grouped: (sql) => `(${sql} COLLATE "C")`,
  shown: (sql) => sql,
};
