import { type Comparing } from '../mapped.js';
import { stretchesOf } from '../moments.js';
import { scientific, type TextDialect, type Value } from './text-dialect.js';

const unicode = (sql: string): string => `CONVERT(${sql} USING utf8mb4)`;
const concat = (parts: readonly string[]): string => `CONCAT(${parts.join(', ')})`;

const float = ({ sql }: Value): string =>
  scientific(`lower(CAST(CAST(${sql} AS DOUBLE) AS CHAR))`, {
    before: (text, sign) => `SUBSTRING_INDEX(${text}, '${sign}', 1)`,
    after: (text, sign) => `IF(LOCATE('${sign}', ${text}) > 0, SUBSTRING_INDEX(${text}, '${sign}', -1), '')`,
    withoutLeadingZeros: (text) => `TRIM(LEADING '0' FROM ${text})`,
    withoutTrailingZeros: (text) => `TRIM(TRAILING '0' FROM ${text})`,
    whole: (text) => `CAST(IF(${text} = '', '0', ${text}) AS SIGNED)`,
    concat,
  });

/** Without the zeros that a fixed scale puts at the end, and without the sign that a rounded zero may have kept. */
const decimal = (sql: string): string => {
  const text = `CAST(${sql} AS CHAR)`;
  return `(CASE WHEN ${sql} = 0 THEN '0' WHEN LOCATE('.', ${text}) > 0 THEN TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${text})) ELSE ${text} END)`;
};

/** A moment as what a clock in UTC shows. CONVERT_TZ knows only zones that somebody loaded, and leaves years beyond 2038 as they are. */
function utc({ sql, column: { typeFamily }, zone }: Value): string {
  if (typeFamily === 'timestamptz' || zone === 'UTC') return sql;
  const stretches = stretchesOf(zone);
  const whens = stretches.flatMap(({ from, minutes }) =>
    from === undefined ? [] : [`WHEN ${sql} >= '${from}' THEN ${minutes}`],
  );
  const earliest = String(stretches.at(-1)!.minutes);
  const minutes = whens.length === 0 ? earliest : `CASE ${whens.join(' ')} ELSE ${earliest} END`;
  return `DATE_SUB(CAST(${sql} AS DATETIME(6)), INTERVAL ${minutes} MINUTE)`;
}

const LENGTHS: Readonly<Record<Comparing['precision'], number>> = { seconds: 19, milliseconds: 23, microseconds: 26 };

const withoutZeros = (sql: string): string => `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${sql}))`;

/** MariaDB and MySQL. */
export const mysql: TextDialect = {
  text(value, { form, precision }) {
    const { sql, column } = value;
    switch (form) {
      case 'number':
        // A column with ZEROFILL is written with zeros in front, and a BIT as bytes, unless it is reckoned with.
        return column.typeFamily === 'decimal' ? decimal(`(${sql} + 0)`) : `CAST(${sql} + 0 AS CHAR)`;
      case 'float':
        return float(value);
      case 'boolean':
        return `(CASE ${sql} WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE CAST(${sql} AS CHAR) END)`;
      case 'text':
        return unicode(sql);
      case 'uuid':
        return `lower(${unicode(sql)})`;
      case 'date':
        return `CAST(${sql} AS CHAR)`;
      case 'time':
        return withoutZeros(`TIME_FORMAT(${sql}, '%H:%i:%s.%f')`);
      case 'moment': {
        const text = `LEFT(DATE_FORMAT(${utc(value)}, '%Y-%m-%d %H:%i:%s.%f'), ${LENGTHS[precision]})`;
        return precision === 'seconds' ? text : withoutZeros(text);
      }
      case 'bytes':
        return `lower(HEX(${sql}))`;
      default:
        return form satisfies never;
    }
  },
  rounded(value, comparing, digits) {
    const { sql, column } = value;
    if (column.typeFamily === 'integer' || column.typeFamily === 'boolean') return this.text(value, comparing);
    if (column.typeFamily === 'decimal') return decimal(`ROUND(${sql}, ${digits})`);
    const rounded = decimal(`ROUND(CAST(${sql} AS DECIMAL(38, 10)), ${digits})`);
    return `(CASE WHEN abs(${sql}) < 1e15 THEN ${rounded} ELSE ${this.text(value, comparing)} END)`;
  },
  lower: (sql) => `lower(${sql})`,
  characters: (sql) => `char_length(${sql})`,
  left: (sql, characters) => `LEFT(${sql}, ${characters})`,
  concat,
  md5: (sql) => `MD5(${sql})`,
  number: (md5, from) => `CAST(CONV(SUBSTRING(${md5}, ${from}, 15), 16, 10) AS UNSIGNED)`,
  grouped: (sql) => `CAST(${sql} AS BINARY)`,
  shown: unicode,
};
