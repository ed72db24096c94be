import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { DuckDBInstance } from '@duckdb/node-api';

import {
  type Call,
  type Connection,
  type HarvestedDataset,
  type SnapshotOptions,
  type SnapshotPart,
  SourceCallCancelled,
  SourcePermissionDenied,
  SourceQueryFailed,
  SourceTimedOut,
} from '#core/connector-kit';
import { files } from '#connectors/files';
import { InvalidInput } from '#kernel';
import iconv from 'iconv-lite';

import { sheetXml, xlsx, zipped } from '../../../../test/support/xlsx.js';

const ODD = `客户 "表" a*[1]?'s 😀.csv`;

const call = (deadlineMs = 20_000): Call => ({ signal: new AbortController().signal, deadlineMs });

let place: string;
let folder: string;
let connection: Connection;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'files-connector-'));
  folder = join(place, 'bureau');
  await mkdir(join(folder, 'year=2026', '一月'), { recursive: true });
  await mkdir(join(folder, 'broken'));
  await mkdir(join(folder, '.hidden'));
  await mkdir(join(folder, 'empty'));
  const write = (path: string, text: string | Buffer) => writeFile(join(folder, path), text);
  await write('score.csv', 'id,score,day,name\n1,7.5,2026-01-31,张三\n2,,2026-02-28,"O""Neil"\n');
  await write('codes.tsv', 'code\tnote\n001\ta,b\n002\tc\n');
  await write('notes.txt', 'not data');
  await write(ODD, 'id;n\n1;x\n');
  await write('year=2026/events.jsonl', '{"at":"2026-01-01T08:00:00","who":{"id":1},"n":1}\n{"n":2.5,"tags":["a"]}\n');
  await write('.hidden/x.csv', 'a\n1\n');
  await write('broken/good.csv', 'a,b\n1,2\n');
  await write('broken/latin.csv', Buffer.from('id,name\n1,Ren\xe9e\n2,Zo\xeb Andr\xe9\n', 'latin1'));
  await write('broken/ragged.csv', 'a,b,c\n1,2,3\n4,5\n6,7,8\n');
  await write('broken/blank.csv', '\ufeff \r\n\n');
  await write('broken/nothing.csv', '');
  await write('broken/cut.parquet', 'PAR1 and then nothing');
  await write('broken/cut.jsonl', '{"a":1}\n{"a":\n');
  await write('late.csv', `id\n${'1\n'.repeat(30_000)}geheim\n`);
  await writeFile(join(place, 'secret.csv'), 'secret\n42\n');
  await symlink(join(place, 'secret.csv'), join(folder, 'link.csv'));

  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  await duckdb.run(`
    CREATE TABLE loan (id BIGINT NOT NULL, balance DECIMAL(18,2), seen TIMESTAMP, changed TIMESTAMPTZ, ok BOOLEAN, uid UUID,
                       scan BLOB, big UBIGINT, parts STRUCT(a INTEGER), tags VARCHAR[], state ENUM('open'), noon TIME);
    INSERT INTO loan (id, balance, changed, scan) VALUES (9007199254740993, 0.10, '2026-01-01 08:00:00+08', '\\xAB'::BLOB), (2, 5, NULL, NULL);
    COPY loan TO '${join(folder, 'year=2026', '一月', 'loan.parquet')}';
  `);
  duckdb.closeSync();
  connection = await files.open({ folder, alias: 'bureau', threads: 1 });
});

afterAll(async () => {
  await connection?.close();
  await rm(place, { recursive: true, force: true });
});

async function read(options: SnapshotOptions = {}, from = connection): Promise<SnapshotPart[]> {
  const parts: SnapshotPart[] = [];
  for await (const part of from.snapshot(options, call())) parts.push(part);
  return parts;
}

const datasetsIn = (parts: readonly SnapshotPart[]): HarvestedDataset[] =>
  parts.flatMap((part) => (part.part === 'dataset' ? [part.dataset] : []));

const fieldsOf = ({ fields }: HarvestedDataset): string[] =>
  fields.map(
    ({ name, nativeType, typeFamily, precision, scale, nullable }) =>
      `${name}: ${nativeType} = ${typeFamily}(${[precision, scale].filter((n) => n != null).join()})${nullable ? '' : ' not null'}`,
  );

it('names the namespace after the alias', () => {
  expect(files.namespace({ folder: '/data/x', alias: 'bureau' })).toBe('file://bureau');
  expect(() => files.checkSettings({ folder: '/data/x', alias: 'a/b' })).toThrow(InvalidInput);
});

describe('a snapshot', () => {
  it('has a dataset for each file and a scope for each folder', async () => {
    const parts = await read();
    expect(datasetsIn(parts).map(({ scope, qualifiedName }) => `${scope} ${qualifiedName}`)).toEqual([
      '. codes.tsv',
      '. late.csv',
      '. score.csv',
      `. ${ODD}`,
      'broken broken/good.csv',
      'year=2026 year=2026/events.jsonl',
      'year=2026/一月 year=2026/一月/loan.parquet',
    ]);
    expect(parts.filter((part) => part.part === 'scope').map(({ scope, complete }) => `${scope} ${complete}`)).toEqual([
      '. true',
      'broken false',
      'empty true',
      'year=2026 true',
      'year=2026/一月 true',
    ]);
  });

  it('says why a file is broken, and keeps the good one beside it', async () => {
    const parts = await read({ include: ['broken'] });
    expect(datasetsIn(parts).map(({ name }) => name)).toEqual(['good.csv']);
    expect(parts.at(-1)).toEqual({
      part: 'scope',
      scope: 'broken',
      complete: false,
      reasons: [
        '"blank.csv" cannot be read: there is nothing in the file. Fill it, or take it out of the folder.',
        '"cut.jsonl" cannot be read: it is not JSON, or the line is cut short. Write one whole object a line.',
        '"cut.parquet" cannot be read: the Parquet file is cut short or broken. Copy it again from where it came.',
        '"latin.csv" cannot be read: its encoding cannot be told: it is not good UTF-8, UTF-16 or GB18030. Name the encoding in the settings, or convert it.',
        '"nothing.csv" cannot be read: the file is empty. Fill it, or take it out of the folder.',
        '"ragged.csv" cannot be read: line 3: it has another number of columns than the lines before. Give every line as many as the header, and write texts with the separator in quotes.',
      ],
    });
  });

  it('finds the types of a CSV, a TSV and a JSON Lines file', async () => {
    const datasets = new Map(datasetsIn(await read()).map((dataset) => [dataset.name, fieldsOf(dataset)]));
    expect(datasets.get('score.csv')).toEqual([
      'id: BIGINT = integer()',
      'score: DOUBLE = float()',
      'day: DATE = date()',
      'name: VARCHAR = text()',
    ]);
    expect(datasets.get('codes.tsv')).toEqual(['code: VARCHAR = text()', 'note: VARCHAR = text()']);
    expect(datasets.get('events.jsonl')).toEqual([
      'at: TIMESTAMP = timestamp()',
      'who: STRUCT(id BIGINT) = json()',
      'n: DOUBLE = float()',
      'tags: VARCHAR[] = array()',
    ]);
  });

  it('takes the types of a Parquet file as they are, and its number of rows', async () => {
    const [loan] = datasetsIn(await read({ include: ['*一月'] }));
    expect(loan).toMatchObject({ kind: 'file', rowEstimate: 2 });
    expect(fieldsOf(loan!)).toEqual([
      'id: BIGINT = integer()',
      'balance: DECIMAL(18,2) = decimal(18,2)',
      'seen: TIMESTAMP = timestamp()',
      'changed: TIMESTAMP WITH TIME ZONE = timestamptz()',
      'ok: BOOLEAN = boolean()',
      'uid: UUID = uuid()',
      'scan: BLOB = binary()',
      'big: UBIGINT = integer()',
      'parts: STRUCT(a INTEGER) = json()',
      'tags: VARCHAR[] = array()',
      'state: VARCHAR = text()',
      'noon: TIME = time()',
    ]);
  });

  it.each([
    ['the last line is ragged', 'id,name\n1,张三\n2,李四,x,y\n', /line 3: it has another number of columns/],
    ['a line in the middle is ragged', 'id,name\n1,a\n2,b,x,y\n3,c\n4,d\n', /line 3: it has another number/],
    ['lines are short', 'id,name,x\n1,a\n2,b\n3,c\n', /line 2: it has another number of columns/],
    [
      'a title stands above',
      'Report of 2026\nid,name\n1,a\n2,b\n',
      /above the names of its columns stand 1 lines.*Delete them/,
    ],
    ['a list of texts has a comma at its end', 'name\nx y\nz, b\n', ['name']],
    ['blank lines stand above', '\n\nid,name\n1,a\n', ['id', 'name']],
    ['a name in quotes has the separator in it', '"id","na,me"\n1,"a\nb"\n', ['id', 'na,me']],
  ] as const)('takes no value for the name of a column when %s', async (_, text, expected) => {
    const own = join(place, 'ragged');
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'one.csv'), text);
    const other = await files.open({ folder: own, alias: 'ragged', threads: 1 });
    const parts = await read({}, other);
    await other.close();
    const [dataset] = datasetsIn(parts);
    if (expected instanceof RegExp) {
      expect(dataset).toBeUndefined();
      expect(parts.at(-1)).toMatchObject({ complete: false, reasons: [expect.stringMatching(expected)] });
    } else expect(dataset?.fields.map(({ name }) => name)).toEqual(expected);
  });

  it('leaves CSV columns text when asked to', async () => {
    const asText = await files.open({ folder, alias: 'b', csvTypes: 'text', header: 'yes' });
    const [, , score] = datasetsIn(await read({ include: ['.'] }, asText));
    await asText.close();
    expect(score!.fields.map(({ typeFamily }) => typeFamily)).toEqual(['text', 'text', 'text', 'text']);
  });
});

describe('a query', () => {
  it('reads a file by its relation, whatever its name', async () => {
    const one = await connection.query(`SELECT * FROM ${connection.relation('.', ODD)}`, [], call());
    expect(one).toMatchObject({ columns: [{ name: 'id' }, { name: 'n' }], rows: [['1', 'x']] });
    const two = await connection.query(
      `SELECT name FROM ${connection.relation('.', 'score.csv')} WHERE day >= CAST($1 AS DATE)`,
      ['2026-02-01'],
      call(),
    );
    expect(two.rows).toEqual([['O"Neil']]);
  });

  it('gives exact values', async () => {
    const relation = connection.relation('year=2026/一月', 'loan.parquet');
    const { rows } = await connection.query(
      `SELECT id, balance, changed, scan, seen FROM ${relation} ORDER BY id DESC`,
      [],
      call(),
    );
    expect(rows).toEqual([
      ['9007199254740993', '0.10', '2026-01-01 00:00:00+00', '\\xab', null],
      ['2', '5.00', null, null, null],
    ]);
  });

  it('brings no more rows than asked for', async () => {
    const result = await connection.query('SELECT range FROM range(100000)', [], { ...call(), maxRows: 2 });
    expect(result).toMatchObject({ rows: [['0'], ['1']], truncated: true });
  });

  it.each([
    ['two statements', 'SELECT 1; SELECT 2', SourceQueryFailed],
    ['writing a file', `COPY (SELECT 1) TO '/tmp/x.csv'`, SourceQueryFailed],
    [
      'breaking out of the subquery',
      `SELECT 1) AS q; CREATE TABLE t (a INT); SELECT * FROM (SELECT 1`,
      SourceQueryFailed,
    ],
    ['attaching a database', `ATTACH '/tmp/x.db'`, SourceQueryFailed],
    ['downloading', 'INSTALL httpfs', SourceQueryFailed],
    ['unlocking', 'SET enable_external_access = true', SourceQueryFailed],
  ])('refuses %s', async (_, sql, error) => {
    await expect(connection.query(sql, [], call())).rejects.toThrow(error);
  });

  it('cannot look outside the folder', async () => {
    const secret = join(place, 'secret.csv');
    await expect(connection.query(`SELECT * FROM read_csv('${secret}')`, [], call())).rejects.toThrow(
      SourcePermissionDenied,
    );
    const around = join(folder, '..', 'secret.csv').replace('/secret', '/bureau/../secret');
    await expect(connection.query(`SELECT * FROM read_csv('${around}')`, [], call())).rejects.toThrow(
      SourcePermissionDenied,
    );
  });

  it.each([
    ['..', 'secret.csv'],
    ['.', '../secret.csv'],
    ['broken/../..', 'secret.csv'],
    ['', 'secret.csv'],
    ['.', 'link.csv'],
    ['.', 'notes.txt'],
    ['.', 'a\0.csv'],
  ])('has no relation for %j and %j', (scope, name) => {
    expect(() => connection.relation(scope, name)).toThrow(InvalidInput);
  });

  it('says where a bad line is, without quoting it', async () => {
    const query = connection.query(
      `SELECT sum(id) FROM ${connection.relation('.', 'late.csv').replace('all_varchar = false', "header = true, columns = {'id': 'BIGINT'}, auto_detect = false")}`,
      [],
      call(),
    );
    await expect(query).rejects.toThrow(/line 30002: a value does not fit the type of its column/);
    await expect(query).rejects.not.toThrow(/geheim/);
  });

  it('refuses what does not fit into the memory it may take', async () => {
    const small = await files.open({ folder, alias: 'b', memoryLimitMb: 64, threads: 1 });
    const query = small.query(`SELECT count(DISTINCT range || repeat('x', 100)) FROM range(5000000)`, [], call());
    await expect(query).rejects.toThrow(/more memory than allowed/);
    await small.close();
  });
});

describe('stopping', () => {
  const ENDLESS = 'SELECT count(*) FROM range(1000000000000) AS a WHERE a.range % 7 = 3';

  it('ends the work when the caller aborts', async () => {
    const controller = new AbortController();
    const query = connection.query(ENDLESS, [], { signal: controller.signal, deadlineMs: 60_000 });
    setTimeout(() => controller.abort(), 50);
    await expect(query).rejects.toThrow(SourceCallCancelled);
    await expect(connection.query('SELECT 1', [], call())).resolves.toMatchObject({ rows: [[1]] });
  });

  it('ends the work at the deadline', async () => {
    await expect(connection.query(ENDLESS, [], call(50))).rejects.toThrow(SourceTimedOut);
  });

  it('does not start when it was aborted before', async () => {
    const aborted: Call = { signal: AbortSignal.abort(), deadlineMs: 1_000 };
    await expect(connection.query('SELECT 1', [], aborted)).rejects.toThrow(SourceCallCancelled);
    await expect(connection.test(aborted)).rejects.toThrow(SourceCallCancelled);
    const snapshot = connection.snapshot({}, aborted)[Symbol.asyncIterator]();
    await expect(snapshot.next()).rejects.toThrow(SourceCallCancelled);
  });
});

describe('trying a folder out', () => {
  it('tells what is there', async () => {
    const report = await connection.test(call());
    expect(report).toMatchObject({ ok: true, scopes: 5, datasets: 13, problems: [] });
    expect(report.server).toMatch(/^DuckDB v\d/);
  });

  it.each([
    ['nowhere', 'there is no such folder'],
    ['secret.csv', 'it is not a folder'],
  ])('says what is wrong with %s', async (name, reason) => {
    const wrong = await files.open({ folder: join(place, name), alias: 'b' });
    const report = await wrong.test(call());
    expect(report).toEqual({ ok: false, problems: [expect.stringContaining(reason)] });
    expect(report.problems[0]).not.toContain('port');
    await wrong.close();
  });

  it('finds the folder once it is there', async () => {
    const late = await files.open({ folder: join(place, 'late'), alias: 'b' });
    expect((await late.test(call())).ok).toBe(false);
    await mkdir(join(place, 'late'));
    expect(await late.test(call())).toMatchObject({ ok: true, problems: [expect.stringContaining('has no CSV')] });
    await late.close();
  });
});

describe('texts in other encodings', () => {
  const text = '客户号,姓名\r\n001,张三\r\n002,"李四, 王五"\r\n';
  let own: string;
  const open = (more: object = {}) => files.open({ folder: own, alias: 'enc', threads: 1, ...more });
  beforeAll(async () => {
    own = join(place, 'encodings');
    await mkdir(own);
  });

  it.each<[string, string, Buffer, object]>([
    ['GBK', 'gbk.csv', iconv.encode(text, 'gbk'), {}],
    ['GB18030 beyond GBK', '四字节 "x".csv', iconv.encode(text.replace('王五', '王𠮷'), 'gb18030'), {}],
    ['UTF-16 with a mark', 'le.csv', iconv.encode(text, 'utf-16le', { addBOM: true }), {}],
    ['UTF-16 the other way', 'be.csv', iconv.encode(text, 'utf-16be', { addBOM: true }), {}],
    ['UTF-16 without a mark', 'bare.csv', iconv.encode(text, 'utf-16le'), {}],
    ['UTF-8 with a mark', 'mark.csv', Buffer.from(`\ufeff${text}`), {}],
    ['GBK, packed', 'packed.csv.gz', gzipSync(iconv.encode(text, 'gbk')), {}],
    ['Big5, which has to be said', 'big5.csv', iconv.encode(text.replace('张', '張'), 'big5'), { encoding: 'big5' }],
  ])('%s', async (_, name, bytes, more) => {
    await writeFile(join(own, name), bytes);
    const other = await open({ csvTypes: 'text', ...more });
    const dataset = datasetsIn(await read({}, other)).find((each) => each.name === name)!;
    const { rows } = await other.query(`SELECT * FROM ${other.relation('.', name)}`, [], call());
    const sample = await other.sample({ scope: '.', name }, { ...call(), maxRows: 1, maxCharacters: 1 });
    await other.close();
    await rm(join(own, name));
    expect(dataset.fields.map((field) => field.name)).toEqual(['客户号', '姓名']);
    expect(rows).toEqual([
      ['001', expect.stringMatching(/^[张張]三$/)],
      ['002', expect.stringMatching(/^李四, 王[五𠮷]$/u)],
    ]);
    expect(sample.rows).toEqual([['0', expect.stringMatching(/^[张張]$/)]]);
  });

  it('JSON Lines with a mark, or in GBK', async () => {
    await writeFile(join(own, 'a.jsonl'), '\ufeff{"名":"张三"}\n');
    await writeFile(join(own, 'b.jsonl'), iconv.encode('{"名":"张三"}\n', 'gbk'));
    const other = await open();
    for (const name of ['a.jsonl', 'b.jsonl'])
      expect((await other.query(`SELECT "名" FROM ${other.relation('.', name)}`, [], call())).rows).toEqual([['张三']]);
    expect(datasetsIn(await read({}, other)).map(({ fields }) => fields[0]!.name)).toEqual(['名', '名']);
    await other.close();
    await rm(join(own, 'a.jsonl'));
    await rm(join(own, 'b.jsonl'));
  });

  it('their copies have a limit and go with the connection', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('plumbline-files-'));
    await writeFile(join(own, 'big.csv'), iconv.encode(`名\n${'张三\n'.repeat(300_000)}`, 'gbk'));
    const other = await open({ temporaryMb: 1 });
    expect(datasetsIn(await read({}, other))).toMatchObject([{ fields: [{ name: '名' }] }]);
    const query = other.query(`SELECT count(*) FROM ${other.relation('.', 'big.csv')}`, [], call());
    await expect(query).rejects.toThrow(/more than 1 MB.*settings/);
    await other.close();
    const roomy = await open();
    const counted = await roomy.query(`SELECT count(*) FROM ${roomy.relation('.', 'big.csv')}`, [], call());
    expect(counted.rows).toEqual([['300000']]);
    await roomy.close();
    await rm(join(own, 'big.csv'));
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('plumbline-files-'));
    expect(after).toEqual(before);
  });

  it('a file that changed is copied anew', async () => {
    const path = join(own, 'changed.csv');
    const other = await open();
    await writeFile(path, iconv.encode('名\n张三\n', 'gbk'));
    const ask = async () => (await other.query(`SELECT * FROM ${other.relation('.', 'changed.csv')}`, [], call())).rows;
    expect(await ask()).toEqual([['张三']]);
    await writeFile(path, iconv.encode('名\n李四四\n', 'gbk'));
    expect(await ask()).toEqual([['李四四']]);
    await other.close();
    await rm(path);
  });
});

describe('workbooks', () => {
  let own: string;
  const open = (more: object = {}) => files.open({ folder: own, alias: 'books', threads: 1, ...more });
  const reasonsOf = async (name: string, bytes: Buffer, more: object = {}) => {
    await writeFile(join(own, name), bytes);
    await writeFile(join(own, 'good.csv'), 'a\n1\n');
    const other = await open(more);
    const parts = await read({}, other);
    await other.close();
    await rm(join(own, name));
    expect(datasetsIn(parts).map((dataset) => dataset.name)).toEqual(['good.csv']);
    await rm(join(own, 'good.csv'));
    return parts.flatMap((part) => (part.part === 'scope' ? part.reasons : [])).join('\n');
  };
  const WORKBOOK = {
    '贷款 "2026"': [
      ['编号', 'id', 'rate', 'ok', 'day', 'at', 'mixed', 'id', null],
      ['001', 1, 0.5, true, new Date('2026-01-31'), new Date('2026-01-31T08:30:00Z'), 1, 'x', 'y'],
      ['002', 2, 1, null, null, new Date('2026-02-01'), 'a', null, null],
    ],
    empty: [],
    'no names': [
      [1, 2],
      [3, 4.5],
    ],
  };
  beforeAll(async () => {
    own = join(place, 'workbooks');
    await mkdir(own);
  });

  it('give a dataset for each sheet, with the types of its cells', async () => {
    await writeFile(join(own, '台账.xlsx'), xlsx(WORKBOOK));
    await writeFile(join(own, '~$台账.xlsx'), 'the file that Excel puts beside');
    const other = await open();
    const parts = await read({}, other);
    const [loans, nameless] = datasetsIn(parts);
    expect(parts.at(-1)).toMatchObject({ complete: true, reasons: [] });
    expect(loans).toMatchObject({
      ...{ name: '台账.xlsx/贷款 "2026"', qualifiedName: '台账.xlsx/贷款 "2026"', scope: '.', rowEstimate: 2 },
      ...{ sizeBytes: expect.any(Number), alteredAt: expect.stringMatching(/Z$/) },
    });
    expect(fieldsOf(loans!)).toEqual([
      '编号: VARCHAR = text()',
      'id: BIGINT = integer()',
      'rate: DOUBLE = float()',
      'ok: BOOLEAN = boolean()',
      'day: DATE = date()',
      'at: TIMESTAMP = timestamp()',
      'mixed: VARCHAR = text()',
      'id_1: VARCHAR = text()',
      'column8: VARCHAR = text()',
    ]);
    expect(fieldsOf(nameless!)).toEqual(['column0: BIGINT = integer()', 'column1: DOUBLE = float()']);
    const { rows } = await other.query(`SELECT * FROM ${other.relation('.', '台账.xlsx/贷款 "2026"')}`, [], call());
    expect(rows).toEqual([
      ['001', '1', 0.5, true, '2026-01-31', '2026-01-31 08:30:00', '1', 'x', 'y'],
      ['002', '2', 1, null, null, '2026-02-01 00:00:00', 'a', null, null],
    ]);
    const sample = await other.sample({ scope: '.', name: '台账.xlsx/no names' }, { ...call(), maxRows: 1 });
    expect(sample.rows).toEqual([['1', '2.0']]);
    await expect(other.query(`SELECT * FROM ${other.relation('.', '台账.xlsx/nothing')}`, [], call())).rejects.toThrow(
      /no sheet "nothing"/,
    );
    expect(() => other.relation('.', '台账.xlsx')).toThrow(/Name the sheet/);
    await other.close();
    await rm(join(own, '台账.xlsx'));
    await rm(join(own, '~$台账.xlsx'));
  });

  it.each<[string, () => Buffer, RegExp, object]>([
    [
      'cut short',
      () => xlsx(WORKBOOK).subarray(0, 400),
      /"b.xlsx" cannot be read: it is cut short or no .xlsx file/,
      {},
    ],
    [
      'of another kind',
      () => zipped({ 'a.xml': Buffer.from('<a/>') }),
      /"b.xlsx" cannot be read: .*Open it and save it again/,
      {},
    ],
    [
      'protected by a password',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      /password/,
      {},
    ],
    ['empty', () => xlsx({ a: [] }), /no sheet has anything in it/, {}],
    [
      'that says it is large',
      () => zipped({ 'xl/worksheets/sheet1.xml': Buffer.from('<a/>') }, { 'xl/worksheets/sheet1.xml': 2 ** 31 }),
      /more than 64 MB.*settings/,
      {},
    ],
    [
      'a bomb that lies about its size',
      () => zipped({ 'xl/worksheets/sheet1.xml': Buffer.alloc(20 * 2 ** 20, 'x') }, { 'xl/worksheets/sheet1.xml': 10 }),
      /more than 1 MB/,
      { workbookMb: 1 },
    ],
    [
      'with a lonely cell far away',
      () => {
        const far = Buffer.from(sheetXml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'));
        return zipped({ 'xl/worksheets/sheet1.xml': far });
      },
      /1048576 rows and 16384 columns/,
      {},
    ],
    [
      'with a hidden place of a cell',
      () => zipped({ 'xl/worksheets/sheet1.xml': Buffer.from(sheetXml('<row><c r="&#88;FD1048576"/></row>')) }),
      /in a way no program writes them/,
      {},
    ],
  ])('%s: refused, and the rest is kept', async (_, bytes, words, more) => {
    expect(await reasonsOf('b.xlsx', bytes(), more)).toMatch(words);
  });
});

describe('the digest of a folder', () => {
  it('changes with what is in it, and with how it is read', async () => {
    const own = join(place, 'digests');
    await mkdir(join(own, 'b'), { recursive: true });
    await writeFile(join(own, 'a.csv'), 'a\n1\n');
    await writeFile(join(own, 'b', 'c.csv'), 'a\n1\n');
    const other = await files.open({ folder: own, alias: 'd' });
    const digest = async () => Object.fromEntries(await other.scopeDigests!({}, call()));
    const before = await digest();
    expect(Object.keys(before)).toEqual(['.', 'b']);
    expect(await digest()).toEqual(before);
    await writeFile(join(own, 'b', 'd.csv'), 'a\n1\n');
    const more = await digest();
    expect(more['.']).toBe(before['.']);
    expect(more['b']).not.toBe(before['b']);
    await utimes(join(own, 'a.csv'), new Date(), new Date(0));
    expect((await digest())['.']).not.toBe(before['.']);
    const asText = await files.open({ folder: own, alias: 'd', csvTypes: 'text' });
    expect((await asText.scopeDigests!({}, call())).get('b')).not.toBe(more['b']);
    await other.close();
    await asText.close();
  });
});

describe('besides', () => {
  it('it expects so many rows of a statement', async () => {
    const { rows } = await connection.explain!('SELECT * FROM range(1000)', [], call());
    expect(rows).toBe(1000);
  });

  it('a file that is taken away between listing and reading is just gone', async () => {
    const own = join(place, 'fleeting');
    await mkdir(own);
    for (const name of ['a.csv', 'b.csv']) await writeFile(join(own, name), 'a\n1\n');
    const other = await files.open({ folder: own, alias: 'f' });
    const parts: SnapshotPart[] = [];
    for await (const part of other.snapshot({}, call())) {
      parts.push(part);
      await rm(join(own, 'b.csv'), { force: true });
    }
    await other.close();
    await other.close();
    expect(parts).toMatchObject([{ dataset: { name: 'a.csv' } }, { scope: '.', complete: true, reasons: [] }]);
  });
});
