import { type Job, type Queue } from 'bullmq';
import { rows } from '#platform/database';
import { type DataSource } from 'typeorm';

import { type Ticket } from './backend.js';
import { JobStore } from './job.store.js';
import { type JobProcessor } from './processor.js';
import { ScheduleEntity } from './schedule.entity.js';

/** PostgreSQL channel on which it is said that a schedule was added, changed or removed. */
export const SCHEDULE_CHANNEL = 'plumbline_schedule';

const TICK = 'schedule-tick';

/**
 * Lets BullMQ say when a schedule is due, and asks for its job. BullMQ only triggers; that a due time is answered
 * once is the doing of platform.schedule_firing's key.
 */
export class ScheduleTicker {
  private readonly jobs: JobStore;

  constructor(
    private readonly db: DataSource,
    private readonly processors: ReadonlyMap<string, JobProcessor>,
    private readonly queue: () => Queue<Ticket>,
  ) {
    this.jobs = new JobStore(db);
  }

  /** Makes BullMQ's schedulers those of the table. One that is as it should be is left alone: it may be due. */
  async sync(): Promise<void> {
    const queue = this.queue();
    const wanted = await this.db.getRepository(ScheduleEntity).findBy({ enabled: true });
    const there = new Map((await queue.getJobSchedulers(0, -1)).map((scheduler) => [scheduler.key, scheduler]));
    for (const { id, cron, timeZone } of wanted) {
      const now = there.get(id);
      there.delete(id);
      if (now?.pattern === cron && now.tz === timeZone) continue;
      await queue.upsertJobScheduler(
        id,
        { pattern: cron, tz: timeZone },
        { name: TICK, data: { jobId: id }, opts: { removeOnComplete: true, removeOnFail: true } },
      );
    }
    for (const key of there.keys()) await queue.removeJobScheduler(key);
  }

  isTick(job: Job<Ticket>): boolean {
    return job.name === TICK;
  }

  /** Asks for the job of a schedule that is due, unless this due time was answered before. */
  async fire(tick: Job<Ticket>): Promise<void> {
    const due = new Date(tick.opts.prevMillis ?? tick.timestamp + (tick.opts.delay ?? 0));
    await this.db.transaction(async (tx) => {
      const schedule = await tx.getRepository(ScheduleEntity).findOneBy({ id: tick.data.jobId, enabled: true });
      const processor = schedule && this.processors.get(schedule.jobName);
      if (!schedule || !processor) return;
      const taken = await rows(
        tx,
        `INSERT INTO platform.schedule_firing (schedule_id, due_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1`,
        [schedule.id, due],
      );
      if (taken.length === 0) return;
      if (await processor.passesBy?.(schedule.payload)) return;
      const jobId = await this.jobs.request(
        tx,
        processor.contract,
        { ...schedule.payload, dueAt: due.toISOString() },
        {
          actor: { kind: schedule.actorKind, id: schedule.actorId, name: schedule.actorName, roles: [] },
          subject: { kind: schedule.subjectKind, id: schedule.subjectId },
        },
      );
      await tx.query(`UPDATE platform.schedule_firing SET job_id = $3 WHERE schedule_id = $1 AND due_at = $2`, [
        schedule.id,
        due,
        jobId,
      ]);
    });
  }
}
