import { rows } from '#platform/database';
import { globalId, localId } from '#platform/graphql';
import { until } from '#platform/testing';
import { DataSource } from 'typeorm';

import { startApi, type TestApi } from './support/api.js';
import { knownSource, type KnownSource } from './support/known-source.js';

const ERRORS = 'userErrors { code message path }';
const SCHEDULE = `mutation ($id: ID!, $cron: String, $timeZone: String, $days: ScheduleDays, $onOtherDays: ScheduleOnOtherDays, $misfire: ScheduleMisfire) {
  scheduleRuleSet(id: $id, cron: $cron, timeZone: $timeZone, days: $days, onOtherDays: $onOtherDays, misfire: $misfire) {
    ruleSet { schedule { cron days onOtherDays misfire nextDue(first: 2) { local known } unanswered lastFiring { state } } } ${ERRORS} } }`;
const TRIGGERS = `mutation ($id: ID!, $sourceIds: [ID!]!, $jobs: [PipelineJobInput!]!) {
  setRuleSetTriggers(id: $id, sourceIds: $sourceIds, jobs: $jobs) {
    ruleSet { triggers { sourceName jobNamespace jobName } } ${ERRORS} } }`;

interface Errors {
  readonly userErrors: readonly { code: string; message: string; path: string[] }[];
}

describe('when a rule set runs', () => {
  let api: TestApi;
  let bank: KnownSource;
  let db: DataSource;
  let setId: string;

  beforeAll(async () => {
    api = await startApi();
    bank = await knownSource(api.app, '核心 "core" 😀', 'CREATE TABLE loan (id bigint PRIMARY KEY, state text)');
    db = api.app.get(DataSource);
    await api.work();
    const { addRule } = await api.as.steward.get<{ addRule: { rule: { id: string } } }>(
      `mutation ($input: AddRuleInput!) { addRule(input: $input) { rule { id } ${ERRORS} } }`,
      {
        input: {
          datasetId: globalId('Dataset', await bank.dataset('loan')),
          fieldIds: [globalId('Field', await bank.field('loan', 'state'))],
          ...{ kind: 'not_null', nameEn: 'state', severity: 'S2' },
        },
      },
    );
    const { addRuleSet } = await api.as.steward.get<{ addRuleSet: { ruleSet: { id: string } } }>(
      `mutation ($ruleIds: [ID!]!) { addRuleSet(name: "夜间 'nightly' 😀", ruleIds: $ruleIds) { ruleSet { id } } }`,
      { ruleIds: [addRule.rule.id] },
    );
    setId = addRuleSet.ruleSet.id;
  });
  afterAll(async () => {
    await api.stop();
    await bank.drop();
  });

  const schedule = (wish: object) =>
    api.as.engineer.get<{ scheduleRuleSet: { ruleSet: { schedule: Record<string, unknown> | null } | null } & Errors }>(
      SCHEDULE,
      { id: setId, ...wish },
    );
  const runsBegun = async () => {
    const found = await rows<{ trigger_run: string | null; due_at: Date | null }>(
      db,
      `SELECT trigger_run, due_at FROM quality.run WHERE rule_set_id = $1 ORDER BY requested_at`,
      [localId('RuleSet', setId)],
    );
    return found.map((run) => run.trigger_run ?? run.due_at?.toISOString());
  };

  it('is said by expression, calendar and misfire, and shown in the schedule’s own time', async () => {
    const wish = { cron: '30 2 * * *', timeZone: 'Asia/Shanghai', misfire: 'ALL' };
    const { scheduleRuleSet: set } = await schedule({ ...wish, days: 'WORKING_DAYS', onOtherDays: 'NEXT_WORKING_DAY' });
    expect(set.userErrors).toEqual([]);
    expect(set.ruleSet?.schedule).toMatchObject({
      ...{ cron: '30 2 * * *', days: 'WORKING_DAYS', onOtherDays: 'NEXT_WORKING_DAY', misfire: 'ALL' },
      nextDue: [{ local: expect.stringMatching(/^\d{4}-\d\d-\d\d 02:30$/) }, {}],
      ...{ unanswered: 0, lastFiring: null },
    });
    const { scheduleRuleSet: odd } = await schedule({
      ...wish,
      days: 'LAST_WORKING_DAY',
      onOtherDays: 'NEXT_WORKING_DAY',
    });
    expect(odd.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['onOtherDays'] }]);
    const { scheduleRuleSet: wrong } = await schedule({ ...wish, timeZone: null });
    expect(wrong.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['timeZone'] }]);
    const viewer = await api.as.viewer.ask(SCHEDULE, { id: setId, ...wish });
    expect(viewer.errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  it('says what was missed, and answers the latest of it', async () => {
    await schedule({ cron: '0 * * * *', timeZone: 'UTC' });
    // As if nobody had been there for five hours.
    await db.query(
      `UPDATE platform.schedule SET answered_to = date_trunc('hour', now()) - interval '5 hours', next_due_at = NULL`,
    );
    const due = await until('the latest to be run', async () => {
      const found = await runsBegun();
      return found.length > 0 && found;
    });
    const { ruleSetFirings } = await api.as.viewer.get<{ ruleSetFirings: { totalCount: number; nodes: unknown[] } }>(
      `query ($id: ID!) { ruleSetFirings(ruleSetId: $id, first: 2) { totalCount nodes { dueAt state mergedInto jobId } } }`,
      { id: setId },
    );
    expect(due).toEqual([expect.stringMatching(/:00:00.000Z$/)]);
    expect(ruleSetFirings).toMatchObject({
      totalCount: 5,
      nodes: [
        { dueAt: due[0], state: 'FIRED', mergedInto: null, jobId: expect.any(String) },
        { state: 'MERGED', mergedInto: due[0], jobId: null },
      ],
    });
    const { ruleSet } = await api.as.viewer.get<{ ruleSet: unknown }>(
      `query ($id: ID!) { ruleSet(id: $id) { schedule { unanswered lastFiring { state } } } }`,
      { id: setId },
    );
    expect(ruleSet).toEqual({ schedule: { unanswered: 4, lastFiring: { state: 'FIRED' } } });
    await schedule({});
  });

  it('follows a harvest and a job of a pipeline, each run of them once', async () => {
    const before = await runsBegun();
    const jobs = [{ namespace: 'airflow://prod', name: '加载 "loan" 😀' }];
    const set = (wish: object) =>
      api.as.engineer.get<{ setRuleSetTriggers: { ruleSet: unknown } & Errors }>(TRIGGERS, { id: setId, ...wish });
    const unknown = await set({ jobs, sourceIds: [globalId('Source', localId('RuleSet', setId))] });
    expect(unknown.setRuleSetTriggers.userErrors).toMatchObject([{ path: ['sourceIds', '0'] }]);
    const post = (runId: string, type: string, at: Date, job = jobs[0]!) =>
      fetchEvent(api, {
        eventType: type,
        eventTime: at.toISOString(),
        run: { runId },
        job,
        producer: 'https://example.com/suite',
        schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
      });
    const [early, ours, other, failed, late] = ['1', '2', '3', '4', '5'].map(
      (n) => `0190a000-0000-7000-8000-00000000000${n}`,
    ) as [string, string, string, string, string];
    // Nobody waits yet.
    await post(early, 'COMPLETE', new Date());
    const said = await set({ jobs, sourceIds: [globalId('Source', bank.id)] });
    expect(said.setRuleSetTriggers).toEqual({
      ruleSet: {
        triggers: [
          { sourceName: '核心 "core" 😀', jobNamespace: null, jobName: null },
          { sourceName: null, jobNamespace: 'airflow://prod', jobName: '加载 "loan" 😀' },
        ],
      },
      userErrors: [],
    });
    await post(ours, 'START', new Date());
    await post(failed, 'FAIL', new Date());
    await post(other, 'COMPLETE', new Date(), { namespace: 'airflow://prod', name: 'other' });
    // A history that is read in was over before.
    await post(late, 'COMPLETE', new Date(Date.now() - 86_400_000));
    await post(ours, 'COMPLETE', new Date());
    await post(ours, 'COMPLETE', new Date(Date.now() + 1_000));
    await until('the pipeline’s run to be answered', async () => (await runsBegun()).includes(ours));

    const harvest = '0190a000-0000-7000-8000-0000000000aa';
    const payload = { sourceId: bank.id, runId: harvest, added: 0, changed: 0, unchanged: 1, vanished: 0 };
    for (let twice = 0; twice < 2; twice++)
      await db.query(`INSERT INTO platform.event (type, payload) VALUES ('harvest.completed', $1)`, [payload]);
    await db.query(`SELECT pg_notify('plumbline_outbox', '')`);
    await until('both events to be heard and answered', async () => {
      const [open] = await rows<{ n: number }>(
        db,
        `
        SELECT (SELECT 2 - count(*) FROM platform.event_delivery WHERE consumer = 'quality.run-after-harvest')::int
               + (SELECT count(*) FROM platform.job WHERE name = 'run-rule-set-after' AND finished_at IS NULL)::int AS n
        `,
      );
      return open?.n === 0;
    });
    expect((await runsBegun()).slice(before.length)).toEqual([ours, harvest]);
    const entries = await rows<{ action: string }>(
      db,
      `SELECT action FROM audit.entry WHERE subject_kind = 'rule-set' AND action IN ('rule-set.triggers-set', 'rule-set.scheduled')`,
    );
    expect(entries.map(({ action }) => action)).toContain('rule-set.triggers-set');
  });
});

async function fetchEvent(api: TestApi, event: object): Promise<void> {
  const answer = await api.app.inject({
    method: 'POST',
    url: '/api/v1/lineage',
    headers: { authorization: `Bearer ${api.as.engineer.token}`, 'content-type': 'application/json' },
    payload: JSON.stringify(event),
  });
  expect([answer.statusCode, answer.body]).toEqual([201, answer.body]);
}

describe('the institution’s calendar', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const DAY = 'day { day working known reason nameZh changedBy }';
  it('has China’s working days, and the institution’s own above them, with an audit entry', async () => {
    const year = async (of: number) => {
      const { calendar } = await api.as.viewer.get<{
        calendar: { workingDays: number; known: boolean; days: { day: string; working: boolean; reason: string }[] };
      }>(`query ($year: Int!) { calendar(year: $year) { workingDays known days { day working reason } } }`, {
        year: of,
      });
      return calendar;
    };
    const before = await year(2025);
    // As the State Council published it.
    expect([before.workingDays, before.known, before.days.length]).toEqual([248, true, 365]);
    expect((await year(2090)).known).toBe(false);
    const set = `mutation ($day: String!, $working: Boolean!, $name: String) {
      setCalendarDay(day: $day, working: $working, name: $name) { ${DAY} ${ERRORS} } }`;
    const { setCalendarDay } = await api.as.steward.get<{ setCalendarDay: unknown }>(set, {
      ...{ day: '2025-10-09', working: false, name: '系统切换 "日" 😀' },
    });
    expect(setCalendarDay).toEqual({
      day: {
        ...{ day: '2025-10-09', working: false, known: true, reason: 'OWN', nameZh: '系统切换 "日" 😀' },
        changedBy: 'steward',
      },
      userErrors: [],
    });
    expect((await year(2025)).workingDays).toBe(247);
    const wrong = await api.as.steward.get<{ setCalendarDay: Errors }>(set, { day: '2025-02-29', working: false });
    expect(wrong.setCalendarDay.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['day'] }]);
    expect((await api.as.viewer.ask(set, { day: '2025-10-10', working: false })).errors).toHaveLength(1);
    const forget = `mutation ($day: String!) { forgetCalendarDay(day: $day) { ${DAY} ${ERRORS} } }`;
    for (const [said, expected] of [
      ['2025-10-09', { day: { working: true, reason: 'WEEKDAY', changedBy: null }, userErrors: [] }],
      ['2025-10-09', { day: null, userErrors: [{ code: 'NOT_FOUND' }] }],
    ] as const)
      expect(
        (await api.as.engineer.get<{ forgetCalendarDay: unknown }>(forget, { day: said })).forgetCalendarDay,
      ).toMatchObject(expected);
    const entries = await rows<{ action: string }>(
      api.app.get(DataSource),
      `SELECT action FROM audit.entry WHERE subject_kind = 'calendar-day' ORDER BY number`,
    );
    expect(entries.map(({ action }) => action)).toEqual(['calendar-day.declared', 'calendar-day.forgotten']);
  });
});
