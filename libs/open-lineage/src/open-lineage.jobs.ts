import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Finds datasets of events among those that a source has now. */
export const resolveNames = defineJob({
  queue: 'lineage',
  name: 'resolve-names',
  title: { en: 'Datasets of OpenLineage events', zh: '对应 OpenLineage 事件中的数据集' },
  payload: Type.Object({ sourceId: Type.String({ format: 'uuid' }), causeId: Type.String({ format: 'uuid' }) }),
  key: ({ sourceId, causeId }) => `${sourceId} ${causeId}`,
});
