import mysql, { type FieldPacket } from 'mysql2';

import { type Cell } from '#core/connector-kit';

const { Types } = mysql;

/** Numbers that JavaScript holds exactly. */
const SMALL: readonly (number | undefined)[] = [Types.TINY, Types.SHORT, Types.INT24, Types.LONG, Types.YEAR];
const FLOATS: readonly (number | undefined)[] = [Types.FLOAT, Types.DOUBLE];
const STRINGS: readonly (number | undefined)[] = [
  ...[Types.VARCHAR, Types.VAR_STRING, Types.STRING, Types.GEOMETRY],
  ...[Types.TINY_BLOB, Types.MEDIUM_BLOB, Types.LONG_BLOB, Types.BLOB],
];

/** The number of the character set "none": bytes. */
const BYTES = 63;

const NAMES: Readonly<Record<number, string>> = {
  [Types.TINY]: 'tinyint',
  [Types.SHORT]: 'smallint',
  [Types.INT24]: 'mediumint',
  [Types.LONG]: 'int',
  [Types.LONGLONG]: 'bigint',
  [Types.DECIMAL]: 'decimal',
  [Types.NEWDECIMAL]: 'decimal',
  [Types.FLOAT]: 'float',
  [Types.DOUBLE]: 'double',
  [Types.BIT]: 'bit',
  [Types.YEAR]: 'year',
  [Types.DATE]: 'date',
  [Types.NEWDATE]: 'date',
  [Types.TIME]: 'time',
  [Types.DATETIME]: 'datetime',
  [Types.TIMESTAMP]: 'timestamp',
  [Types.JSON]: 'json',
  [Types.GEOMETRY]: 'geometry',
  [Types.NULL]: 'null',
};

const isBytes = (field: FieldPacket): boolean =>
  STRINGS.includes(field.columnType) && (field.characterSet === BYTES || field.columnType === Types.GEOMETRY);

export function nativeTypeOf(field: FieldPacket): string {
  const known = NAMES[field.columnType ?? -1];
  return known ?? (isBytes(field) ? 'binary' : 'varchar');
}

/** Reads a value, which the server wrote as text, as a {@link Cell}: what JavaScript would round stays text. */
export function cellOf(bytes: Buffer | null, field: FieldPacket): Cell {
  if (bytes === null) return null;
  const type = field.columnType;
  if (type === Types.BIT) return BigInt(`0x${bytes.toString('hex') || '0'}`).toString();
  if (isBytes(field)) return `\\x${bytes.toString('hex')}`;
  const text = bytes.toString('utf8');
  // tinyint(1) is what BOOLEAN becomes.
  if (type === Types.TINY && field.columnLength === 1 && (text === '0' || text === '1')) return text === '1';
  if (SMALL.includes(type) || FLOATS.includes(type)) return Number(text);
  // The session's zone is UTC. The date without a day, 0000-00-00, is in no zone.
  return type === Types.TIMESTAMP && !text.startsWith('0000') ? `${text}+00` : text;
}
