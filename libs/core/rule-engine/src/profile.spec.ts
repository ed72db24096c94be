import { planProfile } from '#core/rule-engine';

import { fileSamples, postgresSamples, type SampleSource } from '../../../../test/support/sample-tables.js';

describe.each([
  ['postgres', postgresSamples],
  ['duckdb', fileSamples],
])('on %s', (_, open) => {
  let source: SampleSource;

  beforeAll(async () => {
    source = await open();
  });

  afterAll(() => source?.close());

  const profile = async (rows: (string | number | null)[][]) => {
    const target = await source.add(
      [
        { name: '姓"名', typeFamily: 'text' },
        { name: 'n', typeFamily: 'integer' },
        { name: 'on', typeFamily: 'date' },
        { name: 'doc', typeFamily: 'json' },
      ],
      rows,
    );
    const plan = planProfile(target, {
      dialect: source.dialect,
      quantiles: ['0.5'],
      top: (name) => (name === 'on' ? 0 : 2),
    });
    const call = () => ({ signal: new AbortController().signal, deadlineMs: 20_000 });
    const answers = [];
    for (const { sql, params, maxRows } of plan.statements)
      answers.push(await source.connection.query(sql, params, { ...call(), maxRows }));
    return plan.read(answers);
  };

  it('says what each column is like', async () => {
    const [name, n, on, doc] = await profile([
      ['张', 1, '2026-01-01', '{}'],
      ['李四', 2, '2026-01-02', null],
      ['李四', 4, null, null],
      [null, null, null, null],
    ]);
    expect(name).toMatchObject({ rows: '4', nulls: '1', distinct: '2', shortest: '1', longest: '2', quantiles: {} });
    expect(name?.top).toEqual([
      { value: '李四', rows: '2' },
      { value: '张', rows: '1' },
    ]);
    expect(n).toMatchObject({ nulls: '1', distinct: '3', min: '1', max: '4', quantiles: { '0.5': '2' } });
    expect(n?.top).toHaveLength(2);
    expect(on).toMatchObject({ nulls: '2', min: '2026-01-01', max: '2026-01-02', top: [] });
    expect(doc).toMatchObject({ nulls: '3', top: [] });
    expect(doc).not.toHaveProperty('distinct');
  });

  it('asks for no value of a column that is secret, and needs not all of its questions answered', async () => {
    const target = await source.add(
      [
        { name: '姓名', typeFamily: 'text' },
        { name: 'n', typeFamily: 'integer' },
      ],
      [['张三', 7]],
    );
    const plan = planProfile(target, { dialect: source.dialect, values: (name) => name !== '姓名' });
    expect(plan.statements.map(({ asks, column }) => [asks, column])).toEqual([
      ['figures', undefined],
      ['quantiles', 'n'],
      ['top', 'n'],
    ]);
    const [figures] = plan.statements;
    const call = { signal: new AbortController().signal, deadlineMs: 20_000 };
    const answer = await source.connection.query(figures!.sql, figures!.params, call);
    expect(JSON.stringify(answer)).not.toContain('张三');
    expect(plan.read([answer])).toEqual([
      { column: '姓名', rows: '1', nulls: '0', distinct: '1', shortest: '2', longest: '2', quantiles: {}, top: [] },
      expect.objectContaining({ column: 'n', min: '7', max: '7', quantiles: {}, top: [] }),
    ]);
  });

  it('has little to say of no rows', async () => {
    const [name, n] = await profile([]);
    expect(name).toEqual({ column: '姓"名', rows: '0', nulls: '0', distinct: '0', quantiles: {}, top: [] });
    expect(n).not.toHaveProperty('min');
  });
});
