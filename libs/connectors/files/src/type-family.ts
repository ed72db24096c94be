import { type TypeFamily } from '#core/connector-kit';

const FAMILIES: Readonly<Record<string, TypeFamily>> = {
  VARCHAR: 'text',
  ENUM: 'text',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  BIGINT: 'integer',
  HUGEINT: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'integer',
  UBIGINT: 'integer',
  UHUGEINT: 'integer',
  DECIMAL: 'decimal',
  FLOAT: 'float',
  DOUBLE: 'float',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIME: 'time',
  'TIME WITH TIME ZONE': 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  BLOB: 'binary',
  JSON: 'json',
  STRUCT: 'json',
  MAP: 'json',
  UNION: 'json',
  VARIANT: 'json',
  UUID: 'uuid',
};

/** The family of a type as DuckDB writes it: `DECIMAL(18,2)`, `STRUCT(a INTEGER)`, `VARCHAR[]`. */
export function typeFamily(nativeType: string): TypeFamily {
  if (nativeType.endsWith(']')) return 'array';
  return FAMILIES[nativeType.replace(/\(.*$/s, '')] ?? 'other';
}

/** Precision and scale of a DECIMAL. */
export function typeLimits(nativeType: string): { precision?: number; scale?: number } {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(nativeType);
  return decimal === null ? {} : { precision: Number(decimal[1]), scale: Number(decimal[2]) };
}
