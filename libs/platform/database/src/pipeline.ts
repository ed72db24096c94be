import { type PoolClient } from 'pg';

import { type Tx } from './database.js';

const nothing = () => undefined;

/**
 * Writes of one transaction that nobody waits for one by one: they are sent as they come, and the server works on one while the
 * next is put together.
 *
 * @example
 * await pipelined(tx, async (writes) => {
 *   writes.add(preparedRows(tx, `INSERT …`, []));
 *   writes.add(preparedRows(tx, `UPDATE …`, [])); // not tx.query: it takes another way, which may be longer
 * }); // both are done, or this throws what the first that failed threw
 */
export class Writes {
  private readonly sent: Promise<unknown>[] = [];

  add(write: Promise<unknown>): void {
    // Told by done(); until then a failure is no unhandled one.
    write.catch(nothing);
    this.sent.push(write);
  }

  async done(): Promise<void> {
    // In their order: when one fails, those after it only say that the transaction is broken.
    for (const write of this.sent) await write;
  }
}

const isConsequence = (error: unknown): boolean => (error as { code?: unknown }).code === '25P02';

/** Some work whose statements do not wait for each other's answers on their way. */
export async function pipelined<T>(tx: Tx, work: (writes: Writes) => Promise<T>): Promise<T> {
  const client = (await tx.queryRunner?.connect()) as (PoolClient & { pipeline: boolean }) | undefined;
  if (!client) throw new Error('Statements are pipelined in transactions only.');
  const writes = new Writes();
  client.pipeline = true;
  try {
    const result = await work(writes);
    await writes.done();
    return result;
  } catch (error) {
    // What failed first made all others fail by "the transaction is aborted".
    if (!isConsequence(error)) await writes.done().catch(nothing);
    else await writes.done();
    throw error;
  } finally {
    client.pipeline = false;
  }
}
