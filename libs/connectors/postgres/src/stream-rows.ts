import { type Duplex } from 'node:stream';

import pg from 'pg';

// Rows that wait for their reader before the server has to wait.
const ENOUGH_BYTES = 256 * 1024;

/**
 * The only column of a statement, as text, some rows at a time. Whoever reads slowly makes the server wait. What came before an
 * error is given before the error is thrown.
 */
export async function* streamRows(client: pg.ClientBase, sql: string): AsyncGenerator<string[], void, undefined> {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Duplex } }).connection;
  let waiting: string[] = [];
  let bytes = 0;
  let end: { readonly error?: Error } | undefined;
  let wake: () => void = () => undefined;
  const query = client.query(new pg.Query<[string]>({ text: sql, rowMode: 'array' } as pg.QueryConfig));
  query.on('row', ([text]: [string]) => {
    waiting.push(text);
    bytes += text.length;
    if (bytes >= ENOUGH_BYTES) stream.pause();
    wake();
  });
  query.on('end', () => {
    end ??= {};
    wake();
  });
  query.on('error', (error) => {
    end ??= { error };
    wake();
  });
  for (;;) {
    if (waiting.length === 0 && end === undefined)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    const batch = waiting;
    waiting = [];
    bytes = 0;
    stream.resume();
    if (batch.length > 0) yield batch;
    else if (end !== undefined) break;
  }
  if (end.error !== undefined) throw end.error;
}
