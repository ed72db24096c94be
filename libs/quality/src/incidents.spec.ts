import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { AuditLog } from '#audit';
import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { Accounts, IdentityModule, identityEntities } from '#identity';
import { type Actor, FixedClock, InvalidInput, type Role, systemActor } from '#kernel';
import { lineageEntities, ManualEdges } from '#lineage';
import { Channels, Messenger, NOTICE_EVENTS, type NoticeEvent, Subscriptions } from '#notifications';
import { rows } from '#platform/database';
import {
  FollowIncidents,
  type Incident,
  Incidents,
  IncidentStepRefused,
  IncidentTermsStore,
  QualityModule,
  ResultStore,
  Rules,
  RunPlannedRules,
  type RuleRun,
  type RuleWish,
  Runs,
  Scores,
  type StoredRule,
  WaiverRefused,
  Waivers,
  WatchIncidents,
} from '#quality';
import { sourcesEntities } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { knownSource, type KnownSource } from '../../../test/support/known-source.js';

const system = systemActor('问题 "test" 😀');
const start = new Date('2026-06-01T02:00:00Z'); // a Monday, ten in the morning in Shanghai
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const SECRET_NAME = '王小明';

const DDL = `
  CREATE TABLE "贷款 ""loan"" 😀" (id bigint PRIMARY KEY, branch text, owner_name text);
  INSERT INTO "贷款 ""loan"" 😀" VALUES (1, 'B1', '${SECRET_NAME}'), (2, NULL, '${SECRET_NAME}');
  CREATE TABLE dwd_loan (id bigint PRIMARY KEY, branch text, other text);
  INSERT INTO dwd_loan VALUES (1, NULL, NULL);
  CREATE TABLE ads_report (id bigint PRIMARY KEY, branch text);
  INSERT INTO ads_report VALUES (1, NULL);
  CREATE TABLE gate (open boolean);
`;
const LOAN = '贷款 "loan" 😀';

type Loose = Partial<Omit<RuleWish, 'datasetId' | 'fieldIds' | 'otherDatasetId'>>;

describe('incidents', () => {
  const clock = new FixedClock(start);
  let context: TestContext;
  let db: DataSource;
  let incidents: Incidents;
  let waivers: Waivers;
  let bank: KnownSource;
  let made = 0;
  const people = new Map<string, Actor>();
  const person = (login: string): Actor => people.get(login)!;

  beforeAll(async () => {
    context = await testContext(
      [IdentityModule, DictionaryModule, QualityModule],
      [...identityEntities, ...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
      clock,
      { publicUrl: 'https://dq.bank.example' },
    );
    db = context.app.get(DataSource);
    incidents = context.app.get(Incidents);
    waivers = context.app.get(Waivers);
    for (const [login, ...roles] of [
      ['li', 'steward'],
      ['han', 'steward', 'compliance'],
      ['eng', 'engineer'],
      ['guest', 'viewer'],
    ] as [string, ...Role[]][]) {
      const { account } = await context.app.get(Accounts).add(system, { login, displayName: login, roles });
      people.set(login, { kind: 'user', id: account.id, name: login, roles });
    }
  });
  afterAll(() => context.stop());
  beforeEach(async () => {
    clock.set(start);
    bank = await knownSource(context.app, `核心 "core" ${++made}`, DDL);
  });
  afterEach(() => bank.drop());

  const add = async (table: string, columns: readonly string[], more: Loose = {}): Promise<StoredRule> =>
    context.app.get(Rules).add(system, {
      ...{ nameEn: `${columns.join()} of ${table}`, nameZh: `规则 ${made}`, description: '', owner: '', enabled: true },
      ...{ kind: columns.length === 0 ? 'row_count' : 'not_null', severity: 'S3' },
      ...(columns.length === 0 && { threshold: { metric: 'value', fail: { gt: 0 } } }),
      ...more,
      ...{ datasetId: await bank.dataset(table) },
      fieldIds: await Promise.all(columns.map((column) => bank.field(table, column))),
    });
  const carryOut = async (run: RuleRun): Promise<string> => {
    const signal = new AbortController().signal;
    await context.app
      .get(RunPlannedRules)
      .run(run.id, { jobId: run.jobId ?? '', actor: system, signal, progress: () => undefined });
    await db.transaction((tx) => context.app.get(FollowIncidents).follow(tx, run.id));
    return run.id;
  };
  const runOf = async (...of: readonly StoredRule[]): Promise<string> =>
    carryOut(
      await context.app.get(Runs).ofRules(
        system,
        of.map(({ ruleId }) => ruleId),
      ),
    );
  const openOf = async ({ ruleId }: StoredRule): Promise<Incident | undefined> =>
    (await incidents.openOfRules([ruleId]))[0];
  const stateOf = async (id: string) => (await incidents.get(id)).state;
  const eventsOf = async (id: string) => (await incidents.eventsOf([id])).map(({ kind }) => kind);
  const later = (ms: number) => clock.set(new Date(clock.now().getTime() + ms));
  const well = (table = LOAN) =>
    bank.run(`UPDATE "${table.replaceAll('"', '""')}" SET branch = 'B1' WHERE branch IS NULL`);
  const broken = (table = LOAN) =>
    bank.run(
      `UPDATE "${table.replaceAll('"', '""')}" SET branch = NULL WHERE id = (SELECT max(id) FROM "${table.replaceAll('"', '""')}")`,
    );
  const opened = async (more: Loose = {}): Promise<{ rule: StoredRule; id: string }> => {
    const rule = await add(LOAN, ['branch'], more);
    await runOf(rule);
    return { rule, id: (await openOf(rule))!.id };
  };

  it('opens with the first failure, stays one, needs as many passes as its severity, and is the same within a week', async () => {
    const { rule, id } = await opened({ severity: 'S1' });
    expect(await incidents.get(id)).toMatchObject({
      ...{ kind: 'data', state: 'open', severity: 'S1', failingRuns: 1, violations: '1', checked: '2' },
      ...{ openedAt: start, dueAt: new Date(start.getTime() + 240 * MINUTE) },
    });
    later(DAY);
    await runOf(rule);
    await well();
    later(DAY);
    await runOf(rule);
    expect(await incidents.get(id)).toMatchObject({ state: 'open', passingRuns: 1, failingRuns: 2 });
    await runOf(rule);
    expect(await incidents.get(id)).toMatchObject({ state: 'resolved', resolvedAt: clock.now() });
    await broken();
    later(6 * DAY);
    await runOf(rule);
    expect(await openOf(rule)).toMatchObject({ id, state: 'open', clockFrom: clock.now(), resolvedAt: null });
    await well();
    await runOf(rule);
    await runOf(rule);
    await broken();
    later(8 * DAY);
    await runOf(rule);
    expect((await openOf(rule))!.id).not.toBe(id);
    expect(await eventsOf(id)).toEqual([
      ...['opened', 'failed_again', 'passed', 'resolved', 'reopened', 'passed', 'resolved'],
    ]);
  });

  it('people work through it; each step is told, audited, and refused where it does not fit', async () => {
    const { rule, id } = await opened();
    const [li, eng] = [person('li'), person('eng')];
    expect(await incidents.acknowledge(li, id, '看到了')).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'li',
    });
    expect(await incidents.assign(li, id, ' ENG ')).toMatchObject({ state: 'assigned', assignee: 'eng' });
    for (const nobody of ['guest', 'stranger'])
      await expect(incidents.assign(li, id, nobody)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        inputPath: ['assignee'],
      });
    expect(await incidents.startFixing(eng, id)).toMatchObject({ state: 'fixing' });
    await expect(incidents.acknowledge(li, id)).rejects.toThrow(
      'The incident is being fixed, so "acknowledge" is not possible. Possible now: assign, say that it is fixed,',
    );
    expect(await incidents.awaitVerification(eng, id, 'etl_defect', '补数 "fixed"')).toMatchObject({
      ...{ state: 'awaiting_verification', cause: 'etl_defect' },
    });
    await runOf(rule);
    expect(await stateOf(id)).toBe('fixing');
    await well();
    await incidents.awaitVerification(eng, id, 'etl_defect');
    await runOf(rule);
    expect(await stateOf(id)).toBe('awaiting_verification');
    await runOf(rule);
    expect(await stateOf(id)).toBe('resolved');
    await expect(incidents.startFixing(eng, id)).rejects.toThrow(IncidentStepRefused);
    await expect(incidents.reopen(li, id, ' ')).rejects.toThrow(InvalidInput);
    const dueAgain = new Date('2026-06-08T16:00:00Z'); // the end of the fifth business day
    expect(await incidents.reopen(li, id, '仍有遗漏')).toMatchObject({
      state: 'open',
      dueAt: dueAgain,
      resolvedAt: null,
    });
    await incidents.comment(li, id, 'x');
    await incidents.setCause(li, id, 'source_entry');
    expect(await incidents.changeSeverity(li, id, 'S1', '监管报送')).toMatchObject({
      ...{ severity: 'S1', severitySetBy: 'li', dueAt: new Date(start.getTime() + 240 * MINUTE) },
    });
    await broken();
    await runOf(rule);
    expect(await incidents.get(id)).toMatchObject({ severity: 'S1' });
    const { items } = await context.app.get(AuditLog).list({ subjectKind: 'incident', subjectId: id }, { first: 20 });
    expect(items.map(({ action }) => action.split('.')[1]).toReversed()).toEqual([
      ...['acknowledged', 'assigned', 'fixing', 'awaiting_verification', 'awaiting_verification', 'reopened'],
      ...['commented', 'cause_set', 'severity_changed'],
    ]);
  });

  it('a false positive stays one until the rule is another', async () => {
    const { rule, id } = await opened();
    await expect(incidents.markFalsePositive(person('li'), id, '')).rejects.toMatchObject({ inputPath: ['reason'] });
    expect(await incidents.markFalsePositive(person('li'), id, '分行可为空')).toMatchObject({
      ...{ state: 'false_positive', cause: 'rule_wrong' },
    });
    await runOf(rule);
    later(30 * DAY);
    await runOf(rule);
    expect([await stateOf(id), await openOf(rule)]).toEqual(['false_positive', undefined]);
    await context.app.get(Rules).change(system, rule.ruleId, {
      ...asWish(rule),
      ...{ description: '改过', severity: 'S2' },
    });
    await runOf(rule);
    expect(await openOf(rule)).toMatchObject({ state: 'open', severity: 'S2' });
  });

  it('bulk steps are taken all or not at all', async () => {
    const [one, two] = [await opened(), await opened()];
    const ids = [one.id, two.id];
    expect((await incidents.acknowledgeAll(person('li'), ids)).map(({ state }) => state)).toEqual([
      'acknowledged',
      'acknowledged',
    ]);
    await incidents.startFixing(person('li'), two.id);
    await expect(incidents.acknowledgeAll(person('li'), ids)).rejects.toThrow(IncidentStepRefused);
    expect(
      (await incidents.assignAll(person('li'), ids, 'eng')).map(({ state, assignee }) => [state, assignee]),
    ).toEqual([
      ['assigned', 'eng'],
      ['fixing', 'eng'],
    ]);
    await expect(incidents.acknowledgeAll(person('li'), [])).rejects.toThrow(InvalidInput);
  });

  it('a rule that is retired takes its incident and its waiver along', async () => {
    const { rule, id } = await opened();
    await waivers.request(person('eng'), {
      ruleId: rule.ruleId,
      reason: '迁移',
      until: new Date(start.getTime() + DAY),
    });
    await context.app.get(Rules).retire(system, rule.ruleId);
    expect(await stateOf(id)).toBe('resolved');
    expect((await waivers.list({ ruleId: rule.ruleId }, { first: 5 })).items).toMatchObject([{ state: 'withdrawn' }]);
    await expect(
      waivers.request(person('eng'), { ruleId: rule.ruleId, reason: 'x', until: new Date(start.getTime() + DAY) }),
    ).rejects.toMatchObject({ code: 'RULE_RETIRED' });
  });

  it('a rule that is changed while it runs is judged by the version it ran with', async () => {
    const rule = await add(LOAN, ['branch'], { severity: 'S1' });
    const run = await context.app.get(Runs).ofRules(system, [rule.ruleId]);
    await context.app.get(Rules).change(system, rule.ruleId, { ...asWish(rule), severity: 'S4' });
    await carryOut(run);
    expect(await openOf(rule)).toMatchObject({ severity: 'S1', versionId: rule.id });
  });

  describe('a waiver', () => {
    const until = new Date(start.getTime() + 10 * DAY);
    const request = (rule: StoredRule, by = 'eng') =>
      waivers.request(person(by), { ruleId: rule.ruleId, reason: '历史数据迁移中', until });

    it('takes a second person, stops the clock, and opens again when it expires', async () => {
      const { rule, id } = await opened({ severity: 'S2' });
      const { dueAt } = await incidents.get(id);
      await expect(waivers.request(person('li'), { ruleId: rule.ruleId, reason: ' ', until })).rejects.toMatchObject({
        inputPath: ['reason'],
      });
      for (const end of [start, new Date(start.getTime() + 400 * DAY)])
        await expect(
          waivers.request(person('li'), { ruleId: rule.ruleId, reason: 'x', until: end }),
        ).rejects.toMatchObject({ inputPath: ['until'] });
      const asked = await request(rule, 'li');
      await expect(request(rule)).rejects.toThrow('li has asked for a waiver of this rule already');
      await expect(waivers.decide(person('li'), asked.id, true)).rejects.toThrow('a second person decides');
      expect(await waivers.decide(person('han'), asked.id, true, '同意')).toMatchObject({
        state: 'approved',
        decidedBy: 'han',
      });
      await expect(waivers.decide(person('han'), asked.id, true)).rejects.toThrow(WaiverRefused);
      expect(await incidents.get(id)).toMatchObject({ state: 'waived', waivedAt: start });
      later(5 * DAY);
      const run = await runOf(rule);
      expect(await stateOf(id)).toBe('waived');
      const results = await context.app.get(ResultStore).pagesOfRuns([run], undefined, { first: 5 });
      expect(results.get(run)?.items).toMatchObject([{ status: 'fail' }]);
      expect((await context.app.get(Scores).ofSource(bank.id)).score).toBe(0.5);
      const watch = context.app.get(WatchIncidents);
      expect((await watch.look()).waivers).toBe(0);
      expect(await incidents.get(id)).toMatchObject({ escalatedAt: null });
      later(2.5 * DAY);
      expect((await watch.look()).waivers).toBe(1); // reminds
      expect((await watch.look()).waivers).toBe(0);
      later(2.5 * DAY);
      expect((await watch.look()).waivers).toBe(1);
      expect(await incidents.get(id)).toMatchObject({ state: 'open', dueAt: new Date(dueAt!.getTime() + 10 * DAY) });
      expect(await waivers.get(asked.id)).toMatchObject({ state: 'expired', endedBy: 'Plumbline' });
      expect(await eventsOf(id)).toEqual(['opened', 'waiver_requested', 'waived', 'failed_again', 'waiver_ended']);
    });

    it('in force, opens nothing; the register tells what was in force when', async () => {
      const rule = await add(LOAN, ['branch']);
      const { id } = await request(rule);
      const inForce = async (at: Date) =>
        (await waivers.list({ sourceId: bank.id, inForceAt: at }, { first: 5 })).items.map((one) => one.id);
      expect(await inForce(start)).toEqual([]);
      later(DAY);
      await waivers.decide(person('han'), id, true);
      await runOf(rule);
      expect(await openOf(rule)).toBeUndefined();
      expect(await inForce(clock.now())).toEqual([id]);
      expect(await inForce(start)).toEqual([]);
      later(DAY);
      await expect(waivers.revoke(person('guest'), id, 'x')).rejects.toThrow(WaiverRefused);
      expect(await waivers.revoke(person('li'), id, '已修复')).toMatchObject({ state: 'revoked', endReason: '已修复' });
      expect(await inForce(new Date(clock.now().getTime() - 1))).toEqual([id]);
      expect(await inForce(clock.now())).toEqual([]);
      await runOf(rule);
      expect(await openOf(rule)).toMatchObject({ state: 'open' });
    });

    it('that is not granted, taken back, or forgotten changes nothing', async () => {
      const { rule, id } = await opened();
      const first = await request(rule);
      await expect(waivers.decide(person('han'), first.id, false)).rejects.toMatchObject({ inputPath: ['comment'] });
      expect(await waivers.decide(person('han'), first.id, false, '先修数据')).toMatchObject({ state: 'rejected' });
      expect(await waivers.revoke(person('eng'), (await request(rule)).id, '不需要')).toMatchObject({
        state: 'withdrawn',
      });
      const forgotten = await request(rule);
      clock.set(until);
      await context.app.get(WatchIncidents).look();
      expect(await waivers.get(forgotten.id)).toMatchObject({ state: 'withdrawn', endedBy: 'Plumbline' });
      expect(await stateOf(id)).toBe('open');
    });

    it('is replaced by the next one', async () => {
      const { rule, id } = await opened();
      const first = await request(rule);
      await waivers.decide(person('han'), first.id, true);
      later(DAY);
      const longer = await waivers.request(person('eng'), {
        ruleId: rule.ruleId,
        reason: '延期',
        until: new Date(start.getTime() + 30 * DAY),
      });
      await waivers.decide(person('li'), longer.id, true);
      expect(await waivers.get(first.id)).toMatchObject({ state: 'revoked' });
      expect(await incidents.get(id)).toMatchObject({ state: 'waived', waivedAt: start });
    });
  });

  it('pass and fail by turns is one incident that says so', async () => {
    const { rule, id } = await opened();
    for (let turn = 0; turn < 3; turn++) {
      later(DAY);
      await well();
      await runOf(rule);
      later(DAY);
      await broken();
      await runOf(rule);
    }
    expect(await incidents.get(id)).toMatchObject({
      state: 'open',
      flappingSince: new Date(start.getTime() + 4 * DAY),
    });
    expect(await eventsOf(id)).toEqual([
      ...['opened', 'resolved', 'reopened', 'resolved', 'reopened', 'flapping', 'passed', 'failed_again'],
    ]);
    await well();
    for (const states of ['open', 'open', 'open', 'resolved']) {
      await runOf(rule);
      expect(await stateOf(id)).toBe(states);
    }
    expect((await eventsOf(id)).slice(-2)).toEqual(['resolved', 'steady']);
  });

  it('one that is overdue is told once, and what a severity asks for can be set', async () => {
    const terms = context.app.get(IncidentTermsStore);
    await expect(terms.set(system, { severity: 'S4', passes: 1, hours: 1, businessDays: 1 })).rejects.toThrow(
      InvalidInput,
    );
    await terms.set(system, { severity: 'S4', passes: 1, hours: 2, businessDays: null });
    const { rule, id } = await opened({ severity: 'S4' });
    const watch = context.app.get(WatchIncidents);
    later(119 * MINUTE);
    expect(await watch.hasWork()).toBe(false);
    expect((await incidents.list({ overdueAt: clock.now(), ruleId: rule.ruleId }, { first: 5 })).total).toBe(0);
    later(MINUTE);
    expect((await incidents.list({ overdueAt: clock.now(), ruleId: rule.ruleId }, { first: 5 })).total).toBe(1);
    expect(await watch.look()).toMatchObject({ overdue: 1 });
    expect(await watch.look()).toMatchObject({ overdue: 0 });
    expect(await incidents.get(id)).toMatchObject({ escalatedAt: clock.now() });
    await terms.set(system, { severity: 'S4', passes: 1, hours: null, businessDays: 20 });
  });

  it('lists by every filter, page by page, and counts', async () => {
    const first = await opened({ severity: 'S1' });
    const second = await opened({ severity: 'S2', nameEn: '100% "x" \\ _', nameZh: '' });
    await incidents.assign(person('li'), first.id, 'eng');
    const found = async (filter: Parameters<Incidents['list']>[0]) =>
      (await incidents.list({ sourceId: bank.id, ...filter }, { first: 9 })).items.map(({ id }) => id);
    expect(await found({})).toEqual([second.id, first.id]);
    expect(await found({ severity: 'S1' })).toEqual([first.id]);
    expect(await found({ states: ['assigned'] })).toEqual([first.id]);
    expect(await found({ assignee: 'ENG' })).toEqual([first.id]);
    expect(await found({ assignee: '' })).toEqual([second.id]);
    expect(await found({ text: '100% "X" \\ _' })).toEqual([second.id]);
    expect(await found({ text: 'loan' })).toEqual([second.id, first.id]);
    expect(await found({ domain: 'none' })).toEqual([]);
    expect(await found({ kind: 'operations' })).toEqual([]);
    expect(await incidents.counts({ sourceId: bank.id })).toEqual([
      { state: 'assigned', severity: 'S1', incidents: 1 },
      { state: 'open', severity: 'S2', incidents: 1 },
    ]);
  });

  describe('what lies downstream', () => {
    const feeds = async (from: [string, string], to: [string, string]) =>
      context.app.get(ManualEdges).add(system, {
        from: { kind: 'field', id: await bank.field(...from) },
        to: { kind: 'field', id: await bank.field(...to) },
        ...{ type: 'DIRECT', subtype: 'IDENTITY', note: 'test' },
      });

    it('is hung on the most upstream incident, and set free when that is over', async () => {
      await feeds([LOAN, 'branch'], ['dwd_loan', 'branch']);
      await feeds(['dwd_loan', 'branch'], ['ads_report', 'branch']);
      const [source, dwd, ads, beside] = [
        await add(LOAN, ['branch']),
        await add('dwd_loan', ['branch']),
        await add('ads_report', ['branch']),
        await add('dwd_loan', ['other']),
      ];
      await runOf(ads);
      await runOf(dwd, beside);
      expect(await openOf(ads)).toMatchObject({ parentId: (await openOf(dwd))!.id });
      await runOf(source);
      const root = (await openOf(source))!;
      expect(root).toMatchObject({ parentId: null, children: 2 });
      expect(await openOf(dwd)).toMatchObject({ parentId: root.id });
      expect(await openOf(ads)).toMatchObject({ parentId: root.id });
      expect(await openOf(beside)).toMatchObject({ parentId: null });
      const heads = await incidents.list({ sourceId: bank.id, parentsOnly: true }, { first: 9 });
      expect(heads.items.map(({ id }) => id).toSorted()).toEqual([root.id, (await openOf(beside))!.id].toSorted());
      expect((await incidents.list({ parentId: root.id }, { first: 9 })).total).toBe(2);
      await well();
      await runOf(source);
      expect(await openOf(dwd)).toMatchObject({ parentId: null, children: 1 });
      expect(await openOf(ads)).toMatchObject({ parentId: (await openOf(dwd))!.id });
    });
  });

  describe('messages', () => {
    let server: Server;
    let heard: { subject: string; text: string; notices: { event: string; title: { en: string } }[] }[];
    beforeEach(async () => {
      heard = [];
      server = createServer((request, response) => {
        let body = '';
        request.on('data', (part: Buffer) => (body += part.toString()));
        request.on('end', () => {
          heard.push(JSON.parse(body) as (typeof heard)[number]);
          response.end('ok');
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const channels = context.app.get(Channels);
      for (const { id } of await channels.list()) await channels.remove(system, id);
      const { id } = await channels.add(system, {
        ...{ name: `hook ${made}`, kind: 'webhook', secret: 'a long shared secret' },
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      });
      await context.app.get(Subscriptions).add(system, {
        ...{
          channelId: id,
          name: 'all',
          recipients: [],
          severities: [],
          domains: [],
          sourceIds: [bank.id],
          owners: [],
        },
        ...{
          events: NOTICE_EVENTS.filter((event) => event !== 'channel_failing'),
          language: 'zh',
          timeZone: 'Asia/Shanghai',
        },
        ...{ quiet: null, urgentAtOnce: true, digest: null },
      });
    });
    afterEach(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const sent = async (): Promise<NoticeEvent[]> => {
      heard.length = 0;
      await context.app.get(Messenger).sendDue(new AbortController().signal);
      return heard.flatMap(({ notices }) => notices.map(({ event }) => event as NoticeEvent));
    };

    it('tell of what happened once, with names and numbers and never a value', async () => {
      const rule = await add(LOAN, ['owner_name'], {
        kind: 'in_set',
        params: { values: ['李雷'] },
        severity: 'S1',
      });
      await runOf(rule);
      expect(await sent()).toEqual(['incident_opened']);
      expect(heard[0]!.text).toContain('数据集：');
      expect(heard[0]!.text).toContain('违规 / 检查：2 / 2');
      expect(heard[0]!.text).toMatch(/处理期限：2026-06-01 14:00 Asia\/Shanghai/);
      expect(heard[0]!.text).toMatch(/https:\/\/dq\.bank\.example\/incidents\/\w+/);
      for (const value of [SECRET_NAME, '李雷']) expect(JSON.stringify(heard)).not.toContain(value);
      await runOf(rule);
      expect(await sent()).toEqual([]);
      later(240 * MINUTE);
      await context.app.get(WatchIncidents).look();
      expect(await sent()).toEqual(['incident_escalated']);
      const asked = await waivers.request(person('eng'), {
        ruleId: rule.ruleId,
        reason: 'x',
        until: new Date(start.getTime() + 9 * DAY),
      });
      await waivers.decide(person('li'), asked.id, true);
      expect(await sent()).toEqual(['waiver_requested', 'waiver_decided']);
      await waivers.revoke(person('li'), asked.id, 'x');
      await bank.run(`UPDATE "贷款 ""loan"" 😀" SET owner_name = '李雷'`);
      await runOf(rule);
      await runOf(rule);
      expect(await sent()).toEqual(['waiver_ended', 'incident_resolved']);
      const kept = await rows<{ all: string }>(
        db,
        `SELECT string_agg(subject || body, '') AS all FROM notifications.delivery`,
      );
      expect(kept[0]!.all).not.toContain('李雷');
    });

    it('a storm of five hundred rules is one message', async () => {
      const fields = await Promise.all(
        Array.from({ length: 500 }, async (_, at) => ({
          ...{ nameEn: `rule ${at}`, nameZh: '', description: '', owner: '', enabled: true, kind: 'not_null' },
          ...{ datasetId: await bank.dataset(LOAN), fieldIds: [await bank.field(LOAN, 'branch')] },
        })),
      );
      const storm = await context.app.get(Rules).addAll(system, fields);
      await runOf(...storm);
      expect((await incidents.list({ sourceId: bank.id, states: ['open'] }, { first: 1 })).total).toBe(500);
      const events = await sent();
      expect(heard).toHaveLength(1);
      expect(heard[0]!.subject).toBe('[Plumbline] 500 条通知: 新问题 500');
      expect(events).toHaveLength(500);
      await runOf(...storm);
      expect(await sent()).toEqual([]);
    });

    it('of what another incident causes are not sent until that is over', async () => {
      await context.app.get(ManualEdges).add(system, {
        from: { kind: 'field', id: await bank.field(LOAN, 'branch') },
        to: { kind: 'field', id: await bank.field('dwd_loan', 'branch') },
        ...{ type: 'DIRECT', subtype: 'IDENTITY', note: 'test' },
      });
      const [source, dwd] = [await add(LOAN, ['branch']), await add('dwd_loan', ['branch'])];
      await runOf(source, dwd);
      expect(await sent()).toEqual(['incident_opened']);
      expect(heard[0]!.text).toContain('可能引起的下游问题：1');
      await well();
      await runOf(source);
      expect((await sent()).toSorted()).toEqual(['incident_opened', 'incident_resolved']);
    });

    it('flapping is told once', async () => {
      const { rule } = await opened();
      const events: string[] = await sent();
      for (let turn = 0; turn < 5; turn++) {
        later(DAY);
        await well();
        await runOf(rule);
        later(DAY);
        await broken();
        await runOf(rule);
        events.push(...(await sent()));
      }
      expect(events).toEqual([
        ...['incident_opened', 'incident_resolved', 'incident_reopened', 'incident_resolved', 'incident_reopened'],
        'incident_flapping',
      ]);
    });
  });
});

const asWish = ({ kind, fieldIds, nameEn, nameZh, description, owner, enabled, severity }: StoredRule) => ({
  ...{ kind, fieldIds, nameEn, nameZh, description, owner, enabled, severity },
});
