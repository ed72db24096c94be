import { extractLineage, type SqlDialect } from '#core/sql-lineage';

const read = async (sql: string, dialect: SqlDialect) => {
  const [statement] = (await extractLineage(sql, { dialect })).statements;
  const names = (tables: readonly { readonly name: string }[] = []) => tables.map(({ name }) => name).join(' ');
  return { ...statement, reads: names(statement?.sources), writes: names(statement?.targets) };
};

// Each of these is refused by the first parser, even after rewrites; when a newer one takes it, another must be found.
describe('the second parser', () => {
  it.each<[SqlDialect, string, string, string]>([
    ['spark', 'with c as (select 客户 from ods.流水) select * from c pivot (sum(a) / 2 as b for k in (1))', '流水', ''],
    [
      'spark',
      'insert into dws.月报 select * from (dwd.日报) pivot (max(v) / 1e3 as v for k in (x as a))',
      '日报',
      '月报',
    ],
    ['postgres', 'alter table 流水 attach partition 流水_2026 default', '', '流水'],
  ])('%s: %s', async (dialect, sql, reads, writes) => {
    const found = await read(sql, dialect);
    expect(found).toMatchObject({ status: 'fallback', reads, columnEdges: [] });
    expect(found.writes).toBe(writes);
    expect(found.reasons).toEqual([expect.objectContaining({ code: 'fallback-parser', line: 1 })]);
  });

  it('is not asked about what it does not know', async () => {
    expect(await read('select from where', 'oracle')).toMatchObject({ status: 'failed' });
  });

  it('is not believed when it has to guess', async () => {
    expect(await read('insert into b select select x from from a', 'hive')).toMatchObject({
      status: 'failed',
      reads: '',
      reasons: [{ code: 'not-parsed' }],
    });
  });
});
