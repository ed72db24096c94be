import { defineEvent } from '#platform/outbox';
import { Type } from 'typebox';

/** A source was taken off the list: what others keep going for it (a schedule) has no purpose any more. */
export const sourceRemoved = defineEvent({
  type: 'source.removed',
  payload: Type.Object({ sourceId: Type.String({ format: 'uuid' }) }),
});
