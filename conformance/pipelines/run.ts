import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDatax, readFlinkCdc, readSeaTunnel, type ReadFile } from '#core/pipelines';
import { messageOf } from '#kernel';

import { checkDatax, type DataxCase } from './datax.js';
import { checkDbt } from './dbt.js';
import { jobsOf, type Mismatch } from './facts.js';
import { checkSample, checkStream, checkWorkflow, type StreamExpected, type WorkflowExpected } from './workflows.js';

export interface CaseResult {
  readonly id: string;
  readonly mismatches: readonly Mismatch[];
}

const textOf = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

/** A fault in a case is a mismatch of that case. */
async function result(id: string, check: () => Promise<readonly Mismatch[]>): Promise<CaseResult> {
  try {
    return { id, mismatches: await check() };
  } catch (error) {
    return { id, mismatches: [`it could not be read: ${messageOf(error)}`] };
  }
}

/** Runs all cases below a folder that has `pipelines`, `dbt`, or is one of them. */
export async function* runCorpus(corpus: string): AsyncGenerator<CaseResult> {
  const below = (name: string) => (existsSync(join(corpus, name)) ? join(corpus, name) : corpus);
  yield* pipelineCases(below('pipelines'));
  yield* dbtCases(below('dbt'));
}

async function* pipelineCases(folder: string): AsyncGenerator<CaseResult> {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  for (const file of files.filter((name) => name.endsWith('-cases.json')))
    for (const each of JSON.parse(textOf(folder, file)) as DataxCase[])
      yield await result(`${file.replace('-cases.json', '')}/${each.name}`, () => checkDatax(each));
  for (const file of files) {
    if (/-(?:cases|expected)\.json$/.test(file)) continue;
    const tool = ['dolphinscheduler', 'flinkcdc', 'seatunnel'].find((name) => file.startsWith(name));
    if (tool === undefined) continue;
    const wanted = files.filter((name) => name.endsWith('-expected.json')).find((name) => fits(file, name, tool));
    yield await result(file, () => checkFile(tool, folder, file, wanted));
  }
  for (const examples of readdirSync(folder, { withFileTypes: true }))
    if (examples.isDirectory() && examples.name.startsWith('datax'))
      for (const file of readdirSync(join(folder, examples.name)).sort())
        yield await result(`${examples.name}/${file}`, async () =>
          checkExample(textOf(join(folder, examples.name), file), file),
        );
}

/** `flinkcdc-expected.json` is about `flinkcdc.yaml`; one for a tool is about all its files that have none of their own. */
const fits = (file: string, expected: string, tool: string): boolean => {
  const stem = expected.replace('-expected.json', '');
  return file.startsWith(`${stem}.`) || stem === tool;
};

async function checkFile(tool: string, folder: string, file: string, wanted: string | undefined): Promise<Mismatch[]> {
  const text = textOf(folder, file);
  const expected: unknown = wanted === undefined ? undefined : JSON.parse(textOf(folder, wanted));
  if (tool === 'dolphinscheduler')
    return expected === undefined
      ? ['there is no expected result for it']
      : checkWorkflow(text, file, expected as WorkflowExpected);
  const kind = tool === 'flinkcdc' ? 'flinkcdc' : 'seatunnel';
  if (expected !== undefined) return checkStream(kind, text, file, expected as StreamExpected);
  return checkSample(await (kind === 'flinkcdc' ? readFlinkCdc : readSeaTunnel)(text, file), text);
}

/** An example of the documentation: it is read, and a job that names no dataset says why. */
async function checkExample(text: string, name: string): Promise<Mismatch[]> {
  const read: ReadFile = await readDatax(text, name);
  return [
    ...jobsOf(read)
      .filter(({ sources, targets, reasons }) => sources.length + targets.length + reasons.length === 0)
      .map((job) => `${job.name} names no dataset and does not say why`),
    ...jobsOf(read)
      .filter(({ status, reasons }) => status !== 'ok' && reasons.length === 0)
      .map((job) => `${job.name} is ${job.status} and does not say why`),
    ...(read.text.length === text.length ? [] : ['the text without secrets has another length']),
  ];
}

async function* dbtCases(folder: string): AsyncGenerator<CaseResult> {
  const manifests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?:^|\/)manifest(?:_[\w.]+)?\.json$/.test(file))
    .sort();
  for (const file of manifests) {
    const beside = (name: string) => {
      const other = file.replace(/manifest([^/]*)$/, `${name}$1`);
      return existsSync(join(folder, other)) ? textOf(folder, other) : undefined;
    };
    const [catalog, runResults] = [beside('catalog'), beside('run_results')];
    const artifacts = {
      manifest: textOf(folder, file),
      ...(catalog !== undefined && { catalog }),
      ...(runResults !== undefined && { runResults }),
    };
    try {
      for await (const [name, mismatches] of checkDbt(artifacts)) yield { id: `${file}/${name}`, mismatches };
    } catch (error) {
      yield { id: file, mismatches: [`it could not be read: ${messageOf(error)}`] };
    }
  }
}
