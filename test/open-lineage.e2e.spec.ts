import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { rows } from '#platform/database';
import request from 'supertest';
import { DataSource } from 'typeorm';

import { startApi, type TestApi } from './support/api.js';

const event = (more: object = {}) => ({
  ...{ eventType: 'COMPLETE', eventTime: '2026-01-05T01:00:00Z', producer: 'https://etl.bank.example/v1' },
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  ...{ run: { runId: randomUUID() }, job: { namespace: '调度', name: '跑批' } },
  inputs: [{ namespace: 'mysql://core', name: 'core.贷款' }],
  outputs: [{ namespace: 'postgres://dwh', name: 'risk.dwd.loan' }],
  ...more,
});

describe('POST /api/v1/lineage', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ openLineageLimitKb: 64, bodyLimitKb: 16 });
  });
  afterAll(() => api.stop());

  const post = (path = '/api/v1/lineage', token = api.as.engineer.token) =>
    request(api.app.getHttpServer())
      .post(path)
      .set('authorization', `Bearer ${token}`)
      .set('content-type', 'application/json');
  const kept = async () =>
    (await rows<{ count: number }>(api.app.get(DataSource), `SELECT count(*)::int AS count FROM open_lineage.event`))[0]
      ?.count;

  it('keeps an event, packed or not, once', async () => {
    const one = event({
      run: {
        runId: randomUUID(),
        facets: { big: { _producer: 'https://x.example', _schemaURL: 'https://x.example', text: 'x'.repeat(30_000) } },
      },
    });
    const before = (await kept()) ?? 0;
    expect((await post().send(JSON.stringify(one))).status).toBe(201);
    const packed = await post()
      .set('content-encoding', 'gzip')
      .serialize((body: unknown) => body as string)
      .send(gzipSync(JSON.stringify(one)));
    expect(packed.status).toBe(201);
    expect(await kept()).toBe(before + 1);
  });

  it.each<[string, number, string, () => unknown, RegExp]>([
    ['that is not JSON', 400, 'NOT_JSON', () => '{"eventType": "START",\n "run": }', /line 2, column 9/],
    ['that is empty', 400, 'NOT_JSON', () => '', /empty/],
    ['that is a list', 400, 'NOT_AN_EVENT', () => '[]', /batch/],
    ['that is too large', 413, 'TOO_LARGE', () => JSON.stringify(event({ more: 'x'.repeat(70_000) })), /64 kB/],
    [
      'without a time',
      422,
      'NOT_AN_EVENT',
      () => JSON.stringify(event({ eventTime: undefined })),
      /\/eventTime is missing/,
    ],
    [
      'of the future',
      422,
      'NOT_AN_EVENT',
      () => JSON.stringify(event({ eventTime: '2999-01-01T00:00:00Z' })),
      /\/eventTime is more than a day ahead/,
    ],
    [
      'with a runId that is no UUID',
      422,
      'NOT_AN_EVENT',
      () => JSON.stringify(event({ run: { runId: 'run-7' } })),
      /\/run\/runId must match format "uuid"/,
    ],
    ['with another encoding', 415, 'UNKNOWN_ENCODING', () => undefined, /gzip/],
  ])('refuses an event %s for good', async (_, status, code, body, message) => {
    const sent = body();
    const asked = sent === undefined ? post().set('content-encoding', 'br').send('{}') : post().send(sent as string);
    const answer = await asked;
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
    expect(answer.body).toMatchObject({ retriable: false, message: expect.stringMatching(message) as string });
  });

  it('refuses what unpacks to more than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
    const answer = await post()
      .set('content-encoding', 'gzip')
      .serialize((body: unknown) => body as string)
      .send(bomb);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([413, 'TOO_LARGE']);
  });

  it('keeps in lenient mode what strict mode refuses, and says what it left out', async () => {
    const answer = await post('/api/v1/lineage?mode=lenient').send(JSON.stringify(event({ run: { runId: 'run-7' } })));
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ remarks: [{ at: '/run/runId', message: 'must match format "uuid"' }] });
    expect((await post('/api/v1/lineage?mode=any').send('{}')).status).toBe(400);
  });

  it.each(['viewer', 'compliance', 'steward'] as const)('lets a %s send nothing', async (role) => {
    expect((await post(undefined, api.as[role].token).send(JSON.stringify(event()))).status).toBe(403);
  });

  it('wants a token that is good', async () => {
    const server = request(api.app.getHttpServer());
    expect((await server.post('/api/v1/lineage').send(event())).status).toBe(401);
    expect((await post(undefined, 'nobody').send(JSON.stringify(event()))).status).toBe(401);
  });

  it('tells of a batch what was kept and what was not', async () => {
    const bad = [event({ run: { runId: 'run_id' } }), { ...event(), eventTime: 'x', run: undefined }];
    const answer = await post('/api/v1/lineage/batch').send(JSON.stringify([event(), ...bad]));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'partial_success',
      summary: { received: 3, successful: 1, failed: 2, retriable: 0, non_retriable: 2 },
      failed_events: [
        { index: 1, retriable: false, reason: '/run/runId must match format "uuid"' },
        { index: 2, retriable: false, reason: '/eventTime must match format "date-time"' },
      ],
    });
    expect((await post('/api/v1/lineage/batch').send('[]')).body).toMatchObject({ status: 'success' });
  });

  it('asks to try again when the database fails, and keeps the event then', async () => {
    const db = api.app.get(DataSource);
    await db.query(`ALTER TABLE open_lineage.event RENAME TO event_gone`);
    const one = JSON.stringify(event());
    try {
      const answer = await post().send(one);
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
      expect(answer.body).toMatchObject({ retriable: true });
    } finally {
      await db.query(`ALTER TABLE open_lineage.event_gone RENAME TO event`);
    }
    expect((await post().send(one)).status).toBe(201);
  });
});

describe('POST /api/v1/lineage, as it is set without a word', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const ask = (method: 'get' | 'post' | 'delete', path: string, who = api.as.engineer) =>
    request(api.app.getHttpServer())
      [method](`/api/v1/lineage${path}`)
      .set('authorization', `Bearer ${who.token}`)
      .set('content-type', 'application/json');

  it.each([
    ['9 MB', 9_000_000, 201],
    ['11 MB', 11_000_000, 413],
  ])('takes events of up to 10 MB: one of %s', async (_, size, status) => {
    const facets = {
      text: { _producer: 'https://x.example', _schemaURL: 'https://x.example', text: 'x'.repeat(size) },
    };
    const answer = await ask('post', '').send(JSON.stringify(event({ run: { runId: randomUUID(), facets } })));
    expect(answer.status).toBe(status);
    if (status === 413) expect((answer.body as { message: string }).message).toMatch(/10240 kB/);
  });

  it('namespaces that are one: listed, added and taken back', async () => {
    const alias = { namespace: 'postgres://10.0.0.7:5432', standsFor: 'postgres://dwh.bank.example:5432' };
    const sent = JSON.stringify({ namespace: 'jdbc:postgresql://10.0.0.7', standsFor: alias.standsFor });
    const added = await ask('post', '/aliases').send(sent);
    expect([added.status, added.body]).toEqual([201, alias]);
    expect((await ask('get', '/aliases')).body).toEqual({ aliases: [alias] });
    expect(await api.as.viewer.get('{ namespaceAliases { namespace standsFor } }')).toEqual({
      namespaceAliases: [alias],
    });
    const place = `/aliases?namespace=${encodeURIComponent(alias.namespace)}`;
    const removed = await ask('delete', place);
    expect([removed.status, removed.body]).toEqual([200, alias]);
    expect((await ask('delete', place)).status).toBe(404);
    expect((await ask('delete', '/aliases')).status).toBe(400);
    expect((await ask('post', '/aliases').send('{}')).status).toBe(400);
    expect((await ask('post', '/aliases', api.as.steward).send(sent)).status).toBe(403);
  });

  it("namespaces over GraphQL: an engineer says it, a viewer may not, and faults are the caller's", async () => {
    const add = (who: 'engineer' | 'viewer', standsFor: string) =>
      api.as[who].ask<{ addNamespaceAlias: object }>(
        `mutation ($to: String!) { addNamespaceAlias(namespace: "a", standsFor: $to) { alias { standsFor } userErrors { code path } } }`,
        { to: standsFor },
      );
    expect((await add('viewer', 'b')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await add('engineer', 'a')).data.addNamespaceAlias).toEqual({
      ...{ alias: null, userErrors: [{ code: 'INVALID_INPUT', path: ['standsFor'] }] },
    });
    expect((await add('engineer', 'b')).data.addNamespaceAlias).toEqual({ alias: { standsFor: 'b' }, userErrors: [] });
    const { removeNamespaceAlias } = await api.as.engineer.get<{ removeNamespaceAlias: object }>(
      `mutation { removeNamespaceAlias(namespace: "a") { alias { namespace } userErrors { code } } }`,
    );
    expect(removeNamespaceAlias).toEqual({ alias: { namespace: 'a' }, userErrors: [] });
  });
});
