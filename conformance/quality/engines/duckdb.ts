import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';

import { files } from '#connectors/files';
import { quoteIdentifier } from '#core/connector-kit';

import { type CaseType } from '../case.js';
import { type Engine, factsOf, oncePerTable } from './engine.js';

const TYPES: Readonly<Record<CaseType, string>> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  decimal: 'DECIMAL(38,10)',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
};

/** A folder of Parquet files, read by DuckDB. */
export async function openDuckDb(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const writer = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await writer.run(`SET TimeZone = 'UTC'`);
  const connection = await files.open({ folder, alias: 'conformance', threads: 1 });
  return {
    connection,
    table: oncePerTable(async (table, n) => {
      const name = `case_${n}.parquet`;
      const columns = table.columns.map((column) => `${quoteIdentifier('duckdb', column.name)} ${TYPES[column.type]}`);
      await writer.run(`CREATE TABLE written (${columns.join(', ')})`);
      const values = table.columns.map(({ type }, at) => `CAST($${at + 1} AS ${TYPES[type]})`).join(', ');
      for (const row of table.rows)
        await writer.run(
          `INSERT INTO written VALUES (${values})`,
          row.map((cell) => (cell === null ? null : String(cell))),
        );
      await writer.run(`COPY written TO '${join(folder, name)}' (FORMAT parquet)`);
      await writer.run('DROP TABLE written');
      return factsOf(connection.relation('.', name), name, table, (type) => TYPES[type]);
    }),
    async close() {
      await connection.close();
      writer.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
