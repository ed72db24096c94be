import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { chinaCalendar, isWorkingDay, lastWorkingDayOfMonth, monthOf, wallClock } from '#core/business-calendar';
import { FixedClock, systemActor } from '#kernel';
import { CalendarStore } from '#platform/calendar';
import { projectRoot } from '#platform/config';
import { openDatabase, rows } from '#platform/database';
import { defineJob, JobEntity, type Misfire, type ScheduleDays, ScheduleEntity, ScheduleStore } from '#platform/queue';
import { testDatabase, type TestDatabase, until } from '#platform/testing';
import { CronExpressionParser } from 'cron-parser';
import { Type } from 'typebox';
import { type DataSource } from 'typeorm';

const due = defineJob({
  queue: 'background',
  name: 'due',
  title: { en: 'Due', zh: '到期' },
  payload: Type.Object({ schedule: Type.String(), dueAt: Type.Optional(Type.String()) }),
  key: ({ schedule, dueAt }) => `${schedule}@${dueAt ?? ''}`,
});

interface Plan {
  readonly cron: string;
  readonly timeZone: string;
  readonly days?: ScheduleDays;
  readonly misfire?: Misfire;
}

// Both changes of the clock in America and in Europe, 29 February, and ends of months with 31 days.
const FROM = new Date('2027-10-20T00:00:00Z');
const TO = new Date('2028-04-05T00:00:00Z');
const OWN = { day: '2028-02-29', working: false, name: '闰日' };

const PLANS: readonly Plan[] = ['America/New_York', 'Europe/Berlin'].flatMap((timeZone) => [
  { cron: '0 * * * *', timeZone, misfire: 'all' },
  { cron: '30 1 * * *', timeZone, misfire: 'all' },
  { cron: '30 2 * * *', timeZone, misfire: 'latest' },
  { cron: '*/30 1-2 * * *', timeZone, misfire: 'all' },
  { cron: '0 0 31 * *', timeZone, misfire: 'latest' },
  { cron: '15 4 29 2 *', timeZone, misfire: 'all' },
  { cron: '45 23 * * *', timeZone, misfire: 'skip' },
  { cron: '10 3 * * *', timeZone, misfire: 'all', days: 'working_days' },
  { cron: '20 3 * * *', timeZone, misfire: 'latest', days: 'last_working_day' },
]);

/** One unbroken reading of the expression, and a plain look at the day: nothing of the code that is tested. */
function dueOf({ cron, timeZone, days }: Plan): string[] {
  const calendar = chinaCalendar([OWN]);
  const times = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: FROM });
  const found: string[] = [];
  for (;;) {
    const at = times.next().toDate();
    if (at > TO) return found;
    const { day } = wallClock(at, timeZone);
    if (days === 'working_days' && !isWorkingDay(day, calendar)) continue;
    if (days === 'last_working_day' && lastWorkingDayOfMonth(monthOf(day), calendar).day !== day) continue;
    found.push(at.toISOString());
  }
}

describe('10,000 triggers', () => {
  let test: TestDatabase;
  let db: DataSource;
  const schedulers: ChildProcess[] = [];

  beforeAll(async () => {
    test = await testDatabase();
    db = await openDatabase({ url: test.url, pool: 4, entities: [JobEntity, ScheduleEntity], applicationName: 'test' });
    await db.query(`CREATE SCHEMA suite`);
    await db.query(`CREATE TABLE suite.clock AS SELECT $1::timestamptz AS now`, [FROM]);
  });
  afterAll(async () => {
    for (const scheduler of schedulers) scheduler.kill('SIGKILL');
    await db.destroy();
    await test.drop();
  });

  const startScheduler = async () => {
    const scheduler = fork(join(projectRoot, 'test', 'support', 'scheduler-process.mjs'), [test.url]);
    schedulers.push(scheduler);
    await new Promise<void>((resolve, reject) => {
      scheduler.once('message', () => resolve());
      scheduler.once('exit', (code, signal) => {
        if (signal !== 'SIGKILL') reject(new Error(`The scheduler ended with ${code}.`));
      });
    });
    return scheduler;
  };
  const setClock = (to: Date) => db.query(`UPDATE suite.clock SET now = $1`, [to]);

  it('are each answered once, with schedulers killed and clocks that jump', async () => {
    const store = new ScheduleStore(db, new CalendarStore(db), new FixedClock(FROM));
    await db.transaction((tx) => new CalendarStore(db).put(tx, { ...OWN, changedAt: FROM, changedBy: 'suite' }));
    const expected = new Map<string, { plan: Plan; due: string[] }>();
    for (const [at, plan] of PLANS.entries()) {
      const subject = { kind: 'suite', id: `00000000-0000-7000-8000-${String(at).padStart(12, '0')}` };
      const wish = { ...plan, contract: due, payload: { schedule: subject.id }, subject, enabled: true };
      const id = await db.transaction((tx) => store.put(tx, { ...wish, actor: systemActor('suite') }));
      expected.set(id, { plan, due: dueOf(plan) });
    }
    const wanted = [...expected].flatMap(([id, { due: times }]) => times.map((at) => `${id} ${at}`)).sort();
    expect(wanted.length).toBeGreaterThan(10_000);

    await Promise.all([startScheduler(), startScheduler(), startScheduler()]);
    let now = FROM.getTime();
    for (let step = 0; now < TO.getTime(); step++) {
      // Mostly a day or so; sometimes a week nobody was there for; sometimes the clock is put back.
      const jump = step % 7 === 3 ? -36 : step % 11 === 5 ? 24 * 7 : 5 + ((step * 7) % 31);
      now = Math.min(now + jump * 3_600_000, TO.getTime());
      await setClock(new Date(now));
      await sleep(60);
      if (step % 9 === 4) {
        const [victim] = schedulers.splice(0, 1);
        victim?.kill('SIGKILL');
        void startScheduler();
      }
    }
    // The clocks of the schedulers are seconds apart, so the last due time is a moment earlier than the end.
    await setClock(new Date(TO.getTime() + 10_000));
    await until(
      'all to be answered',
      async () => {
        const [counted] = await rows<{ n: number }>(
          db,
          `SELECT count(*)::int AS n FROM platform.schedule WHERE next_due_at <= $1`,
          [TO],
        );
        return counted?.n === 0;
      },
      60,
    );

    const answered = await rows<{ id: string; at: Date; state: string; jobs: number }>(
      db,
      `
      SELECT firing.schedule_id AS id, firing.due_at AS at, firing.state, count(job.id)::int AS jobs
        FROM platform.schedule_firing AS firing
        JOIN platform.schedule ON schedule.id = firing.schedule_id
        LEFT JOIN platform.job
          ON job.payload->>'schedule' = schedule.subject_id::text AND (job.payload->>'dueAt')::timestamptz = firing.due_at
       GROUP BY firing.schedule_id, firing.due_at, firing.state
      `,
    );
    // 0 lost, 0 double, none that was not due.
    expect(answered.map(({ id, at }) => `${id} ${at.toISOString()}`).sort()).toEqual(wanted);
    // One job for each that was answered by one, and only for those.
    expect(answered.filter(({ state, jobs }) => jobs !== (state === 'fired' ? 1 : 0))).toEqual([]);
    const [jobs] = await rows<{ n: number }>(db, `SELECT count(*)::int AS n FROM platform.job`);
    expect(jobs?.n).toBe(answered.filter(({ state }) => state === 'fired').length);
    // What each kind of misfire leaves.
    const states = (misfire: Misfire) =>
      new Set(answered.filter(({ id }) => expected.get(id)?.plan.misfire === misfire).map(({ state }) => state));
    expect(states('all')).toEqual(new Set(['fired']));
    expect(states('latest')).toEqual(new Set(['fired', 'merged']));
    expect(states('skip')).toEqual(new Set(['missed']));
  }, 120_000);
});
