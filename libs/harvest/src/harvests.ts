import { isDeepStrictEqual } from 'node:util';

import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor } from '#kernel';
import { JobEntity, ScheduleEntity, ScheduleStore } from '#platform/queue';
import { type SourceEntity, Sources } from '#sources';

import { harvestSource } from './harvest-source.job.js';
import { HarvestUnderWay, NothingToConfirm } from './harvest.errors.js';
import { type HarvestWish } from './reading.js';
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
   * Asks for a harvest. While one of the source is not finished that was asked for in the same way, that one is given back.
   * @throws {NotFound} {@link SourcePaused} {@link HarvestUnderWay} when that one was asked for differently.
   */
  async request(actor: Actor, sourceId: string, wish: HarvestWish = {}): Promise<RunRow> {
    const source = await this.sources.get(sourceId);
    this.sources.refusePaused(source);
    const runId = await this.changes.make(actor, async (change) => {
      const payload = { sourceId, ...given(wish) };
      const id = await change.request(harvestSource, payload, subjectOf(source));
      const job = await change.tx.getRepository(JobEntity).findOneByOrFail({ id });
      const { dueAt: _, ...asked } = job.payload;
      if (!isDeepStrictEqual(asked, payload)) throw new HarvestUnderWay(source.name);
      await this.runs.add(change.tx, { id, sourceId, at: change.at, ...given(wish) });
      await change.record('harvest.requested', subjectOf(source), { runId: id, ...given(wish) });
      return id;
    });
    return this.runs.get(runId);
  }

  /**
   * Asks for a harvest that may end what a stopped one would have ended.
   * @throws {NotFound} {@link NothingToConfirm}
   */
  async confirm(actor: Actor, runId: string): Promise<RunRow> {
    const run = await this.runs.get(runId);
    if (run.state !== 'needs_confirmation')
      throw new NothingToConfirm(runId, `it is ${run.state.replaceAll('_', ' ')}`);
    const [last] = await this.runs.lastOf([run.sourceId]);
    if (last && last.id !== runId && last.state !== 'cancelled' && last.state !== 'failed')
      throw new NothingToConfirm(runId, 'the source was harvested since');
    return this.request(actor, run.sourceId, { ...wishOf(run), confirms: runId });
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

const wishOf = ({ scopes, readAll }: RunRow): HarvestWish => ({ scopes: scopes ?? undefined, readAll });

/** A wish without what it leaves as it is, as a payload keeps it. */
const given = ({ confirmRemovals, confirms, scopes, readAll, dry }: HarvestWish) => ({
  ...(confirmRemovals && { confirmRemovals }),
  ...(confirms !== undefined && { confirms }),
  ...(scopes && { scopes: [...scopes] }),
  ...(readAll && { readAll }),
  ...(dry && { dry }),
});

const subjectOf = ({ id, name }: SourceEntity) => ({ kind: 'source', id, name });
