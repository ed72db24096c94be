import { defineEvent } from '#platform/outbox';
import { Type } from 'typebox';

const Id = Type.String({ format: 'uuid' });

/** The data broke a rule in a run. */
export const ruleFailed = defineEvent({
  type: 'quality.rule-failed',
  payload: Type.Object({ runId: Id, ruleId: Id, resultId: Id, datasetId: Id, sourceId: Id }),
});

/** A job of a pipeline that a rule set follows was completed. Told by the database: see the trigger on open_lineage.run. */
export const pipelineCompleted = defineEvent({
  type: 'quality.pipeline-completed',
  payload: Type.Object({ jobKey: Id, runId: Type.String(), endAt: Type.String() }),
});

const IncidentPayload = Type.Object({
  incidentId: Id,
  kind: Type.Union([Type.Literal('data'), Type.Literal('operations')]),
  sourceId: Id,
  /** For a data incident. */
  ruleId: Type.Optional(Id),
  runId: Id,
});

/** An incident was opened, or one of the last days was opened again. */
export const incidentOpened = defineEvent({ type: 'quality.incident-opened', payload: IncidentPayload });

/** A run did something to incidents: those of one run are looked at together. */
export const incidentsTurned = defineEvent({ type: 'quality.incidents-turned', payload: Type.Object({ runId: Id }) });

export const incidentResolved = defineEvent({ type: 'quality.incident-resolved', payload: IncidentPayload });
