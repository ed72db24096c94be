import { type Dialect } from '#core/connector-kit';

import { toDecimal } from '../exact.js';
import { type TypedValue } from '../typed-values.js';

/** Where dialects differ. The type in which a bound parameter, which travels as text, becomes a value. */
export interface SqlDialect {
  readonly text: string;
  typeOf(value: TypedValue): string;
}

const MAX_INT64 = 2n ** 63n - 1n;

const fitsInt64 = (text: string): boolean => {
  const decimal = toDecimal(text);
  if (decimal === undefined || decimal.scale > 0) return false;
  return decimal.units <= MAX_INT64 && decimal.units >= -MAX_INT64;
};

const postgres: SqlDialect = {
  text: 'text',
  typeOf(value) {
    switch (value.family) {
      case 'integer':
        // As numeric it would turn every value of the column into a numeric first.
        return fitsInt64(value.text) ? 'bigint' : 'numeric';
      case 'decimal':
        return 'numeric';
      case 'float':
        return value.single === true ? 'real' : 'double precision';
      case 'boolean':
        return 'boolean';
      case 'date':
        return 'date';
      case 'time':
        return 'time';
      case 'timestamp':
        return 'timestamp';
      case 'timestamptz':
        return 'timestamp with time zone';
      case 'uuid':
        return 'uuid';
      case 'text':
      case 'other':
      case 'binary':
      case 'json':
      case 'array':
        return 'text';
      default:
        return value.family satisfies never;
    }
  },
};

const duckdb: SqlDialect = {
  text: 'VARCHAR',
  typeOf(value) {
    switch (value.family) {
      case 'integer':
        return fitsInt64(value.text) ? 'BIGINT' : exactDecimal(value.text);
      case 'decimal':
        return exactDecimal(value.text);
      case 'float':
        return value.single === true ? 'FLOAT' : 'DOUBLE';
      case 'boolean':
        return 'BOOLEAN';
      case 'date':
        return 'DATE';
      case 'time':
        return 'TIME';
      case 'timestamp':
        return 'TIMESTAMP';
      case 'timestamptz':
        return 'TIMESTAMP WITH TIME ZONE';
      case 'uuid':
        return 'UUID';
      case 'text':
      case 'other':
      case 'binary':
      case 'json':
      case 'array':
        return 'VARCHAR';
      default:
        return value.family satisfies never;
    }
  },
};

/** DuckDB's DECIMAL alone has three digits after the point; the literal's own digits decide. */
function exactDecimal(text: string): string {
  const digits = text.replace(/[-.]/g, '').replace(/^0+(?=\d)/, '').length;
  const scale = toDecimal(text)?.scale ?? 0;
  return `DECIMAL(${Math.max(digits, scale, 1)}, ${scale})`;
}

export const SQL_DIALECTS: Readonly<Record<Dialect, SqlDialect>> = { postgres, duckdb };
