import type { Dataset, PipelineJob, ReadFile } from './types.js';

/** The jobs of a file. */
export const jobsOf = (read: ReadFile): PipelineJob[] => read.pipelines.flatMap(({ jobs }) => [...jobs]);

const nameOf = ({ namespace, name }: Dataset): string => `${namespace}/${name}`;

/** Tables as `a -> b`, columns as `a#x -> b#y identity`, deciding ones as `a#x ~> b filter`, constants as `'HQ' = b#y`. Namespaces are left out. */
export function linesOf(read: ReadFile): string[] {
  return jobsOf(read).flatMap(({ datasetEdges, columnEdges, generated }) => [
    ...datasetEdges.map(({ from, to }) => `${from.name} -> ${to.name}`),
    ...columnEdges.map(
      ({ from, to, type, subtype, masking }) =>
        `${from.dataset.name}#${from.column} ${type === 'DIRECT' ? '->' : '~>'} ${to.dataset.name}${to.column === undefined ? '' : `#${to.column}`} ` +
        `${subtype.toLowerCase()}${masking === true ? ' masked' : ''}`,
    ),
    ...generated.map(({ to, expression }) => `${expression} = ${to.dataset.name}#${to.column}`),
  ]);
}

/** What was not understood or not known, with the text it is about. */
export const reasonsOf = (read: ReadFile, text: string): string[] =>
  [
    ...read.reasons,
    ...read.pipelines.flatMap((each) => each.reasons),
    ...jobsOf(read).flatMap((job) => job.reasons),
  ].map(({ code, start, end }) => `${code} ${text.slice(start, Math.min(end, start + 40))}`.trimEnd());

/** Datasets by their whole names. */
export const sourcesOf = (read: ReadFile): string[] => jobsOf(read).flatMap(({ sources }) => sources.map(nameOf));
export const targetsOf = (read: ReadFile): string[] => jobsOf(read).flatMap(({ targets }) => targets.map(nameOf));
