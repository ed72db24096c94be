import { DEFAULT_SAMPLE_CHARACTERS, quoteIdentifier, type Sample, type SampleCall } from '#core/connector-kit';

import { FIELDS_OF_ONE } from './catalog-queries.js';
import { type Session } from './mysql-sessions.js';
import { literalOf } from './parameters.js';

interface FieldOfOne {
  readonly scope: string;
  readonly dataset: string;
  readonly name: string;
  readonly data_type: string;
  readonly native_type: string;
}

/** Reads the first rows as texts. Undefined: there is no such dataset, or nothing of it may be seen. */
export async function readSample(
  session: Session,
  relation: string,
  { scope, name }: { readonly scope: string; readonly name: string },
  { maxRows, maxCharacters = DEFAULT_SAMPLE_CHARACTERS, fields }: SampleCall,
): Promise<Sample | undefined> {
  const known = await session.ask<FieldOfOne>(
    FIELDS_OF_ONE.replace(':scope', literalOf(scope)).replace(':name', literalOf(name)),
  );
  // information_schema compares without case. Where the server does too, there is one spelling only.
  const exact = known.filter((row) => row.scope === scope && row.dataset === name);
  const found = exact.length > 0 ? exact : known;
  if (found.length === 0) return undefined;
  const wanted = fields === undefined ? found : found.filter((field) => fields.includes(field.name));
  const columns = wanted.map((field) => ({ name: field.name, nativeType: field.native_type }));
  const limit = Math.max(0, Math.trunc(maxRows));
  if (columns.length === 0 || limit === 0) return { columns, rows: [] };
  const select = wanted.map((field) => shortened(field, Math.max(1, Math.trunc(maxCharacters))));
  const { rows } = await session.cells(`SELECT ${select.join(', ')} FROM ${relation} LIMIT ${limit}`);
  return { columns, rows: rows.map((row) => row.map((cell) => cell?.toString('utf8') ?? null)) };
}

/** The value as text; the server cuts it, so that a document of a gigabyte does not travel. */
function shortened({ name, data_type: type }: FieldOfOne, characters: number): string {
  const field = quoteIdentifier('mysql', name);
  const kind = type.toLowerCase();
  if (/(?:binary|blob)$/.test(kind)) return `CONCAT('\\\\x', LOWER(HEX(LEFT(${field}, ${Math.ceil(characters / 2)}))))`;
  if (/^(?:geometry|point|linestring|polygon|multi.*|geom.*)$/.test(kind))
    return `LEFT(ST_AsText(${field}), ${characters})`;
  if (kind === 'bit') return `CAST(${field} + 0 AS CHAR)`;
  return /(?:char|text)$/.test(kind) ? `LEFT(${field}, ${characters})` : `LEFT(CAST(${field} AS CHAR), ${characters})`;
}
