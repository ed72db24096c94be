import { NotMapped } from './mapped.js';
import { ofRows, ofValue, warnIf } from './thresholds.js';
import { toolOf } from './tools.js';

it.each([
  ['soda', { lt: 3 }, { metric: 'count', fail: { gte: 3 } }],
  ['soda', { metric: 'percent', gt: 12.5 }, { metric: 'ratio', fail: { lte: '0.125' } }],
  ['soda', { metric: 'percent' }, { metric: 'ratio', fail: { ne: '0.00' } }],
  ['soda', { level: 'warn' }, { metric: 'count', warn: { ne: 0 } }],
  [
    'soda',
    { between: [1, 2] },
    { metric: 'count', fail: { notBetween: { min: 1, max: 2, strictMin: false, strictMax: false } } },
  ],
  // Of those that pass; ours is of those that do not.
  ['deequ', { eq: 1 }, { metric: 'ratio', fail: { ne: '0' } }],
  ['deequ', { gte: 0.9 }, { metric: 'ratio', fail: { gt: '0.1' } }],
  [
    'dqdl',
    { between: [0.5, 0.75], boundsExclusive: true },
    { metric: 'ratio', fail: { notBetween: { min: '0.25', max: '0.5', strictMin: true, strictMax: true } } },
  ],
])('%s: rows may break a rule so that %j', (suite, said, expected) => {
  expect(ofRows(said, toolOf(suite))).toEqual(expected);
});

it.each([
  [{ eq: 2 }, { metric: 'value', fail: { ne: 2 } }],
  [
    { lt: 5, unit: 'minute', level: 'warn' },
    { metric: 'value', warn: { gte: 5 } },
  ],
  [{ level: 'warn' }, undefined],
])('a value has to be so that %j', (said, expected) => {
  expect(ofValue(said)).toEqual(expected);
});

it('reads how dbt warns', () => {
  expect(warnIf('> 10', false)).toEqual({ metric: 'count', fail: { gt: 0 }, warn: { gt: 10 } });
  expect(warnIf('!=0', true)).toEqual({ metric: 'count', warn: { ne: 0 } });
});

it('does not guess', () => {
  expect(() => ofValue({ about: 3 })).toThrow(NotMapped);
  expect(() => ofValue({ gt: 3, lt: 4 })).toThrow(NotMapped);
});
