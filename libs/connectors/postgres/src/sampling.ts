import { DEFAULT_SAMPLE_CHARACTERS, quoteIdentifier, type Sample, type SampleCall } from '#core/connector-kit';
import pg from 'pg';

import { FIELDS_OF_ONE } from './catalog-queries.js';

interface FieldOfOne {
  readonly name: string;
  readonly native_type: string;
  readonly kind: string;
  readonly row_estimate: number;
}

// The first rows of a table are its oldest, and often alike. Pages from all over it cost no more.
const MANY_TIMES = 20;

/** Reads some rows as texts. Undefined: there is no such dataset. */
export async function readSample(
  client: pg.ClientBase,
  relation: string,
  { scope, name }: { readonly scope: string; readonly name: string },
  { maxRows, maxCharacters = DEFAULT_SAMPLE_CHARACTERS, fields }: SampleCall,
): Promise<Sample | undefined> {
  const { rows: known } = await client.query<FieldOfOne>(FIELDS_OF_ONE, [scope, name]);
  if (known.length === 0) return undefined;
  const wanted = fields === undefined ? known : known.filter((field) => fields.includes(field.name));
  const limit = Math.max(0, Math.trunc(maxRows));
  const columns = wanted.map((field) => ({ name: field.name, nativeType: field.native_type }));
  if (columns.length === 0 || limit === 0) return { columns, rows: [] };
  const select = `SELECT ${wanted.map((field) => shortened(field, Math.max(1, Math.trunc(maxCharacters)))).join(', ')} FROM ${relation}`;
  const ask = async (sql: string) => {
    const { rows } = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' });
    return rows;
  };
  const [{ kind, row_estimate: estimate }] = known as [FieldOfOne];
  if ('rmp'.includes(kind) && estimate > limit * MANY_TIMES) {
    const percent = Math.min(100, (120 * limit) / estimate);
    const rows = await ask(`${select} TABLESAMPLE SYSTEM (${percent}) REPEATABLE (0) LIMIT ${limit}`);
    // Few rows on few pages: the sample can miss them all.
    if (rows.length > limit / 2) return { columns, rows };
  }
  return { columns, rows: await ask(`${select} LIMIT ${limit}`) };
}

/** The value as text; the server cuts it, so that a document of a gigabyte does not travel. */
function shortened({ name, native_type: type }: FieldOfOne, characters: number): string {
  const field = quoteIdentifier('postgres', name);
  return type === 'bytea'
    ? `'\\x' || encode(substring(${field} FROM 1 FOR ${Math.ceil(characters / 2)}), 'hex')`
    : `left(${field}::text, ${characters})`;
}
