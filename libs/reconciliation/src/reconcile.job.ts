import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Carries a run of a reconciliation out. */
export const reconcileDatasets = defineJob({
  queue: 'quality',
  name: 'reconcile-datasets',
  title: { en: 'Reconcile two datasets', zh: '源到仓核对' },
  payload: Type.Object({ runId: Type.String({ format: 'uuid' }) }),
  key: ({ runId }) => runId,
});

/** A reconciliation is due: plans its run, once for each due time, and asks for it. */
export const reconcileWhenDue = defineJob({
  queue: 'background',
  name: 'reconcile-when-due',
  title: { en: 'Plan a scheduled reconciliation', zh: '安排定时核对' },
  payload: Type.Object({
    reconciliationId: Type.String({ format: 'uuid' }),
    /** Put in by the schedule. */
    dueAt: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  key: ({ reconciliationId, dueAt }) => `${reconciliationId}@${dueAt ?? ''}`,
});
