import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { readEvent } from '#core/openlineage';
import { pipelined, preparedRows, row, type Tx, type Writes } from '#platform/database';
import { DataSource } from 'typeorm';

import { type AcceptedEvent } from './accepted-event.js';
import { EventStore } from './event.store.js';
import { FlowStore, namesIn } from './flow.store.js';
import { NamesOfDatasets } from './names.store.js';
import { RunStore } from './runs.store.js';
import { SubjectStore } from './subjects.store.js';

type Work<T> = (tx: Tx, at: Date, writes: Writes) => Promise<T>;

const nothing = () => undefined;

/** Keeps events and what they say, one transaction for each batch. */
@Injectable()
export class Ingestion {
  private readonly process = randomUUID();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly events: EventStore,
    private readonly names: NamesOfDatasets,
    private readonly subjects: SubjectStore,
    private readonly runs: RunStore,
    private readonly flows: FlowStore,
  ) {}

  /** Those that are known already change nothing. Gives how many were new. */
  keep(events: readonly AcceptedEvent[]): Promise<number> {
    return this.alone(async (tx, at, writes) => {
      // What was known already says nothing new when it is added up again.
      const kept = this.events.keep(tx, events, at);
      writes.add(kept);
      await this.apply(tx, events, at, writes);
      return kept;
    });
  }

  /**
   * Reads all stored events again, as this version understands them, and corrects the edges where it understands them
   * differently. Gives how many events were read.
   */
  replay(): Promise<number> {
    return this.alone(async (tx, at, writes) => {
      await tx.query(`DELETE FROM open_lineage.observation`);
      await tx.query(`DELETE FROM open_lineage.dropped`);
      this.forget();
      let [last, count]: [string | null, number] = [null, 0];
      for (;;) {
        const page: Awaited<ReturnType<EventStore['after']>> = await this.events.after(tx, last, 500);
        last = page.at(-1)?.id ?? null;
        if (last === null) break;
        count += page.length;
        const read = page.flatMap(({ body, receivedAt }) => {
          const event = readEvent(body, 'lenient', receivedAt);
          return 'refused' in event ? [] : [{ digest: '', facts: event.facts, body: '', remarks: [] }];
        });
        await this.apply(tx, read, at, writes, { edges: false });
        await writes.done();
      }
      const scripts = await row<{ ids: string[] }>(
        tx,
        `SELECT coalesce(array_agg(id ORDER BY id), '{}') AS ids FROM lineage.script WHERE origin IN ('declared', 'observed')`,
      );
      await this.flows.workOutAll(tx, scripts?.ids ?? [], await this.names.of(tx, [], [], at), at);
      return count;
    });
  }

  /** Says that two namespaces, both in normal form, are one. */
  alias(namespace: string, standsFor: string): Promise<void> {
    return this.alone((tx, at) => this.names.alias(tx, namespace, standsFor, at));
  }

  /** After a harvest: what the catalog knows now. Gives how many names were found. */
  resolveAgain(): Promise<number> {
    return this.alone((tx, at) => this.names.resolveAgain(tx, at));
  }

  /** One writer at a time, here and in all processes: a batch reads what it changes, and many batches name the same jobs. */
  private alone<T>(work: Work<T>): Promise<T> {
    const done = this.turn.then(() => this.inTurn(work));
    this.turn = done.then(nothing, nothing);
    return done;
  }

  private async inTurn<T>(work: Work<T>): Promise<T> {
    try {
      return await this.db.transaction(async (tx) => {
        // As it is once the row is ours, not as it was when we began to wait for it.
        const [last] = await preparedRows<{ process: string | null }>(
          tx,
          `SELECT process FROM open_lineage.writer FOR UPDATE`,
          [],
        );
        if (last?.process !== this.process) {
          this.forget();
          await tx.query(`UPDATE open_lineage.writer SET process = $1`, [this.process]);
        }
        return await pipelined(tx, (writes) => work(tx, this.clock.now(), writes));
      });
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  private forget(): void {
    for (const store of [this.names, this.subjects, this.runs, this.flows]) store.forget();
  }

  private async apply(
    tx: Tx,
    events: readonly AcceptedEvent[],
    at: Date,
    writes: Writes,
    { edges }: { edges: boolean } = { edges: true },
  ): Promise<void> {
    if (events.length === 0) return;
    const flows = new Set(events.map(({ facts }) => facts.flow));
    const named = [
      ...events.flatMap(({ facts }) =>
        facts.datasets.flatMap((one) => (one.lifecycle?.previous ? [one, one.lifecycle.previous] : [one])),
      ),
      ...[...flows].flatMap((flow) => namesIn(flow)),
    ];
    const withSymlinks = events.flatMap(({ facts }) => facts.datasets.filter(({ symlinks }) => symlinks.length > 0));
    const names = await this.names.of(tx, named, withSymlinks, at);
    const jobs = await this.subjects.jobs(tx, writes, events, at);
    const datasets = await this.subjects.datasets(tx, writes, events, names, at);
    const runs = await this.runs.add(tx, writes, events);
    await this.flows.add(tx, writes, { events, jobs, datasets, runs, names, at }, edges);
  }
}
