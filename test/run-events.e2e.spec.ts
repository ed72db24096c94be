import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { readEvent } from '#core/openlineage';
import { rows } from '#platform/database';
import { globalId, localId } from '#platform/graphql';
import { until } from '#platform/testing';
import { sendRunEvent } from '#run-events';
import { DataSource } from 'typeorm';

import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

interface Heard {
  readonly authorization: string | undefined;
  readonly event: RunEvent;
}

interface RunEvent {
  readonly eventType: string;
  readonly run: { readonly runId: string; readonly facets: Record<string, Record<string, unknown>> };
  readonly job: { readonly namespace: string; readonly name: string };
  readonly inputs: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly facets: Record<string, unknown>;
    readonly inputFacets: Record<string, unknown>;
  }[];
  readonly outputs: readonly { readonly name: string }[];
}

/** Somebody's endpoint: it answers with the statuses it is told, then with 201. */
async function receiver() {
  const heard: Heard[] = [];
  const answers: number[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const status = answers.shift() ?? 201;
      if (status < 300)
        heard.push({ authorization: request.headers.authorization, event: JSON.parse(body) as RunEvent });
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:9/elsewhere' } : {});
      response.end(status === 422 ? 'no such namespace' : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    heard,
    answers,
    url: `http://127.0.0.1:${port}/api/v1/lineage`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

const ADD = `mutation ($name: String!, $url: String!, $jobs: [ToldJob!]!, $token: String) {
  addRunEventReceiver(name: $name, url: $url, jobs: $jobs, token: $token) {
    receiver { id name url jobs hasToken } userErrors { code message path } } }`;

describe('run events of our own jobs', () => {
  let api: TestApi;
  let bank: SourceDatabase;
  let sourceId: string;
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    api = await startApi({ openLineageMode: 'strict' });
    await api.work();
    bank = await sourceDatabase(`
      CREATE TABLE "客户 😀" (id int PRIMARY KEY, "姓名" text, cert_no text);
      COMMENT ON COLUMN "客户 😀"."姓名" IS '客户姓名';
      INSERT INTO "客户 😀" VALUES (1, 'planted 王小明', '11010519491231002X'), (2, NULL, '11010519491231002X');
    `);
    sourceId = await registerSource(api.as.engineer, '核心 "core"', bank.settings);
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
    await api.stop();
    await bank.drop();
  });
  afterEach(async () => {
    const { runEventReceivers } = await api.as.administrator.get<{ runEventReceivers: { id: string }[] }>(
      '{ runEventReceivers { id } }',
    );
    for (const { id } of runEventReceivers)
      await api.as.administrator.get(
        'mutation ($id: ID!) { removeRunEventReceiver(id: $id) { userErrors { message } } }',
        { id },
      );
  });

  const added = async (url: string, jobs: readonly string[], token?: string, name = `接收方 ${randomUUID()}`) => {
    const { addRunEventReceiver } = await api.as.administrator.get<{
      addRunEventReceiver: {
        receiver: { id: string; hasToken: boolean } | null;
        userErrors: { code: string; path: string[] }[];
      };
    }>(ADD, { name, url, jobs, ...(token !== undefined && { token }) });
    return addRunEventReceiver;
  };
  const listening = async () => {
    const one = await receiver();
    stops.push(one.stop);
    return one;
  };
  const harvest = async () => {
    const { harvestSource } = await api.as.engineer.get<{ harvestSource: { job: { id: string } } }>(
      'mutation ($id: ID!) { harvestSource(sourceId: $id, readAll: true) { job { id } userErrors { message } } }',
      { id: sourceId },
    );
    return localId('Job', harvestSource.job.id);
  };
  const sends = () =>
    rows<{ state: string; code: string | null; message: string | null; type: string; attempt: number }>(
      api.app.get(DataSource),
      `SELECT state, error_code AS code, coalesce(error_message, result ->> 'answer') AS message, payload ->> 'type' AS type, attempt
         FROM platform.job WHERE name = $1 ORDER BY requested_at, payload ->> 'type' DESC`,
      [sendRunEvent.name],
    );
  const ofRun = (heard: readonly Heard[], jobId: string) =>
    heard.map(({ event }) => event).filter(({ run }) => run.runId === jobId);
  const typesOf = (heard: readonly Heard[], jobId: string) =>
    ofRun(heard, jobId)
      .map(({ eventType }) => eventType)
      .sort();

  it('a harvest tells what it found, with its token, and the lineage that follows has it as its parent', async () => {
    const one = await listening();
    await added(one.url, ['HARVEST', 'LINEAGE'], 'secret-of-the-receiver');
    const jobId = await harvest();
    await until('both jobs to be told', () => Promise.resolve(one.heard.length === 4));
    expect(typesOf(one.heard, jobId)).toEqual(['COMPLETE', 'START']);
    expect(new Set(one.heard.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer secret-of-the-receiver']),
    );
    for (const { event } of one.heard) expect(readEvent(event, 'strict', new Date())).toMatchObject({ remarks: [] });
    const complete = ofRun(one.heard, jobId).find(({ eventType }) => eventType === 'COMPLETE');
    expect(complete).toMatchObject({
      job: { namespace: 'plumbline', name: 'harvest.核心 "core"' },
      inputs: [
        {
          name: `${bank.name}.public.客户 😀`,
          facets: {
            schema: {
              fields: [
                { name: 'id', type: 'integer' },
                { name: '姓名', type: 'text', description: '客户姓名' },
                { name: 'cert_no', type: 'text' },
              ],
            },
          },
        },
      ],
      run: { facets: { plumbline_counts: { added: 1, vanished: 0 } } },
    });
    const lineage = one.heard.find(({ event }) => event.job.name.startsWith('lineage.'))?.event;
    expect(lineage?.run.facets['parent']).toMatchObject({
      run: { runId: jobId },
      job: { namespace: 'plumbline', name: 'harvest.核心 "core"' },
    });
    expect(JSON.stringify(one.heard)).not.toContain('planted');
    const kept = await rows<{ token: Buffer }>(api.app.get(DataSource), 'SELECT token FROM open_lineage.receiver');
    expect(kept.map(({ token }) => token.toString('latin1')).join(' ')).not.toContain('secret-of');
  });

  it('a rule run tells what it found of the data, and nothing of the data itself', async () => {
    const one = await listening();
    await added(one.url, ['QUALITY']);
    const found = await rows<{ dataset: string; field: string }>(
      api.app.get(DataSource),
      `SELECT dataset.id AS dataset, field.id AS field FROM dictionary.dataset JOIN dictionary.field ON field.dataset_id = dataset.id
        WHERE field.name = '姓名'`,
    );
    const input = {
      ...{
        datasetId: globalId('Dataset', found[0]?.dataset ?? ''),
        kind: 'not_null',
        severity: 'S1',
        nameZh: '姓名必填',
      },
      fieldIds: [globalId('Field', found[0]?.field ?? '')],
    };
    const { addRule } = await api.as.steward.get<{ addRule: { rule: { id: string } } }>(
      'mutation ($input: AddRuleInput!) { addRule(input: $input) { rule { id } userErrors { message } } }',
      { input },
    );
    const { runRules } = await api.as.engineer.get<{ runRules: { job: { id: string } } }>(
      'mutation ($ids: [ID!]!) { runRules(ruleIds: $ids) { job { id } userErrors { message } } }',
      { ids: [addRule.rule.id] },
    );
    const jobId = localId('Job', runRules.job.id);
    await until('the run to be told', () => Promise.resolve(one.heard.length === 2));
    expect(typesOf(one.heard, jobId)).toEqual(['COMPLETE', 'START']);
    const complete = ofRun(one.heard, jobId).find(({ eventType }) => eventType === 'COMPLETE');
    expect(complete?.inputs).toMatchObject([
      {
        name: `${bank.name}.public.客户 😀`,
        inputFacets: {
          dataQualityAssertions: {
            assertions: [
              {
                ...{ assertion: 'not_null', name: '姓名必填', column: '姓名', success: false, severity: 'error' },
                ...{ expected: '0', actual: '1' },
              },
            ],
          },
          dataQualityMetrics: { rowCount: 2, columnMetrics: { 姓名: { nullCount: 1 } } },
        },
      },
    ]);
    expect(JSON.stringify(one.heard)).not.toMatch(/planted|11010519491231002X/);
    for (const { event } of one.heard) expect(readEvent(event, 'strict', new Date())).toMatchObject({ remarks: [] });
  });

  it('golden records tell what they are made of', async () => {
    const one = await listening();
    await added(one.url, ['MASTER_DATA']);
    const [field] = await rows<{ dataset: string; id: string }>(
      api.app.get(DataSource),
      `SELECT dataset_id AS dataset, id FROM dictionary.field WHERE name = 'cert_no'`,
    );
    const [made] = await rows<{ id: string }>(
      api.app.get(DataSource),
      `WITH entity AS (INSERT INTO master_data.entity (code, name_en, name_zh, created_at) VALUES ('party', 'Party', '客户', now()) RETURNING id),
            mapping AS (INSERT INTO master_data.dataset_mapping (entity_id, dataset_id, priority) SELECT id, $1, 1 FROM entity),
            attribute AS (
              INSERT INTO master_data.attribute (entity_id, code, name_en, name_zh, type_family, identifier_format, is_match_key, position)
              SELECT id, 'cert_no', 'Certificate', '证件号码', 'text', 'resident_id', true, 1 FROM entity RETURNING id, entity_id
            ),
            mapped AS (INSERT INTO master_data.field_mapping (attribute_id, entity_id, dataset_id, field_id)
                       SELECT id, entity_id, $1, $2 FROM attribute)
       SELECT id FROM entity`,
      [field?.dataset, field?.id],
    );
    const { buildGoldenRecords } = await api.as.steward.get<{ buildGoldenRecords: { userErrors: unknown[] } }>(
      'mutation ($id: ID!) { buildGoldenRecords(entityId: $id) { job { id } userErrors { message } } }',
      { id: globalId('MasterEntity', made?.id ?? '') },
    );
    expect(buildGoldenRecords.userErrors).toEqual([]);
    await until('the build to be told', () => Promise.resolve(one.heard.length === 2));
    const ended = one.heard.find(({ event }) => event.eventType !== 'START')?.event;
    expect(ended).toMatchObject({
      job: { name: 'master_data.party' },
      inputs: [{ name: `${bank.name}.public.客户 😀` }],
      outputs: [{ name: 'master-data.party' }],
    });
  });

  it('a failure is told with its reason', async () => {
    const one = await listening();
    await added(one.url, ['HARVEST']);
    const gone = await registerSource(api.as.engineer, '不可达', {
      ...bank.settings,
      database: 'gone',
      user: 'nobody',
    });
    await api.as.engineer.get('mutation ($id: ID!) { harvestSource(sourceId: $id) { job { id } } }', { id: gone });
    await until('the failure to be told', () => Promise.resolve(one.heard.length === 2));
    const failed = one.heard.find(({ event }) => event.eventType === 'FAIL')?.event;
    expect(failed?.run.facets['errorMessage']).toMatchObject({
      message: expect.stringMatching(/^SOURCE_/),
      programmingLanguage: 'TypeScript',
    });
  });

  it('what passes is tried again, and a refusal is not, but reported; the harvest itself does not care', async () => {
    const one = await listening();
    one.answers.push(503, 429);
    await added(one.url, ['HARVEST']);
    const jobId = await harvest();
    await until('both to be told', () => Promise.resolve(one.heard.length === 2));
    expect(typesOf(one.heard, jobId)).toEqual(['COMPLETE', 'START']);
    await until('the jobs to end', async () => (await sends()).every(({ state }) => state === 'succeeded'));
    expect((await sends()).slice(-2).reduce((sum, { attempt }) => sum + attempt, 0)).toBe(4); // 2 events + 2 more tries

    const refusing = await listening();
    refusing.answers.push(422, 302);
    await added(refusing.url, ['HARVEST'], undefined, '拒绝');
    await harvest();
    await until('the jobs to end', async () => (await sends()).filter(({ state }) => state === 'failed').length === 2);
    const failed = (await sends()).filter(({ state }) => state === 'failed');
    expect(failed.map(({ code, attempt }) => [code, attempt])).toEqual(Array(2).fill(['RECEIVER_REFUSED', 1]));
    expect(failed.map(({ message }) => message).join(' ')).toContain('HTTP 422): no such namespace');
    expect(refusing.heard).toEqual([]);
  });

  it('goes to our own endpoint, which takes it strictly, and it does not go round in circles', async () => {
    await api.app.listen(0, '127.0.0.1');
    const own = `${await api.app.getUrl()}/api/v1/lineage`;
    await added(own, ['HARVEST', 'LINEAGE', 'QUALITY', 'MASTER_DATA'], api.as.engineer.token);
    const before = (await sends()).length;
    const jobId = await harvest();
    const sent = async () => (await sends()).slice(before);
    await until('harvest and lineage to be told', async () => {
      const all = await sent();
      return all.length >= 4 && all.every(({ state }) => state === 'succeeded' || state === 'failed');
    });
    expect((await sent()).map(({ message }) => message)).toEqual(Array(4).fill('HTTP 201'));
    const kept = await rows<{ type: string }>(
      api.app.get(DataSource),
      `SELECT body::jsonb ->> 'eventType' AS type FROM open_lineage.event WHERE body::jsonb -> 'run' ->> 'runId' = $1 ORDER BY 1`,
      [jobId],
    );
    expect(kept.map(({ type }) => type)).toEqual(['COMPLETE', 'START']);
    const jobs = await rows<{ name: string }>(
      api.app.get(DataSource),
      `SELECT DISTINCT name FROM platform.job WHERE state IN ('queued', 'running') AND name = $1`,
      [sendRunEvent.name],
    );
    expect(jobs).toEqual([]);
  });

  it.each([
    ['no address', 'lineage.bank.example', ['HARVEST'], 'INVALID_INPUT', 'url'],
    ['no web address', 'file:///etc/passwd', ['HARVEST'], 'INVALID_INPUT', 'url'],
    ['a password in it', 'https://u:p@lineage.bank.example', ['HARVEST'], 'INVALID_INPUT', 'url'],
    ['no jobs', 'https://lineage.bank.example', [], 'INVALID_INPUT', 'jobs'],
  ])('an address is checked: %s', async (_, url, jobs, code, path) => {
    expect(await added(url, jobs)).toMatchObject({ receiver: null, userErrors: [{ code, path: [path] }] });
  });

  it('a name is taken once, and only administrators see and change receivers', async () => {
    const url = 'https://lineage.bank.example/api/v1/lineage';
    expect(await added(url, ['QUALITY'], 'x', '数据平台')).toMatchObject({ receiver: { hasToken: true } });
    expect(await added(url, ['QUALITY'], 'x', '数据平台')).toMatchObject({
      userErrors: [{ code: 'RECEIVER_NAME_TAKEN' }],
    });
    for (const [query, variables] of [
      ['{ runEventReceivers { id } }', {}],
      [ADD, { name: 'x', url, jobs: ['HARVEST'] }],
      ['mutation { removeRunEventReceiver(id: "x") { userErrors { code } } }', {}],
    ] as const)
      expect((await api.as.engineer.ask(query, variables)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
