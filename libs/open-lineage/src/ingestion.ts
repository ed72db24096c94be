import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { type Actor, Clock, NotFound } from '#kernel';
import { readEvent } from '#core/openlineage';
import { pipelined, preparedRows, row, type Tx, type Writes } from '#platform/database';
import { DataSource } from 'typeorm';

import { type AcceptedEvent } from './accepted-event.js';
import { EdgeWriter } from './edge-writer.js';
import { EventStore } from './event.store.js';
import { FlowStore } from './flow.store.js';
import { namesIn } from './flows.js';
import { NamesOfDatasets } from './names.store.js';
import { RunStore } from './runs.store.js';
import { SubjectStore } from './subjects.store.js';

const nothing = () => undefined;
const subjectOf = (namespace: string) => ({ kind: 'namespace-alias', id: namespace, name: namespace });

/** Keeps events and what they say, one transaction for each batch. */
@Injectable()
export class Ingestion {
  private readonly process = randomUUID();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly events: EventStore,
    private readonly names: NamesOfDatasets,
    private readonly subjects: SubjectStore,
    private readonly runs: RunStore,
    private readonly flows: FlowStore,
    private readonly edges: EdgeWriter,
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
  replay(actor: Actor): Promise<number> {
    return this.audited(actor, async (change, writes) => {
      const events = await this.readAgain(change, writes);
      await change.record(
        'open-lineage.replayed',
        { kind: 'open-lineage', id: 'events', name: 'OpenLineage' },
        { events },
      );
      return events;
    });
  }

  /** Says that two namespaces, both in normal form, are one. */
  alias(
    actor: Actor,
    { namespace, standsFor }: { readonly namespace: string; readonly standsFor: string },
    check: (tx: Tx) => Promise<void>,
  ): Promise<void> {
    return this.audited(actor, async (change) => {
      await check(change.tx);
      await this.names.alias(change.tx, namespace, standsFor, change.at);
      await change.record('open-lineage.alias-added', subjectOf(namespace), { standsFor });
    });
  }

  /**
   * Says no longer that a namespace stands for another: all events are read again, and what they name goes back to where it
   * belongs. Gives what it stood for. @throws {NotFound}
   */
  unalias(actor: Actor, namespace: string): Promise<string> {
    return this.audited(actor, async (change, writes) => {
      const apart = await this.names.unalias(change.tx, namespace);
      if (!apart) throw new NotFound('namespace alias', namespace);
      await this.readAgain(change, writes, apart.scripts);
      await change.record('open-lineage.alias-removed', subjectOf(namespace), { standsFor: apart.standsFor });
      return apart.standsFor;
    });
  }

  /** After a harvest: what the catalog knows now. Gives how many names were found. */
  resolveAgain(): Promise<number> {
    return this.alone((tx, at) => this.names.resolveAgain(tx, at));
  }

  /** @param moved scripts whose edges may lead elsewhere now, though they say the same. */
  private async readAgain({ tx, at }: { tx: Tx; at: Date }, writes: Writes, moved: readonly string[] = []) {
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
    await this.edges.closeAll(tx, moved, at);
    await this.flows.workOutAll(tx, scripts?.ids ?? [], await this.names.of(tx, [], [], at), at);
    return count;
  }

  /** One writer at a time, here and in all processes: a batch reads what it changes, and many batches name the same jobs. */
  private alone<T>(work: (tx: Tx, at: Date, writes: Writes) => Promise<T>): Promise<T> {
    return this.inTurn(() =>
      this.db.transaction(async (tx) => {
        await this.lock(tx);
        return await pipelined(tx, (writes) => work(tx, this.clock.now(), writes));
      }),
    );
  }

  /** The same for what somebody changes. */
  private audited<T>(actor: Actor, work: (change: Change, writes: Writes) => Promise<T>): Promise<T> {
    return this.inTurn(() =>
      this.changes.make(actor, async (change) => {
        await this.lock(change.tx);
        return await pipelined(change.tx, (writes) => work(change, writes));
      }),
    );
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work).catch((error: unknown) => {
      this.forget();
      throw error;
    });
    this.turn = done.then(nothing, nothing);
    return done;
  }

  private async lock(tx: Tx): Promise<void> {
    // As it is once the row is ours, not as it was when we began to wait for it.
    const [last] = await preparedRows<{ process: string | null }>(
      tx,
      `SELECT process FROM open_lineage.writer FOR UPDATE`,
      [],
    );
    if (last?.process === this.process) return;
    this.forget();
    await tx.query(`UPDATE open_lineage.writer SET process = $1`, [this.process]);
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
