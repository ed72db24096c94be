import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type DbPlace } from './database.js';
import { dataxJobs } from './datax-jobs.js';
import { dbtArtifacts } from './dbt-project.js';

/** Writes the bank's DataX jobs and what dbt has left of its project. Gives their folders. */
export async function writePipelines(
  folder: string,
  core: DbPlace,
  warehouse: DbPlace,
): Promise<{ readonly datax: string; readonly dbt: string }> {
  const [datax, dbt] = [join(folder, 'datax'), join(folder, 'dbt')];
  await rm(folder, { recursive: true, force: true });
  for (const made of [datax, dbt]) await mkdir(made, { recursive: true });
  for (const { file, text } of dataxJobs(core, warehouse)) await writeFile(join(datax, file), text);
  for (const [name, artifact] of Object.entries(dbtArtifacts(warehouse.database)))
    await writeFile(join(dbt, `${name}.json`), JSON.stringify(artifact));
  return { datax, dbt };
}
