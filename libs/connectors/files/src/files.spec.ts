import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  await write('broken/gbk.csv', Buffer.from([0x69, 0x64, 0x0a, 0xd5, 0xc5, 0xc8, 0xfd, 0x0a]));
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
        expect.stringContaining('"cut.jsonl" cannot be read: Invalid Input Error: Malformed JSON'),
        expect.stringContaining('"cut.parquet" cannot be read: Invalid Input Error'),
        '"gbk.csv" cannot be read: line 2: the file is not in UTF-8. Convert it first.',
        '"nothing.csv" cannot be read: the file is empty.',
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
    expect(report).toMatchObject({ ok: true, scopes: 5, datasets: 11, problems: [] });
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
