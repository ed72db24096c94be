import { registerEnumType } from '@nestjs/graphql';
import { type Dimension, DIMENSIONS, type Severity, type Status } from '#core/rule-engine';

import { INCIDENT_STEPS, type IncidentStep } from '../incident-steps.js';
import {
  INCIDENT_CAUSES,
  INCIDENT_EVENTS,
  INCIDENT_KINDS,
  INCIDENT_STATES,
  type IncidentCause,
  type IncidentEventKind,
  type IncidentKind,
  type IncidentState,
} from '../incident.js';
import { RUN_STATES, type RunState } from '../run.js';
import { WAIVER_STATES, type WaiverState } from '../waiver.store.js';
import { SCORE_GROUPS, type ScoreGroup, TREND_STEPS, type TrendStep } from '../score.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

const STATUSES: readonly Status[] = ['pass', 'warn', 'fail', 'error', 'not_evaluated', 'skipped'];
export const StatusEnum = enumOf(STATUSES);
registerEnumType(StatusEnum, {
  name: 'RuleStatus',
  description: 'What a rule found in a run.',
  valuesMap: {
    ERROR: { description: 'The rule could not be asked. It says nothing about the data.' },
    NOT_EVALUATED: { description: 'There was nothing to check.' },
    SKIPPED: { description: 'Left out on purpose; the rule is switched off.' },
  },
});

export type LastStatus = Status | 'never';
export const LastStatusEnum = enumOf<LastStatus>([...STATUSES, 'never']);
registerEnumType(LastStatusEnum, {
  name: 'RuleLastStatus',
  description: 'What a rule found in its latest run; NEVER when it has not run yet.',
});

export const SeverityEnum = enumOf<Severity>(['S1', 'S2', 'S3', 'S4']);
registerEnumType(SeverityEnum, {
  name: 'RuleSeverity',
  description: 'S1 is the gravest. In scores they weigh 5, 3, 2, 1.',
});

export const DimensionEnum = enumOf<Dimension>(DIMENSIONS);
registerEnumType(DimensionEnum, {
  name: 'QualityDimension',
  description: 'The dimensions of GB/T 36344, and uniqueness.',
});

export const RunStateEnum = enumOf<RunState>(RUN_STATES);
registerEnumType(RunStateEnum, {
  name: 'RuleRunState',
  description: 'How a run stands.',
  valuesMap: {
    SUCCEEDED: { description: 'Every rule was asked, whatever it found.' },
    PARTIAL: { description: 'Some rules could not be asked; their results say why.' },
    CANCELLED: { description: 'Stopped by somebody. What was found by then is kept.' },
  },
});

export const IncidentKindEnum = enumOf<IncidentKind>(INCIDENT_KINDS);
registerEnumType(IncidentKindEnum, {
  name: 'IncidentKind',
  valuesMap: {
    DATA: { description: 'Data breaks a rule.' },
    OPERATIONS: { description: 'Rules of a source cannot be run; nothing is said about the data.' },
  },
});

export const IncidentStateEnum = enumOf<IncidentState>(INCIDENT_STATES);
registerEnumType(IncidentStateEnum, {
  name: 'IncidentState',
  valuesMap: {
    AWAITING_VERIFICATION: { description: 'Somebody says that it is fixed; runs that pass prove it.' },
    RESOLVED: { description: 'The rule has passed again, or the source answers again.' },
    WAIVED: { description: 'The rule may fail for a time. Results stay failures; the clock stands still.' },
    FALSE_POSITIVE: { description: 'The data is right; this version of the rule was wrong to fail.' },
  },
});

export const IncidentEventEnum = enumOf<IncidentEventKind>(INCIDENT_EVENTS);
registerEnumType(IncidentEventEnum, { name: 'IncidentEventKind' });

export const IncidentStepEnum = enumOf<IncidentStep>(INCIDENT_STEPS);
registerEnumType(IncidentStepEnum, { name: 'IncidentStep', description: 'What a person can do with an incident.' });

export const IncidentCauseEnum = enumOf<IncidentCause>(INCIDENT_CAUSES);
registerEnumType(IncidentCauseEnum, {
  name: 'IncidentCause',
  description: 'What an incident came from.',
  valuesMap: {
    SOURCE_ENTRY: { description: 'Entered wrongly in the source system.' },
    ETL_DEFECT: { description: 'A fault in moving or transforming the data.' },
    SCHEMA_CHANGE: { description: 'A table or column was changed.' },
    LATE_ARRIVAL: { description: 'Data came late.' },
    STANDARD_MISSING: { description: 'Nobody had said what is right.' },
    RULE_WRONG: { description: 'The data is right; the rule is not.' },
    OPERATIONS: { description: 'A system was down or full.' },
  },
});

export const WaiverStateEnum = enumOf<WaiverState>(WAIVER_STATES);
registerEnumType(WaiverStateEnum, {
  name: 'WaiverState',
  valuesMap: {
    APPROVED: { description: 'In force.' },
    WITHDRAWN: { description: 'Taken back, or nobody decided in time.' },
    REVOKED: { description: 'Ended before its time.' },
  },
});

export const ScoreGroupEnum = enumOf<ScoreGroup>(SCORE_GROUPS);
registerEnumType(ScoreGroupEnum, {
  name: 'ScoreGroup',
  description: 'Of what there is a score each.',
  valuesMap: {
    DOMAIN: { description: 'That of the dataset’s source; empty where nobody wrote one down.' },
    FIELD: { description: 'A rule on several fields counts for each of them.' },
  },
});

export const TrendStepEnum = enumOf<TrendStep>(TREND_STEPS);
registerEnumType(TrendStepEnum, { name: 'TrendStep', description: 'A week begins on Monday.' });
