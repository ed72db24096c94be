import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

const uuid = Type.String({ format: 'uuid' });

/** Looks for sensitive data in a source's datasets. Payload and result hold ids and counts, never a value. */
export const detectSensitiveData = defineJob({
  queue: 'background',
  name: 'detect-sensitive-data',
  title: { en: 'Detect sensitive data', zh: '敏感数据识别' },
  payload: Type.Object({
    sourceId: uuid,
    /** Only this dataset. */
    datasetId: Type.Optional(uuid),
    /** After this harvest: only datasets that are not what they were when they were last looked at. */
    runId: Type.Optional(uuid),
  }),
  key: ({ sourceId, datasetId, runId }) => `${sourceId} ${datasetId ?? runId ?? ''}`,
});
