import { readDatax } from '../index.js';
import { jobsOf, linesOf, reasonsOf, sourcesOf, targetsOf } from '../testing.js';
import { tablesOf } from './table-ranges.js';

const MYSQL = 'jdbc:mysql://core.bank:3306/core';
const DW = 'jdbc:postgresql://dw.bank:5432/risk';

interface Wish {
  readonly column?: unknown;
  readonly connection?: readonly object[];
  readonly table?: readonly string[];
  readonly where?: string;
  readonly splitPk?: string;
  readonly querySql?: readonly string[];
  readonly to?: { readonly column?: unknown; readonly table?: readonly string[]; readonly postSql?: readonly string[] };
  readonly transformer?: readonly object[];
  readonly reader?: object;
  readonly writer?: object;
}

const job = ({ to = {}, transformer, reader, writer, ...from }: Wish): string => {
  const { querySql, table = ['t'], connection, ...parameter } = from;
  const own = [{ jdbcUrl: [MYSQL], ...(querySql ? { querySql } : { table }) }];
  return JSON.stringify({
    job: {
      content: [
        {
          reader: reader ?? {
            name: 'mysqlreader',
            parameter: { username: 'u', password: 'geheim', ...parameter, connection: connection ?? own },
          },
          ...(transformer && { transformer }),
          writer: writer ?? {
            name: 'postgresqlwriter',
            parameter: {
              column: to.column,
              ...(to.postSql && { postSql: to.postSql }),
              connection: [{ jdbcUrl: DW, table: to.table ?? ['dwd.t'] }],
            },
          },
        },
      ],
    },
  });
};

describe('a DataX job', () => {
  it.each<[string, Wish, string[]]>([
    [
      'columns by their place',
      { column: ['账号', 'bal'], to: { column: ['acct_no', 'Balance'] } },
      [
        'core.t -> risk.dwd.t',
        'core.t#账号 -> risk.dwd.t#acct_no identity',
        'core.t#bal -> risk.dwd.t#balance identity',
      ],
    ],
    [
      'constants, functions and parameters',
      {
        column: ['1', "'x'", 'null', "concat(a, '-', `b`)", "'${bizdate}'", 'now()'],
        to: { column: ['c', 'd', 'e', 'f', 'g', 'h'] },
      },
      [
        'core.t -> risk.dwd.t',
        'core.t#a -> risk.dwd.t#f transformation',
        'core.t#b -> risk.dwd.t#f transformation',
        '1 = risk.dwd.t#c',
        "'x' = risk.dwd.t#d",
        'NULL = risk.dwd.t#e',
        "'${bizdate}' = risk.dwd.t#g",
        'NOW() = risk.dwd.t#h',
      ],
    ],
    [
      'a condition decides about all rows',
      { column: ['a'], where: "dt >= '${d}' and st in (1, 2)", to: { column: ['a'] } },
      [
        'core.t -> risk.dwd.t',
        'core.t#dt ~> risk.dwd.t filter',
        'core.t#st ~> risk.dwd.t filter',
        'core.t#a -> risk.dwd.t#a identity',
      ],
    ],
    [
      'a query instead of tables',
      {
        querySql: ['select x.id, sum(y.amt) from x join y on x.id = y.id group by x.id'],
        to: { column: ['id', 'amt'] },
      },
      [
        'core.x -> risk.dwd.t',
        'core.y -> risk.dwd.t',
        'core.x#id ~> risk.dwd.t join',
        'core.y#id ~> risk.dwd.t join',
        'core.x#id ~> risk.dwd.t group_by',
        'core.x#id -> risk.dwd.t#id identity',
        'core.y#amt -> risk.dwd.t#amt aggregation',
      ],
    ],
    [
      'ranges of tables, and several connections',
      {
        column: ['a'],
        connection: [
          { jdbcUrl: [MYSQL], table: ['o_[8-10]'] },
          { jdbcUrl: ['jdbc:mysql://core2.bank:3306/core'], table: ['x.p, q'] },
        ],
        to: { column: ['a'] },
      },
      [
        ...['core.o_8', 'core.o_9', 'core.o_10', 'x.p', 'core.q'].map((table) => `${table} -> risk.dwd.t`),
        ...['core.o_8', 'core.o_9', 'core.o_10', 'x.p', 'core.q'].map((table) => `${table}#a -> risk.dwd.t#a identity`),
      ],
    ],
    [
      'each table to its own, when there are as many',
      { column: ['a'], table: ['t1', 't2'], to: { column: ['a'], table: ['d1', 'd2'] } },
      [
        'core.t1 -> risk.public.d1',
        'core.t2 -> risk.public.d2',
        'core.t1#a -> risk.public.d1#a identity',
        'core.t2#a -> risk.public.d2#a identity',
      ],
    ],
    [
      'transformers',
      {
        column: ['id', 'phone', 'name', 'amt'],
        transformer: [
          { name: 'dx_substr', parameter: { columnIndex: 2, paras: ['0', '1'] } },
          { name: 'dx_replace', parameter: { columnIndex: '1', paras: ['3', '4', '****'] } },
          { name: 'dx_replace', parameter: { columnIndex: 3, paras: ['0', '1', 'CNY'] } },
          { name: 'dx_filter', parameter: { columnIndex: 0, paras: ['>', '0'] } },
        ],
        to: { column: ['id', 'phone', 'name', 'amt'] },
      },
      [
        'core.t -> risk.dwd.t',
        'core.t#id ~> risk.dwd.t filter',
        'core.t#id -> risk.dwd.t#id identity',
        'core.t#phone -> risk.dwd.t#phone transformation masked',
        'core.t#name -> risk.dwd.t#name transformation',
        'core.t#amt -> risk.dwd.t#amt transformation',
      ],
    ],
    [
      'files by the place of columns, and a Hive folder',
      {
        reader: {
          name: 'txtfilereader',
          parameter: {
            path: ['/in/a.csv'],
            column: [
              { index: 1, type: 'string' },
              { value: 'HQ', type: 'string' },
            ],
          },
        },
        writer: {
          name: 'hdfswriter',
          parameter: {
            defaultFS: 'hdfs://nn1:8020',
            path: '/user/hive/warehouse/ods.db/loan/dt=20260131/bank=${b}',
            column: [{ name: 'a' }, { name: 'b' }],
          },
        },
      },
      [
        '/in/a.csv -> /user/hive/warehouse/ods.db/loan',
        '/in/a.csv#_c1 -> /user/hive/warehouse/ods.db/loan#a identity',
        'HQ = /user/hive/warehouse/ods.db/loan#b',
      ],
    ],
    [
      'HBase takes values by their number',
      {
        column: ['a', 'b', 'c'],
        writer: {
          name: 'hbase11xwriter',
          parameter: {
            hbaseConfig: { 'hbase.zookeeper.quorum': 'zk1,zk2' },
            table: 'h',
            rowkeyColumn: [{ index: 2 }, { index: -1, value: '_' }, { index: 0 }],
            column: [{ index: 1, name: 'cf: v' }],
          },
        },
      },
      [
        'core.t -> h',
        'core.t#c -> h#rowkey transformation',
        'core.t#a -> h#rowkey transformation',
        'core.t#b -> h#cf:v identity',
      ],
    ],
    [
      'statements after it that move rows',
      {
        column: ['a'],
        to: {
          column: ['a'],
          table: ['dwd.t'],
          postSql: ['truncate table x', 'insert into dwd.z (b) select a from @table'],
        },
      },
      [
        'core.t -> risk.dwd.t',
        'risk.dwd.t -> risk.dwd.z',
        'core.t#a -> risk.dwd.t#a identity',
        'risk.dwd.t#a -> risk.dwd.z#b identity',
      ],
    ],
  ])('%s', async (_, wish, lines) => {
    const read = await readDatax(job(wish), 'j');
    expect(linesOf(read)).toEqual(lines);
    expect(jobsOf(read)[0]?.status).toBe('ok');
  });

  it.each<[string, Wish, string, string[]]>([
    [
      'a transformer that runs code',
      { column: ['a'], to: { column: ['a'] }, transformer: [{ name: 'dx_groovy', parameter: { code: 'x' } }] },
      'partial',
      ['opaque-transformer {"name":"dx_groovy","parameter":{"code":'],
    ],
    ['more columns than are taken', { column: ['a', 'b'], to: { column: ['x'] } }, 'partial', ['column-count ["x"]']],
    [
      'an expression that nobody understands',
      { column: ['a', 'b c d e'], to: { column: ['x', 'y'] } },
      'partial',
      ['column-not-understood "b c d e"'],
    ],
    [
      'a reader that nobody knows',
      { reader: { name: 'zipreader', parameter: {} }, to: { column: ['x'] } },
      'partial',
      ['unknown-plugin {"name":"zipreader","parameter":{}}'],
    ],
    [
      'a URL that is none',
      { connection: [{ jdbcUrl: ['core.bank?password=geheim'], table: ['t'] }], to: { column: ['x'] }, column: ['a'] },
      'partial',
      ['no-place "core.bank?password=geheim"'],
    ],
    [
      'a range beyond measure',
      { table: ['t_[0-99999999]'], column: ['a'], to: { column: ['x'] } },
      'partial',
      ['too-many-tables "t_[0-99999999]"'],
    ],
    [
      'pairs that the run decides',
      { column: ['a'], table: ['t1', 't2'], splitPk: 'id', to: { column: ['a'], table: ['d1', 'd2'] } },
      'partial',
      ['unknown-pairs {"name":"postgresqlwriter","parameter":{'],
    ],
    [
      'a position at which nothing is',
      {
        column: ['a'],
        to: { column: ['a'] },
        transformer: [{ name: 'dx_pad', parameter: { columnIndex: 4, paras: [] } }],
      },
      'partial',
      ['no-such-column {"name":"dx_pad","parameter":{"columnInd'],
    ],
    [
      'a writer that keeps nothing',
      { column: ['a'], writer: { name: 'streamwriter', parameter: {} } },
      'ok',
      ['no-target {"name":"streamwriter","parameter":{}}'],
    ],
    ['a star without a schema', { column: ['*'], to: { column: ['*'] } }, 'ok', ['unknown-columns ["*"]']],
  ])('says: %s', async (_, wish, status, reasons) => {
    const text = job(wish);
    const read = await readDatax(text, 'j');
    expect(jobsOf(read)[0]?.status).toBe(status);
    expect(reasonsOf(read, text)).toEqual(reasons);
  });

  it('resolves a star by the places of catalogued columns', async () => {
    const known = [
      { namespace: 'mysql://core.bank:3306', name: 'core.t', columns: ['a', 'b'] },
      { namespace: 'postgres://dw.bank:5432', name: 'risk.dwd.t', columns: ['x', 'y'] },
    ];
    const read = await readDatax(job({ column: ['*'], to: { column: ['*'] } }), 'j', { known });
    expect(linesOf(read)).toEqual([
      'core.t -> risk.dwd.t',
      'core.t#a -> risk.dwd.t#x identity',
      'core.t#b -> risk.dwd.t#y identity',
    ]);
    expect(jobsOf(read)[0]?.columnEdges[0]?.confidence).toBe('schema');
  });

  it('says which column the catalog does not have', async () => {
    const known = [{ namespace: 'mysql://core.bank:3306', name: 'core.t', columns: ['a'] }];
    const text = job({ column: ['A', 'b'], to: { column: ['x', 'y'] } });
    const read = await readDatax(text, 'j', { known });
    expect(reasonsOf(read, text)).toEqual(['unknown-column "b"']);
  });

  it('takes the namespaces of the catalog', async () => {
    const read = await readDatax(job({ column: ['a'], to: { column: ['x'] } }), 'j', {
      namespaces: { 'mysql://core.bank:3306': 'mysql://10.0.0.1:3306' },
    });
    expect([...sourcesOf(read), ...targetsOf(read)]).toEqual([
      'mysql://10.0.0.1:3306/core.t',
      'postgres://dw.bank:5432/risk.dwd.t',
    ]);
  });

  it('keeps no secret, and every place', async () => {
    const text = job({
      column: ['a'],
      connection: [{ jdbcUrl: [`${MYSQL}?user=u&password=geheim`], table: ['t'] }],
      to: { column: ['x'] },
    });
    const read = await readDatax(text, 'j');
    expect(JSON.stringify(read)).not.toContain('geheim');
    expect(read.text).toHaveLength(text.length);
    expect(read.text).toContain('"column":["a"]');
    expect(() => JSON.parse(read.text) as unknown).not.toThrow();
  });

  it('says where a reason is in a query over several lines', async () => {
    const text =
      '{"job":{"content":[{"reader":{"name":"mysqlreader","parameter":{"connection":[{"jdbcUrl":["jdbc:mysql://h/d"],"querySql":["select \\"x\\", a\\n from b\\n join c on b.i = c.i"]}]}},"writer":{"name":"streamwriter"}}]}}';
    const read = await readDatax(text, 'j');
    expect(reasonsOf(read, text)).toContain('ambiguous-column a');
  });

  it.each(['{"job": {}}', '[]', 'nothing', '{"job": {"content": [}'])('refuses what is no job: %s', async (text) => {
    await expect(readDatax(text, 'j')).rejects.toMatchObject({ offset: expect.any(Number) as number });
  });
});

describe('a list of tables', () => {
  it.each([
    ['t', ['t']],
    ['a, b.c', ['a', 'b.c']],
    ['db.t_[08-11]_x', ['db.t_08_x', 'db.t_09_x', 'db.t_10_x', 'db.t_11_x']],
    ['t[3-1]', ['t1', 't2', 't3']],
    ['订单_[1-2]', ['订单_1', '订单_2']],
    ['t_[0-10000]', undefined],
    ['', []],
  ])('%s', (entry, tables) => {
    expect(tablesOf(entry)).toEqual(tables);
  });
});
