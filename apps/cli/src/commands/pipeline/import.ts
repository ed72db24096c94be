import { statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';

import { type GivenFile, keptFile, NoTool, Unreadable } from '#core/pipelines';
import { InvalidInput } from '#kernel';
import { type Command } from 'commander';

import { checkoutOf, folderLabel, slashes } from '../../client/checkout.js';
import { type Client } from '../../client/client.js';
import { asking, several } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { inRequests, jsonSize } from '../../client/in-requests.js';
import { remark, writeFacts } from '../../client/output.js';
import { watchJob } from '../../client/watch-job.js';
import { addTotals, type ImportTotals, NO_TOTALS } from '../lineage/import-totals.js';
import { textOf } from '../lineage/scripts.js';
import { besideManifest, pipelineFilesAt, type WantedFile } from './files.js';
import { pairsIn } from './pairs.js';

interface Options {
  readonly namespace?: readonly string[];
  readonly datasource?: readonly string[];
  readonly dbtNamespace?: string;
  readonly encoding?: string;
  readonly prefix?: string;
  readonly prune?: boolean;
}

interface Refused {
  readonly name: string;
  readonly line: number;
  readonly message: string;
}

const HELP = `
A file of the same name is replaced. In a git checkout its name is repository/path, elsewhere folder/path; --prefix sets another beginning.
Secrets are taken out here, before anything is sent.

Exit codes: 0 everything was understood, 3 something was not or a file was refused, 2 no file could be read, 1 a fault.

Examples:
  plumbline pipeline import jobs/ --prune
  plumbline pipeline import --datasource 3=jdbc:hive2://nn1:10000/dwd export.json
  plumbline pipeline import --dbt-namespace postgres://dw:5432 target/manifest.json`;

/** `plumbline pipeline import`: takes files of pipelines into the catalog. */
export function addPipelineImport(pipeline: Command): void {
  asking(
    pipeline
      .command('import <path...>')
      .description('take files of DataX, DolphinScheduler, Flink CDC, SeaTunnel and dbt into the catalog')
      .option('--namespace <found=wanted>', 'a namespace that stands for another; may be repeated', several)
      .option('--datasource <number=jdbc-url>', "where a scheduler's data source is; may be repeated", several)
      .option('--dbt-namespace <namespace>', 'where the database of a dbt project is, for instance postgres://dw:5432')
      .option('--encoding <name>', 'of files without a byte order mark, for instance gbk')
      .option('--prefix <text>', 'what the names of the files begin with')
      .option('--prune', 'those of the same folder that are not there any more run no more')
      .addHelpText('after', HELP),
    async ({ client, json }, paths: string[], options: Options) => {
      const all = { totals: NO_TOTALS, refused: [] as Refused[], removed: [] as string[] };
      for (const path of paths) {
        const done = await importPipelines(client, path, options, json);
        all.totals = addTotals(all.totals, done.totals);
        all.refused.push(...done.refused);
        all.removed.push(...done.removed);
      }
      for (const { name, line, message } of all.refused) remark(`${name}:${line}: ${message}`);
      const { statements, ...counts } = all.totals;
      writeFacts(
        { json },
        { ...all.totals, refused: all.refused, removed: all.removed },
        {
          ...counts,
          jobs: Object.entries(statements)
            .map(([status, count]) => `${count} ${status}`)
            .join(', '),
          ...(all.removed.length > 0 && { removed: all.removed }),
        },
      );
      const bad = Object.entries(statements).some(([status, count]) => status !== 'ok' && count > 0);
      if (bad) remark('Not everything was understood; see "plumbline pipeline not-understood".');
      if (all.totals.scripts === 0 && all.removed.length === 0) process.exitCode = EXIT.input;
      else if (bad || all.refused.length > 0) process.exitCode = EXIT.bad;
    },
  );
}

export interface PipelinesDone {
  readonly totals: ImportTotals;
  readonly refused: readonly Refused[];
  readonly removed: readonly string[];
}

/** Takes in the files at a path and waits until they are read. */
export async function importPipelines(
  client: Client,
  path: string,
  options: Options,
  quiet: boolean,
): Promise<PipelinesDone> {
  const terms = termsOf(path, options);
  const files: GivenFile[] = [];
  const refused: Refused[] = [];
  for (const wanted of pipelineFilesAt([path])) {
    const read = await readFile(wanted, terms.nameOf(wanted.path), options.encoding);
    if (read === undefined) continue;
    if ('message' in read) refused.push(read);
    else files.push(read);
  }
  let totals = NO_TOTALS;
  const sizeOf = ({ text, catalog, runResults }: GivenFile) =>
    jsonSize(text) + jsonSize(catalog) + jsonSize(runResults);
  for (const request of inRequests(files, sizeOf)) {
    const { job, refused: there } = await client.change<{ job: { id: string }; refused: Refused[] }>(
      `mutation ($files: [PipelineFileInput!]!, $namespaces: [NameValueInput!], $datasources: [NameValueInput!], $dbtNamespace: String, $folder: String, $revision: RevisionInput) {
         importPipelines(files: $files, namespaces: $namespaces, datasources: $datasources, dbtNamespace: $dbtNamespace, folder: $folder, revision: $revision) {
           job { id } refused { name line message } userErrors { code message path } } }`,
      {
        files: request.map(({ name, text, catalog, runResults }) => ({ name, text, catalog, runResults })),
        ...terms.variables,
      },
    );
    refused.push(...there);
    const { result } = await watchJob(client, job.id, { quiet });
    totals = addTotals(totals, result);
  }
  const names = [...files, ...refused].map(({ name }) => name);
  const removed = options.prune === true ? await pruned(client, terms.folder, names, quiet) : [];
  return { totals, refused, removed };
}

async function pruned(client: Client, folder: string, names: readonly string[], quiet: boolean): Promise<string[]> {
  const { job, removed } = await client.change<{ job: { id: string }; removed: string[] }>(
    `mutation ($folder: String!, $names: [String!]!) {
       pruneScripts(folder: $folder, names: $names) { job { id } removed userErrors { code message path } } }`,
    { folder, names },
  );
  await watchJob(client, job.id, { quiet });
  return removed;
}

function termsOf(path: string, { namespace = [], datasource = [], dbtNamespace, prefix, prune }: Options) {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (prune === true && !isFolder)
    throw new CommandFailed(`--prune looks for what a folder has no more; ${path} is none.`, EXIT.input);
  const checkout = isFolder || prefix === undefined ? checkoutOfExisting(path) : undefined;
  const root = isFolder ? path : dirname(path);
  const above =
    prefix ??
    (checkout
      ? [checkout.name, isFolder ? checkout.path : slashes(dirname(checkout.path))]
          .filter((part) => part !== '' && part !== '.')
          .join('/') + '/'
      : `${basename(resolve(root))}/`);
  const folder =
    prefix ??
    folderLabel(root, checkout && { ...checkout, path: isFolder ? checkout.path : slashes(dirname(checkout.path)) });
  return {
    folder,
    nameOf: (file: string) => above + slashes(relative(root, file)),
    variables: {
      namespaces: named(pairsIn(namespace)),
      datasources: named(pairsIn(datasource)),
      dbtNamespace,
      folder,
      revision: checkout && { repository: checkout.repository, commit: checkout.commit },
    },
  };
}

const checkoutOfExisting = (path: string) =>
  statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : checkoutOf(path);

const named = (pairs: Record<string, string>) => Object.entries(pairs).map(([name, value]) => ({ name, value }));

/** A file without its secrets; undefined for one of a folder that belongs to no tool. */
async function readFile(
  { path, named: wasNamed }: WantedFile,
  name: string,
  encoding: string | undefined,
): Promise<GivenFile | Refused | undefined> {
  const { text } = await textOf(path, encoding);
  const beside = async (what: 'catalog' | 'run_results') => {
    const file = /manifest/.test(basename(path)) ? besideManifest(path, what) : undefined;
    return file === undefined ? undefined : (await textOf(file, encoding)).text;
  };
  const [catalog, runResults] = [await beside('catalog'), await beside('run_results')];
  try {
    return keptFile({
      ...{ name, text },
      ...(catalog !== undefined && { catalog }),
      ...(runResults !== undefined && { runResults }),
    });
  } catch (error) {
    if (error instanceof NoTool && !wasNamed) return undefined;
    if (!(error instanceof InvalidInput)) throw error;
    const part = error instanceof Unreadable ? error.part : undefined;
    const whole = part === 'catalog' ? catalog : part === 'run-results' ? runResults : text;
    const offset = error instanceof Unreadable ? error.offset : 0;
    return { name, line: (whole ?? '').slice(0, offset).split('\n').length, message: error.message };
  }
}
