import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

const uuid = Type.String({ format: 'uuid' });

/** Takes statistics of a source's datasets, or of one. Payload and result hold ids and counts, never a value. */
export const takeStatistics = defineJob({
  queue: 'background',
  name: 'take-statistics',
  title: { en: 'Take statistics', zh: '采集统计信息' },
  payload: Type.Object({
    sourceId: uuid,
    datasetId: Type.Optional(uuid),
    /** In place of the source's own limit. */
    rowLimit: Type.Optional(Type.Integer({ minimum: 1 })),
    /** When a schedule asked for it. */
    dueAt: Type.Optional(Type.String()),
  }),
  // One at a time for a source or dataset.
  key: ({ sourceId, datasetId }) => datasetId ?? sourceId,
});
