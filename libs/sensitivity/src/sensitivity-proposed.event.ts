import { defineEvent } from '#platform/outbox';
import { Type } from 'typebox';

/** Detectors think more of some fields than before. */
export const sensitivityProposed = defineEvent({
  type: 'sensitivity.proposed',
  payload: Type.Object({ fields: Type.Array(Type.String({ format: 'uuid' })) }),
});
