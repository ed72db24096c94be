import { defineEvent } from '#platform/outbox';
import { Type } from 'typebox';

const ids = Type.Array(Type.String({ format: 'uuid' }));

/** Datasets and fields have another security level than before, by what is said of them. */
export const levelsChanged = defineEvent({
  type: 'dictionary.levels-changed',
  payload: Type.Object({ datasets: ids, fields: ids }),
});
