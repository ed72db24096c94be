import {
  type Dataset,
  type DatasetFacts,
  type Exposure,
  type Pipeline,
  type PipelineJob,
  type ReadFile,
  type TestFacts,
} from '#core/pipelines';
import { type Reason } from '#core/sql-lineage';

import { type PipelineNames } from './catalog-names.js';
import { digestOf } from './digest.js';
import {
  type PlannedDescription,
  type PlannedReport,
  type PlannedTest,
  type ScriptFacts,
  type StatementFacts,
} from './edges-of.js';
import { type Endpoint } from './endpoint.js';
import { KIND, type PlannedEdge } from './planned-edge.js';

/** Remarks on a file that take nothing away from what is known of its data. */
const HARMLESS = new Set(['not-strict', 'offline']);
/** The parts of a dbt project that move no data; they are told all the same. */
const harmless = (tool: string, code: string) => HARMLESS.has(code) || (tool === 'dbt' && code === 'not-read');

/** What a file of a pipeline says, in names of the catalog. Its jobs are kept as statements. */
export function pipelineFacts({ pipelines, reasons }: ReadFile, tool: string, names: PipelineNames): ScriptFacts {
  const remarks = [...reasons, ...pipelines.flatMap((pipeline) => pipeline.reasons)];
  const steps = pipelines.flatMap((pipeline) => pipeline.jobs.map((job) => ({ pipeline, job })));
  const file = remarks.length === 0 ? [] : [remarksOnFile(remarks, tool)];
  return {
    statements: [...file, ...steps.map(({ pipeline, job }, at) => statementOf(pipeline, job, at + file.length))],
    edges: steps.flatMap(({ pipeline, job }) => edgesOf(job, stepDigest(pipeline, job), names)),
    reports: pipelines.flatMap(({ exposures }) => exposures.map((exposure) => reportOf(exposure, names))),
    tests: pipelines.flatMap(({ tests }) => tests.map((test) => testOf(test, names))),
    descriptions: pipelines.flatMap(({ datasets }) => datasets.flatMap((dataset) => descriptionsOf(dataset, names))),
  };
}

const reportOf = (exposure: Exposure, names: PipelineNames): PlannedReport => ({
  name: exposure.name,
  label: exposure.label ?? null,
  kind: exposure.kind,
  owner: exposure.owner ?? null,
  url: exposure.url ?? null,
  description: exposure.description ?? null,
  uses: exposure.uses.map((dataset) => names.endpoint(dataset)),
});

const testOf = ({ name, kind, dataset, column, severity, run }: TestFacts, names: PipelineNames): PlannedTest => {
  const finished = run?.finishedAt === undefined ? NaN : Date.parse(run.finishedAt);
  return {
    ...{ name, kind, column: column ?? null, severity: severity ?? null },
    datasetId: (dataset && names.knownAs(dataset)) ?? null,
    status: run?.status ?? null,
    message: run?.message ?? null,
    finishedAt: Number.isNaN(finished) ? null : new Date(finished),
  };
};

function descriptionsOf({ dataset, description, columns }: DatasetFacts, names: PipelineNames): PlannedDescription[] {
  const found: PlannedDescription[] = [];
  const say = (end: Endpoint, text: string | undefined) => {
    if (text === undefined || text.trim() === '') return;
    if (end.kind === 'dataset') found.push({ asset: { kind: 'dataset', id: end.datasetId }, text });
    if (end.kind === 'field') found.push({ asset: { kind: 'field', id: end.fieldId }, text });
  };
  say(names.endpoint(dataset), description);
  for (const column of columns) say(names.endpoint(dataset, column.name), column.description);
  return found;
}

/** A file that could be kept and cannot be read. */
export function unreadableFacts(message: string, offset: number, text: string): ScriptFacts {
  const start = Math.min(offset, text.length);
  const line = text.slice(0, start).split('\n').length;
  const reason: Reason = { code: 'not-read', message, start, end: start, line };
  return { statements: [{ ...fileStatement([reason]), status: 'failed' }], edges: [] };
}

const remarksOnFile = (reasons: readonly Reason[], tool: string): StatementFacts => ({
  ...fileStatement(reasons),
  status: reasons.every(({ code }) => harmless(tool, code)) ? 'ok' : 'partial',
});

/** What concerns a file and none of its jobs. */
const fileStatement = (reasons: readonly Reason[]): Omit<StatementFacts, 'status'> => ({
  textDigest: digestOf(['file']),
  position: 0,
  ...{ line: reasons[0]?.line ?? 1, start: reasons[0]?.start ?? 0, end: reasons[0]?.end ?? 0 },
  kind: 'file',
  reasons,
});

/** A job is known by its name, so that its edges stay where the file changes elsewhere. */
const stepDigest = (pipeline: Pipeline, job: PipelineJob): string => digestOf([pipeline.name, job.name]);

const statementOf = (pipeline: Pipeline, job: PipelineJob, position: number): StatementFacts => ({
  textDigest: stepDigest(pipeline, job),
  position,
  line: job.line,
  start: job.start,
  end: job.end,
  kind: job.kind,
  status: job.status,
  reasons: job.reasons,
});

function edgesOf(job: PipelineJob, statement: string, names: PipelineNames): PlannedEdge[] {
  const at = (dataset: Dataset, column?: string) => names.endpoint(dataset, column);
  return [
    ...job.datasetEdges.map(({ from, to }): PlannedEdge => ({
      ...{ from: at(from), to: at(to), kind: KIND.dataset, statement },
    })),
    ...job.columnEdges.map(({ from, to, type, subtype, confidence, expression, masking }): PlannedEdge => {
      const kind = type === 'DIRECT' ? KIND.direct : to.column === undefined ? KIND.rows : KIND.indirect;
      return {
        ...{ from: at(from.dataset, from.column), to: at(to.dataset, to.column), kind, subtype, confidence, statement },
        ...(expression !== undefined && kind !== KIND.rows && { expression }),
        ...(masking !== undefined && { masking }),
      };
    }),
    ...job.generated.map(({ to, expression }): PlannedEdge => ({
      ...{ to: at(to.dataset, to.column), kind: KIND.generated, statement },
      ...(expression !== undefined && { expression }),
    })),
  ];
}

/** All datasets that a file names. */
export function datasetsIn({ pipelines }: ReadFile): Dataset[] {
  const named = pipelines.flatMap(({ jobs, datasets, tests, exposures }) => [
    ...jobs.flatMap(({ sources, targets }) => [...sources, ...targets]),
    ...datasets.map(({ dataset }) => dataset),
    ...tests.flatMap(({ dataset }) => dataset ?? []),
    ...exposures.flatMap(({ uses }) => uses),
  ]);
  const all = named.flatMap((dataset) => [dataset, ...(dataset.symlinks ?? [])]);
  return [...new Map(all.map((dataset) => [JSON.stringify([dataset.namespace, dataset.name]), dataset])).values()];
}
