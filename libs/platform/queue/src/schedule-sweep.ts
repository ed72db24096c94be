import { type BusinessCalendar } from '#core/business-calendar';
import { type Clock } from '#kernel';
import { CalendarStore } from '#platform/calendar';
import { rows, type Tx } from '#platform/database';
import { type DataSource } from 'typeorm';

import { dueTimes, type DueTime } from './due-times.js';
import { JobStore } from './job.store.js';
import { type JobProcessor } from './processor.js';
import { ScheduleEntity } from './schedule.entity.js';
import { type FiringState } from './schedule.store.js';

/** Due times that one transaction answers; more than that pass in a minute of no schedule. */
const AT_ONCE = 500;

/** A due time that is answered within this is on time. */
const IN_TIME_MS = 60_000;

/**
 * Answers what is due. Due times are reckoned from the table, from where the schedule was last answered to: whoever
 * comes, whenever, finds each due time once, and gives it its row and its job in one transaction. So a trigger may be
 * lost or come twice, workers may be killed, and clocks may jump.
 */
export class ScheduleSweep {
  private readonly jobs: JobStore;
  private readonly calendars: CalendarStore;

  constructor(
    private readonly db: DataSource,
    private readonly processors: ReadonlyMap<string, JobProcessor>,
    private readonly clock: Clock,
  ) {
    this.jobs = new JobStore(db);
    this.calendars = new CalendarStore(db);
  }

  /** Answers all that is due by now, of all schedules that nobody else is answering. */
  async answer(): Promise<void> {
    while (await this.db.transaction((tx) => this.answerOne(tx)));
  }

  /** A newer version may know more days than the one that reckoned. */
  async reckonAnew(): Promise<void> {
    await this.db.query(`UPDATE platform.schedule SET next_due_at = NULL WHERE enabled AND days <> 'every_day'`);
  }

  private async answerOne(tx: Tx): Promise<boolean> {
    const now = this.clock.now();
    const schedule = await tx
      .getRepository(ScheduleEntity)
      .createQueryBuilder('schedule')
      .where('schedule.enabled AND (schedule.nextDueAt IS NULL OR schedule.nextDueAt <= :now)', { now })
      // Contracts that this worker does not know are another version's.
      .andWhere('schedule.jobName = ANY(:names)', { names: [...this.processors.keys()] })
      .orderBy('schedule.nextDueAt', 'ASC', 'NULLS FIRST')
      .limit(1)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getOne();
    if (!schedule) return false;
    const calendar = await this.calendarFor(tx, schedule);
    const upcoming = dueTimes(schedule, calendar, schedule.answeredTo);
    const due: Date[] = [];
    let next: DueTime | undefined = upcoming.next().value;
    for (; next && next.at <= now && due.length < AT_ONCE; next = upcoming.next().value) due.push(next.at);
    const isLast = !next || next.at > now;
    await this.answerAll(tx, schedule, due, isLast, now);
    await tx.query(`UPDATE platform.schedule SET answered_to = $2, next_due_at = $3 WHERE id = $1`, [
      schedule.id,
      due.at(-1) ?? schedule.answeredTo,
      // Far away rather than NULL, which would have it reckoned again and again.
      next?.at ?? 'infinity',
    ]);
    return true;
  }

  private async calendarFor(tx: Tx, { days }: ScheduleEntity): Promise<BusinessCalendar> {
    return days === 'every_day' ? { facts: never } : this.calendars.calendar(tx);
  }

  private async answerAll(
    tx: Tx,
    schedule: ScheduleEntity,
    due: readonly Date[],
    isLast: boolean,
    now: Date,
  ): Promise<void> {
    const latest = due.at(-1);
    if (latest === undefined) return;
    const stateOf = (at: Date): FiringState => {
      if (schedule.misfire === 'skip' && now.getTime() - at.getTime() > IN_TIME_MS) return 'missed';
      if (schedule.misfire === 'latest' && !(isLast && at === latest)) return 'merged';
      return 'fired';
    };
    const answers = due.map((at) => ({ due_at: at, state: stateOf(at) }));
    const taken = await rows<{ dueAt: Date; state: FiringState }>(
      tx,
      `
      INSERT INTO platform.schedule_firing (schedule_id, due_at, state, merged_into, fired_at)
      SELECT $1, due_at, state, CASE WHEN state = 'merged' THEN $3::timestamptz END, $4
        FROM jsonb_to_recordset($2) AS due (due_at timestamptz, state text)
      ON CONFLICT DO NOTHING
      RETURNING due_at AS "dueAt", state
      `,
      [schedule.id, JSON.stringify(answers), latest, now],
    );
    const times = taken.flatMap(({ dueAt, state }) => (state === 'fired' ? [dueAt] : []));
    if (times.length > 0) await this.fire(tx, schedule, times);
  }

  private async fire(tx: Tx, schedule: ScheduleEntity, times: readonly Date[]): Promise<void> {
    const processor = this.processors.get(schedule.jobName);
    // Only schedules of known jobs were asked for.
    if (!processor) throw new Error(`No processor for ${schedule.jobName}.`);
    if (await processor.passesBy?.(schedule.payload)) {
      await tx.query(
        `UPDATE platform.schedule_firing SET state = 'passed_by' WHERE schedule_id = $1 AND due_at = ANY ($2)`,
        [schedule.id, times],
      );
      return;
    }
    const jobIds: string[] = [];
    for (const dueAt of times)
      jobIds.push(
        await this.jobs.request(
          tx,
          processor.contract,
          { ...schedule.payload, dueAt: dueAt.toISOString() },
          {
            actor: { kind: schedule.actorKind, id: schedule.actorId, name: schedule.actorName, roles: [] },
            subject: { kind: schedule.subjectKind, id: schedule.subjectId },
          },
        ),
      );
    await tx.query(
      `
      UPDATE platform.schedule_firing AS firing SET job_id = asked.job_id
        FROM unnest($2::timestamptz[], $3::uuid[]) AS asked (due_at, job_id)
       WHERE firing.schedule_id = $1 AND firing.due_at = asked.due_at
      `,
      [schedule.id, times, jobIds],
    );
  }
}

function never(): never {
  throw new Error('A schedule for every day asks no calendar.');
}
