import { defineEvent } from '#platform/outbox';
import { Type } from 'typebox';

import { TOLD_KINDS } from './told-jobs.js';

/** One of our jobs began or ended, and somebody wants to be told. The database itself publishes it (migration 0025). */
export const jobMoved = defineEvent({
  type: 'run-events.job-moved',
  payload: Type.Object({
    jobId: Type.String({ format: 'uuid' }),
    kind: Type.Enum([...TOLD_KINDS]),
    state: Type.Enum(['running', 'succeeded', 'partial', 'failed', 'cancelled']),
  }),
});
