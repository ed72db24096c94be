import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

export const RUN_EVENT_TYPES = ['START', 'COMPLETE', 'FAIL', 'ABORT'] as const;
export type RunEventType = (typeof RUN_EVENT_TYPES)[number];

/** Tells one receiver that one of our jobs began or ended. */
export const sendRunEvent = defineJob({
  queue: 'background',
  name: 'send-run-event',
  title: { en: 'Send a run event', zh: '发送运行事件' },
  payload: Type.Object({
    receiverId: Type.String({ format: 'uuid' }),
    jobId: Type.String({ format: 'uuid' }),
    type: Type.Enum([...RUN_EVENT_TYPES]),
  }),
  key: ({ receiverId, jobId, type }) => `${receiverId} ${jobId} ${type}`,
  // Half a second, and twice as long each time: more than two hours.
  attempts: 14,
});
