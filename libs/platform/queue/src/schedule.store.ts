import { Injectable } from '@nestjs/common';
import { type Actor, InvalidInput, messageOf } from '#kernel';
import { row, type Tx } from '#platform/database';
import { CronExpressionParser } from 'cron-parser';
import { type Static, type TSchema } from 'typebox';
import { DataSource } from 'typeorm';

import { type JobContract } from './contract.js';
import { SCHEDULE_CHANNEL } from './schedule-ticker.js';
import { ScheduleEntity } from './schedule.entity.js';

export interface ScheduleWish<S extends TSchema> {
  readonly contract: JobContract<S>;
  readonly payload: Static<S>;
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** For instance "Asia/Shanghai". */
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly actor: Actor;
}

/** When jobs are due. */
@Injectable()
export class ScheduleStore {
  constructor(private readonly db: DataSource) {}

  /** Sets the schedule of a subject's job, in place of the one it had. */
  async put<S extends TSchema>(tx: Tx, wish: ScheduleWish<S>): Promise<string> {
    nextDue(wish.cron, wish.timeZone);
    const put = await row<{ id: string }>(
      tx,
      `
      WITH put AS (
        INSERT INTO platform.schedule (job_name, payload, cron, time_zone, enabled, subject_kind, subject_id,
                                       actor_kind, actor_id, actor_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (job_name, subject_id) DO UPDATE
          SET payload = excluded.payload, cron = excluded.cron, time_zone = excluded.time_zone,
              enabled = excluded.enabled, actor_kind = excluded.actor_kind, actor_id = excluded.actor_id,
              actor_name = excluded.actor_name, changed_at = now()
        RETURNING id
      )
      SELECT id, pg_notify('${SCHEDULE_CHANNEL}', '') FROM put
      `,
      [
        wish.contract.name,
        JSON.stringify(wish.payload),
        wish.cron,
        wish.timeZone,
        wish.enabled,
        wish.subject.kind,
        wish.subject.id,
        wish.actor.kind,
        wish.actor.id,
        wish.actor.name,
      ],
    );
    if (!put) throw new Error('The schedule was not written.');
    return put.id;
  }

  async remove(tx: Tx, contract: JobContract, subjectId: string): Promise<void> {
    await tx.query(`DELETE FROM platform.schedule WHERE job_name = $1 AND subject_id = $2`, [contract.name, subjectId]);
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
}

/**
 * The next time a schedule is due after `from`.
 * @throws {InvalidInput} when the expression or the time zone is wrong.
 */
export function nextDue(cron: string, timeZone: string, from: Date = new Date()): Date {
  refuseUnknownZone(timeZone);
  try {
    if (cron.trim().split(/\s+/).length !== 5) throw new Error('it must have five fields');
    return CronExpressionParser.parse(cron, { tz: timeZone, currentDate: from }).next().toDate();
  } catch (error) {
    throw new InvalidInput(
      `The schedule ${JSON.stringify(cron)} in ${JSON.stringify(timeZone)} cannot be read: ${messageOf(error)}. ` +
        'Write minute, hour, day of month, month and day of week, for instance "30 2 * * 1-5" in "Asia/Shanghai".',
      [],
      ['cron'],
    );
  }
}

function refuseUnknownZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new InvalidInput(
      `There is no time zone ${JSON.stringify(timeZone)}. Write its name in the IANA list, for instance "Asia/Shanghai" or "UTC".`,
      [],
      ['timeZone'],
    );
  }
}
