import { randomUUID } from 'node:crypto';

import { dictionaryEntities } from '#dictionary';
import { HarvestModule, Reader, type RunRow } from '#harvest';
import { systemActor } from '#kernel';
import { rows } from '#platform/database';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { testContext } from './context.js';
import { cuttingProxy } from './cutting-proxy.js';

/** What became of harvests whose connection was cut. */
export interface CutHarvests {
  /** Before the cuts, and after them. */
  readonly first: RunRow;
  readonly last: RunRow;
  /** How each cut one ended: its state, or the code of what stopped it. */
  readonly ends: readonly string[];
  /** The places, in bytes from the source, after which the history was not what it was before. */
  readonly changedAt: readonly number[];
  /** Datasets that were put aside and never kept or forgotten. */
  readonly leftStaged: number;
}

export interface CutSource {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>> & { readonly host: string; readonly port: number };
  readonly include?: readonly string[];
}

/** Harvests a source that does not change, with the connection cut at so many places, spread at random over all that the source sends. */
export async function cutHarvests({ kind, settings, include }: CutSource, cuts: number): Promise<CutHarvests> {
  const actor = systemActor('engineer');
  const context = await testContext([SourcesModule, HarvestModule], [...sourcesEntities, ...dictionaryEntities]);
  const proxy = await cuttingProxy(settings.host, settings.port);
  try {
    const db = context.app.get(DataSource);
    const { id: sourceId } = await context.app.get(Sources).register(actor, {
      ...{ name: 'cut', kind, settings: { ...settings, host: '127.0.0.1', port: proxy.port } },
      // Nothing shall be held back by the share either: what keeps the rows is that no scope was read to its end.
      ...{
        include: include ?? null,
        exclude: [],
        description: '',
        owner: '',
        domain: '',
        environment: '',
        removalShare: 1,
      },
    });
    const harvest = () =>
      context.app.get(Reader).carryOut({
        ...{ runId: randomUUID(), sourceId, actor, readAll: true },
        ...{ signal: new AbortController().signal, progress: () => undefined },
      });
    const history = async () =>
      JSON.stringify(
        await rows(db, `SELECT to_jsonb(validity) AS row FROM dictionary.schema_validity AS validity ORDER BY id`, []),
      );
    const first = await harvest();
    const before = await history();
    const whole = proxy.passed;
    const ends: string[] = [];
    const changedAt: number[] = [];
    for (let cut = 0; cut < cuts; cut++) {
      const place = Math.floor(((cut + Math.random()) / cuts) * whole);
      proxy.cutAfter(place);
      ends.push(
        await harvest().then(
          ({ state }) => state,
          (error: { code?: string }) => error.code ?? String(error),
        ),
      );
      if ((await history()) !== before) changedAt.push(place);
    }
    proxy.cutAfter(Infinity);
    const last = await harvest();
    if ((await history()) !== before) changedAt.push(Infinity);
    const staged = await rows(db, 'SELECT 1 FROM dictionary.staged_dataset', []);
    return { first, last, ends, changedAt, leftStaged: staged.length };
  } finally {
    await context.stop();
    await proxy.close();
  }
}
