import { defineEvent } from '#platform/outbox';
import { Type } from 'typebox';

const uuid = Type.String({ format: 'uuid' });
const count = Type.Integer({ minimum: 0 });

/**
 * The dictionary holds what a harvest read. The counts are of datasets; which they were, `Snapshots.datasetsOfRun` says.
 */
export const harvestCompleted = defineEvent({
  type: 'harvest.completed',
  payload: Type.Object({
    sourceId: uuid,
    runId: uuid,
    added: count,
    changed: count,
    unchanged: count,
    vanished: count,
  }),
});
