import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Runs the rules that a run has planned. */
export const runRules = defineJob({
  queue: 'quality',
  name: 'run-rules',
  title: { en: 'Run rules', zh: '执行质量规则' },
  payload: Type.Object({ runId: Type.String({ format: 'uuid' }) }),
  key: ({ runId }) => runId,
});

/** What a rule set follows has ended well: plans its run, once for each run of that, and asks for it. */
export const runRuleSetAfter = defineJob({
  queue: 'background',
  name: 'run-rule-set-after',
  title: { en: 'Plan a rule run after its trigger', zh: '安排触发的质量检查' },
  payload: Type.Object({
    ruleSetId: Type.String({ format: 'uuid' }),
    triggerId: Type.String({ format: 'uuid' }),
    /** The id of the harvest's run, or of the run of the pipeline's job. */
    run: Type.String({ minLength: 1 }),
  }),
  key: ({ triggerId, run }) => `${triggerId}@${run}`,
});

/** A rule set is due: plans its run, once for each due time, and asks for it. */
export const runRuleSetWhenDue = defineJob({
  queue: 'background',
  name: 'run-rule-set-when-due',
  title: { en: 'Plan a scheduled rule run', zh: '安排定时质量检查' },
  payload: Type.Object({
    ruleSetId: Type.String({ format: 'uuid' }),
    /** Put in by the schedule. */
    dueAt: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  key: ({ ruleSetId, dueAt }) => `${ruleSetId}@${dueAt ?? ''}`,
});
