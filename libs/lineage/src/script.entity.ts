import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Where lineage comes from: a view's text, a foreign table's declaration, the text of a stored routine, a server's log of
 * queries, a script somebody gave us, a file of a pipeline tool, a person, what a job's design states (`declared`), what a
 * run showed (`observed`). Pipelines and the last two belong to no source; the last two have no text.
 */
export const SCRIPT_ORIGINS = [
  'view',
  'foreign_table',
  'routine',
  'query_log',
  'import',
  'pipeline',
  'manual',
  'declared',
  'observed',
] as const;
export type ScriptOrigin = (typeof SCRIPT_ORIGINS)[number];

/** What follows the dictionary by itself. */
export const DECLARED_ORIGINS = ['view', 'foreign_table', 'routine'] as const satisfies readonly ScriptOrigin[];

/** How it is known that data flows: read from code, stated by a design, seen in a run, said by a person. */
export const EDGE_ORIGINS = ['parsed', 'declared', 'observed', 'manual'] as const;
export type EdgeOrigin = (typeof EDGE_ORIGINS)[number];

/** What each kind of script makes of its edges. */
export const EDGE_ORIGIN_OF: Readonly<Record<ScriptOrigin, EdgeOrigin>> = {
  view: 'parsed',
  routine: 'parsed',
  query_log: 'parsed',
  import: 'parsed',
  foreign_table: 'declared',
  pipeline: 'declared',
  declared: 'declared',
  observed: 'observed',
  manual: 'manual',
};

/** Something that says where data flows. Its text is in versions. */
@Entity({ schema: 'lineage', name: 'script' })
export class ScriptEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'source_id', nullable: true }) sourceId: string | null;
  @Column('text') origin: ScriptOrigin;
  @Column('text') name: string;
  @Column('uuid', { name: 'dataset_id', nullable: true }) datasetId: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('uuid', { name: 'read_version_id', nullable: true }) readVersionId: string | null;
  @Column('text', { name: 'read_digest', nullable: true }) readDigest: string | null;
  @Column('timestamptz', { name: 'read_as_of', nullable: true }) readAsOf: Date | null;
  @Column('uuid', { name: 'import_id', nullable: true }) importId: string | null;
  @Column('text', { array: true, nullable: true }) namespaces: string[] | null;
}
