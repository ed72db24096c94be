import { readFlinkCdc } from '../index.js';
import { jobsOf, linesOf, reasonsOf, sourcesOf, targetsOf } from '../testing.js';
import { fits, tablePatterns } from './table-patterns.js';

const pipeline = (tables: string, rest = '', sink = 'type: doris\n  fenodes: fe.bank:8030') => `
source:
  type: mysql
  hostname: Core.bank
  port: 3306
  password: geheim
  tables: ${tables}
sink:
  ${sink}
${rest}
pipeline:
  name: 核心入湖
`;

describe('a pipeline of Flink CDC', () => {
  it.each<[string, string, string[]]>([
    ['a table goes under its own name', pipeline('core.loan'), ['core.loan -> core.loan']],
    [
      'a route',
      pipeline('core.loan, core.客户', 'route:\n  - source-table: core.客户\n    sink-table: ods.customer'),
      ['core.loan -> core.loan', 'core.客户 -> ods.customer'],
    ],
    [
      'a route with a place for the name',
      pipeline('core.loan', 'route:\n  - source-table: core.\\.*\n    sink-table: ods.s_<>\n    replace-symbol: <>'),
      ['core.loan -> ods.s_loan'],
    ],
    [
      'a projection and a filter',
      pipeline(
        'core.loan',
        'transform:\n  - source-table: core.loan\n    projection: id, amt * 2 AS twice, md5(id_no) AS h, __table_name__ AS src\n    filter: st = 1',
      ),
      [
        'core.loan -> core.loan',
        'core.loan#st ~> core.loan filter',
        'core.loan#id -> core.loan#id identity',
        'core.loan#amt -> core.loan#twice transformation',
        'core.loan#id_no -> core.loan#h transformation masked',
        'src = core.loan#src',
      ],
    ],
    [
      'several rules of one table: a row takes the first that fits',
      pipeline(
        'core.loan',
        'transform:\n  - source-table: core.loan\n    projection: id\n    filter: a > 1\n  - source-table: core.lo[a-z]+\n    projection: no AS id',
      ),
      [
        'core.loan -> core.loan',
        'core.loan#a ~> core.loan filter',
        'core.loan#id -> core.loan#id identity',
        'core.loan#no -> core.loan#id identity',
      ],
    ],
  ])('%s', async (_, text, lines) => {
    const read = await readFlinkCdc(text, 'p.yaml');
    expect(linesOf(read)).toEqual(lines);
    expect(jobsOf(read)[0]).toMatchObject({ status: 'ok', name: '核心入湖' });
    expect(JSON.stringify(read)).not.toContain('geheim');
    expect(read.pipelines[0]?.processing).toBe('STREAMING');
  });

  it('expands patterns and stars with what the catalog has', async () => {
    const known = ['core.order_1', 'core.order_2', 'core.orders'].map((name) => ({
      namespace: 'mysql://core.bank:3306',
      name,
      columns: ['id', 'amt'],
    }));
    const text = pipeline(
      'core.order_[0-9]+',
      'transform:\n  - source-table: core.order_[0-9]+\n    projection: \\*, upper(id) AS u\nroute:\n  - source-table: core.order_[0-9]+\n    sink-table: ods.orders',
    );
    const read = await readFlinkCdc(text, 'p.yaml', { known });
    expect(sourcesOf(read)).toEqual(['mysql://core.bank:3306/core.order_1', 'mysql://core.bank:3306/core.order_2']);
    expect(linesOf(read).slice(0, 5)).toEqual([
      'core.order_1 -> ods.orders',
      'core.order_2 -> ods.orders',
      'core.order_1#id -> ods.orders#id identity',
      'core.order_1#amt -> ods.orders#amt identity',
      'core.order_1#id -> ods.orders#u transformation',
    ]);
  });

  it.each<[string, string, string[]]>([
    [
      'type: kafka\n  properties.bootstrap.servers: PLAINTEXT://k1:9092,k2:9092\n  topic: cdc',
      'kafka://k1:9092/cdc',
      [],
    ],
    ['type: paimon\n  catalog.properties.warehouse: s3a://lake/wh', 's3://lake/wh/core.db/loan', []],
    ['type: starrocks\n  jdbc-url: jdbc:mysql://fe1:9030,fe2:9030', 'starrocks://fe1:9030/core.loan', []],
    ['type: values', '', ['no-target type: values']],
    ['type: pigeons', '', ['unknown-sink type: pigeons']],
  ])('writes into %s', async (sink, target, reasons) => {
    const text = pipeline('core.loan', '', sink);
    const read = await readFlinkCdc(text, 'p.yaml');
    expect(targetsOf(read).join()).toBe(target);
    expect(
      reasonsOf(read, text)
        .filter((reason) => !reason.startsWith('unknown-columns'))
        .map((reason) => reason.split('\n')[0]),
    ).toEqual(reasons);
  });

  it('says what it does not know', async () => {
    const text = pipeline(
      'core.loan, core.x_(, core.y_\\d+',
      'transform:\n  - source-table: core.nobody\n    projection: a\n  - projection: b\n  - source-table: core.loan\n    projection: a b c d',
    );
    const read = await readFlinkCdc(text, 'p.yaml');
    expect(reasonsOf(read, text).map((reason) => reason.split(' ')[0])).toEqual(
      expect.arrayContaining(['bad-pattern', 'table-pattern', 'no-table', 'unused-rule', 'not-parsed']),
    );
    expect(jobsOf(read)[0]?.status).toBe('partial');
  });

  it.each([
    ['a: [1', 5],
    ['source: x\nsink: y', 0],
    ['- 1', 0],
    ['', 0],
  ])('refuses %j', async (text, offset) => {
    await expect(readFlinkCdc(text, 'p.yaml')).rejects.toMatchObject({ offset });
  });
});

describe('a table pattern', () => {
  it.each([
    ['core.loan', 'core.loan', true],
    ['core.LOAN', 'core.loan', true],
    ['core.loan', 'core.loans', false],
    ['core.web_[0-9]+', 'core.web_12', true],
    ['core.web_[0-9]+', 'core.web_x', false],
    ['core.\\.*', 'core.anything', true],
    ['c[oa]re.(a|b)', 'care.b', true],
    ['public.t', 'risk.public.t', true],
    ['a.b.c', 'b.c', false],
  ])('%s and %s: %s', (pattern, name, expected) => {
    const [found] = tablePatterns(pattern);
    expect(found && !('problem' in found) && fits(found, name)).toBe(expected);
  });

  it('divides a list at commas outside of brackets', () => {
    expect(tablePatterns('a.t{1,2}, b.u').map(({ text }) => text)).toEqual(['a.t{1,2}', 'b.u']);
  });
});
