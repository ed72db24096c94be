import { type DatasetRow, type FieldRow } from '#dictionary';

import { SAMPLE_ENGINES, type SampleSource, type SampleTable } from '../../../test/support/sample-tables.js';
import { DEFAULT_LIMITS, Profiler, type StatisticsLimits } from './profiler.js';

describe.each(SAMPLE_ENGINES)('reading a dataset on %s', (_, open) => {
  let source: SampleSource;
  let table: SampleTable;

  beforeAll(async () => {
    source = await open();
    const rows = Array.from({ length: 400 }, (_row, n) => [
      n % 2 === 0 ? '正常' : "逾'期 😀",
      n,
      n % 10 === 0 ? null : n * 0.5,
      '{}',
    ]);
    table = await source.add(
      [
        { name: '状"态', typeFamily: 'text' },
        { name: 'n', typeFamily: 'integer' },
        { name: 'amount', typeFamily: 'decimal' },
        { name: 'doc', typeFamily: 'json' },
      ],
      rows,
    );
  });
  afterAll(() => source?.close());

  const profile = async (rowEstimate: number | null, limits: Partial<StatisticsLimits> = {}) => {
    // The connection is the test's own; the profiler closes what it opened.
    const connection = new Proxy(source.connection, {
      get: (target, name) => {
        if (name === 'close') return () => Promise.resolve();
        if (name === 'relation') return () => table.relation;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const profiler = new Profiler(
      () => Promise.resolve(connection),
      { ...DEFAULT_LIMITS, ...limits },
      new AbortController().signal,
    );
    const dataset = { scope: '', name: table.name, kind: 'table', rowEstimate } as DatasetRow;
    const found = await profiler.of(dataset, table.columns as unknown as FieldRow[], (name) => name !== 'n');
    await profiler.close();
    return found;
  };

  it('gives its figures, and no values of what may not be asked for', async () => {
    const found = await profile(null);
    expect(found).toMatchObject({ rowCount: 400, sampledRows: null });
    const [state, n, amount, doc] = 'columns' in found ? found.columns : [];
    expect(state).toMatchObject({ nulls: '0', distinct: '2', shortest: '2' });
    expect(state!.top.map(({ rows }) => rows)).toEqual(['200', '200']);
    expect(n).toMatchObject({ distinct: '400', quantiles: {}, top: [] });
    expect(n).not.toHaveProperty('max');
    expect(amount).toMatchObject({ nulls: '40' });
    expect(Number(amount!.max)).toBe(199.5);
    expect(Number(amount!.quantiles['0.5'])).toBeCloseTo(100, 0);
    expect(doc).toMatchObject({ nulls: '0', top: [] });
  });

  it.each([
    ['as the source guesses', 100_000, 100_000],
    ['nobody knows how many', null, null],
  ])('reads a sample of a larger one: %s', async (_name, rowEstimate, rowCount) => {
    const found = await profile(rowEstimate, { rowLimit: 50 });
    expect(found).toMatchObject({ rowCount });
    // PostgreSQL takes whole pages, and of few pages perhaps none.
    if ('sampledRows' in found) expect(found.sampledRows).toBeLessThanOrEqual(50);
    else throw new Error(found.problem);
  });

  it('stops within a dataset when the rows are used up', async () => {
    const found = await profile(null, { readRows: 1 });
    const [state, , amount] = 'columns' in found ? found.columns : [];
    expect(state).toMatchObject({ distinct: '2', top: [] });
    expect(amount).toMatchObject({ quantiles: {} });
  });
});
