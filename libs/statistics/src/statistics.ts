import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { Datasets } from '#dictionary';
import { type Actor, InvalidInput } from '#kernel';
import { type ScheduleEntity, ScheduleStore } from '#platform/queue';
import { type SourceEntity, Sources } from '#sources';

import { type StatisticsLimits } from './profiler.js';
import { StatisticsStore } from './statistics.store.js';
import { takeStatistics } from './take-statistics.job.js';

export interface StatisticsSchedule {
  /** Minute, hour, day of month, month, day of week. */
  readonly cron: string;
  readonly timeZone: string;
  readonly enabled: boolean;
}

/** Asks for statistics, now or by a schedule, and says what they may cost a source. */
@Injectable()
export class Statistics {
  constructor(
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly datasets: Datasets,
    private readonly schedules: ScheduleStore,
    private readonly store: StatisticsStore,
  ) {}

  /** Of a source's datasets or of one; gives the job's id. @throws {NotFound} {@link SourcePaused} {@link InvalidInput} */
  async request(
    actor: Actor,
    wish: { readonly sourceId: string } | { readonly datasetId: string },
    rowLimit?: number,
  ): Promise<string> {
    if (rowLimit !== undefined) checkWhole('rowLimit', rowLimit);
    const place =
      'sourceId' in wish
        ? { sourceId: wish.sourceId }
        : { sourceId: (await this.datasets.get(wish.datasetId)).sourceId, datasetId: wish.datasetId };
    const source = await this.sources.get(place.sourceId);
    this.sources.refusePaused(source);
    return this.changes.make(actor, async (change) => {
      const payload = { ...place, ...(rowLimit !== undefined && { rowLimit }) };
      const jobId = await change.request(takeStatistics, payload, subjectOf(source));
      await change.record('statistics.requested', subjectOf(source), { ...payload, jobId });
      return jobId;
    });
  }

  /** Sets when the statistics of a source are taken. @throws {NotFound} {InvalidInput} */
  async schedule(actor: Actor, sourceId: string, schedule: StatisticsSchedule): Promise<SourceEntity> {
    const source = await this.sources.get(sourceId);
    await this.changes.make(actor, async (change) => {
      const { kind, id } = subjectOf(source);
      const wish = { contract: takeStatistics, payload: { sourceId }, subject: { kind, id }, actor, ...schedule };
      await this.schedules.put(change.tx, wish);
      await change.record('statistics.scheduled', subjectOf(source), { ...schedule });
    });
    return source;
  }

  /** Sets what reading may cost a source. What is not given stays. @throws {NotFound} {@link InvalidInput} */
  async limit(actor: Actor, sourceId: string, wish: Partial<StatisticsLimits>): Promise<SourceEntity> {
    const source = await this.sources.get(sourceId);
    const before = await this.store.limitsOf(sourceId);
    const after = {
      rowLimit: wish.rowLimit ?? before.rowLimit,
      seconds: wish.seconds ?? before.seconds,
      readRows: wish.readRows ?? before.readRows,
    };
    for (const [name, value] of Object.entries(after)) checkWhole(name, value);
    await this.changes.make(actor, async (change) => {
      await this.store.limit(change.tx, sourceId, after);
      await change.record('statistics.limited', subjectOf(source), { before, after });
    });
    return source;
  }

  /** For a loader. */
  schedulesOf(sourceIds: readonly string[]): Promise<ScheduleEntity[]> {
    return this.schedules.ofSubjects(takeStatistics.name, sourceIds);
  }
}

function checkWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidInput(`Give a whole number of at least 1 as ${name}, not ${value}.`, [], [name]);
}

const subjectOf = ({ id, name }: SourceEntity) => ({ kind: 'source', id, name });
