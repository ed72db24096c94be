import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Makes searchable what a large harvest brought. A small one does that by itself. */
export const indexForSearch = defineJob({
  queue: 'background',
  name: 'index-for-search',
  title: { en: 'Make a harvest searchable', zh: '更新搜索索引' },
  payload: Type.Object({ runId: Type.String({ format: 'uuid' }) }),
  key: ({ runId }) => `index-for-search-${runId}`,
});
