import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { globalId } from '#platform/graphql';
import { until } from '#platform/testing';

import { startApi, type TestApi } from './support/api.js';
import { knownSource, type KnownSource } from './support/known-source.js';

const DDL = `
  CREATE TABLE "客户 ""表"" 😀" (id bigint PRIMARY KEY, "姓名" text);
  INSERT INTO "客户 ""表"" 😀" VALUES (1, '王小明'), (2, NULL);
`;
const TABLE = '客户 "表" 😀';
const ERRORS = 'userErrors { code message path }';

interface Errors {
  readonly userErrors: readonly { code: string; message: string; path: string[] }[];
}

describe('incidents and messages over GraphQL', () => {
  let api: TestApi;
  let bank: KnownSource;
  let hook: Server;
  const heard: string[] = [];
  let incidentId: string;
  let ruleId: string;

  beforeAll(async () => {
    api = await startApi();
    bank = await knownSource(api.app, '核心系统 "core" 😀', DDL);
    await api.work();
    hook = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        heard.push(body);
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await api.stop();
    await bank.drop();
    hook.closeAllConnections();
    await new Promise((resolve) => hook.close(resolve));
  });

  it('an administrator adds a channel, which never shows its secret, and a steward subscribes', async () => {
    const wish = { url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/x`, secret: 'a long shared secret' };
    const add = `mutation ($url: String!, $secret: String!) {
      addChannel(name: "值班 😀", kind: WEBHOOK, url: $url, secret: $secret) { channel { id hasSecret host } ${ERRORS} } }`;
    expect((await api.as.steward.ask(add, wish)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const { addChannel } = await api.as.administrator.get<{ addChannel: { channel: { id: string } } & Errors }>(
      add,
      wish,
    );
    expect(addChannel).toMatchObject({ channel: { hasSecret: true }, userErrors: [] });
    const { addNoticeSubscription } = await api.as.steward.get<{ addNoticeSubscription: Errors }>(
      `mutation ($input: AddNoticeSubscriptionInput!) {
         addNoticeSubscription(input: $input) { subscription { name digestAt } ${ERRORS} } }`,
      { input: { channelId: addChannel.channel.id, name: '全部', events: ['INCIDENT_OPENED', 'WAIVER_REQUESTED'] } },
    );
    expect(addNoticeSubscription).toEqual({ subscription: { name: '全部', digestAt: null }, userErrors: [] });
    const { testChannel } = await api.as.administrator.get<{ testChannel: Errors }>(
      `mutation ($id: ID!) { testChannel(id: $id) { message { state answer attempts } ${ERRORS} } }`,
      { id: addChannel.channel.id },
    );
    expect(testChannel).toEqual({ message: { state: 'SENT', answer: 'HTTP 200', attempts: 1 }, userErrors: [] });
    expect(JSON.stringify((await api.as.steward.ask('{ channels { id name url host } }')).data)).not.toContain(
      'shared secret',
    );
    expect((await api.as.viewer.ask('{ channels { id } }')).errors).toHaveLength(1);
    heard.length = 0;
  });

  it('a rule fails in the worker, and the message arrives without a value of data', async () => {
    const { addRule } = await api.as.steward.get<{ addRule: { rule: { id: string } } }>(
      `mutation ($input: AddRuleInput!) { addRule(input: $input) { rule { id } ${ERRORS} } }`,
      {
        input: {
          datasetId: globalId('Dataset', await bank.dataset(TABLE)),
          fieldIds: [globalId('Field', await bank.field(TABLE, '姓名'))],
          ...{ kind: 'not_null', nameZh: '姓名必填', nameEn: 'Name required', severity: 'S2' },
        },
      },
    );
    ruleId = addRule.rule.id;
    await api.as.engineer.get(`mutation ($ids: [ID!]!) { runRules(ruleIds: $ids) { ${ERRORS} } }`, { ids: [ruleId] });
    await until('the message to arrive', () => Promise.resolve(heard.length > 0));
    expect(heard[0]).toContain('S2 新问题：姓名必填');
    expect(heard[0]).not.toContain('王小明');
    const { incidents, incidentCounts } = await api.as.viewer.get<
      { incidents: { nodes: { id: string }[] } } & Record<string, unknown>
    >(
      `{ incidents(text: "姓名", overdue: false, parentsOnly: true) { nodes { id state possibleSteps titleZh childCount dueAt waiver { id } parent { id } } }
         incidentCounts(severity: S2) { state severity incidents } incidentTerms { severity passes hours businessDays } }`,
    );
    expect(incidents.nodes).toMatchObject([
      { state: 'OPEN', titleZh: '姓名必填', childCount: 0, waiver: null, parent: null },
    ]);
    expect(incidentCounts).toEqual([{ state: 'OPEN', severity: 'S2', incidents: 1 }]);
    incidentId = incidents.nodes[0]!.id;
  });

  it.each([
    ['viewer', 'acknowledgeIncident(id: $id)', 'incident { state }'],
    ['engineer', 'markIncidentFalsePositive(id: $id, reason: "x")', 'incident { state }'],
    ['compliance', 'startFixingIncident(id: $id)', 'incident { state }'],
    ['steward', 'setIncidentTerms(severity: S1, passes: 1, hours: 1)', 'terms { passes }'],
  ] as const)('a %s may not %s', async (role, mutation, fields) => {
    const { errors } = await api.as[role].ask(
      `mutation ${mutation.includes('$id') ? '($id: ID!)' : ''} { ${mutation} { ${fields} ${ERRORS} } }`,
      { id: incidentId },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('people take steps, and are told in sentences what is not possible', async () => {
    const { assignIncidents } = await api.as.steward.get<{ assignIncidents: object }>(
      `mutation ($ids: [ID!]!) { assignIncidents(ids: $ids, assignee: "engineer") { incidents { state assignee } ${ERRORS} } }`,
      { ids: [incidentId] },
    );
    expect(assignIncidents).toEqual({ incidents: [{ state: 'ASSIGNED', assignee: 'engineer' }], userErrors: [] });
    const { reopenIncident } = await api.as.steward.get<{ reopenIncident: Errors }>(
      `mutation ($id: ID!) { reopenIncident(id: $id, reason: "x") { ${ERRORS} } }`,
      { id: incidentId },
    );
    expect(reopenIncident.userErrors).toMatchObject([{ code: 'INCIDENT_STEP_REFUSED' }]);
  });

  it('a waiver takes two people and is in the register', async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const { requestWaiver } = await api.as.steward.get<{ requestWaiver: { waiver: { id: string } } }>(
      `mutation ($ruleId: ID!, $until: DateTime!) {
         requestWaiver(ruleId: $ruleId, reason: "迁移中", until: $until) { waiver { id state } ${ERRORS} } }`,
      { ruleId, until },
    );
    const decide = `mutation ($id: ID!) { decideWaiver(id: $id, approve: true) { waiver { state decidedBy } ${ERRORS} } }`;
    const { id } = requestWaiver.waiver;
    const own = await api.as.steward.get<{ decideWaiver: Errors }>(decide, { id });
    expect(own.decideWaiver.userErrors).toMatchObject([{ code: 'WAIVER_REFUSED' }]);
    expect(await api.as.compliance.get(decide, { id })).toEqual({
      decideWaiver: { waiver: { state: 'APPROVED', decidedBy: 'compliance' }, userErrors: [] },
    });
    const seen = await api.as.viewer.get(
      `query ($at: DateTime!, $id: ID!) { waivers(inForceAt: $at) { totalCount nodes { state ruleNameZh } } incident(id: $id) { state waiver { state } }
         node(id: $id) { id } }`,
      { at: new Date().toISOString(), id: incidentId },
    );
    expect(seen).toMatchObject({
      waivers: { totalCount: 1, nodes: [{ state: 'APPROVED', ruleNameZh: '姓名必填' }] },
      incident: { state: 'WAIVED', waiver: { state: 'APPROVED' } },
    });
  });
});
