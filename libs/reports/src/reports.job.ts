import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Makes the files of a report. */
export const makeQualityReport = defineJob({
  queue: 'background',
  name: 'make-quality-report',
  title: { en: 'Make a quality report', zh: '生成质量报告' },
  payload: Type.Object({ reportId: Type.String({ format: 'uuid' }) }),
  key: ({ reportId }) => reportId,
});

/** A report is due again: asks for the one of the period before, once for each due time. */
export const makeQualityReportWhenDue = defineJob({
  queue: 'background',
  name: 'make-quality-report-when-due',
  title: { en: 'Plan a scheduled quality report', zh: '安排定期质量报告' },
  payload: Type.Object({
    planId: Type.String({ format: 'uuid' }),
    /** Put in by the schedule. */
    dueAt: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  key: ({ planId, dueAt }) => `${planId}@${dueAt ?? ''}`,
});
