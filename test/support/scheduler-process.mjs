/**
 * A scheduler of its own: answers what is due again and again, by the clock in the table suite.clock, until it is killed.
 * What it asks for has no worker; the rows are what the test looks at.
 */
import { FixedClock } from '#kernel';
import { openDatabase } from '#platform/database';
import { JobEntity, ScheduleEntity, ScheduleSweep } from '#platform/queue';
import Type from 'typebox';

const [url] = process.argv.slice(2);
const db = await openDatabase({ url, pool: 2, entities: [JobEntity, ScheduleEntity], applicationName: 'scheduler' });
const contract = {
  queue: 'background',
  name: 'due',
  title: { en: 'Due', zh: '到期' },
  payload: Type.Object({ schedule: Type.String(), dueAt: Type.String() }),
  key: ({ schedule, dueAt }) => `${schedule}@${dueAt}`,
};
const clock = new FixedClock(new Date(0));
const sweep = new ScheduleSweep(
  db,
  new Map([['due', { contract, run: () => Promise.reject(new Error('no')) }]]),
  clock,
);
process.send({ ready: true });
for (;;) {
  const [told] = await db.query('SELECT now FROM suite.clock');
  // No two hosts have the same time.
  clock.set(new Date(told.now.getTime() + Math.floor((Math.random() - 0.5) * 4_000)));
  await sweep.answer();
}
