import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

const uuid = Type.String({ format: 'uuid' });

/** Looks for rules that statistics, keys, standards and lineage speak for, of a source or of one dataset. */
export const suggestRulesJob = defineJob({
  queue: 'background',
  name: 'suggest-rules',
  title: { en: 'Suggest rules', zh: '推荐质量规则' },
  payload: Type.Object({ sourceId: uuid, datasetId: Type.Optional(uuid) }),
  key: ({ sourceId, datasetId }) => datasetId ?? sourceId,
});
