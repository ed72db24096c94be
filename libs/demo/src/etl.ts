import type { DuckDBConnection } from '@duckdb/node-api';
import type pg from 'pg';
import { etlFiles, readEtl } from './assets.js';
import { withBureau } from './bureau.js';
import { copyBatches, type CopyTarget } from './copy.js';
import type { Cell } from './core-tables.js';

export interface EtlRun {
  readonly warehouse: pg.Client;
  readonly bureauFolder: string;
  readonly signal?: AbortSignal;
  /** After each file, inside its transaction; the name comes without `.sql`. */
  readonly afterFile?: (step: string, at: number, of: number) => Promise<void>;
}

/** Runs the ETL files in order, each in one transaction. */
export async function runEtl({ warehouse, bureauFolder, signal, afterFile }: EtlRun): Promise<string[]> {
  const files = await etlFiles();
  await withBureau(bureauFolder, async (bureau) => {
    for (const [at, file] of files.entries()) {
      signal?.throwIfAborted();
      await warehouse.query('BEGIN');
      for (const statement of statementsOf(await readEtl(file))) {
        if (/\bFROM bureau\./.test(statement)) await insertFromBureau(warehouse, bureau, statement, signal);
        else await warehouse.query(statement);
      }
      await afterFile?.(file.replace('.sql', ''), at + 1, files.length);
      await warehouse.query('COMMIT');
    }
  });
  return files;
}

/** In our own files a statement ends with a semicolon at the end of a line. */
function statementsOf(text: string): string[] {
  return text
    .split(/;[ \t]*\n/)
    .map((statement) => statement.replace(/^(\s*--.*\n)+/, '').trim())
    .filter((statement) => statement !== '');
}

const INSERT = /^INSERT INTO (?<schema>\w+)\.(?<table>\w+) \((?<columns>[^)]*)\)\s*(?<select>SELECT[\s\S]*)$/;

/** PostgreSQL cannot see the files: DuckDB runs the SELECT, and its rows go into the table by COPY. */
async function insertFromBureau(
  warehouse: pg.Client,
  bureau: DuckDBConnection,
  statement: string,
  signal?: AbortSignal,
): Promise<void> {
  const { schema, table, columns, select } = INSERT.exec(statement)?.groups ?? {};
  if (!schema || !table || !columns || !select)
    throw new Error(`The bureau's files are read by INSERT INTO schema.table (columns) SELECT …, not by: ${statement}`);
  const target: CopyTarget = { schema, table, columns: columns.split(',').map((column) => column.trim()) };
  await copyBatches(warehouse, target, textRows(bureau, select), signal);
}

async function* textRows(bureau: DuckDBConnection, select: string): AsyncIterable<Cell[][]> {
  const result = await bureau.stream(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${select})`);
  for await (const rows of result.yieldRowsJs()) yield rows as Cell[][];
}
