import { createHash } from 'node:crypto';

import { type HarvestedDataset, type HarvestedRoutine } from '#core/connector-kit';

/** Where a snapshot belongs. Its id is the harvest run's. */
export interface Snapshot {
  readonly id: string;
  readonly sourceId: string;
}

/** What keeping a snapshot would do to the datasets of its source. */
export interface SnapshotDifference {
  readonly added: number;
  readonly changed: number;
  readonly vanished: number;
  /** Datasets the source was known to have before. */
  readonly known: number;
}

/** How a snapshot was kept. */
export interface KeptSnapshot {
  /** What was written down as the time of the change. */
  readonly at: Date;
  /** Whether what has changed can be searched already; where that is much, a job has to see to it. */
  readonly searchable: boolean;
}

/** What would become of one dataset. */
export interface SnapshotChange {
  readonly qualifiedName: string;
  readonly outcome: 'added' | 'changed' | 'vanished';
}

/** A dataset as it is staged: with the digest of everything that makes a schema version. */
export interface StagedDataset {
  readonly name: string;
  readonly qualifiedName: string;
  readonly digest: string;
  /** With the digest of what is no part of the schema but has to be noticed all the same. */
  readonly content: HarvestedDataset & { readonly constraintsDigest: string };
}

/** Makes a harvested dataset ready for staging. */
export function toStaged(dataset: HarvestedDataset): StagedDataset {
  const harvested = withoutTwins(storable(dataset));
  const content = { ...harvested, constraintsDigest: sha256({ constraints: harvested.constraints ?? [] }) };
  return { name: content.name, qualifiedName: content.qualifiedName, digest: digestOf(content), content };
}

/** One name stands for one field; of two in a header the first is kept. */
function withoutTwins(dataset: HarvestedDataset): HarvestedDataset {
  const firsts = new Map(dataset.fields.map((field) => [field.name, field] as const).reverse());
  if (firsts.size === dataset.fields.length) return dataset;
  return { ...dataset, fields: dataset.fields.filter((field) => firsts.get(field.name) === field) };
}

/** A routine as it is staged: with the digest of everything that makes a version of it. */
export interface StagedRoutine {
  readonly name: string;
  readonly qualifiedName: string;
  readonly digest: string;
  readonly content: HarvestedRoutine;
}

/** Makes a harvested routine ready for staging. */
export function toStagedRoutine(routine: HarvestedRoutine): StagedRoutine {
  const content = storable(routine);
  const { kind, language, arguments: args, returns, body, triggers, searchPath, comment, owner } = content;
  const digest = sha256({ kind, language, arguments: args, returns, body, triggers, searchPath, comment, owner });
  return { name: content.name, qualifiedName: content.qualifiedName, digest, content };
}

/** Of what makes a schema version: all of a dataset but its name, place and size. */
function digestOf(dataset: HarvestedDataset): string {
  const { kind, comment, viewSql, owner, fields, keys, foreignOf, checks, indexes, partitions } = dataset;
  const sortedFields = [...fields].sort((a, b) => a.ordinal - b.ordinal);
  const facts = { kind, comment, viewSql, owner, fields: sortedFields, keys, foreignOf, checks, indexes };
  return sha256({ ...facts, partitionKey: partitions?.key });
}

const sha256 = (facts: object): string => createHash('sha256').update(sortedJson(facts)).digest('hex');

/** JSON with the keys of every object in their order, so that the same facts have the same digest however they were put together. */
function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${value.map((item) => (item === undefined ? 'null' : sortedJson(item))).join(',')}]`;
  const facts = value as Readonly<Record<string, unknown>>;
  let json = '';
  for (const key of Object.keys(facts).sort()) {
    const fact = facts[key];
    if (fact !== undefined) json += `${json === '' ? '' : ','}${JSON.stringify(key)}:${sortedJson(fact)}`;
  }
  return `{${json}}`;
}

const UNSTORABLE = /\\u(?:0000|d[89a-f])/;

/** PostgreSQL's text holds neither the NUL character nor halves of surrogate pairs; headers of files can have both. */
function storable<T>(harvested: T): T {
  const json = JSON.stringify(harvested);
  // JSON escapes both, so that one look tells whether there is anything to mend.
  if (!UNSTORABLE.test(json)) return harvested;
  return JSON.parse(json, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(/\u0000|\p{Surrogate}/gu, '\ufffd') : value,
  ) as T;
}
