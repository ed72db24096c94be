import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { scopeFilter } from '#core/connector-kit';
import {
  Datasets,
  indexForSearch,
  Renames,
  type SnapshotChange,
  type SnapshotDifference,
  Snapshots,
} from '#dictionary';
import { AppError, Clock } from '#kernel';
import { type Tx } from '#platform/database';
import { type SourceEntity, Sources } from '#sources';
import { DataSource } from 'typeorm';

import { harvestCompleted } from './harvest-completed.event.js';
import { HarvestWouldRemoveTooMuch } from './harvest.errors.js';
import { nothingReadReason, removesTooMuch, unconfirmed, unlistedReason, unlistedScopes } from './judge.js';
import { type Reading } from './reading.js';
import { type RunEnd, type RunRow, Runs } from './runs.js';
import { ScopeReader } from './scope-reader.js';

/** Carries out a run: reads the source, then brings all that is different into the dictionary in one transaction. */
@Injectable()
export class Reader {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly sources: Sources,
    private readonly runs: Runs,
    private readonly scopes: ScopeReader,
    private readonly snapshots: Snapshots,
    private readonly datasets: Datasets,
    private readonly renames: Renames,
  ) {}

  /** @throws what stopped it; what no repetition mends is noted in the run as well. */
  async carryOut(reading: Reading): Promise<RunRow> {
    const { runId } = reading;
    const source = await this.sources.get(reading.sourceId);
    const at = this.clock.now();
    await this.db.transaction(async (tx) => {
      await this.runs.add(tx, { ...reading, id: runId, at });
      await this.runs.start(tx, runId, at);
    });
    const before = await this.runs.get(runId);
    // A worker can die after the last write and before it says so.
    if (before.state === 'succeeded' || before.state === 'partial') return before;
    try {
      this.sources.refusePaused(source);
      await this.scopes.read(reading, source, before);
      reading.signal.throwIfAborted();
      reading.progress(0.95, 'Comparing with the dictionary');
      await this.apply(reading, source, before);
    } catch (error) {
      if (error instanceof AppError && !reading.signal.aborted) await this.giveUp(reading, error);
      throw error;
    }
    return this.runs.get(runId);
  }

  private async apply(reading: Reading, source: SourceEntity, run: RunRow): Promise<void> {
    const snapshot = { id: run.id, sourceId: source.id };
    const scopes = await this.runs.scopesOf([run.id]);
    const wanted = scopeFilter({
      include: source.include ?? undefined,
      exclude: source.exclude,
      only: run.scopes ?? undefined,
    });
    const known = await this.datasets.scopesOf(source.id);
    const unlisted = unlistedScopes(known, scopes, wanted);
    const gone = run.confirmRemovals ? unlisted.map(({ scope }) => scope) : [];
    const reasons = run.confirmRemovals ? [] : unlisted.map(unlistedReason);
    if (scopes.length + unlisted.length === 0) reasons.push(nothingReadReason(source.name, run.scopes, known));
    const state = reasons.length > 0 || scopes.some(({ complete }) => !complete) ? 'partial' : 'succeeded';
    const read = scopes.reduce((sum, { datasets }) => sum + datasets, 0);
    const endOf = ({ added, changed, vanished }: SnapshotDifference): RunEnd => ({
      ...{ state, reasons, added, changed, vanished },
      unchanged: read - added - changed,
    });
    if (run.dry) {
      await this.db.transaction(async (tx) => {
        const difference = await this.snapshots.compare(tx, snapshot, gone);
        await this.runs.keepDifference(tx, run.id, await this.snapshots.changesOf(tx));
        await this.finish(tx, run, this.clock.now(), endOf(difference));
        await this.snapshots.forgetStaged(tx, source.id);
      });
      return;
    }
    await this.changes.make(reading.actor, async (change) => {
      const difference = await this.snapshots.compare(change.tx, snapshot, gone);
      await this.refuseToRemoveTooMuch(change.tx, source, run, difference);
      const end = endOf(difference);
      await this.finish(change.tx, run, change.at, end);
      const { at, searchable } = await this.snapshots.keep(change.tx, snapshot, change.at);
      if (!searchable) await change.request(indexForSearch, { runId: run.id }, subjectOf(source));
      const partial = difference.vanished > 0 ? await this.runs.partialSince(change.tx, run) : [];
      await this.renames.propose(change.tx, source.id, run.id, at, partial);
      await this.runs.keepDigests(change.tx, run, gone);
      await this.conclude(change, source, run.id, end);
      // Whoever cancels until here finds the catalog as it was.
      reading.signal.throwIfAborted();
    });
  }

  private async refuseToRemoveTooMuch(
    tx: Tx,
    source: SourceEntity,
    run: RunRow,
    { vanished, known }: SnapshotDifference,
  ): Promise<void> {
    if (run.confirmRemovals || !removesTooMuch(vanished, known, source.removalShare)) return;
    const changes = await this.snapshots.changesOf(tx);
    const confirmed = run.confirms === null ? [] : await this.runs.differenceOf(run.confirms);
    const left = unconfirmed(changes, new Set(confirmed.map(({ qualifiedName }) => qualifiedName)));
    if (removesTooMuch(left.length, known, source.removalShare))
      throw new HarvestWouldRemoveTooMuch(source.name, run.id, left.length, known, changes);
  }

  private async finish(tx: Tx, run: RunRow, at: Date, end: RunEnd): Promise<void> {
    if (!(await this.runs.finish(tx, run.id, at, end))) throw new Error('Another worker has finished this run.');
  }

  private async conclude(
    change: Change,
    source: SourceEntity,
    runId: string,
    { state, added, changed, unchanged, vanished }: RunEnd,
  ): Promise<void> {
    const counts = { added, changed, unchanged, vanished };
    await change.record('source.harvested', subjectOf(source), { runId, state, ...counts });
    await change.publish(harvestCompleted, { sourceId: source.id, runId, ...counts });
  }

  private async giveUp({ runId, sourceId }: Reading, error: AppError): Promise<void> {
    const asks = error instanceof HarvestWouldRemoveTooMuch;
    const changes: readonly SnapshotChange[] = asks ? error.changes : [];
    await this.db.transaction(async (tx) => {
      await this.runs.fail(tx, runId, this.clock.now(), asks ? 'needs_confirmation' : 'failed', error);
      await this.runs.keepDifference(tx, runId, changes);
      await this.snapshots.forgetStaged(tx, sourceId);
    });
  }
}

const subjectOf = ({ id, name }: SourceEntity) => ({ kind: 'source', id, name });
