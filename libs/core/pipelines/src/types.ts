import type { Confidence, EdgeSubtype, EdgeType, Place, Reason, SqlDialect, StatementStatus } from '#core/sql-lineage';

/** The tools whose files are understood. */
export const PIPELINE_TOOLS = ['datax', 'dolphinscheduler', 'flink-cdc', 'seatunnel', 'dbt'] as const;
export type PipelineTool = (typeof PIPELINE_TOOLS)[number];

/** A dataset under its OpenLineage name. */
export interface Dataset {
  /** For instance `postgres://dwh:5432`; `hive://unknown` when the file does not say where. */
  readonly namespace: string;
  readonly name: string;
  /** Other names of the same data: a folder that is a Hive table. */
  readonly symlinks?: readonly Dataset[];
  /** The columns a folder is divided by: `dt` of `/loan/dt=20260131`. */
  readonly partitions?: readonly string[];
  /** The name is a regular expression for which the catalog has no tables (yet). */
  readonly pattern?: true;
}

export interface DatasetEdge {
  readonly from: Dataset;
  readonly to: Dataset;
}

/** DIRECT gives the value, INDIRECT decides about it; without a column in `to`, about all rows. As in sql-lineage. */
export interface PipelineEdge {
  readonly from: { readonly dataset: Dataset; readonly column: string };
  readonly to: { readonly dataset: Dataset; readonly column?: string; readonly ordinal?: number };
  readonly type: EdgeType;
  readonly subtype: EdgeSubtype;
  readonly confidence: Confidence;
  readonly expression?: string;
  /** Whether the value is hidden on the way; absent when nobody can tell. */
  readonly masking?: boolean;
}

/** A column that is filled without reading a column: a constant, a function without arguments. */
export interface GeneratedTarget {
  readonly to: { readonly dataset: Dataset; readonly column: string; readonly ordinal?: number };
  readonly expression?: string;
}

/** What another workflow must have done before a job runs. */
export interface Waiting {
  /** Code or id of the workflow, as the file has it. */
  readonly workflow: string;
  /** Its name, when the same file has it. */
  readonly name?: string;
  /** One task of it; all of it when absent. */
  readonly task?: string;
  readonly project?: string;
}

/** How a job went when it last ran. */
export interface JobRun {
  readonly status: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly seconds?: number;
  readonly message?: string;
}

/**
 * A step that moves data, or says that it might. Its place, kind, status and reasons mean what they mean for a statement of a script, so
 * that it can be kept as one.
 */
export interface PipelineJob extends Place {
  /** Position in the pipeline, from 0. */
  readonly index: number;
  /** Unique in the pipeline. */
  readonly name: string;
  /** The tool's word in small letters: `datax`, `sql`, `shell`, `model`. */
  readonly kind: string;
  readonly status: StatementStatus;
  readonly reasons: readonly Reason[];
  readonly sources: readonly Dataset[];
  readonly targets: readonly Dataset[];
  readonly datasetEdges: readonly DatasetEdge[];
  readonly columnEdges: readonly PipelineEdge[];
  readonly generated: readonly GeneratedTarget[];
  /** Names of the jobs of this pipeline that run before. */
  readonly after: readonly string[];
  readonly waitsFor: readonly Waiting[];
  /** The SQL it runs, where it is one text. */
  readonly sql?: string;
  readonly dialect?: SqlDialect;
  readonly description?: string;
  readonly run?: JobRun;
}

export interface ColumnFacts {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
}

export interface TestFacts {
  readonly name: string;
  /** `not_null`, `dbt_utils.expression_is_true`, `singular`. */
  readonly kind: string;
  readonly dataset?: Dataset;
  readonly column?: string;
  readonly severity?: string;
  readonly run?: JobRun;
}

/** What a file says about a dataset beside its lineage. */
export interface DatasetFacts {
  readonly dataset: Dataset;
  /** `model`, `seed`, `snapshot`, `source`. */
  readonly kind: string;
  readonly description?: string;
  readonly owner?: string;
  readonly tags: readonly string[];
  readonly columns: readonly ColumnFacts[];
}

/** A report, a notebook, an application that uses datasets. */
export interface Exposure extends Place {
  readonly name: string;
  readonly label?: string;
  readonly kind: string;
  readonly url?: string;
  readonly owner?: string;
  readonly description?: string;
  readonly uses: readonly Dataset[];
}

export interface Pipeline {
  readonly tool: PipelineTool;
  readonly name: string;
  readonly processing: 'BATCH' | 'STREAMING';
  readonly description?: string;
  /** As the tool writes it. */
  readonly schedule?: string;
  readonly jobs: readonly PipelineJob[];
  readonly datasets: readonly DatasetFacts[];
  readonly tests: readonly TestFacts[];
  readonly exposures: readonly Exposure[];
  /** What concerns the pipeline and none of its jobs. */
  readonly reasons: readonly Reason[];
}

/** What a file says. */
export interface ReadFile {
  /** The file's text with `*` in place of secrets: the same length, so that all places are right in it. Keep this, not the text. */
  readonly text: string;
  readonly pipelines: readonly Pipeline[];
  /** What concerns the file and none of its pipelines: how far its JSON was none, parts that were not understood. */
  readonly reasons: readonly Reason[];
}
