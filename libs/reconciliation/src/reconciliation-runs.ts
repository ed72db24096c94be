import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { type Actor, type Page, type PageRequest } from '#kernel';

import { reconcileDatasets } from './reconcile.job.js';
import { type ReconciliationRun } from './reconciliation-run.js';
import { type ReconciliationRunFilter, ReconciliationRunStore } from './reconciliation-run.store.js';
import { type Reconciliation } from './reconciliation.js';
import { Reconciliations, subjectOf } from './reconciliations.js';

/** Asks for runs of reconciliations, and tells what became of them. */
@Injectable()
export class ReconciliationRuns {
  constructor(
    private readonly changes: Changes,
    private readonly store: ReconciliationRunStore,
    private readonly reconciliations: Reconciliations,
  ) {}

  /** @throws {NotFound} {@link ReconciliationRetired} */
  async ask(actor: Actor, reconciliationId: string): Promise<ReconciliationRun> {
    const found = await this.reconciliations.usable(reconciliationId);
    const id = await this.changes.make(actor, (change) => this.plan(change, found));
    return this.store.get(id);
  }

  /** The run of a due time, planned once however often the time is answered. Its id, or undefined when it was planned before. */
  async whenDue(actor: Actor, reconciliationId: string, dueAt: Date): Promise<string | undefined> {
    const found = await this.reconciliations.usable(reconciliationId);
    try {
      return await this.changes.make(actor, (change) => this.plan(change, found, dueAt));
    } catch (error) {
      if (error instanceof DueTimeTaken) return undefined;
      throw error;
    }
  }

  get(runId: string): Promise<ReconciliationRun> {
    return this.store.get(runId);
  }

  ofIds(runIds: readonly string[]): Promise<ReconciliationRun[]> {
    return this.store.ofIds(runIds);
  }

  latestOf(reconciliationIds: readonly string[]): Promise<ReconciliationRun[]> {
    return this.store.latestOf(reconciliationIds);
  }

  checksOf(...given: Parameters<ReconciliationRunStore['checksOf']>): ReturnType<ReconciliationRunStore['checksOf']> {
    return this.store.checksOf(...given);
  }

  statementsOf(
    ...given: Parameters<ReconciliationRunStore['statementsOf']>
  ): ReturnType<ReconciliationRunStore['statementsOf']> {
    return this.store.statementsOf(...given);
  }

  list(filter: ReconciliationRunFilter, page: PageRequest): Promise<Page<ReconciliationRun>> {
    return this.store.list(filter, page);
  }

  private async plan(change: Change, found: Reconciliation, dueAt?: Date): Promise<string> {
    const { tx, at, actor } = change;
    const { id: reconciliationId, versionId } = found;
    const runId = await this.store.insert(
      tx,
      { reconciliationId, versionId, by: actor.name, ...(dueAt && { dueAt }) },
      at,
    );
    if (runId === undefined) throw new DueTimeTaken();
    const subject = subjectOf(found);
    const jobId = await change.request(reconcileDatasets, { runId }, subject);
    await this.store.setJob(tx, runId, jobId);
    await change.record('reconciliation-run.requested', subject, { runId, jobId, dueAt });
    return runId;
  }
}

/** Takes the transaction of a second answer to a due time back. */
class DueTimeTaken extends Error {}
