import { type Named } from '#core/openlineage';

import { type DatasetVersion, type JobVersion } from '../marquez-history.store.js';
import { type DatasetRecord, type DictionaryTags, type JobRecord, type RunRecord } from '../marquez.store.js';

type Facets = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

export function toRun(run: RunRecord) {
  const { startAt, firstAt, endAt, state } = run;
  return {
    ...{ id: run.runId, createdAt: firstAt, updatedAt: run.lastAt },
    ...{ nominalStartTime: run.nominalStart, nominalEndTime: run.nominalEnd },
    state,
    startedAt: startAt ?? firstAt,
    endedAt: endAt,
    durationMs: endAt === null ? null : Math.max(0, endAt.getTime() - (startAt ?? firstAt).getTime()),
    ...{ args: {}, facets: {}, errorMessage: run.error, namespace: run.namespace, jobName: run.name },
  };
}

export function toJob(job: JobRecord) {
  const { namespace, name, facets } = job;
  const type = facets['jobType']?.['processingType'];
  return {
    ...{ id: { namespace, name }, type: type === 'STREAMING' ? 'STREAM' : 'BATCH' },
    ...{ name, simpleName: name.slice(name.lastIndexOf('.') + 1), parentJobName: null, namespace },
    ...{ createdAt: job.firstAt, updatedAt: job.lastAt, inputs: job.inputs, outputs: job.outputs },
    location: facets['sourceCodeLocation']?.['url'] ?? null,
    description: facets['documentation']?.['description'] ?? null,
    latestRun: job.latestRun && toRun(job.latestRun),
    latestRuns: job.latestRun ? [toRun(job.latestRun)] : [],
    ...{ facets, currentVersion: null, labels: [], tags: tagsIn(facets) },
  };
}

function tagsIn(facets: Facets): string[] {
  const tags = facets['tags']?.['tags'];
  if (!Array.isArray(tags)) return [];
  return tags.flatMap((tag: unknown) => {
    const key = (tag as { key?: unknown } | null)?.key;
    return typeof key === 'string' ? [key] : [];
  });
}

/** @param kept what the dictionary has of it. */
export function toDataset(dataset: DatasetRecord, kept?: DictionaryTags) {
  const { namespace, name, facets, lifecycle } = dataset;
  const latest = Object.entries(lifecycle).sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
  return {
    ...{ id: { namespace, name }, type: 'DB_TABLE', name, physicalName: name, namespace, sourceName: namespace },
    ...{ createdAt: dataset.firstAt, updatedAt: dataset.lastAt, lastModifiedAt: dataset.lastAt },
    fields: fieldsIn(facets, kept),
    description: facets['documentation']?.['description'] ?? null,
    lastLifecycleState: latest ?? '',
    deleted: latest === 'DROP' || latest === 'RENAMED',
    ...{ currentVersion: null, columnLineage: null, facets },
    tags: [...new Set([...tagsIn(facets), ...(kept?.tags ?? [])])],
  };
}

function fieldsIn(facets: Facets, kept?: DictionaryTags) {
  const fields = facets['schema']?.['fields'];
  return (Array.isArray(fields) ? (fields as (Record<string, unknown> | null)[]) : []).map((field) => ({
    name: field?.['name'],
    type: field?.['type'] ?? null,
    description: field?.['description'] ?? null,
    tags: kept?.ofFields[String(field?.['name'])] ?? [],
  }));
}

export function toDatasetVersion({ namespace, name }: Named, { version, at, run, facets }: DatasetVersion) {
  return {
    ...{
      id: { namespace, name, version },
      type: 'DB_TABLE',
      name,
      physicalName: name,
      namespace,
      sourceName: namespace,
    },
    ...{ createdAt: at, lastModifiedAt: at, version, fields: fieldsIn(facets), tags: tagsIn(facets) },
    description: facets['documentation']?.['description'] ?? null,
    lifecycleState: facets['lifecycleStateChange']?.['lifecycleStateChange'] ?? '',
    ...{ createdByRun: toRun(run), facets },
  };
}

export function toJobVersion({ namespace, name }: Named, { version, firstAt, lastAt, flow }: JobVersion) {
  return {
    ...{ id: { namespace, name, version }, name, namespace, version, location: null },
    ...{ createdAt: firstAt, updatedAt: lastAt, inputs: flow.inputs, outputs: flow.outputs, latestRun: null },
  };
}

export const toSource = ({ name, firstAt, lastAt }: { name: string; firstAt: Date; lastAt: Date }) => ({
  ...{ type: (/^[a-z][a-z0-9+.-]*(?=:)/i.exec(name)?.[0] ?? 'UNKNOWN').toUpperCase(), name },
  ...{ createdAt: firstAt, updatedAt: lastAt, connectionUrl: name, description: null },
});
