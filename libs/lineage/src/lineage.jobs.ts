import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Reads the views, foreign tables and stored routines of a source, and whatever else depends on what it has. */
export const extractViews = defineJob({
  queue: 'lineage',
  name: 'extract-views',
  title: { en: 'Lineage of views and routines', zh: '解析视图与存储过程血缘' },
  // One for each cause, so that none is taken for one that has already looked.
  payload: Type.Object({ sourceId: Type.String({ format: 'uuid' }), causeId: Type.String({ format: 'uuid' }) }),
  key: ({ sourceId, causeId }) => `${sourceId} ${causeId}`,
});

/** Reads what a source ran since the last time. */
export const readQueryLog = defineJob({
  queue: 'lineage',
  name: 'read-query-log',
  title: { en: 'Lineage of the log of queries', zh: '解析查询日志血缘' },
  payload: Type.Object({ sourceId: Type.String({ format: 'uuid' }), causeId: Type.String({ format: 'uuid' }) }),
  key: ({ sourceId, causeId }) => `${sourceId} ${causeId}`,
});

/** Reads the scripts that were imported for a source. */
export const importSql = defineJob({
  queue: 'lineage',
  name: 'import-sql',
  title: { en: 'Lineage of scripts', zh: '解析脚本血缘' },
  payload: Type.Object({ sourceId: Type.String({ format: 'uuid' }), causeId: Type.String({ format: 'uuid' }) }),
  key: ({ sourceId, causeId }) => `${sourceId} ${causeId}`,
});

/** Reads the pipelines that an import gave or took away. */
export const importPipelines = defineJob({
  queue: 'lineage',
  name: 'import-pipelines',
  title: { en: 'Lineage of pipelines', zh: '解析数据管道血缘' },
  payload: Type.Object({
    importId: Type.String({ format: 'uuid' }),
    /** Files that were given and could not be kept, as the job's result tells them. */
    refused: Type.Array(Type.Object({ name: Type.String(), line: Type.Integer(), message: Type.String() })),
  }),
  key: ({ importId }) => importId,
});
