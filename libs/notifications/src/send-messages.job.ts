import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Sends what is due on all channels. One at a time in the whole installation, so that limits of robots hold. */
export const sendMessages = defineJob({
  queue: 'background',
  name: 'send-messages',
  title: { en: 'Send messages', zh: '发送通知' },
  payload: Type.Object({
    /** Put in by the schedule. */
    dueAt: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  key: () => 'all',
});
