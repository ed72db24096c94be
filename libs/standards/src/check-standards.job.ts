import { defineJob } from '#platform/queue';
import { Type } from 'typebox';

/** Judges the mapped fields of a source, or those of a data element, wherever they are (落标检查). */
export const checkStandards = defineJob({
  queue: 'background',
  name: 'check-standards',
  title: { en: 'Check against the standards', zh: '落标检查' },
  payload: Type.Union([
    Type.Object({ sourceId: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
    Type.Object({ elementId: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
  ]),
  key: (payload) => ('sourceId' in payload ? `source-${payload.sourceId}` : `element-${payload.elementId}`),
});
