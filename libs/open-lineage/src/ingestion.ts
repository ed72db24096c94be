import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { nameKeyOf, readEvent } from '#core/openlineage';
import { row, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { type AcceptedEvent } from './accepted-event.js';
import { EventStore } from './event.store.js';
import { FlowStore, namesIn } from './flow.store.js';
import { NamesOfDatasets } from './names.store.js';
import { SubjectStore } from './subjects.store.js';

/** Keeps events and what they say, one transaction for each batch. */
@Injectable()
export class Ingestion {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly events: EventStore,
    private readonly names: NamesOfDatasets,
    private readonly subjects: SubjectStore,
    private readonly flows: FlowStore,
  ) {}

  /** Those that are known already change nothing. Gives how many were new. */
  keep(events: readonly AcceptedEvent[]): Promise<number> {
    return this.alone(async (tx, at) => {
      const kept = await this.events.keep(tx, events, at);
      const fresh = events.filter(({ digest }) => kept.delete(digest));
      await this.apply(tx, fresh, at);
      return fresh.length;
    });
  }

  /**
   * Reads all stored events again, as this version understands them, and corrects the edges where it understands them
   * differently. Gives how many events were read.
   */
  replay(): Promise<number> {
    return this.alone(async (tx, at) => {
      await tx.query(`DELETE FROM open_lineage.observation`);
      await tx.query(`DELETE FROM open_lineage.dropped`);
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
        await this.apply(tx, read, at, { edges: false });
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

  // One writer at a time, in any process: a batch reads what it changes, and many batches name the same jobs.
  private alone<T>(work: (tx: Tx, at: Date) => Promise<T>): Promise<T> {
    return this.db.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('open_lineage', 0))`);
      return work(tx, this.clock.now());
    });
  }

  private async apply(
    tx: Tx,
    events: readonly AcceptedEvent[],
    at: Date,
    { edges }: { edges: boolean } = { edges: true },
  ): Promise<void> {
    if (events.length === 0) return;
    const named = new Map(
      events
        .flatMap(({ facts }) => [
          ...facts.datasets,
          ...facts.datasets.flatMap(({ lifecycle }) => (lifecycle?.previous ? [lifecycle.previous] : [])),
          ...namesIn(facts.flow),
        ])
        .map((name) => [nameKeyOf(name), name]),
    );
    const withSymlinks = events.flatMap(({ facts }) => facts.datasets.filter(({ symlinks }) => symlinks.length > 0));
    const names = await this.names.of(tx, [...named.values()], withSymlinks, at);
    const jobs = await this.subjects.jobs(tx, events, at);
    const datasets = await this.subjects.datasets(tx, events, names, at);
    const runs = await this.subjects.runs(tx, events);
    await this.flows.add(tx, { events, jobs, datasets, runs, names, at }, edges);
  }
}
