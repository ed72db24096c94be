import { readEvent } from '#core/openlineage';

import { runEvent, type RunFacts } from './run-event.js';
import { RUN_EVENT_TYPES } from './send-run-event.job.js';

const FACTS: RunFacts = {
  ...{ kind: 'quality', jobId: '01890a5d-ac96-774b-bcce-b302099a8057', of: '每日 "daily" 😀', title: 'Run rules' },
  startedAt: new Date('2026-03-01T01:00:00Z'),
  finishedAt: new Date('2026-03-01T01:05:00Z'),
  dueAt: '2026-03-01T01:00:00Z',
  error: { code: 'SOURCE_UNREACHABLE', message: 'Nobody answers.' },
  parent: { runId: '01890a5d-ac96-774b-bcce-b302099a8056', kind: 'harvest', of: '数仓' },
  counts: { planned: 3 },
  inputs: [{ namespace: 'postgres://dwh', name: 'dwh.public.客户', metrics: { rowCount: 2, nullCounts: { 姓名: 1 } } }],
  outputs: [],
};

it.each(RUN_EVENT_TYPES.map((type) => [type]))('%s is an event, strictly, and always the same', (type) => {
  const event = runEvent(type, FACTS);
  expect(readEvent(event, 'strict', new Date('2026-04-01T00:00:00Z'))).toMatchObject({ remarks: [] });
  expect(runEvent(type, FACTS)).toEqual(event);
  expect(event).toMatchObject({
    eventTime: type === 'START' ? '2026-03-01T01:00:00.000Z' : '2026-03-01T01:05:00.000Z',
    inputs: type === 'START' ? [] : [{ name: 'dwh.public.客户' }],
    run: {
      facets: {
        nominalTime: { nominalStartTime: '2026-03-01T01:00:00.000Z' },
        parent: { job: { name: 'harvest.数仓' } },
      },
    },
  });
});

it.each([
  [
    'what was expected is told',
    { code: 'SOURCE_UNREACHABLE', message: 'Nobody answers.' },
    'SOURCE_UNREACHABLE: Nobody answers.',
  ],
  [
    'what nobody expected is not',
    { code: 'INTERNAL', message: 'Unexpected token 张三' },
    'INTERNAL: The log of the worker says more.',
  ],
])('%s', (_, error, message) => {
  expect(runEvent('FAIL', { ...FACTS, error })).toMatchObject({ run: { facets: { errorMessage: { message } } } });
  expect(JSON.stringify(runEvent('COMPLETE', { ...FACTS, error }))).not.toContain('errorMessage');
});
