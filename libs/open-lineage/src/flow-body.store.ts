import { Injectable } from '@nestjs/common';
import { type Flow, joinFlows } from '#core/openlineage';
import { preparedRows, rows, type Tx, type Writes } from '#platform/database';

import { FlowCache, flowDigest, keyOfName, type ReadFlow } from './flows.js';
import { type NamesInBatch } from './names.store.js';
import { Recent } from './recent.js';

/** The flows themselves, each kept once by its digest. */
@Injectable()
export class FlowBodies {
  private readonly cache = new FlowCache();
  /** By digest: flows that stand in the table. */
  private readonly stored = new Recent<true>(20_000);
  /** By the digests of two flows, that of both together. */
  private readonly together = new Recent<string>(20_000);

  /** Another process has written, or what was written was taken back. */
  forget(): void {
    this.stored.clear();
    this.release();
  }

  /** A batch is done: what it used need not be held any longer. */
  release(): void {
    this.cache.release();
  }

  /** Gives its digest. */
  put(flow: Flow): string {
    const digest = flowDigest(flow);
    this.cache.put(digest, flow);
    return digest;
  }

  /** Both together; gives the digest. */
  join(a: ReadFlow, b: Flow): string {
    const both = `${flowDigest(a.flow)} ${flowDigest(b)}`;
    const digest = this.together.get(both);
    const known = digest === undefined ? undefined : this.cache.get(digest);
    const joined = this.put(known?.flow ?? joinFlows(a.flow, b));
    this.together.set(both, joined);
    return joined;
  }

  /** One that was put or loaded. */
  get(digest: string): ReadFlow {
    const found = this.cache.get(digest);
    if (!found) throw new Error(`The flow ${digest} is not there.`);
    return found;
  }

  async load(tx: Tx, digests: readonly string[]): Promise<void> {
    const missing = [...new Set(digests)].filter((digest) => !this.cache.get(digest));
    if (missing.length === 0) return;
    const found = await rows<{ digest: string; body: Flow }>(
      tx,
      `SELECT digest, body FROM open_lineage.flow WHERE digest = ANY($1::uuid[])`,
      [missing],
    );
    for (const { digest, body } of found) this.cache.put(digest, body);
  }

  /** Writes those that are not in the table yet, and which jobs have which datasets by them. */
  keep(tx: Tx, writes: Writes, digests: Iterable<string>, names: NamesInBatch): void {
    const fresh = new Map<string, Flow>();
    for (const digest of digests) if (!this.stored.get(digest)) fresh.set(digest, this.get(digest).flow);
    if (fresh.size > 0) {
      writes.add(
        preparedRows(
          tx,
          `
        INSERT INTO open_lineage.flow (digest, body) SELECT * FROM unnest($1::uuid[], $2::json[])
        ON CONFLICT (digest) DO NOTHING
        `,
          [[...fresh.keys()], [...fresh.values()].map((flow) => JSON.stringify(flow))],
        ),
      );
      const pairs = [...fresh.values()].flatMap(({ job, inputs, outputs }) =>
        job ? [...inputs, ...outputs].map((dataset) => [names.keyOf(dataset), keyOfName(job)] as const) : [],
      );
      writes.add(
        preparedRows(
          tx,
          `
        INSERT INTO open_lineage.job_dataset (name_key, job_key) SELECT * FROM unnest($1::uuid[], $2::uuid[])
        ON CONFLICT DO NOTHING
        `,
          [pairs.map(([name]) => name), pairs.map(([, job]) => job)],
        ),
      );
    }
    for (const digest of fresh.keys()) this.stored.set(digest, true);
  }
}
