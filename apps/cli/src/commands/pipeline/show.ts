import type { Dataset, Pipeline, PipelineJob, ReadFile } from '#core/pipelines';
import type { Reason } from '#core/sql-lineage';

import { plain, writeLine } from '../../client/output.js';
import { aligned } from '../lineage/aligned.js';

/** Wider cells do not push the others out of a terminal. */
const WIDEST = 56;

const shown = ({ namespace, name }: Dataset): string => `${namespace}/${name}`;

/** Edges of each job by target column, then what was not understood: for a person. */
export function showFile(path: string, { pipelines, reasons }: ReadFile): void {
  for (const pipeline of pipelines) {
    writeLine(plain(`${path}: ${pipeline.tool} "${pipeline.name}", ${pipeline.processing.toLowerCase()}`));
    for (const job of pipeline.jobs) showJob(job);
    for (const line of beside(pipeline)) writeLine(`  ${plain(line)}`);
    writeLine('');
  }
  const open = [
    ...reasons.map((reason) => lineOf(path, '', reason)),
    ...pipelines.flatMap((pipeline) => [
      ...pipeline.reasons.map((reason) => lineOf(path, '', reason)),
      ...pipeline.jobs.flatMap((job) =>
        job.reasons.map((reason) => lineOf(path, `${job.name}  ${job.status}  `, reason)),
      ),
    ]),
  ];
  if (open.length === 0) return;
  writeLine('Not known, or not understood');
  for (const line of open) writeLine(`  ${plain(line)}`);
  writeLine('');
}

const lineOf = (path: string, what: string, { line, code, message }: Reason): string =>
  `${path}:${line}  ${what}${code}: ${message}`;

function showJob({ name, kind, status, after, waitsFor, datasetEdges, columnEdges, generated }: PipelineJob): void {
  const order = after.length > 0 ? `, after ${after.join(', ')}` : '';
  const waits = waitsFor.map(
    ({ workflow, name: known, task }) => `${known ?? workflow}${task === undefined ? '' : `/${task}`}`,
  );
  writeLine(
    plain(
      `  ${name} (${kind}, ${status}${order}${waits.length > 0 ? `, waits for workflow ${waits.join(', ')}` : ''})`,
    ),
  );
  const rows = [
    ...datasetEdges.map(({ from, to }) => [shown(to), `← ${shown(from)}`, '', '']),
    ...columnEdges.map(({ from, to, type, subtype, confidence, masking }) => [
      to.column === undefined ? to.dataset.name : `${to.dataset.name}#${to.column}`,
      `${type === 'DIRECT' ? '←' : '⇠'} ${from.dataset.name}#${from.column}`,
      `${subtype.toLowerCase()}${masking === true ? ', masked' : ''}`,
      confidence,
    ]),
    ...generated.map(({ to, expression = '' }) => [
      `${to.dataset.name}#${to.column}`,
      `← ${expression.replace(/\s+/g, ' ')}`,
      'generated',
      '',
    ]),
  ];
  for (const line of aligned(rows, WIDEST)) writeLine(`    ${line}`);
}

function beside({ tests, exposures, datasets }: Pipeline): string[] {
  const described = datasets.filter(({ description }) => description !== undefined).length;
  return [
    ...exposures.map(({ name, kind, uses }) => `${kind} ${name} uses ${uses.map(shown).join(', ')}`),
    ...(tests.length > 0
      ? [
          `${tests.length} tests, ${tests.filter(({ run }) => run?.status === 'fail' || run?.status === 'error').length} of them failed`,
        ]
      : []),
    ...(described > 0 ? [`${described} of ${datasets.length} datasets have a description`] : []),
  ];
}
