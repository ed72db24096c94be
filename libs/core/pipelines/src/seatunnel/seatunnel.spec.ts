import { readSeaTunnel } from '../index.js';
import { jobsOf, linesOf, reasonsOf, sourcesOf, targetsOf } from '../testing.js';

const SOURCE =
  'Jdbc { plugin_output = "s", url = "jdbc:mysql://core.bank:3306/core", password = "geheim", query = "select id, name from customer where st = 1" }';
const SINK =
  'Jdbc { plugin_input = "t", url = "jdbc:postgresql://dw.bank:5432/risk", database = "risk", table = "dwd.c" }';
const job = (transform: string, { source = SOURCE, sink = SINK } = {}) =>
  `env { job.mode = "BATCH", job.name = 客户 }\nsource {\n${source}\n}\ntransform {\n${transform}\n}\nsink {\n${sink}\n}`;
const through = (plugin: string, fields: string) =>
  job(`${plugin} { plugin_input = "s", plugin_output = "t", ${fields} }`);

const FILTER = 'core.customer#st ~> risk.dwd.c filter';
const TABLE = 'core.customer -> risk.dwd.c';

describe('a SeaTunnel job', () => {
  it.each<[string, string, string[]]>([
    [
      'mapped fields',
      through('FieldMapper', 'field_mapper = { id = customer_id, name = 姓名 }'),
      ['core.customer#id -> risk.dwd.c#customer_id identity', 'core.customer#name -> risk.dwd.c#姓名 identity'],
    ],
    ['kept fields', through('Filter', 'include_fields = [name]'), ['core.customer#name -> risk.dwd.c#name identity']],
    ['left out fields', through('Filter', 'exclude_fields = [name]'), ['core.customer#id -> risk.dwd.c#id identity']],
    [
      'copied fields',
      through('Copy', 'fields { n2 = name }'),
      [
        'core.customer#id -> risk.dwd.c#id identity',
        'core.customer#name -> risk.dwd.c#name identity',
        'core.customer#name -> risk.dwd.c#n2 identity',
      ],
    ],
    [
      'split fields',
      through('Split', 'split_field = name, separator = " ", output_fields = [first]'),
      [
        'core.customer#id -> risk.dwd.c#id identity',
        'core.customer#name -> risk.dwd.c#name identity',
        'core.customer#name -> risk.dwd.c#first transformation',
      ],
    ],
    [
      'renamed fields',
      through('FieldRename', 'convert_case = UPPER, prefix = "S_"'),
      ['core.customer#id -> risk.dwd.c#S_ID identity', 'core.customer#name -> risk.dwd.c#S_NAME identity'],
    ],
    [
      'SQL',
      through('Sql', `query = "select id as k, md5(name) h, 'HQ' org from s where id > 0"`),
      [
        'core.customer#id ~> risk.dwd.c filter',
        'core.customer#id -> risk.dwd.c#k identity',
        'core.customer#name -> risk.dwd.c#h transformation masked',
        "'HQ' = risk.dwd.c#org",
      ],
    ],
    [
      'SQL after SQL: what is hidden stays hidden',
      job(
        'Sql { plugin_input = s, plugin_output = m, query = "select md5(name) h from s" }\nSql { plugin_input = m, plugin_output = t, query = "select concat(h, 1) hh from m" }',
      ),
      ['core.customer#name -> risk.dwd.c#hh transformation masked'],
    ],
    [
      'an insert',
      job('', { sink: SINK.replace('plugin_input = "t"', 'query = "insert into dwd.c (a, B) values (?, ?)"') }),
      ['core.customer#id -> risk.dwd.c#a identity', 'core.customer#name -> risk.dwd.c#b identity'],
    ],
    [
      'no names between the steps',
      'source { Jdbc { url = "jdbc:mysql://core.bank:3306/core", query = "select id from customer where st = 1" } }\nsink { Jdbc { url = "jdbc:postgresql://dw.bank:5432/risk", table = "dwd.c" } }',
      ['core.customer#id -> risk.dwd.c#id identity'],
    ],
  ])('%s', async (_, text, lines) => {
    const read = await readSeaTunnel(text, 'j.conf');
    expect(linesOf(read)).toEqual([TABLE, FILTER, ...lines]);
    expect(jobsOf(read)[0]?.status).toBe('ok');
    expect(JSON.stringify(read)).not.toContain('geheim');
  });

  it('puts the tables of a change stream under the names of the sink', async () => {
    const text = job('', {
      source: 'MySQL-CDC { base-url = "jdbc:mysql://core.bank:3306/core", table-names = ["core.loan", "core.客户"] }',
      sink: 'Doris { fenodes = "fe:8030", database = "ods_${database_name}", table = "s_${table_name}" }',
    });
    const read = await readSeaTunnel(text, 'j.conf');
    expect(linesOf(read)).toEqual(['core.loan -> ods_core.s_loan', 'core.客户 -> ods_core.s_客户']);
    expect(targetsOf(read)[0]).toBe('doris://fe:8030/ods_core.s_loan');
  });

  it.each([
    ['Kafka { topic = "a,b", bootstrap.servers = "k:9092" }', ['kafka://k:9092/a', 'kafka://k:9092/b']],
    ['HdfsFile { path = "/wh/ods.db/t/dt=1", fs.defaultFS = "hdfs://nn:8020" }', ['hdfs://nn:8020//wh/ods.db/t']],
    ['Hive { table_name = "ods.t", metastore_uri = "thrift://ms:9083" }', ['hive://ms:9083/ods.t']],
    [
      'Jdbc { url = "jdbc:oracle:thin:@//o:1521/CORE", user = scott, table_path = "HR.EMP" }',
      ['oracle://o:1521/CORE.HR.EMP'],
    ],
    [
      'Jdbc { url = "jdbc:mysql://h/d", table_list = [{ table_path = "d.a" }, { query = "select x from b" }] }',
      ['mysql://h:3306/d.a', 'mysql://h:3306/d.b'],
    ],
  ])('reads %s', async (source, sources) => {
    expect(sourcesOf(await readSeaTunnel(job('', { source, sink: 'Console {}' }), 'j'))).toEqual(sources);
  });

  it.each<[string, string, string]>([
    ['a step that nobody knows', through('DynamicCompile', 'x = 1'), 'opaque-transform'],
    ['a plugin that nobody knows', job('', { source: 'Zip { path = x }' }), 'unknown-plugin'],
    ['rows that nobody gives', job('', { sink: SINK.replace('"t"', '"nobody"') }), 'unknown-input'],
    ['a field that is not there', through('FieldMapper', 'field_mapper = { idd = x }'), 'unknown-column'],
    ['SQL that cannot be read', through('Sql', 'query = "select from where"'), 'not-parsed'],
  ])('says: %s', async (_, text, code) => {
    const read = await readSeaTunnel(text, 'j');
    expect(jobsOf(read)[0]?.status).toBe('partial');
    expect(reasonsOf(read, text).map((reason) => reason.split(' ')[0])).toContain(code);
  });

  it.each(['env {}', 'source { A {', '{"a": 1}'])('refuses %j', async (text) => {
    await expect(readSeaTunnel(text, 'j')).rejects.toMatchObject({ offset: expect.any(Number) as number });
  });
});
