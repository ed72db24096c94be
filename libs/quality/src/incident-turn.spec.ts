import { chinaCalendar } from '#core/business-calendar';
import { type Severity } from '#core/rule-engine';

import { dueBy } from './incident-clock.js';
import { INCIDENT_STEPS, isPossible, possibleSteps, refusalOf, stateAfter } from './incident-steps.js';
import { type IncidentDecision, turnOf, type TurnFinding } from './incident-turn.js';
import { INCIDENT_STATES, type IncidentState, type IncidentTerms } from './incident.js';

const TERMS = new Map<Severity, IncidentTerms>([
  ['S1', { severity: 'S1', passes: 2, hours: 4, businessDays: null }],
  ['S2', { severity: 'S2', passes: 2, hours: null, businessDays: 1 }],
  ['S3', { severity: 'S3', passes: 1, hours: null, businessDays: 5 }],
  ['S4', { severity: 'S4', passes: 1, hours: null, businessDays: 20 }],
]);
const at = new Date('2026-06-10T02:00:00Z');
const due = (from: Date, severity: Severity) => dueBy(from, TERMS.get(severity)!, chinaCalendar(), 'Asia/Shanghai');
const days = (number: number) => new Date(at.getTime() - number * 86_400_000);

type Last = NonNullable<TurnFinding['last']>;
const last = (state: IncidentState, more: Partial<Last> = {}): Last => ({
  ...{ id: 'i', state, severity: 'S3', severitySetBy: null, versionId: 'v1', passingRuns: 0, flappingSince: null },
  ...{ resolvedAt: state === 'resolved' || state === 'false_positive' ? days(1) : null },
  ...{ clockFrom: days(2), dueAt: days(-3), escalatedAt: null },
  ...more,
});
const finding = (status: 'fail' | 'pass', of: Last | null, more: Partial<TurnFinding> = {}): TurnFinding => ({
  ...{ kind: 'data', ruleId: 'r', sourceId: 's', datasetId: 'd', versionId: 'v1', status, severity: 'S3' },
  ...{ sentenceEn: '', sentenceZh: '', violations: '1', checked: '4', waived: false, flips: 0, last: of },
  ...more,
});

describe('a run', () => {
  it.each<[string, TurnFinding, Partial<IncidentDecision> | undefined]>([
    ['opens one', finding('fail', null), { what: 'opened', state: 'open', clockFrom: at, dueAt: due(at, 'S3') }],
    ['opens none under a waiver', finding('fail', null, { waived: true }), undefined],
    [
      'keeps what is open',
      finding('fail', last('acknowledged', { passingRuns: 1 })),
      { what: 'failed_again', state: 'acknowledged', passingRuns: 0 },
    ],
    [
      'keeps what is waived',
      finding('fail', last('waived'), { waived: true }),
      { what: 'failed_again', state: 'waived' },
    ],
    ['takes "fixed" back', finding('fail', last('awaiting_verification')), { what: 'failed_again', state: 'fixing' }],
    [
      'opens the same again within a week',
      finding('fail', last('resolved', { resolvedAt: days(6.9) })),
      { what: 'reopened', state: 'open', clockFrom: at },
    ],
    ['opens another after a week', finding('fail', last('resolved', { resolvedAt: days(7) })), { what: 'opened' }],
    ['opens nothing again under a waiver', finding('fail', last('resolved'), { waived: true }), undefined],
    ['leaves a false positive alone', finding('fail', last('false_positive')), undefined],
    ['leaves it alone for good', finding('fail', last('false_positive', { resolvedAt: days(100) })), undefined],
    [
      'asks again for a new version of the rule',
      finding('fail', last('false_positive'), { versionId: 'v2' }),
      { what: 'reopened' },
    ],
    ['says nothing of what is well', finding('pass', null), undefined],
    ['says nothing of what is over', finding('pass', last('resolved')), undefined],
    ['resolves S3 by one pass', finding('pass', last('open')), { what: 'resolved', state: 'resolved', resolvedAt: at }],
    [
      'but S1 not',
      finding('pass', last('assigned', { severity: 'S1' })),
      { what: 'passed', state: 'assigned', passingRuns: 1, resolvedAt: null },
    ],
    ['S1 by two', finding('pass', last('assigned', { severity: 'S1', passingRuns: 1 })), { what: 'resolved' }],
    [
      'verifies what somebody fixed by two',
      finding('pass', last('awaiting_verification')),
      { what: 'passed', state: 'awaiting_verification' },
    ],
    ['and then it is over', finding('pass', last('awaiting_verification', { passingRuns: 1 })), { what: 'resolved' }],
    ['resolves what is waived', finding('pass', last('waived')), { what: 'resolved' }],
    [
      'sees flapping',
      finding('fail', last('resolved'), { flips: 4 }),
      { what: 'reopened', flapping: 'began', flappingSince: at },
    ],
    [
      'sees it once',
      finding('fail', last('open', { flappingSince: days(1) }), { flips: 7 }),
      { flapping: null, flappingSince: days(1) },
    ],
    [
      'keeps what flaps open',
      finding('pass', last('open', { flappingSince: days(1) })),
      { what: 'passed', flapping: null },
    ],
    [
      'until it is steady',
      finding('pass', last('open', { flappingSince: days(1), passingRuns: 3 })),
      { what: 'resolved', flapping: 'ended', flappingSince: null },
    ],
    [
      'takes the rule’s new severity',
      finding('fail', last('open'), { severity: 'S1' }),
      { severity: 'S1', dueAt: due(days(2), 'S1') },
    ],
    [
      'keeps a person’s severity',
      finding('fail', last('open', { severitySetBy: 'li' }), { severity: 'S1' }),
      { severity: 'S3', dueAt: days(-3) },
    ],
    [
      'finds a source that answers again',
      finding('pass', last('open', { severity: 'S2' }), { kind: 'operations', severity: 'S2' }),
      { what: 'resolved' },
    ],
  ])('%s', (_, found, wanted) => {
    const decision = turnOf(found, at, TERMS, due);
    if (wanted === undefined) expect(decision).toBeUndefined();
    else expect(decision).toMatchObject(wanted);
  });
});

describe('the time for an incident', () => {
  // 1 to 7 October 2026 are free, 20 September and 10 October are worked.
  it.each<[string, Severity, string]>([
    ['2026-09-30T10:00:00Z', 'S1', '2026-09-30T14:00:00Z'],
    ['2026-09-30T02:00:00Z', 'S2', '2026-10-08T16:00:00Z'],
    ['2026-10-03T02:00:00Z', 'S2', '2026-10-08T16:00:00Z'],
    ['2026-10-09T02:00:00Z', 'S2', '2026-10-10T16:00:00Z'],
    ['2026-09-30T02:00:00Z', 'S3', '2026-10-13T16:00:00Z'],
    ['2026-09-30T17:00:00Z', 'S2', '2026-10-08T16:00:00Z'], // it is 1 October in Shanghai
  ])('from %s for %s until %s', (from, severity, until) => {
    expect(due(new Date(from), severity)).toEqual(new Date(until));
  });
});

describe('a person', () => {
  it.each<[IncidentState, string]>([
    ['open', 'acknowledge assign start_fixing mark_false_positive request_waiver change_severity set_cause comment'],
    [
      'acknowledged',
      'acknowledge assign start_fixing await_verification mark_false_positive request_waiver change_severity set_cause comment',
    ],
    [
      'assigned',
      'assign start_fixing await_verification mark_false_positive request_waiver change_severity set_cause comment',
    ],
    ['fixing', 'assign await_verification mark_false_positive request_waiver change_severity set_cause comment'],
    [
      'awaiting_verification',
      'assign start_fixing mark_false_positive request_waiver change_severity set_cause comment',
    ],
    ['waived', 'change_severity set_cause comment'],
    ['resolved', 'reopen set_cause comment'],
    ['false_positive', 'reopen set_cause comment'],
  ])('may do with what is %s: %s', (state, steps) => {
    expect(possibleSteps(state).join(' ')).toBe(steps);
  });

  it('never resolves', () => {
    for (const state of INCIDENT_STATES)
      for (const step of INCIDENT_STEPS.filter((each) => isPossible(each, state)))
        if (state !== 'resolved') expect(stateAfter(step, state, true)).not.toBe('resolved');
  });

  it('is told what is possible instead', () => {
    expect(refusalOf('acknowledge', 'waived')).toBe(
      'The incident is waived, so "acknowledge" is not possible. Possible now: change the severity, set the cause, comment. Revoke the waiver to work on it.',
    );
  });

  it.each<[IncidentState, boolean, IncidentState]>([
    ['open', true, 'assigned'],
    ['assigned', false, 'acknowledged'],
    ['open', false, 'open'],
    ['fixing', true, 'fixing'],
    ['awaiting_verification', true, 'awaiting_verification'],
  ])('who assigns what is %s (to somebody: %s) has it %s', (state, somebody, after) => {
    expect(stateAfter('assign', state, somebody)).toBe(after);
  });
});
