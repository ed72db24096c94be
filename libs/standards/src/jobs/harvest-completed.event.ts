import { defineEvent } from '#platform/outbox';
import { Type } from 'typebox';

/** The event of the harvest domain, as that domain publishes it. */
export const harvestCompleted = defineEvent({
  type: 'harvest.completed',
  payload: Type.Object({ sourceId: Type.String({ format: 'uuid' }), runId: Type.String({ format: 'uuid' }) }),
});
