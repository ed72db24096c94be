import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Cell } from './core-tables.js';

const CHUNK = 64 * 1024;

export interface CopyTarget {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

type Row = readonly Cell[];

/** Streams rows into a table; never holds more than a chunk of them. */
export const copyRows = (client: pg.Client, target: CopyTarget, rows: Iterable<Row>, signal?: AbortSignal) =>
  copyChunks(client, target, chunksOf(rows), signal);

/** The same for rows that arrive in batches. */
export const copyBatches = (
  client: pg.Client,
  target: CopyTarget,
  batches: AsyncIterable<Iterable<Row>>,
  signal?: AbortSignal,
) => copyChunks(client, target, chunksOfBatches(batches), signal);

async function copyChunks(
  client: pg.Client,
  target: CopyTarget,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  signal?: AbortSignal,
): Promise<void> {
  const columns = target.columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  const table = `${pg.escapeIdentifier(target.schema)}.${pg.escapeIdentifier(target.table)}`;
  const into = client.query(copyFrom(`COPY ${table} (${columns}) FROM STDIN`));
  await pipeline(Readable.from(chunks, { objectMode: false }), into, { signal });
}

async function* chunksOfBatches(batches: AsyncIterable<Iterable<Row>>): AsyncIterable<Buffer> {
  for await (const batch of batches) yield* chunksOf(batch);
}

function* chunksOf(rows: Iterable<Row>): Iterable<Buffer> {
  let text = '';
  for (const row of rows) {
    text += `${row.map(cellText).join('\t')}\n`;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function cellText(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell !== 'string') return String(cell);
  return /[\\\t\n\r]/.test(cell)
    ? cell.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
    : cell;
}
