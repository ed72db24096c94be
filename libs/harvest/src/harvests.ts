import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor } from '#kernel';
import { JobEntity, ScheduleEntity, ScheduleStore } from '#platform/queue';
import { type SourceEntity, Sources } from '#sources';

import { harvestSource } from './harvest-source.job.js';
import { HarvestUnderWay } from './harvest.errors.js';
import { type RunRow, Runs } from './runs.js';

export interface HarvestSchedule {
  /** Minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** For instance "Asia/Shanghai". */
  readonly timeZone: string;
  readonly enabled: boolean;
}

/** Asks for harvests, now or by a schedule. */
@Injectable()
export class Harvests {
  constructor(
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly runs: Runs,
    private readonly schedules: ScheduleStore,
  ) {}

  /**
   * Asks for a harvest. While one of the source is not finished, that one is given back.
   * @throws {NotFound} {@link HarvestUnderWay} when that one was asked for without confirming removals.
   */
  async request(actor: Actor, sourceId: string, { confirmRemovals }: { confirmRemovals: boolean }): Promise<RunRow> {
    const source = await this.sources.get(sourceId);
    const runId = await this.changes.make(actor, async (change) => {
      const payload = { sourceId, ...(confirmRemovals && { confirmRemovals }) };
      const id = await change.request(harvestSource, payload, subjectOf(source));
      const job = await change.tx.getRepository(JobEntity).findOneByOrFail({ id });
      if (confirmRemovals && job.payload.confirmRemovals !== true) throw new HarvestUnderWay(source.name);
      await this.runs.add(change.tx, { id, sourceId, confirmRemovals, at: change.at });
      await change.record('harvest.requested', subjectOf(source), { runId: id, confirmRemovals });
      return id;
    });
    return this.runs.get(runId);
  }

  /** Sets when a source is harvested. @throws {NotFound} {InvalidInput} */
  async schedule(actor: Actor, sourceId: string, schedule: HarvestSchedule): Promise<SourceEntity> {
    const source = await this.sources.get(sourceId);
    await this.changes.make(actor, async (change) => {
      const { kind, id } = subjectOf(source);
      const wish = { contract: harvestSource, payload: { sourceId }, subject: { kind, id }, actor, ...schedule };
      await this.schedules.put(change.tx, wish);
      await change.record('harvest.scheduled', subjectOf(source), { ...schedule });
    });
    return source;
  }

  /** For a loader. */
  schedulesOf(sourceIds: readonly string[]): Promise<ScheduleEntity[]> {
    return this.schedules.ofSubjects(harvestSource.name, sourceIds);
  }
}

const subjectOf = ({ id, name }: SourceEntity) => ({ kind: 'source', id, name });
