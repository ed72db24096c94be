import { type Job, type Queue } from 'bullmq';
import { type DataSource } from 'typeorm';

import { type Ticket } from './backend.js';
import { ScheduleEntity } from './schedule.entity.js';

/** PostgreSQL channel on which it is said that a schedule was added, changed or removed. */
export const SCHEDULE_CHANNEL = 'plumbline_schedule';

const TICK = 'schedule-tick';

/** Lets BullMQ wake a worker when a schedule is due. What is due then, and that it is answered once, the table says. */
export class ScheduleTicker {
  constructor(
    private readonly db: DataSource,
    private readonly queue: () => Queue<Ticket>,
  ) {}

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
}
