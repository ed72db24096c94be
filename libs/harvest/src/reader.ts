import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { type HarvestedDataset, scopeFilter } from '#core/connector-kit';
import { Datasets, Snapshots } from '#dictionary';
import { type Actor, AppError, Clock } from '#kernel';
import { type SourceEntity, Sources } from '#sources';
import { DataSource } from 'typeorm';

import { harvestCompleted } from './harvest-completed.event.js';
import { HarvestWouldRemoveTooMuch } from './harvest.errors.js';
import { type ReadScope, removesTooMuch, unlistedReason, unlistedScopes } from './judge.js';
import { type RunRow, Runs } from './runs.js';

/** A harvest in which nothing has happened for so long is not going to end. */
const DEADLINE_MS = 6 * 60 * 60 * 1000;

export interface Reading {
  readonly runId: string;
  readonly sourceId: string;
  readonly confirmRemovals: boolean;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  progress(share: number, message: string): void;
}

/**
 * Carries out a run: reads the source scope by scope and puts each finished scope aside in a transaction of its own, so
 * that a run whose worker died goes on where it was; then brings all of it into the dictionary in one transaction.
 */
@Injectable()
export class Reader {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly sources: Sources,
    private readonly runs: Runs,
    private readonly snapshots: Snapshots,
    private readonly datasets: Datasets,
  ) {}

  /** @throws what stopped it; what no repetition mends is noted in the run as well. */
  async carryOut(reading: Reading): Promise<RunRow> {
    const { runId, sourceId, confirmRemovals } = reading;
    const source = await this.sources.get(sourceId);
    const at = this.clock.now();
    await this.db.transaction(async (tx) => {
      await this.runs.add(tx, { id: runId, sourceId, confirmRemovals, at });
      await this.runs.start(tx, runId, at);
      await this.snapshots.forgetStaged(tx, sourceId, runId);
    });
    const before = await this.runs.get(runId);
    // A worker can die after the last write and before it says so.
    if (before.state === 'succeeded' || before.state === 'partial') return before;
    try {
      await this.read(reading, source);
      reading.signal.throwIfAborted();
      await this.apply(reading, source);
    } catch (error) {
      if (error instanceof AppError && !reading.signal.aborted) await this.giveUp(reading, error);
      throw error;
    }
    return this.runs.get(runId);
  }

  private async read(reading: Reading, source: SourceEntity): Promise<void> {
    const { runId, signal } = reading;
    const done = new Set((await this.runs.scopesOf([runId])).map(({ name }) => name));
    const expected = (await this.datasets.scopesOf(source.id)).length;
    // Names are no globs: one with a star would leave out others, so it is read again and not put aside twice.
    const skipped = [...done].filter((name) => !/[*?]/.test(name));
    const options = { include: source.include ?? undefined, exclude: [...source.exclude, ...skipped] };
    const connection = await this.sources.connect(source.id);
    try {
      let datasets: HarvestedDataset[] = [];
      for await (const part of connection.snapshot(options, { signal, deadlineMs: DEADLINE_MS })) {
        signal.throwIfAborted();
        if (part.part === 'dataset') {
          datasets.push(part.dataset);
          continue;
        }
        const { scope, complete, reasons } = part;
        if (!done.has(scope)) await this.stage(reading, { name: scope, complete, reasons }, datasets);
        done.add(scope);
        const share = 0.9 * (done.size / Math.max(expected, done.size + 1));
        reading.progress(share, `Scope "${scope}": ${datasets.length} datasets read`);
        datasets = [];
      }
    } finally {
      await connection.close();
    }
  }

  private async stage(
    { runId, sourceId }: Reading,
    scope: ReadScope,
    datasets: readonly HarvestedDataset[],
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      const found = { ...scope, datasets: datasets.length };
      if (await this.runs.addScope(tx, runId, found, this.clock.now()))
        await this.snapshots.stage(tx, { id: runId, sourceId }, scope.name, datasets);
    });
  }

  private async apply(reading: Reading, source: SourceEntity): Promise<void> {
    const { runId, sourceId, confirmRemovals, actor, signal } = reading;
    const snapshot = { id: runId, sourceId };
    const scopes = await this.runs.scopesOf([runId]);
    const wanted = scopeFilter({ include: source.include ?? undefined, exclude: source.exclude });
    const unlisted = unlistedScopes(await this.datasets.scopesOf(sourceId), scopes, wanted);
    const complete = scopes.filter((scope) => scope.complete).map(({ name }) => name);
    const gone = confirmRemovals ? unlisted.map(({ scope }) => scope) : [];
    const reasons = confirmRemovals ? [] : unlisted.map(unlistedReason);
    const state = reasons.length > 0 || scopes.some((scope) => !scope.complete) ? 'partial' : 'succeeded';
    reading.progress(0.95, 'Comparing with the dictionary');
    await this.changes.make(actor, async (change) => {
      const difference = await this.snapshots.compare(change.tx, snapshot, [...complete, ...gone]);
      const { added, changed, unchanged, vanished } = difference;
      const counts = { added, changed, unchanged, vanished };
      if (!confirmRemovals && removesTooMuch(difference))
        throw new HarvestWouldRemoveTooMuch(source.name, vanished, difference.known, difference.vanishing);
      if (!(await this.runs.finish(change.tx, runId, change.at, { ...counts, state, reasons })))
        throw new Error('Another worker has finished this run.');
      await this.snapshots.keep(change.tx, snapshot, change.at);
      await this.conclude(change, source, runId, { ...counts, state });
      // Whoever cancels until here finds the catalog as it was.
      signal.throwIfAborted();
    });
  }

  private async conclude(
    change: Change,
    { id, name }: SourceEntity,
    runId: string,
    { state, ...counts }: { state: string; added: number; changed: number; unchanged: number; vanished: number },
  ): Promise<void> {
    await change.record('source.harvested', { kind: 'source', id, name }, { runId, state, ...counts });
    await change.publish(harvestCompleted, { sourceId: id, runId, ...counts });
  }

  private async giveUp({ runId, sourceId }: Reading, { code, message }: AppError): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.runs.fail(tx, runId, this.clock.now(), code, message);
      await this.snapshots.forgetStaged(tx, sourceId, null);
    });
  }
}
