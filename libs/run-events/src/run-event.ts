import { type RunEventType } from './send-run-event.job.js';
import { type ToldJob } from './told-jobs.js';

/** A run of one of our jobs, as receivers are told of it. */
export interface RunFacts {
  readonly kind: ToldJob;
  readonly jobId: string;
  /** What the job is about: the name of a source, a rule set, an entity. */
  readonly of: string;
  readonly title: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** When a schedule wanted it. */
  readonly dueAt: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** The run that asked for it. */
  readonly parent: { readonly runId: string; readonly kind: ToldJob; readonly of: string } | null;
  /** What it counted. */
  readonly counts: Readonly<Record<string, number>>;
  readonly inputs: readonly DatasetFacts[];
  readonly outputs: readonly DatasetFacts[];
}

export interface DatasetFacts {
  readonly namespace: string;
  readonly name: string;
  readonly fields?: readonly FieldFacts[];
  readonly assertions?: readonly Assertion[];
  readonly metrics?: { readonly rowCount?: number; readonly nullCounts: Readonly<Record<string, number>> };
}

export interface FieldFacts {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
}

export interface Assertion {
  readonly assertion: string;
  readonly name: string;
  readonly success: boolean;
  readonly severity: string;
  readonly column?: string;
  readonly description?: string;
  /** Rows that may break the rule, and that do. */
  readonly expected?: string;
  readonly actual?: string;
}

const PRODUCER = 'pkg:npm/plumbline';
const SPEC = 'https://openlineage.io/spec';
const NAMESPACE = 'plumbline';
const facet = (schema: string) => ({ _producer: PRODUCER, _schemaURL: `${SPEC}/facets/${schema}` });

const nameOf = (kind: ToldJob, of: string): string => `${kind}.${of}`;

/** The event, always the same for the same facts: sent twice, it is one. */
export function runEvent(type: RunEventType, facts: RunFacts): object {
  const { kind, jobId, of, title, startedAt, finishedAt } = facts;
  const ended = type !== 'START';
  return {
    eventType: type,
    eventTime: ((ended ? finishedAt : null) ?? startedAt).toISOString(),
    producer: PRODUCER,
    schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: { runId: jobId, facets: runFacets(type, facts) },
    job: {
      namespace: NAMESPACE,
      name: nameOf(kind, of),
      facets: {
        jobType: {
          ...facet('2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet'),
          ...{ processingType: 'BATCH', integration: 'PLUMBLINE', jobType: kind.toUpperCase() },
        },
        documentation: {
          ...facet('1-1-0/DocumentationJobFacet.json#/$defs/DocumentationJobFacet'),
          description: title,
        },
      },
    },
    inputs: ended ? facts.inputs.map(inputOf) : [],
    outputs: ended ? facts.outputs.map(datasetOf) : [],
  };
}

/** Sentences of expected failures are written to have no values in them. What nobody expected may quote anything. */
function sentenceOf(error: RunFacts['error']): string {
  if (!error) return 'It failed.';
  return error.code === 'INTERNAL' ? 'INTERNAL: The log of the worker says more.' : `${error.code}: ${error.message}`;
}

function runFacets(type: RunEventType, { dueAt, error, parent, counts }: RunFacts): object {
  const counted = Object.entries(counts);
  return {
    ...(dueAt !== null && {
      nominalTime: {
        ...facet('1-0-1/NominalTimeRunFacet.json#/$defs/NominalTimeRunFacet'),
        nominalStartTime: new Date(dueAt).toISOString(),
      },
    }),
    ...(parent && {
      parent: {
        ...facet('1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet'),
        run: { runId: parent.runId },
        job: { namespace: NAMESPACE, name: nameOf(parent.kind, parent.of) },
      },
    }),
    ...(type === 'FAIL' && {
      errorMessage: {
        ...facet('1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet'),
        message: sentenceOf(error),
        programmingLanguage: 'TypeScript',
      },
    }),
    ...(type !== 'START' &&
      counted.length > 0 && {
        // No published facet has them; unknown facets are kept by those who read events.
        plumbline_counts: {
          _producer: PRODUCER,
          _schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunFacet`,
          ...counts,
        },
      }),
  };
}

function datasetOf({ namespace, name, fields }: DatasetFacts): object {
  return {
    namespace,
    name,
    facets:
      fields === undefined
        ? {}
        : { schema: { ...facet('1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet'), fields } },
  };
}

function inputOf(dataset: DatasetFacts): object {
  const { assertions, metrics } = dataset;
  return {
    ...datasetOf(dataset),
    inputFacets: {
      ...(assertions && {
        dataQualityAssertions: {
          ...facet('1-1-0/DataQualityAssertionsDatasetFacet.json#/$defs/DataQualityAssertionsDatasetFacet'),
          assertions,
        },
      }),
      ...(metrics && {
        dataQualityMetrics: {
          ...facet('1-0-3/DataQualityMetricsInputDatasetFacet.json#/$defs/DataQualityMetricsInputDatasetFacet'),
          ...(metrics.rowCount !== undefined && { rowCount: metrics.rowCount }),
          columnMetrics: Object.fromEntries(
            Object.entries(metrics.nullCounts).map(([column, nullCount]) => [column, { nullCount }]),
          ),
        },
      }),
    },
  };
}
