import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Reads the metadata of a source into the dictionary. The run has the job's id. */
export const harvestSource = defineJob({
  queue: 'harvest',
  name: 'harvest-source',
  title: { en: 'Harvest', zh: '采集元数据' },
  payload: Type.Object({
    sourceId: Type.String({ format: 'uuid' }),
    /** Somebody has said that many datasets may vanish. */
    confirmRemovals: Type.Optional(Type.Boolean()),
    confirms: Type.Optional(Type.String({ format: 'uuid' })),
    scopes: Type.Optional(Type.Array(Type.String())),
    readAll: Type.Optional(Type.Boolean()),
    dry: Type.Optional(Type.Boolean()),
    /** When a schedule asked for it. */
    dueAt: Type.Optional(Type.String()),
  }),
  // One at a time for a source.
  key: ({ sourceId }) => sourceId,
});
