import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Reads an entity's mapped datasets and makes its golden records (黄金记录) anew where something changed. */
export const buildGoldenRecords = defineJob({
  queue: 'background',
  name: 'build-golden-records',
  title: { en: 'Build golden records', zh: '生成黄金记录' },
  payload: Type.Object({ entityId: Type.String({ format: 'uuid' }) }),
  key: ({ entityId }) => entityId,
});
