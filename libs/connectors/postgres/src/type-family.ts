import { type TypeFamily } from '#core/connector-kit';

/** What pg_type and pg_attribute say about a column's type; a domain is described by the type under it. */
export interface CatalogType {
  /** pg_type.typname of the base type. */
  readonly typeName: string;
  /** The column is an array, or an array lies under its domain. */
  readonly isArray: boolean;
  /** atttypmod, or the domain's; -1 for none. */
  readonly typeModifier: number;
}

const FAMILIES: Readonly<Record<string, TypeFamily>> = {
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  char: 'text',
  name: 'text',
  citext: 'text',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  oid: 'integer',
  numeric: 'decimal',
  // Money is text to every comparison with a number; it is what its users least expect, so it stays "other".
  money: 'other',
  float4: 'float',
  float8: 'float',
  bool: 'boolean',
  date: 'date',
  time: 'time',
  timetz: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  bytea: 'binary',
  json: 'json',
  jsonb: 'json',
  uuid: 'uuid',
};

export function typeFamily({ typeName, isArray }: CatalogType): TypeFamily {
  return isArray ? 'array' : (FAMILIES[typeName] ?? 'other');
}

/** Length, precision and scale, which PostgreSQL packs into one number. */
export function typeLimits({ typeName, typeModifier, isArray }: CatalogType): {
  length?: number;
  precision?: number;
  scale?: number;
} {
  if (isArray || typeModifier < 0) return {};
  switch (typeName) {
    case 'varchar':
    case 'bpchar':
      return { length: typeModifier - 4 };
    case 'numeric': {
      const packed = typeModifier - 4;
      // Since version 15 the scale may be negative: eleven bits, two's complement.
      return { precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 0x400) - 0x400 };
    }
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamptz':
      return { precision: typeModifier };
    default:
      return {};
  }
}
