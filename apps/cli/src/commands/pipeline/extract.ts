import { basename } from 'node:path';

import {
  type PipelineOptions,
  readDbt,
  type ReadFile,
  readPipelines,
  type SqlReader,
  toolOf,
  Unreadable,
} from '#core/pipelines';
import { extractOffThread } from '#core/sql-lineage';
import { messageOf } from '#kernel';
import { ThreadPool } from '#platform/threads';
import { type Command } from 'commander';

import { several } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { remark, writeJson, writeLine } from '../../client/output.js';
import { textOf } from '../lineage/scripts.js';
import { besideManifest, pipelineFilesAt, type WantedFile } from './files.js';
import { pairsIn } from './pairs.js';
import { showFile } from './show.js';

interface Options {
  readonly namespace?: readonly string[];
  readonly datasource?: readonly string[];
  readonly dbtNamespace?: string;
  readonly encoding?: string;
  readonly json?: boolean;
}

const HELP = `
The tool is known by what is in the file. Below a folder, .json .yaml .yml .conf and .hocon files are looked at; those of no tool are passed over.
Of dbt, name manifest.json: catalog.json and run_results.json beside it are read too.

Exit codes: 0 everything was understood, 3 something was not (it is listed with its place), 2 the input was wrong, 1 a fault.

Examples:
  plumbline pipeline extract jobs/
  plumbline pipeline extract --datasource 3=jdbc:hive2://nn1:10000/dwd export.json
  plumbline pipeline extract --dbt-namespace postgres://dw:5432 --json target/manifest.json`;

/** `plumbline pipeline extract`: reads files of pipelines here, without a catalog, a server or a database. */
export function addPipelineExtract(pipeline: Command): void {
  pipeline
    .command('extract <path...>')
    .description(
      'read files of DataX, DolphinScheduler, Flink CDC, SeaTunnel and dbt and show what moves where; needs no catalog',
    )
    .option('--namespace <found=wanted>', 'a namespace that stands for another; may be repeated', several)
    .option('--datasource <number=jdbc-url>', "where a scheduler's data source is; may be repeated", several)
    .option('--dbt-namespace <namespace>', 'where the database of a dbt project is, for instance postgres://dw:5432')
    .option('--encoding <name>', 'of files without a byte order mark, for instance gbk')
    .option('--json', 'one JSON document')
    .addHelpText('after', HELP)
    .action(async (paths: string[], options: Options) => {
      const threads = new ThreadPool({ threads: 1 });
      try {
        await extract(paths, options, (task) => extractOffThread(threads, task));
      } finally {
        await threads.close();
      }
    });
}

async function extract(paths: readonly string[], options: Options, readSql: SqlReader): Promise<void> {
  const reading: PipelineOptions = {
    namespaces: pairsIn(options.namespace ?? []),
    datasources: pairsIn(options.datasource ?? []),
    readSql,
  };
  const files: object[] = [];
  const totals = { files: 0, jobs: 0, understood: 0, datasetEdges: 0, columnEdges: 0 };
  let allRead = true;
  for (const wanted of pipelineFilesAt(paths)) {
    const read = await readFile(wanted, options, reading);
    if (read === undefined) continue;
    if (read instanceof CommandFailed) {
      remark(read.message);
      allRead = false;
      continue;
    }
    const jobs = read.pipelines.flatMap((each) => each.jobs);
    totals.files += 1;
    totals.jobs += jobs.length;
    totals.understood += jobs.filter(({ status }) => status === 'ok' || status === 'fallback').length;
    totals.datasetEdges += jobs.reduce((sum, job) => sum + job.datasetEdges.length, 0);
    totals.columnEdges += jobs.reduce((sum, job) => sum + job.columnEdges.length, 0);
    if (options.json) files.push({ path: wanted.path, pipelines: read.pipelines, reasons: read.reasons });
    else showFile(wanted.path, read);
  }
  if (options.json) writeJson({ files, totals });
  else
    writeLine(
      `${totals.files} files, ${totals.jobs} jobs, ${totals.understood} understood; ${totals.datasetEdges} edges between datasets, ${totals.columnEdges} between columns`,
    );
  if (!allRead || totals.files === 0) process.exitCode = EXIT.input;
  else if (totals.understood < totals.jobs) process.exitCode = EXIT.bad;
  if (totals.files === 0 && allRead) remark('None of the files belongs to a tool that is known.');
}

/** What a file says; undefined for one of a folder that belongs to no tool. One that cannot be read does not hide the others. */
async function readFile(
  { path, named }: WantedFile,
  { encoding, dbtNamespace }: Options,
  reading: PipelineOptions,
): Promise<ReadFile | CommandFailed | undefined> {
  const { text } = await textOf(path, encoding);
  try {
    const file = { name: basename(path), text };
    const tool = toolOf(file);
    if (tool === undefined && !named) return undefined;
    if (tool !== 'dbt') return await readPipelines(file, reading);
    const [catalog, results] = [besideManifest(path, 'catalog'), besideManifest(path, 'run_results')];
    return await readDbt(
      {
        manifest: text,
        ...(catalog !== undefined && { catalog: (await textOf(catalog, encoding)).text }),
        ...(results !== undefined && { runResults: (await textOf(results, encoding)).text }),
      },
      { ...reading, ...(dbtNamespace !== undefined && { namespace: dbtNamespace }) },
    );
  } catch (error) {
    const line = error instanceof Unreadable ? `:${text.slice(0, error.offset).split('\n').length}` : '';
    return new CommandFailed(`${path}${line}: ${messageOf(error)}`, EXIT.input);
  }
}
