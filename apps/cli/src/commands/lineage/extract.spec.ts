import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { projectRoot } from '#platform/config';

const MAIN = join(projectRoot, 'dist', 'apps', 'cli', 'src', 'main.js');

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

describe('plumbline lineage extract', () => {
  const folder = mkdtempSync(join(tmpdir(), 'extract-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    return name;
  };

  /** Runs the built command, where there is no catalog and no server. */
  function run(args: readonly string[], input: string | Uint8Array = ''): Promise<Ran> {
    const child = spawn(process.execPath, [MAIN, 'lineage', 'extract', ...args], { cwd: folder, env: {} });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
    child.stdin.end(input);
    return new Promise((done) => child.once('close', (code) => done({ out, err, code })));
  }

  /** The lines of the answer with single gaps. */
  const lines = ({ out }: Ran) =>
    out
      .split('\n')
      .map((line) => line.replace(/ {2,}/g, '  '))
      .filter((line) => line !== '');

  describe('for a person', () => {
    it('shows edges by target column, and totals', async () => {
      const path = file(
        'load.sql',
        '-- 借据\ninsert into dwd.loan (id, 余额, etl_date)\nselect l.id, sum(l.余额), current_date from ods.loan l where l.st = 1 group by l.id',
      );
      const ran = await run(['--dialect', 'postgres', path]);
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(lines(ran)).toEqual([
        'load.sql',
        '  dwd.loan.id  ← ods.loan.id  identity  single-source  line 2',
        '  dwd.loan.余额  ← ods.loan.余额  aggregation  single-source  line 2',
        '  dwd.loan.etl_date  ← CURRENT_DATE  generated  line 2',
        '  dwd.loan (rows)  ⇠ ods.loan.st  filter  single-source  line 2',
        '  dwd.loan (rows)  ⇠ ods.loan.id  group_by  single-source  line 2',
        'Statements  1: 1 ok',
        'Tables  1 read, 1 written',
        'Edges  2 direct, 2 indirect; by confidence 4 single-source',
        'Without origin  1 column',
      ]);
    });

    it('lists what was not understood, by place, and ends with 3', async () => {
      const path = file(
        'mixed.sql',
        "insert into b (y) select x from a;\n  do language plperl $$ x $$;\nthis is not SQL at all ';'",
      );
      const ran = await run(['--dialect', 'postgres', path]);
      expect(ran.code).toBe(3);
      const listed = lines(ran);
      expect(listed[1]).toContain('b.y  ← a.x');
      expect(listed).toContain('Not understood');
      const at = listed.indexOf('mixed.sql:2:3  opaque  runs-code');
      expect(listed.slice(at + 1, at + 3)).toEqual([
        '  The code is written in plperl. This statement runs code; what the code reads and writes is not seen.',
        '  do language plperl $$ x $$',
      ]);
      expect(listed).toContainEqual(expect.stringMatching(/^mixed\.sql:3:\d+ {2}failed {2}not-parsed$/));
      expect(listed).toContain("  this is not SQL at all ';'");
      expect(listed).toContain('Statements  3: 1 ok, 1 opaque, 1 failed');
    });

    it('reads standard input', async () => {
      const ran = await run(['--dialect', 'hive', '-'], 'insert into b select x from a');
      expect(lines(ran).slice(0, 2)).toEqual(['(standard input)', '  b.x  ← a.x  identity  single-source  line 1']);
    });

    it('takes out temporary tables, and leaves out what only decides', async () => {
      const path = file(
        'steps.sql',
        'create temp table t as select x from a where k = 1; insert into b (y) select x from t',
      );
      const whole = await run(['--dialect', 'postgres', path]);
      expect(lines(whole)).toContain('  b.y  ← t#.x  identity  schema  line 1');
      const ran = await run(['--dialect', 'postgres', '--collapse', '--direct', path]);
      expect(lines(ran).slice(0, 2)).toEqual(['steps.sql', expect.stringMatching(/^ {2}b\.y {2}← a\.x /)]);
    });
  });

  describe('files', () => {
    it('of a folder, by ending, in order; the endings of one dialect need no flag', async () => {
      file('jobs/b/2.hql', 'insert into t2 select x from a');
      file('jobs/a/1.HQL', 'insert into t1 select x from a');
      file('jobs/readme.md', 'not read');
      const ran = await run(['jobs']);
      expect(ran.code).toBe(0);
      expect(lines(ran).slice(0, 3)).toEqual([
        join('jobs', 'a', '1.HQL'),
        '  t1.x  ← a.x  identity  single-source  line 1',
        join('jobs', 'b', '2.hql'),
      ]);
      expect(lines(ran)).toContain('Files  2');
      const some = await run(['jobs', '--glob', 'b/*.hql']);
      expect(lines(some)[1]).toContain('t2.x');
    });

    const sql = 'select x as 撒 from a';
    it.each([
      ['UTF-8 with a mark', Buffer.from(`\ufeff${sql}`), 'utf-8', ''],
      ['UTF-16 with a mark', Buffer.from(`\ufeff${sql}`, 'utf16le'), 'utf-16le', ''],
      ['UTF-16', Buffer.from(sql, 'utf16le'), 'utf-16le', 'has no byte order mark and was read as utf-16le'],
      // 撒 in GBK.
      ['GBK', Buffer.from(sql.replace('撒', '\xc8\xf6'), 'latin1'), 'gb18030', 'is not UTF-8 and was read as GB18030'],
      [
        "GBK with UTF-8's mark",
        Buffer.from(`\xef\xbb\xbf${sql.replace('撒', '\xc8\xf6')}`, 'latin1'),
        'gb18030',
        'has the mark of UTF-8 but is not UTF-8',
      ],
    ])('in %s', async (_, bytes, encoding, remark) => {
      const ran = await run(['--dialect', 'hive', '--json', file('encoded.sql', bytes)]);
      const { files } = JSON.parse(ran.out) as {
        files: { statements: { columnEdges: { to: { column: string } }[] }[] }[];
      };
      expect(files).toMatchObject([
        { encoding, ...(remark !== '' && { remark: expect.stringContaining(remark) as unknown }) },
      ]);
      expect(files[0]?.statements[0]?.columnEdges[0]?.to.column).toBe('撒');
      const told = await run(['--dialect', 'hive', '--encoding', 'gbk', '--json', 'encoded.sql']);
      expect(JSON.parse(told.out)).toMatchObject({
        files: [{ encoding: encoding === 'gb18030' ? 'gbk' : expect.anything() }],
      });
    });

    it('that cannot be read do not hide the others', async () => {
      file('some/ok.hql', 'insert into t2 select x from a');
      file('some/which.sql', 'select 1');
      const ran = await run(['some']);
      expect(ran.code).toBe(2);
      expect(ran.err).toContain('Which SQL is some/which.sql? Name it with --dialect: ');
      expect(lines(ran)[1]).toContain('t2.x');
    });

    it('that may hold SQL in another language are named', async () => {
      file('pipeline/1.sql', 'insert into t2 select x from a');
      file('pipeline/run.sh', 'hive -e "insert into t3 select x from a"');
      file('pipeline/spark.py', 'spark.sql("select 1")');
      const ran = await run(['--dialect', 'hive', 'pipeline']);
      expect(ran).toMatchObject({
        code: 0,
        err: 'Not read in pipeline: 1 .sh, 1 .py. SQL inside of them is not seen.\n',
      });
    });

    it('without a dialect are told about once', async () => {
      file('plain/1.sql', 'select 1');
      file('plain/2.sql', 'select 2');
      const ran = await run(['plain']);
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.err.match(/Which SQL is/g)).toHaveLength(1);
    });

    it('in the wrong dialect get a hint', async () => {
      const path = file('wrong.sql', 'begin for i in 1..2 loop null; end loop; end;\nselec 1;\nexit when x;');
      const ran = await run(['--dialect', 'hive', path]);
      expect(ran.code).toBe(3);
      expect(lines(ran).at(-1)).toBe('Hint  more than half was refused; is this hive? --dialect names another');
    });
  });

  describe('the schema', () => {
    const SQL = 'insert into b select * from a';
    const expected = ['star.sql', '  b.p  ← a.x  identity  schema  line 1', '  b.q  ← a.表  identity  schema  line 1'];
    it.each([
      [
        'JSON, table → column → type',
        's.json',
        '{"s.a": {"x": "int", "表": "string"}, "s.b": {"p": "int", "q": "int"}}',
      ],
      [
        'JSON, a list',
        's2.json',
        '[{"schema": "s", "name": "a", "columns": ["x", {"name": "表"}]}, {"table": "b", "columns": ["p", "q"]}]',
      ],
      ['SQL', 's.sql', 'create table a (x int, `表` string); create table b (p int, q int)'],
      [
        'CSV of information_schema.columns',
        's.csv',
        'TABLE_CATALOG,TABLE_SCHEMA,TABLE_NAME,COLUMN_NAME,ORDINAL_POSITION\ndef,s,a,表,2\ndef,s,a,x,1\ndef,s,b,p,1\ndef,s,b,q,2\n',
      ],
    ])('as %s', async (_, name, content) => {
      const ran = await run(['--dialect', 'hive', '--schema', file(name, content), file('star.sql', SQL)]);
      expect(lines(ran).slice(0, 3)).toEqual(expected);
    });

    it('in small letters is of tables that Oracle holds in capitals', async () => {
      const schema = file('small.json', '{"s.a": {"x": "number", "y": "date"}}');
      const ran = await run([
        '--dialect',
        'oracle',
        '--schema',
        schema,
        file('o.sql', 'insert into b (p, q) select * from a'),
      ]);
      expect(lines(ran)[1]).toBe('  B.P  ← A.X  identity  schema  line 1');
    });

    it('that has none of the tables is told', async () => {
      const ran = await run(['--dialect', 'hive', '--schema', file('far.json', '{"z": ["x"]}'), file('star.sql', SQL)]);
      expect(lines(ran).at(-1)).toBe('Hint  --schema has none of the tables that are read; are they named alike?');
    });

    it.each([
      ['is not there', 'nowhere.json', undefined, 'There is no file or folder nowhere.json.'],
      ['is not JSON', 'broken.json', '{', 'broken.json is not a schema'],
      ['has no table', 'empty.json', '{}', 'empty.json has no table'],
      ['has other columns', 'other.csv', 'a,b\n1,2\n', 'It has no columns table_name and column_name'],
    ])('that %s is refused', async (_, name, content, sentence) => {
      if (content !== undefined) file(name, content);
      const ran = await run(['--dialect', 'hive', '--schema', name, file('star.sql', SQL)]);
      expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining(sentence) as unknown });
    });
  });

  it.each([
    ['no file', ['--dialect', 'hive', 'nowhere.sql'], 'There is no file or folder nowhere.sql.'],
    ['no path', ['--dialect', 'hive'], 'Name a file or a folder'],
    ['no such dialect', ['--dialect', 'cobol', '-'], 'There is no dialect "cobol". There are: generic, postgres,'],
    ['no dialect', ['-'], 'Which SQL is -? Name it with --dialect'],
    ['no such encoding', ['--dialect', 'hive', '--encoding', 'klingon', '-'], 'There is no encoding "klingon"'],
    ['two formats', ['--dialect', 'hive', '--json', '--mermaid', '-'], 'Choose one of'],
    ['a variable without a value', ['--dialect', 'hive', '--var', 'dt', '-'], '--var "dt" is not name=value'],
    ['an empty folder', ['--dialect', 'hive', 'nothing'], 'There is no file to read in nothing'],
  ])('refuses %s', async (_, args, sentence) => {
    mkdirSync(join(folder, 'nothing'), { recursive: true });
    const ran = await run(args);
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining(sentence) as unknown });
  });

  it('fills parameters, and says where things stand in the file as it is', async () => {
    const sql = "insert into dwd.t\nselect x /* ${note} */, '${hiveconf:dt}' as dt from ods.t_${env};\nselec ${rest}";
    const vars = ['--var', 'env=prod', '--var', 'dt=20260131', '--var', 'note=a\nb'];
    const ran = await run(['--dialect', 'hive', '--json', ...vars, file('vars.sql', sql)]);
    const { files } = JSON.parse(ran.out) as {
      files: {
        statements: { place: object; sources: object[]; reasons: { place: { start: number; line: number } }[] }[];
      }[];
    };
    const [first, second] = files[0]?.statements ?? [];
    expect(first?.sources).toEqual([{ schema: 'ods', name: 't_prod' }]);
    expect(first?.place).toEqual({ start: 0, end: sql.indexOf(';'), line: 1, column: 1, endLine: 2 });
    expect(second?.place).toMatchObject({ start: sql.indexOf('selec $'), line: 3, column: 1 });
    expect(second?.reasons[0]?.place.line).toBe(3);
  });

  it('as JSON has every statement with its place, edges and reasons, and totals', async () => {
    const path = file('json.sql', 'select 1;\n insert into b (y) select x from a; selec x frm y');
    const { out, code } = await run(['--dialect', 'postgres', '--json', path]);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      files: [
        {
          path,
          dialect: 'postgres',
          encoding: 'utf-8',
          statements: [
            { index: 0, kind: 'select', status: 'ok' },
            {
              index: 1,
              place: { start: 11, end: 44, line: 2, column: 2, endLine: 2 },
              columnEdges: [{ from: { table: { name: 'a' }, column: 'x' }, to: { table: { name: 'b' }, column: 'y' } }],
            },
            { index: 2, status: 'failed', reasons: [{ code: 'not-parsed', place: { line: 2 } }] },
          ],
        },
      ],
      totals: { files: 1, statements: { ok: 2, failed: 1 }, edges: { direct: 1, indirect: 0 } },
    });
  });

  it('as OpenLineage has an event for each table written, with column lineage end to end', async () => {
    const sql = `
      create temp table t as select id, md5(id_no) as h, lower(n) as n from ods.客户 where st = 1;
      insert into dwd.客户 (id, h, n, src) select t.id, t.h, t.n, 'core' from t;
      insert into dwd.other (id) select id from ods.客户`;
    const ran = await run([
      '--dialect',
      'postgres',
      '--openlineage',
      '--namespace',
      'postgres://db:5432',
      file('ol.sql', sql),
    ]);
    const events = ran.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toHaveLength(2);
    const input = (field: string, type: string, subtype: string, more: object = {}) => ({
      namespace: 'postgres://db:5432',
      name: 'ods.客户',
      field,
      transformations: [expect.objectContaining({ type, subtype, ...more }) as unknown],
    });
    expect(events[0]).toMatchObject({
      schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent',
      job: { namespace: 'postgres://db:5432', name: 'ol.sql', facets: { sql: { dialect: 'postgres' } } },
      inputs: [{ namespace: 'postgres://db:5432', name: 'ods.客户' }],
      outputs: [
        {
          name: 'dwd.客户',
          facets: {
            columnLineage: {
              _schemaURL: 'https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json',
              fields: {
                id: { inputFields: [input('id', 'DIRECT', 'IDENTITY', { masking: false })] },
                h: { inputFields: [input('id_no', 'DIRECT', 'TRANSFORMATION')] },
                n: { inputFields: [input('n', 'DIRECT', 'TRANSFORMATION')] },
                src: { inputFields: [] },
              },
              dataset: [input('st', 'INDIRECT', 'FILTER')],
            },
          },
        },
      ],
    });
  });

  it('as Mermaid draws tables, or columns', async () => {
    const path = file('draw.sql', 'insert into b (y) select x from "a""<1>" where k = 1');
    const tables = await run(['--dialect', 'postgres', '--mermaid', path]);
    expect(tables.out).toBe('graph LR\n  t1["a#34;#60;1#62;"]\n  t2["b"]\n  t1 --> t2\n');
    const columns = await run(['--dialect', 'postgres', '--mermaid', '--columns', path]);
    expect(columns.out).toContain('    c1["y"]\n');
    expect(columns.out).toMatch(/^ {2}c2 --> c1$/m);
    expect(columns.out).toMatch(/^ {2}c3 -\.-> t1$/m);
  });

  it('stops quietly when nobody reads on', async () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `insert into b${at} select x from a`).join(';\n');
    const child = spawn(process.execPath, [MAIN, 'lineage', 'extract', '--dialect', 'hive', file('many.sql', many)], {
      cwd: folder,
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
    child.stdout.once('data', () => child.stdout.destroy());
    await new Promise((done) => child.once('close', done));
    expect(err).toBe('');
  });

  describe('--jsonl', () => {
    const answers = ({ out }: Ran) =>
      out
        .trim()
        .split('\n')
        .map(
          (line) =>
            JSON.parse(line) as { id?: unknown; line?: number; error?: string; statements: { status: string }[] },
        );

    it('answers every line; a bad one gets an error, and the others go on', async () => {
      const input = [
        '{"id": "1", "dialect": "hive", "sql": "insert into b select x from a", "schema": null}',
        '',
        'not json',
        '{"id": "2", "dialect": "hive"}',
        `{"id": "3", "dialect": "hive", "sql": "select '\u2028' as x from a"}`,
        '{"id": "4", "dialect": "mysql", "sql": ""}',
      ].join('\n');
      const ran = await run(['--jsonl'], input);
      expect(ran).toMatchObject({ code: 0, err: '' });
      const all = answers(ran).sort((a, b) => String(a.id).localeCompare(String(b.id)));
      expect(all).toMatchObject([
        { id: '1', statements: [{ status: 'ok' }] },
        { id: '2', line: 4, error: 'A record\'s "sql" is text.', statements: [] },
        { id: '3', statements: [{ status: 'ok' }] },
        { id: '4', statements: [] },
        { line: 3, error: expect.stringContaining('not JSON') as unknown, statements: [] },
      ]);
    });

    it('says that a line is not UTF-8', async () => {
      const ran = await run(['--jsonl'], Buffer.from([0x22, 0xff, 0xfe, 0x22, 10]));
      expect(answers(ran)).toEqual([{ line: 1, error: 'The line is not UTF-8, or too long.', statements: [] }]);
    });
  });
});
