import { type QueryResult, SourceUnreachable } from '#core/connector-kit';
import { type Definition, MOST_ROWS_HELD, type Side, SideFailed } from '#core/reconciliation';

import { compare, sideOf } from '../../../../test/suites/reconcile.suite.js';
import { fileSamples, postgresSamples, type SampleSource } from '../../../../test/support/sample-tables.js';
import { type Bucket, differingBuckets, differingKeys } from './differing-keys.js';
import { addFigures, compareFigures } from './judge.js';
import { formOf, gridOf } from './mapped.js';
import { cutoffMoment, localText, stretchesOf } from './moments.js';

describe('a cut-off', () => {
  it.each<[string, Parameters<typeof cutoffMoment>[0], string, string]>([
    [
      'the end of yesterday in Shanghai',
      { daysBack: 1, timeZone: 'Asia/Shanghai' },
      '2026-06-01T02:00:00Z',
      '2026-05-31T16:00:00Z',
    ],
    [
      'just before midnight there',
      { daysBack: 1, timeZone: 'Asia/Shanghai' },
      '2026-05-31T15:59:59Z',
      '2026-05-30T16:00:00Z',
    ],
    ['the end of today', { daysBack: 0, timeZone: 'UTC' }, '2026-02-28T12:00:00Z', '2026-03-01T00:00:00Z'],
    ['a leap day', { daysBack: 1, timeZone: 'UTC' }, '2028-03-01T00:00:01Z', '2028-03-01T00:00:00Z'],
    [
      'the day that clocks went forward',
      { daysBack: 1, timeZone: 'America/New_York' },
      '2026-03-09T12:00:00Z',
      '2026-03-09T04:00:00Z',
    ],
    [
      'the day after which they go back',
      { daysBack: 1, timeZone: 'America/New_York' },
      '2026-11-01T12:00:00Z',
      '2026-11-01T04:00:00Z',
    ],
    [
      'a zone without DST at midnight',
      { daysBack: 7, timeZone: '+08:00' },
      '2026-06-10T00:00:00Z',
      '2026-06-03T16:00:00Z',
    ],
    ['minutes', { minutesBack: 90 }, '2026-06-01T02:00:00Z', '2026-06-01T00:30:00Z'],
    ['a moment', { moment: '2026-01-01T00:00:00+08:00' }, '2026-06-01T02:00:00Z', '2025-12-31T16:00:00Z'],
  ])('%s', (_, until, now, moment) => {
    expect(cutoffMoment(until, new Date(now)).toISOString()).toBe(new Date(moment).toISOString());
  });

  it.each([
    ['Asia/Shanghai', '2026-05-31T16:00:00Z', '2026-06-01 00:00:00.000'],
    ['-05:30', '2026-05-31T16:00:00Z', '2026-05-31 10:30:00.000'],
  ])('is told on a clock of %s', (zone, at, local) => {
    expect(localText(zone, Date.parse(at))).toBe(local);
  });

  it('knows the summers in which China moved its clocks', () => {
    const stretches = stretchesOf('Asia/Shanghai');
    const at = (local: string) => stretches.find(({ from }) => from === undefined || local >= from)!.minutes;
    expect(['2026-06-01 00:00:00', '1988-07-01 00:00:00', '1988-12-01 00:00:00'].map(at)).toEqual([480, 540, 480]);
  });
});

describe('forms', () => {
  it.each([
    ['integer', 'decimal', 'number'],
    ['boolean', 'integer', 'number'],
    ['decimal', 'float', 'float'],
    ['date', 'timestamptz', 'moment'],
    ['text', 'uuid', 'uuid'],
    ['text', 'integer', undefined],
    ['json', 'json', undefined],
    ['array', 'array', undefined],
    ['time', 'timestamp', undefined],
  ] as const)('%s and %s', (left, right, form) => {
    expect([formOf(left, right), formOf(right, left)]).toEqual([form, form]);
  });

  it.each([
    ['0', undefined],
    ['0.01', 2],
    ['0.05', 2],
    ['0.5', 1],
    ['1', 0],
    ['250', 0],
    ['0.00000000001', undefined],
  ])('a tolerance of %s lets numbers be rounded to %s digits', (absolute, digits) => {
    expect(gridOf({ absolute } as Parameters<typeof gridOf>[0])).toBe(digits);
  });
});

describe('figures', () => {
  const none = { absolute: '0', relative: '0' };
  it.each<[string, Parameters<typeof compareFigures>, object]>([
    ['written otherwise', ['1.50', '1.5', none], { difference: '0', agrees: true }],
    ['beyond a double', ['9007199254740993.01', '9007199254740993.02', none], { difference: '0.01', agrees: false }],
    ['at the tolerance', ['100', '101', { absolute: '1', relative: '0' }], { difference: '1', agrees: true }],
    ['at the share of the left', ['200', '198', { absolute: '0', relative: '0.01' }], { agrees: true }],
    ['beyond the share of the left', ['198', '200', { absolute: '0', relative: '0.01' }], { agrees: false }],
    ['nothing and nothing', [null, null, none], { difference: null, agrees: true }],
    ['nothing and zero', [null, '0', none], { difference: null, agrees: false }],
    ['no numbers', ['NaN', 'nan', none], { agrees: true }],
    ['beyond all numbers', ['Infinity', '-inf', none], { agrees: false }],
  ])('%s', (_, given, expected) => {
    expect(compareFigures(...given)).toMatchObject(expected);
  });

  it('are added exactly', () => {
    expect(addFigures(['0.1', '0.2', null, '90071992547409930000'])).toBe('90071992547409930000.3');
    expect(addFigures([null])).toBeNull();
    expect(addFigures(['1', 'Infinity'])).toBe('inf');
    expect(addFigures(['inf', '-inf'])).toBe('nan');
  });
});

describe('buckets', () => {
  const same = { rows: 5, hash: '1' };
  it('that differ are looked into, the small ones first, as far as memory allows', () => {
    const left = new Map<string, Bucket>([
      ['000', { rows: MOST_ROWS_HELD, hash: '1' }],
      ['001', { rows: 3, hash: '1' }],
      ['002', same],
      ['003', { rows: 4, hash: '9', keys: 3 }],
      ['-', { rows: 2, hash: '7' }],
    ]);
    const right = new Map([
      ['000', { rows: 1, hash: '1' }],
      ['002', same],
      ['003', { rows: 4, hash: '9' }],
      ['-', { rows: 2, hash: '7' }],
      ['004', { rows: 1, hash: '1' }],
    ]);
    expect(differingBuckets(left, right)).toEqual({ look: ['-', '001', '003', '004'], left: 1 });
  });

  it('give the keys whose rows are not the same one row', () => {
    const answer = (...rows: string[][]): QueryResult => ({ columns: [], rows, truncated: false });
    const left = answer(['0', 'a', '1'], ['0', 'b', '1'], ['0', 'c', '1'], ['0', 'c', '1'], ['-', 'n', '1']);
    const right = answer(
      ['0', 'a', '1'],
      ['0', 'b', '2'],
      ['0', 'c', '1'],
      ['0', 'c', '1'],
      ['-', 'n', '1'],
      ['0', 'd', '4'],
    );
    expect(differingKeys(left, right)).toEqual([
      { key: 'b', rows: 2 },
      { key: 'c', rows: 4 },
      { key: 'd', rows: 1 },
      { key: 'n', rows: 2 },
    ]);
  });
});

describe('while a run goes on', () => {
  let core: SampleSource;
  let lake: SampleSource;
  beforeAll(async () => {
    core = await postgresSamples();
    lake = await fileSamples();
  });
  afterAll(async () => {
    await core.close();
    await lake.close();
  });

  const COLUMNS = [
    { name: 'id', typeFamily: 'integer' as const },
    { name: 'x', typeFamily: 'text' as const },
    { name: 'at', typeFamily: 'timestamp' as const },
  ];
  const row = (id: number, x: string, day: string) => [id, x, `${day} 00:00:00`];
  const definition: Definition = {
    keys: [{ left: 'id' }],
    columns: [{ left: 'x' }],
    cutoff: { left: 'at', until: { moment: '2026-06-01T00:00:00Z' } },
    checks: [{ kind: 'row_count' }, { kind: 'keys' }],
  };

  /** A side that another table stands for from its n-th answer on, as if rows had come or changed meanwhile. */
  const turning = (before: Side, after: Side, answers: number): Side => {
    let given = 0;
    return {
      ...before,
      ask: (sql, params, maxRows) => {
        const side = given++ < answers ? before : after;
        return side.ask(sql.replace(before.facts.relation, side.facts.relation), params, maxRows);
      },
    };
  };

  it('rows that come after the cut-off are no breaks, and what was put right meanwhile is none', async () => {
    const left = sideOf(core, await core.add(COLUMNS, [row(1, 'a', '2026-05-01'), row(2, 'b', '2026-05-01')]));
    const early = sideOf(lake, await lake.add(COLUMNS, [row(1, 'a', '2026-05-01'), row(2, 'late', '2026-05-01')]));
    const later = sideOf(
      lake,
      await lake.add(COLUMNS, [row(1, 'a', '2026-05-01'), row(2, 'b', '2026-05-01'), row(3, 'new', '2026-06-01')]),
    );
    const found = await compare(definition, left, turning(early, later, 2));
    expect(found).toMatchObject({
      verdict: 'agrees',
      leftRows: '2',
      rightRows: '2',
      keys: { differingKeys: 1, agreeing: 1 },
    });
  });

  it.each([0, 1, 2])('a side that goes away after %s answers is an error of that side', async (answers) => {
    const left = sideOf(core, await core.add(COLUMNS, [row(1, 'a', '2026-05-01')]));
    const right = sideOf(lake, await lake.add(COLUMNS, [row(1, 'b', '2026-05-01')]));
    let given = 0;
    const gone: Side = {
      ...right,
      ask: (...call) => {
        if (given++ < answers) return right.ask(...call);
        throw new SourceUnreachable({ product: 'The folder', host: 'x' }, 'it is gone');
      },
    };
    const failing = compare(definition, left, gone);
    await expect(failing).rejects.toThrow(SideFailed);
    await expect(failing).rejects.toMatchObject({ side: 'right', cause: { code: 'SOURCE_UNREACHABLE' } });
  });

  it('asks each side three times at most, and reads the values of differing keys only', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => row(at, `x${at}`, '2026-05-01'));
    const left = sideOf(core, await core.add(COLUMNS, rows), ['id']);
    const right = sideOf(lake, await lake.add(COLUMNS, [row(0, 'other', '2026-05-01'), ...rows.slice(1)]));
    const { sent, breaks } = await compare({ ...definition, buckets: 256 }, left, right);
    expect(breaks).toMatchObject([{ kind: 'value_differs', key: ['0'], columns: ['x'] }]);
    expect(sent.filter(({ side }) => side === 'left').map(({ purpose, rows: n }) => [purpose, n])).toEqual([
      ['buckets', expect.any(Number)],
      ['hashes', expect.any(Number)],
      ['values', 1],
    ]);
  });
});
