import { type TypeFamily } from '#core/connector-kit';

/** What information_schema.COLUMNS says about a column's type. */
export interface CatalogType {
  /** DATA_TYPE, for instance `int`. */
  readonly dataType: string;
  /** COLUMN_TYPE, for instance `int(11) unsigned`. */
  readonly nativeType: string;
  /** MariaDB's JSON is text that a check keeps valid. */
  readonly isJson: boolean;
  readonly length: number | null;
  readonly digits: number | null;
  readonly scale: number | null;
  readonly fraction: number | null;
}

const FAMILIES: Readonly<Record<string, TypeFamily>> = {
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  enum: 'text',
  set: 'text',
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'integer',
  bit: 'integer',
  decimal: 'decimal',
  float: 'float',
  double: 'float',
  date: 'date',
  time: 'time',
  // A DATETIME is what a clock showed; a TIMESTAMP is a point in time, shown in the session's zone.
  datetime: 'timestamp',
  timestamp: 'timestamptz',
  binary: 'binary',
  varbinary: 'binary',
  tinyblob: 'binary',
  blob: 'binary',
  mediumblob: 'binary',
  longblob: 'binary',
  json: 'json',
  uuid: 'uuid',
};

export function typeFamily({ dataType, nativeType, isJson }: CatalogType): TypeFamily {
  const type = dataType.toLowerCase();
  if (isJson) return 'json';
  // BOOLEAN is another name of tinyint(1), and nothing tells the two apart; drivers take both for truth values.
  if (type === 'tinyint' && /^tinyint\(1\)$/i.test(nativeType)) return 'boolean';
  return FAMILIES[type] ?? 'other';
}

export function typeLimits({ dataType, length, digits, scale, fraction }: CatalogType): {
  length?: number;
  precision?: number;
  scale?: number;
} {
  switch (dataType.toLowerCase()) {
    // The TEXT types have a limit in bytes, which says little about characters.
    case 'char':
    case 'varchar':
      return length === null ? {} : { length };
    case 'decimal':
      return digits === null || scale === null ? {} : { precision: digits, scale };
    case 'time':
    case 'datetime':
    case 'timestamp':
      return fraction === null ? {} : { precision: fraction };
    default:
      return {};
  }
}
