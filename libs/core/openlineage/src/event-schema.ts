import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { type TSchema, Type } from 'typebox';

/** Of the specification 2-0-2. What is absent may also be null: producers write both. */
const optional = <S extends TSchema>(schema: S) => Type.Optional(Type.Union([schema, Type.Null()]));
const anything = { additionalProperties: true };

const Facet = Type.Object(
  {
    _producer: Type.String({ format: 'uri' }),
    _schemaURL: Type.String({ format: 'uri' }),
    _deleted: Type.Optional(Type.Boolean()),
  },
  anything,
);
const Facets = Type.Record(Type.String(), Type.Any());
const Dataset = Type.Object({ namespace: Type.String(), name: Type.String(), facets: optional(Facets) }, anything);
const Input = Type.Object({ ...Dataset.properties, inputFacets: optional(Facets) }, anything);
const Output = Type.Object({ ...Dataset.properties, outputFacets: optional(Facets) }, anything);
const Job = Type.Object({ namespace: Type.String(), name: Type.String(), facets: optional(Facets) }, anything);
const Run = Type.Object({ runId: Type.String({ format: 'uuid' }), facets: optional(Facets) }, anything);
const base = {
  eventTime: Type.String({ format: 'date-time' }),
  producer: Type.String({ format: 'uri' }),
  schemaURL: Type.String({ format: 'uri' }),
};
const datasets = { inputs: optional(Type.Array(Input)), outputs: optional(Type.Array(Output)) };

export const EVENT_TYPES = ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

const ajv = new Ajv({ allErrors: true, strict: false, verbose: false });
addFormats.default(ajv);

const compiled = {
  run: ajv.compile(
    Type.Object(
      { ...base, eventType: optional(Type.Enum([...EVENT_TYPES])), run: Run, job: Job, ...datasets },
      anything,
    ),
  ),
  job: ajv.compile(Type.Object({ ...base, job: Job, ...datasets }, anything)),
  dataset: ajv.compile(Type.Object({ ...base, dataset: Dataset }, anything)),
};
const facet = ajv.compile(Facet);

export type EventKind = keyof typeof compiled;

/** Something in an event that is not as it should be. */
export interface Fault {
  /** JSON pointer into the event. */
  readonly at: string;
  readonly message: string;
  /** It is there, and only not of the form asked for: no UUID, no URI. */
  readonly isForm?: true;
}

const MOST_FAULTS = 20;

function faultsOf(validate: ValidateFunction, value: unknown, at = ''): Fault[] {
  if (validate(value)) return [];
  // "Or null" is no part of the specification that one would want to read about.
  const errors = (validate.errors ?? []).filter(
    ({ keyword, params }) => keyword !== 'anyOf' && !(keyword === 'type' && params['type'] === 'null'),
  );
  return errors.slice(0, MOST_FAULTS).map(({ instancePath, keyword, params, message }) => ({
    at: `${at}${instancePath}${keyword === 'required' ? `/${String(params['missingProperty'])}` : ''}`,
    message:
      keyword === 'required'
        ? 'is missing'
        : keyword === 'enum'
          ? `must be one of ${(params['allowedValues'] as string[]).join(', ')}`
          : (message ?? `breaks "${keyword}"`),
    ...(keyword === 'format' && { isForm: true as const }),
  }));
}

/** Where an event is not as the specification asks. Facets are not looked into. */
export const eventFaults = (kind: EventKind, event: unknown): Fault[] => faultsOf(compiled[kind], event);

/** Where a facet lacks what every facet has. */
export const facetFaults = (value: unknown, at: string): Fault[] =>
  faultsOf(facet, value, at).map(({ at: place, message }) => ({ at: place, message }));
