import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Looks at the clocks of incidents and waivers, every minute that there is one to look at. */
export const watchIncidents = defineJob({
  queue: 'background',
  name: 'watch-incidents',
  title: { en: 'Look at the clocks of incidents', zh: '检查问题与豁免的期限' },
  payload: Type.Object({
    /** Put in by the schedule. */
    dueAt: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  key: () => 'all',
});
