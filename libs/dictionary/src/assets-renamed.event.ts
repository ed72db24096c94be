import { defineEvent } from '#platform/outbox';
import { Type } from 'typebox';

const uuid = Type.String({ format: 'uuid' });

/** A person has said that assets are others under a new name. What belongs to the old ones belongs to the new ones. */
export const assetsRenamed = defineEvent({
  type: 'dictionary.assets-renamed',
  payload: Type.Object({
    datasets: Type.Array(Type.Object({ fromId: uuid, toId: uuid })),
    fields: Type.Array(Type.Object({ fromId: uuid, toId: uuid })),
    /** Who said so. */
    by: Type.String(),
  }),
});
