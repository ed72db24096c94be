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
  const harvested = storable(dataset);
  const content = { ...harvested, constraintsDigest: sha256({ constraints: harvested.constraints ?? [] }) };
  return { name: content.name, qualifiedName: content.qualifiedName, digest: digestOf(content), content };
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
  const { kind, language, arguments: args, returns, body, comment, owner } = content;
  const digest = sha256({ kind, language, arguments: args, returns, body, comment, owner });
  return { name: content.name, qualifiedName: content.qualifiedName, digest, content };
}

/** Of what makes a schema version: all of a dataset but its name, place and size. */
function digestOf(dataset: HarvestedDataset): string {
  const { kind, comment, viewSql, owner, fields, keys, foreignOf, checks, indexes, partitions } = dataset;
  const sortedFields = [...fields].sort((a, b) => a.ordinal - b.ordinal);
  const facts = { kind, comment, viewSql, owner, fields: sortedFields, keys, foreignOf, checks, indexes };
  return sha256({ ...facts, partitionKey: partitions?.key });
}

const sha256 = (facts: object): string =>
  createHash('sha256').update(JSON.stringify(facts, withSortedKeys)).digest('hex');

const withSortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** PostgreSQL's text holds neither the NUL character nor halves of surrogate pairs; headers of files can have both. */
const storable = <T>(harvested: T): T =>
  JSON.parse(
    JSON.stringify(harvested, (_, value: unknown) =>
      typeof value === 'string' ? value.replaceAll(/\u0000|\p{Surrogate}/gu, '\ufffd') : value,
    ),
  ) as T;
