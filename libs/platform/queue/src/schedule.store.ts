import { Injectable } from '@nestjs/common';
import { type Actor, Clock, decodeCursor, encodeCursor, type Page, type PageRequest } from '#kernel';
import { CalendarStore } from '#platform/calendar';
import { row, rows, type Tx } from '#platform/database';
import { type Static, type TSchema } from 'typebox';
import { DataSource } from 'typeorm';

import { type JobContract } from './contract.js';
import { checkTiming, dueTimes, type DueTime, type OnOtherDays, type ScheduleDays } from './due-times.js';
import { SCHEDULE_CHANNEL } from './schedule-ticker.js';
import { type Misfire, ScheduleEntity } from './schedule.entity.js';

export interface ScheduleWish<S extends TSchema> {
  readonly contract: JobContract<S>;
  readonly payload: Static<S>;
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** For instance "Asia/Shanghai". */
  readonly timeZone: string;
  readonly enabled: boolean;
  /** Every day when not said. */
  readonly days?: ScheduleDays;
  /** Skip when not said. */
  readonly onOtherDays?: OnOtherDays;
  /** The latest only when not said. */
  readonly misfire?: Misfire;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly actor: Actor;
}

/** How a due time was answered. */
export const FIRING_STATES = ['fired', 'merged', 'missed', 'passed_by'] as const;
export type FiringState = (typeof FIRING_STATES)[number];

export interface Firing {
  readonly scheduleId: string;
  readonly dueAt: Date;
  readonly state: FiringState;
  /** For a merged one: the due time that was answered in its place. */
  readonly mergedInto: Date | null;
  readonly answeredAt: Date;
  readonly jobId: string | null;
}

const FIRING = `
  SELECT schedule_id AS "scheduleId", due_at AS "dueAt", state, merged_into AS "mergedInto", fired_at AS "answeredAt",
         job_id AS "jobId"
    FROM platform.schedule_firing AS firing`;

/** When jobs are due, and how that was answered. */
@Injectable()
export class ScheduleStore {
  constructor(
    private readonly db: DataSource,
    private readonly calendars: CalendarStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Sets the schedule of a subject's job, in place of the one it had. Due times before this are not answered any more
   * when it becomes due at others.
   * @throws {InvalidInput}
   */
  async put<S extends TSchema>(tx: Tx, wish: ScheduleWish<S>): Promise<string> {
    const { cron, timeZone, days = 'every_day', onOtherDays = 'skip', misfire = 'latest' } = wish;
    const now = this.clock.now();
    checkTiming({ cron, timeZone, days, onOtherDays }, now);
    const put = await row<{ id: string }>(
      tx,
      `
      WITH put AS (
        INSERT INTO platform.schedule AS old (job_name, payload, cron, time_zone, enabled, subject_kind, subject_id,
                                              actor_kind, actor_id, actor_name, days, on_other_days, misfire,
                                              answered_to, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
        ON CONFLICT (job_name, subject_id) DO UPDATE
          SET payload = excluded.payload, cron = excluded.cron, time_zone = excluded.time_zone,
              enabled = excluded.enabled, actor_kind = excluded.actor_kind, actor_id = excluded.actor_id,
              actor_name = excluded.actor_name, changed_at = excluded.changed_at, days = excluded.days,
              on_other_days = excluded.on_other_days, misfire = excluded.misfire, next_due_at = NULL,
              answered_to = CASE WHEN old.enabled AND excluded.enabled
                                  AND (old.cron, old.time_zone, old.days, old.on_other_days)
                                      = (excluded.cron, excluded.time_zone, excluded.days, excluded.on_other_days)
                                 THEN old.answered_to ELSE excluded.answered_to END
        RETURNING id
      )
      SELECT id, pg_notify('${SCHEDULE_CHANNEL}', '') FROM put
      `,
      [
        ...[wish.contract.name, JSON.stringify(wish.payload), cron, timeZone, wish.enabled],
        ...[wish.subject.kind, wish.subject.id, wish.actor.kind, wish.actor.id, wish.actor.name],
        ...[days, onOtherDays, misfire, now],
      ],
    );
    if (!put) throw new Error('The schedule was not written.');
    return put.id;
  }

  async remove(tx: Tx, contract: JobContract, subjectId: string): Promise<void> {
    await tx.query(`DELETE FROM platform.schedule WHERE job_name = $1 AND subject_id = $2`, [contract.name, subjectId]);
    await tx.query(`SELECT pg_notify('${SCHEDULE_CHANNEL}', '')`);
  }

  /** The calendar has changed: when schedules by it are due is reckoned anew, for the time from now on. */
  async calendarChanged(tx: Tx): Promise<void> {
    await tx.query(
      `
      UPDATE platform.schedule
         SET next_due_at = NULL,
             -- What is due already and waits to be answered stays due.
             answered_to = CASE WHEN next_due_at > $1 THEN greatest(answered_to, $1) ELSE answered_to END
       WHERE days <> 'every_day'
      `,
      [this.clock.now()],
    );
    await tx.query(`SELECT pg_notify('${SCHEDULE_CHANNEL}', '')`);
  }

  /** The schedules of some subjects, for a loader. */
  ofSubjects(jobName: string, subjectIds: readonly string[]): Promise<ScheduleEntity[]> {
    return this.db
      .getRepository(ScheduleEntity)
      .createQueryBuilder('schedule')
      .where('schedule.job_name = :jobName AND schedule.subject_id = ANY(:subjectIds)', { jobName, subjectIds })
      .getMany();
  }

  /** The next times some schedules are due, by the schedule's id; none for one that is switched off. */
  async nextOf(schedules: readonly ScheduleEntity[], first: number): Promise<ReadonlyMap<string, DueTime[]>> {
    const calendar = await this.calendars.calendar();
    const now = this.clock.now();
    return new Map(
      schedules.map((schedule) => [
        schedule.id,
        schedule.enabled ? firstOf(dueTimes(schedule, calendar, now), first) : [],
      ]),
    );
  }

  /** The latest due time of each of some schedules that was answered. */
  lastOf(scheduleIds: readonly string[]): Promise<Firing[]> {
    return rows(
      this.db,
      `
      SELECT last.* FROM unnest($1::uuid[]) AS wanted (id)
       CROSS JOIN LATERAL (${FIRING} WHERE firing.schedule_id = wanted.id ORDER BY due_at DESC LIMIT 1) AS last
      `,
      [scheduleIds],
    );
  }

  /** How many due times of some schedules were not answered with a run of their own since an instant. */
  async unansweredOf(scheduleIds: readonly string[], since: Date): Promise<ReadonlyMap<string, number>> {
    const counted = await rows<{ id: string; n: number }>(
      this.db,
      `
      SELECT schedule_id AS id, count(*)::int AS n FROM platform.schedule_firing
       WHERE schedule_id = ANY ($1) AND state IN ('merged', 'missed') AND due_at >= $2 GROUP BY schedule_id
      `,
      [scheduleIds, since],
    );
    return new Map(counted.map(({ id, n }) => [id, n]));
  }

  /** How due times of a schedule were answered, the latest first; none, of no schedule. */
  async firings(
    scheduleId: string | null,
    states: readonly FiringState[] | undefined,
    { first, after }: PageRequest,
  ): Promise<Page<Firing>> {
    const where = `firing.schedule_id = $1 AND ($2::text[] IS NULL OR state = ANY ($2))`;
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM platform.schedule_firing AS firing WHERE ${where}`,
      [scheduleId, states ?? null],
    );
    const [before = null] = after === undefined ? [] : decodeCursor('firings', after);
    const found = await rows<Firing>(
      this.db,
      `${FIRING} WHERE ${where} AND ($3::timestamptz IS NULL OR due_at < $3) ORDER BY due_at DESC LIMIT $4`,
      [scheduleId, states ?? null, before, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }
}

export const firingCursor = ({ dueAt }: Firing): string => encodeCursor('firings', [dueAt.toISOString()]);

function firstOf(times: Iterable<DueTime>, most: number): DueTime[] {
  const found: DueTime[] = [];
  for (const time of times) if (found.push(time) >= most) break;
  return found;
}
