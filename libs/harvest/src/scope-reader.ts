import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import {
  type Call,
  type Connection,
  type HarvestedDataset,
  type HarvestedRoutine,
  type SnapshotOptions,
  type SnapshotPart,
} from '#core/connector-kit';
import { type KnownDataset, type KnownRoutine, type Snapshot, Snapshots, SnapshotSieve } from '#dictionary';
import { AppError, Clock } from '#kernel';
import { version } from '#platform/config';
import { type SourceEntity, Sources } from '#sources';
import { DataSource } from 'typeorm';

import { judgeMissing, unseenReason } from './judge.js';
import { type Reading } from './reading.js';
import { type RunRow, Runs } from './runs.js';

/** A harvest in which nothing has happened for so long is not going to end. */
const DEADLINE_MS = 6 * 60 * 60 * 1000;
/** An unchanged scope is read again after so long: its digest does not tell of sizes. */
const READ_AGAIN_AFTER_MS = 7 * 24 * 60 * 60 * 1000;
/** What is put aside at once: so many datasets, or so many fields. */
const BATCH = { datasets: 200, fields: 4_000 } as const;

/**
 * Reads a source scope by scope for a run. What the dictionary has just so is not written down; what is different is
 * put aside in small transactions, and each finished scope is noted, so that a run whose worker died goes on where it was.
 */
@Injectable()
export class ScopeReader {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly sources: Sources,
    private readonly runs: Runs,
    private readonly snapshots: Snapshots,
  ) {}

  async read(reading: Reading, source: SourceEntity, run: RunRow): Promise<void> {
    const done = new Set((await this.runs.scopesOf([run.id])).map(({ name }) => name));
    await this.db.transaction((tx) =>
      this.snapshots.forgetStaged(tx, source.id, { snapshotId: run.id, scopes: [...done] }),
    );
    const known = await this.snapshots.known(this.db.manager, source.id);
    const routines = await this.snapshots.knownRoutines(this.db.manager, source.id);
    const connection = await this.sources.connect(source.id);
    try {
      const options: SnapshotOptions = {
        include: source.include ?? undefined,
        exclude: source.exclude,
        only: run.scopes ?? undefined,
        skip: [...done],
      };
      const call = { signal: reading.signal, deadlineMs: DEADLINE_MS };
      const digests = await this.digests(connection, source, options, call);
      const unchanged = run.readAll ? [] : await this.skipUnchanged(run, digests, known);
      const scopes = new ScopesOfRun(this.db, this.clock, this.runs, this.snapshots, reading, digests, known, routines);
      for (const name of [...done, ...unchanged]) scopes.done.add(name);
      await scopes.read(connection.snapshot({ ...options, skip: [...scopes.done] }, call));
    } finally {
      await connection.close();
    }
  }

  /** The source's digests of its scopes; none when it makes none, or cannot. */
  private async digests(
    connection: Connection,
    { kind, settings }: SourceEntity,
    options: SnapshotOptions,
    call: Call,
  ): Promise<ReadonlyMap<string, string>> {
    try {
      const found = (await connection.scopeDigests?.(options, call)) ?? new Map<string, string>();
      // Other settings, or a newer Plumbline, read other things out of the same source.
      const salt = JSON.stringify([version, kind, settings]);
      const salted = (digest: string) => createHash('sha256').update(`${salt} ${digest}`).digest('hex');
      return new Map([...found].map(([scope, digest]) => [scope, salted(digest)]));
    } catch (error) {
      // Reading will say what is wrong, and where.
      if (error instanceof AppError && !call.signal.aborted) return new Map();
      throw error;
    }
  }

  /** Notes scopes as read that are as they were; gives their names. */
  private async skipUnchanged(
    { id, sourceId }: RunRow,
    digests: ReadonlyMap<string, string>,
    known: ReadonlyMap<string, KnownDataset>,
  ): Promise<string[]> {
    const since = new Date(this.clock.now().getTime() - READ_AGAIN_AFTER_MS);
    const kept = await this.runs.digestsOf(sourceId, since);
    const unchanged = [...digests].filter(([scope, digest]) => kept.get(scope) === digest);
    if (unchanged.length === 0) return [];
    const counts = new Map<string, number>();
    for (const { scope } of known.values()) counts.set(scope, (counts.get(scope) ?? 0) + 1);
    const at = this.clock.now();
    await this.db.transaction(async (tx) => {
      for (const [name, digest] of unchanged)
        await this.runs.addScope(
          tx,
          id,
          { name, complete: true, reasons: [], datasets: counts.get(name) ?? 0, digest, skipped: true },
          at,
        );
    });
    return unchanged.map(([scope]) => scope);
  }
}

type ScopePart = Extract<SnapshotPart, { readonly part: 'scope' }>;

/** The scopes of one run on their way from the source. */
class ScopesOfRun {
  readonly done = new Set<string>();
  private readonly sieve: SnapshotSieve;
  private readonly expected: number;
  private readonly snapshot: Snapshot;
  private batch: ReturnType<SnapshotSieve['take']>[] = [];
  private routines: ReturnType<SnapshotSieve['takeRoutine']>[] = [];
  private fields = 0;
  private datasets = 0;
  private twice: string[] = [];
  /** What is being put aside while the source goes on sending. */
  private putAside: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly runs: Runs,
    private readonly snapshots: Snapshots,
    private readonly reading: Reading,
    private readonly digests: ReadonlyMap<string, string>,
    known: ReadonlyMap<string, KnownDataset>,
    knownRoutines: ReadonlyMap<string, KnownRoutine>,
  ) {
    this.sieve = new SnapshotSieve(known, knownRoutines);
    this.expected = new Set([...known.values()].map(({ scope }) => scope)).size;
    this.snapshot = { id: reading.runId, sourceId: reading.sourceId };
  }

  async read(parts: ReturnType<Connection['snapshot']>): Promise<void> {
    try {
      for await (const part of parts) await this.takePart(part);
    } finally {
      // Nothing is written any more when this is over, however it ends.
      await this.putAside.catch(() => undefined);
    }
  }

  private async takePart(part: SnapshotPart): Promise<void> {
    this.reading.signal.throwIfAborted();
    switch (part.part) {
      case 'dataset':
        return this.take(part.dataset);
      case 'routine':
        return this.takeRoutine(part.routine);
      case 'scope':
        return this.close(part);
      default:
        part satisfies never;
    }
  }

  private async take(dataset: HarvestedDataset): Promise<void> {
    if (this.sieve.hasSeen(dataset)) {
      this.twice.push(dataset.qualifiedName);
      return;
    }
    this.datasets += 1;
    const { db, snapshot } = this;
    if (dataset.incomplete && (await this.snapshots.wouldLose(db.manager, snapshot.sourceId, dataset))) {
      this.sieve.keep(dataset);
      return;
    }
    const different = this.sieve.take(dataset);
    if (!different) return;
    this.batch.push(different);
    this.fields += dataset.fields.length;
    if (this.batch.length < BATCH.datasets && this.fields < BATCH.fields) return;
    await this.flush(dataset.scope);
    this.say(dataset.scope);
  }

  private async takeRoutine(routine: HarvestedRoutine): Promise<void> {
    const { db, snapshot } = this;
    if (routine.incomplete && (await this.snapshots.wouldLoseBody(db.manager, snapshot.sourceId, routine))) {
      this.sieve.keepRoutine(routine);
      return;
    }
    const different = this.sieve.takeRoutine(routine);
    if (different) this.routines.push(different);
    if (this.routines.length >= BATCH.datasets) await this.flush(routine.scope);
  }

  private async flush(scope: string): Promise<void> {
    const staged = this.batch.flatMap((dataset) => dataset ?? []);
    const routines = this.routines.flatMap((routine) => routine ?? []);
    this.batch = [];
    this.routines = [];
    this.fields = 0;
    await this.putAside;
    if (staged.length + routines.length === 0) return;
    this.putAside = this.db.transaction(async (tx) => {
      await this.snapshots.stage(tx, this.snapshot, scope, staged);
      await this.snapshots.stageRoutines(tx, this.snapshot, scope, routines);
    });
    // Whoever waits for it next hears of a failure; until then it is nobody's.
    this.putAside.catch(() => undefined);
  }

  private async close({ scope: name, complete, reasons, absentDatasets, absentRoutines }: ScopePart): Promise<void> {
    const twice = this.twice.map(
      (dataset) => `The source has two datasets called ${JSON.stringify(dataset)}; the second was left out.`,
    );
    const confirmed = this.reading.confirmRemovals === true;
    const datasets = judgeMissing(this.sieve.missing(name), complete, absentDatasets, confirmed);
    const routines = judgeMissing(this.sieve.missingRoutines(name), complete, absentRoutines, confirmed);
    const unseen = [
      ...(absentDatasets && datasets.unseen.length > 0 ? [unseenReason(absentDatasets, datasets.unseen)] : []),
      ...(absentRoutines && routines.unseen.length > 0 ? [unseenReason(absentRoutines, routines.unseen)] : []),
    ];
    await this.flush(name);
    await this.putAside;
    await this.db.transaction(async (tx) => {
      await this.snapshots.stageMissing(tx, this.snapshot, name, datasets.gone);
      await this.snapshots.stageMissingRoutines(tx, this.snapshot, name, routines.gone);
      const scope = {
        name,
        complete: complete && twice.length + unseen.length === 0,
        reasons: [...reasons, ...twice, ...unseen],
        datasets: this.datasets,
        digest: this.digests.get(name) ?? null,
        skipped: false,
      };
      await this.runs.addScope(tx, this.reading.runId, scope, this.clock.now());
    });
    this.done.add(name);
    this.say(name);
    this.datasets = 0;
    this.twice = [];
  }

  private say(scope: string): void {
    const share = 0.9 * (this.done.size / Math.max(this.expected, this.done.size + 1));
    this.reading.progress(share, `Scope "${scope}": ${this.datasets} datasets read`);
  }
}
