import { type Heard } from '#open-lineage';

import { compare, type ExpectedState } from './compare.js';

const named = (name: string) => ({ namespace: '湖', name });
const heard: Heard = {
  jobs: [{ ...named('跑批'), inputs: [named('a')], outputs: [named('b')], runs: 1 }],
  runs: [{ runId: 'r1', job: named('跑批'), types: ['COMPLETE', 'START'], final: 'COMPLETE' }],
  datasets: [
    { ...named('a'), fieldCounts: [], lifecycle: [] },
    { ...named('b'), fieldCounts: [2, 3], lifecycle: ['CREATE', 'RENAMED'] },
  ],
  columnEdges: [
    { from: { ...named('a'), field: 'x' }, to: { ...named('b'), field: 'x' }, type: 'DIRECT', subtype: 'IDENTITY' },
    { from: { ...named('a'), field: 'y' }, to: { ...named('b'), field: 'x' }, type: 'INDIRECT', subtype: 'JOIN' },
    { from: { ...named('a'), field: 'y' }, to: named('b'), type: 'INDIRECT', subtype: 'FILTER' },
  ],
};
const expected: ExpectedState = {
  jobs: { '湖|跑批': { inputs: ['湖|a'], outputs: ['湖|b'], runs: 1 } },
  runs: { r1: { job: '湖|跑批', states: ['START', null, 'COMPLETE'], final: 'COMPLETE' } },
  datasets: { '湖|a': { fields: 0, lifecycle: [] }, '湖|b': { fields: 3, lifecycle: ['CREATE'] } },
  edges: ['湖|a -> job 湖|跑批', 'job 湖|跑批 -> 湖|b'],
  columnEdges: ['湖|a.x -> 湖|b.x [legacy:IDENTITY]', '湖|a.y -> 湖|b.x [INDIRECT/JOIN]'],
};

describe('what a catalog heard, compared with what it should have heard', () => {
  it('is as expected', () => {
    // 1 job, its input, its output, its runs; 1 run, its job, its end, 2 states; 2 datasets, the columns of one, 1 change;
    // 2 edges; 2 column edges
    expect(compare(heard, expected)).toEqual({ compared: 4 + 5 + 4 + 2 + 2, mismatches: [] });
  });

  it.each<[string, Partial<ExpectedState>, Partial<Heard>, readonly string[]]>([
    [
      'a job that is missing, and one too many',
      { jobs: { '湖|x': {} }, edges: [] },
      {},
      [
        'job is missing: 湖|x',
        'job was not expected: 湖|跑批',
        'edge was not expected: 湖|a -> job 湖|跑批',
        'edge was not expected: job 湖|跑批 -> 湖|b',
      ],
    ],
    [
      'an input, and the number of runs',
      { jobs: { '湖|跑批': { inputs: ['湖|c'], outputs: ['湖|b'], runs: 2 } } },
      {},
      [
        'input of job 湖|跑批 is missing: 湖|c',
        'input of job 湖|跑批 was not expected: 湖|a',
        'runs of job 湖|跑批: expected 2, got 1',
      ],
    ],
    [
      'the end and the states of a run',
      { runs: { r1: { job: '湖|y', states: ['FAIL', 'START'], final: 'FAIL' } } },
      {},
      [
        'job of run r1: expected "湖|y", got "湖|跑批"',
        'end of run r1: expected "FAIL", got "COMPLETE"',
        'state of run r1 is missing: FAIL',
        'state of run r1 was not expected: COMPLETE',
      ],
    ],
    [
      'columns and changes of datasets',
      { datasets: { '湖|a': { fields: 4, lifecycle: ['DROP'] }, '湖|b': { fields: 5 } } },
      {},
      [
        'columns of dataset 湖|a: expected 4, got none',
        'change of dataset 湖|a is missing: DROP',
        'columns of dataset 湖|b: expected 5, got 2 or 3',
      ],
    ],
    [
      'how one column feeds another',
      { columnEdges: ['湖|a.x -> 湖|b.x [DIRECT/AGGREGATION]', '湖|a.y -> 湖|b.x [INDIRECT/JOIN]'] },
      {},
      [
        'column edge is missing: 湖|a.x -> 湖|b.x [DIRECT/AGGREGATION]',
        'column edge was not expected: 湖|a.x -> 湖|b.x [DIRECT/IDENTITY]',
      ],
    ],
    [
      'a catalog that heard nothing',
      {},
      { jobs: [], runs: [], datasets: [], columnEdges: [] },
      [
        'job is missing: 湖|跑批',
        'run is missing: r1',
        'dataset is missing: 湖|a',
        'dataset is missing: 湖|b',
        'edge is missing: 湖|a -> job 湖|跑批',
        'edge is missing: job 湖|跑批 -> 湖|b',
        'column edge is missing: 湖|a.x -> 湖|b.x [DIRECT/IDENTITY]',
        'column edge is missing: 湖|a.y -> 湖|b.x [INDIRECT/JOIN]',
      ],
    ],
  ])('differs in %s', (_, wanted, got, mismatches) => {
    expect(compare({ ...heard, ...got }, { ...expected, ...wanted }).mismatches).toEqual(mismatches);
  });

  it.each([
    ['a column that feeds a whole dataset, told or not', '湖|a.y -> 湖|b [INDIRECT/FILTER]'],
    ['what says of no kind', '湖|a.x -> 湖|b.x []'],
  ])('takes as it is meant: %s', (_, line) => {
    const lines = line.endsWith('[]') ? [line, expected.columnEdges[1] ?? ''] : [...expected.columnEdges, line];
    const untyped = heard.columnEdges.map((edge, at) => (at === 0 ? { ...edge, type: '', subtype: '' } : edge));
    const got = line.endsWith('[]') ? { ...heard, columnEdges: untyped } : heard;
    expect(compare(got, { ...expected, columnEdges: lines }).mismatches).toEqual([]);
  });
});
