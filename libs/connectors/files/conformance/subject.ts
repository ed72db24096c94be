import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ConformanceSubject } from '#core/connector-kit';
import { DuckDBInstance } from '@duckdb/node-api';

const SCOPE = `suite "x".y '中' 😀`;

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** A folder of CSV files. */
export async function makeSubject(): Promise<ConformanceSubject> {
  const place = await mkdtemp(join(tmpdir(), 'conformance-'));
  const folder = join(place, 'folder');
  const own = join(folder, SCOPE);
  await mkdir(own, { recursive: true });
  await writeFile(join(folder, 'other.csv'), 'id\n1\n');
  await writeFile(join(place, 'outside.csv'), 'secret\n42\n');
  const writer = await (await DuckDBInstance.create(':memory:')).connect();
  await writer.run(`COPY (SELECT INTERVAL 1 DAY AS span) TO '${join(place, 'odd.parquet')}'`);
  writer.closeSync();
  await writeFile(join(own, 'odd.parquet'), await readFile(join(place, 'odd.parquet')));
  // Whoever is root may open every folder.
  const asRoot = process.getuid?.() === 0;
  await mkdir(join(folder, 'closed'));
  if (asRoot) await writeFile(join(folder, 'closed', 'cut.parquet'), 'PAR1 and then nothing');
  else await chmod(join(folder, 'closed'), 0o000);
  return {
    engine: 'a folder of this machine',
    unverified: asRoot
      ? [
          'A folder without permission was not tried, since this runs as root, to whom every folder is open; one with a broken file was.',
        ]
      : [],
    settings: { folder, alias: 'conformance', header: 'yes', csvTypes: 'text', threads: 1 },
    secrets: {},
    scope: SCOPE,
    names: [
      `quote " and ' and \` and $$`,
      'dots.in.it',
      'line\nend\ttab',
      // Around the name of a CSV column DuckDB drops them.
      'blanks  inside',
      'percent %s $1 ? ; -- #',
      'stars * and [brackets] ?',
      'back\\slash',
      '客户 表',
      'emoji 😀',
      `Robert'); DROP TABLE students; --`,
      'a'.repeat(251), // and .csv: 255 bytes
      '表'.repeat(83), // 249 bytes
    ].filter((name) => !name.includes('\\') || process.platform !== 'win32'),
    casePair: ['Case', 'cASE'],
    faults: [
      {
        title: 'a folder that is not there',
        settings: { folder: join(place, 'no such "folder"') },
        code: 'SOURCE_UNREACHABLE',
      },
      {
        title: 'a file in place of a folder',
        settings: { folder: join(place, 'outside.csv') },
        code: 'SOURCE_UNREACHABLE',
      },
    ],
    endless: 'SELECT count(*) FROM range(1000000000000) AS a WHERE a.range % 7 = 3',
    writes: (relation) => [
      `COPY (SELECT 1) TO '${join(place, 'never.csv')}'`,
      `CREATE TABLE t AS SELECT * FROM ${relation}`,
      `SELECT 1; SELECT 2`,
      `SELECT 1) AS q; CREATE TABLE t (a INT); SELECT * FROM (SELECT 1`,
      `ATTACH '${join(place, 'never.db')}'`,
      'SET enable_external_access = true',
      `SELECT * FROM read_csv('${join(place, 'outside.csv')}')`,
    ],
    closed: { scope: 'closed', word: asRoot ? 'cut.parquet' : 'listed', foundOutLate: asRoot },
    oddType: { dataset: 'odd.parquet', field: 'span' },
    async makeTable(name, column, values) {
      const lines = [column, ...values].map((value) => `${quoted(value)}\n`);
      await writeFile(join(own, `${name}.csv`), lines.join(''));
      return `${name}.csv`;
    },
    async dropTable(name) {
      await rm(join(own, `${name}.csv`), { force: true });
    },
    async valuesOf(name) {
      const [, ...lines] = (await readFile(join(own, `${name}.csv`), 'utf8')).trimEnd().split('\n');
      return lines.map((line) => line.slice(1, -1));
    },
    async close() {
      if (!asRoot) await chmod(join(folder, 'closed'), 0o700);
      await rm(place, { recursive: true, force: true });
    },
  };
}
