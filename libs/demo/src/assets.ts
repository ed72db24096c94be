import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The SQL files lie in the sources and are not compiled; from `dist/` the way to them is longer. */
function folderOf(kind: 'ddl' | 'etl'): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    for (const candidate of [join(folder, kind), join(folder, 'libs', 'demo', kind)])
      if (existsSync(join(candidate, kind === 'ddl' ? 'core-1-tables.sql' : '10_ods_branch.sql'))) return candidate;
  throw new Error(`The demo's ${kind} files were not found. They belong in libs/demo/${kind}, next to the sources.`);
}

export const etlFolder = (): string => folderOf('etl');

/** Names of the ETL files in the order they run. */
export async function etlFiles(): Promise<string[]> {
  return (await readdir(etlFolder())).filter((name) => name.endsWith('.sql')).sort();
}

export const readEtl = (file: string): Promise<string> => readFile(join(etlFolder(), file), 'utf8');
export const readDdl = (file: string): Promise<string> => readFile(join(folderOf('ddl'), file), 'utf8');
