import { randomUUID } from 'node:crypto';

import { systemActor } from '#kernel';
import { rows } from '#platform/database';
import { globalId, localId } from '#platform/graphql';
import { JobStore } from '#platform/queue';
import { until } from '#platform/testing';
import { runRuleSetWhenDue } from '#quality';
import request from 'supertest';
import { DataSource } from 'typeorm';

import { type RunningWorker } from '../apps/worker/src/create-worker.js';
import { type Person, startApi, type TestApi } from './support/api.js';
import { knownSource, type KnownSource } from './support/known-source.js';

const DDL = `
  CREATE TABLE "客户 ""表"" 😀" (id bigint PRIMARY KEY, "姓名" text, state text);
  INSERT INTO "客户 ""表"" 😀" VALUES (1, '王小明', 'open'), (2, NULL, 'opne'), (3, 'O''Brien', 'closed'), (4, NULL, NULL);
`;
const TABLE = '客户 "表" 😀';

interface Errors {
  readonly userErrors: readonly { code: string; message: string; path: string[] }[];
}

const ADD = `mutation ($input: AddRuleInput!) {
  addRule(input: $input) { rule { id version fields { name } datasetName sourceName } userErrors { code message path } } }`;
const RUN = `mutation ($ruleIds: [ID!], $ruleSetId: ID, $sourceId: ID) {
  runRules(ruleIds: $ruleIds, ruleSetId: $ruleSetId, sourceId: $sourceId) { run { id state } job { id } userErrors { code message path } } }`;
const RESULTS = `query ($id: ID!) { ruleRun(id: $id) { state planned counts { status rules } job { state result errorMessage }
  results { nodes { status rows checked violations sentenceZh statements { purpose sql params } failingSample { columns withheld rowCount } rule { nameZh } version { version } } } } }`;

describe('quality rules over GraphQL', () => {
  let api: TestApi;
  let bank: KnownSource;
  let input: Record<string, unknown>;
  let worker: RunningWorker;

  beforeAll(async () => {
    api = await startApi();
    bank = await knownSource(api.app, '核心系统 "core" 😀', DDL);
    worker = await api.work();
    input = {
      datasetId: globalId('Dataset', await bank.dataset(TABLE)),
      fieldIds: [globalId('Field', await bank.field(TABLE, '姓名'))],
      kind: 'not_null',
      nameZh: '姓名必填 😀',
      nameEn: 'Name "required"',
      severity: 'S1',
    };
  });
  afterAll(async () => {
    await api.stop();
    await bank.drop();
  });

  const ended = (id: string) =>
    until('the run to end', async () => {
      const { ruleRun } = await api.as.viewer.get<{ ruleRun: { state: string; job: { state: string } } }>(RESULTS, {
        id,
      });
      // The run ends in a transaction of its own, a moment before its job does.
      return ![ruleRun.state, ruleRun.job.state].some((state) => ['QUEUED', 'RUNNING'].includes(state)) && ruleRun;
    });

  it('a steward adds a rule and runs it, and everybody sees what it found', async () => {
    const { addRule } = await api.as.steward.get<{ addRule: { rule: { id: string } } & Errors }>(ADD, { input });
    expect(addRule).toEqual({
      rule: {
        id: expect.any(String),
        version: 1,
        fields: [{ name: '姓名' }],
        datasetName: expect.stringContaining('客户'),
        sourceName: '核心系统 "core" 😀',
      },
      userErrors: [],
    });
    const { runRules } = await api.as.engineer.get<{ runRules: { run: { id: string } } & Errors }>(RUN, {
      ruleIds: [addRule.rule.id],
    });
    expect(runRules.userErrors).toEqual([]);
    expect(await ended(runRules.run.id)).toMatchObject({
      state: 'SUCCEEDED',
      planned: 1,
      counts: [{ status: 'FAIL', rules: 1 }],
      job: { state: 'SUCCEEDED' },
      results: {
        nodes: [
          {
            status: 'FAIL',
            rows: '4',
            checked: '4',
            violations: '2',
            failingSample: { columns: ['id'], rowCount: 2 },
            rule: { nameZh: '姓名必填 😀' },
            version: { version: 1 },
          },
        ],
      },
    });
  });

  it('what cannot be used is refused with its place, all of many or none', async () => {
    const { addRules } = await api.as.steward.get<{ addRules: { rules: null } & Errors }>(
      `mutation ($rules: [AddRuleInput!]!) { addRules(rules: $rules) { rules { id } userErrors { code message path } } }`,
      {
        rules: [
          input,
          { ...input, kind: 'in_set', params: { values: [{}] } },
          { ...input, fieldIds: [globalId('Field', '00000000-0000-7000-8000-000000000000')] },
        ],
      },
    );
    expect(addRules.rules).toBeNull();
    expect(addRules.userErrors.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['INVALID_INPUT', 'rules.1.params.values.0'],
      ['INVALID_INPUT', 'rules.2.fieldIds.0'],
    ]);
    const { addRule } = await api.as.steward.get<{ addRule: Errors }>(ADD, { input: { ...input, datasetId: 'x' } });
    expect(addRule.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['datasetId'] }]);
    const { runRules } = await api.as.steward.get<{ runRules: Errors }>(RUN, {});
    expect(runRules.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['ruleSetId'] }]);
  });

  it('those who only read neither change nor run anything', async () => {
    for (const person of [api.as.viewer, api.as.compliance])
      for (const [query, variables] of [
        [ADD, { input }],
        [RUN, { sourceId: globalId('Source', bank.id) }],
        ['mutation ($input: AddRuleInput!) { tryRule(input: $input) { userErrors { code } } }', { input }],
        ['mutation { addRuleSet(name: "x", ruleIds: []) { userErrors { code } } }', {}],
      ] as const)
        expect((await person.ask(query, variables)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('a form is built from the kinds, and a rule is tried before it is kept', async () => {
    const { ruleKinds } = await api.as.viewer.get<{ ruleKinds: Record<string, unknown>[] }>(
      '{ ruleKinds { code titleEn titleZh fewestFields mostFields otherDataset params } }',
    );
    expect(ruleKinds.find(({ code }) => code === 'in_set')).toMatchObject({
      titleZh: '取值在列表内',
      fewestFields: 1,
      params: { type: 'object', required: expect.arrayContaining(['values']) as unknown },
    });
    const trial = await api.as.engineer.get(
      `mutation ($input: AddRuleInput!) { tryRule(input: $input) { trial { status violations sentenceEn statements { sql } } userErrors { message } } }`,
      { input: { ...input, where: { op: 'gt', left: { column: 'id' }, right: { literal: 2 } } } },
    );
    expect(trial).toMatchObject({
      tryRule: { trial: { status: 'FAIL', violations: '1', statements: [{ sql: expect.stringContaining('$1') }, {}] } },
    });
  });

  it('rules, results, incidents, scores and sets are there to look at', async () => {
    const sourceId = globalId('Source', bank.id);
    const seen = await api.as.viewer.get<{
      rules: { nodes: { id: string }[] };
      incidents: { nodes: { id: string }[] };
    }>(
      `query ($sourceId: ID!) {
        rules(sourceId: $sourceId, lastStatus: FAIL) { totalCount nodes { id dataset { qualifiedName } source { name } lastResult { status run { state } } openIncident { state failingRuns } } }
        incidents(sourceId: $sourceId, states: [OPEN]) { nodes { id kind severity rule { nameZh } dataset { name } events { kind byWhom } } }
        qualityScore(sourceId: $sourceId) { score coverage dimensions { dimension score } datasets { datasetName score } }
      }`,
      { sourceId },
    );
    expect(seen).toMatchObject({
      rules: {
        totalCount: 1,
        nodes: [
          {
            source: { name: bank.name },
            lastResult: { status: 'FAIL', run: { state: 'SUCCEEDED' } },
            openIncident: { state: 'OPEN', failingRuns: 1 },
          },
        ],
      },
      incidents: {
        nodes: [
          {
            ...{ kind: 'DATA', severity: 'S1', rule: { nameZh: '姓名必填 😀' }, dataset: { name: TABLE } },
            events: [{ kind: 'OPENED', byWhom: 'Plumbline' }],
          },
        ],
      },
      qualityScore: { score: 0.5, coverage: 1, dimensions: [{ dimension: 'COMPLETENESS', score: 0.5 }] },
    });
    const ruleId = seen.rules.nodes[0]!.id;
    const done = await api.as.steward.get(
      `mutation ($id: ID!) {
        acknowledgeIncident(id: $id) { incident { state acknowledgedBy } userErrors { code } }
        assignIncident(id: $id, assignee: "Engineer") { incident { assignee } userErrors { code } }
        commentIncident(id: $id, text: " ") { userErrors { code path } }
      }`,
      { id: seen.incidents.nodes[0]!.id },
    );
    expect(done).toEqual({
      acknowledgeIncident: { incident: { state: 'ACKNOWLEDGED', acknowledgedBy: 'steward' }, userErrors: [] },
      assignIncident: { incident: { assignee: 'engineer' }, userErrors: [] },
      commentIncident: { userErrors: [{ code: 'INVALID_INPUT', path: ['text'] }] },
    });
    const { addRuleSet } = await api.as.engineer.get<{ addRuleSet: { ruleSet: { id: string } } & Errors }>(
      'mutation ($ruleIds: [ID!]!) { addRuleSet(name: "每日 \\"daily\\" 😀", ruleIds: $ruleIds) { ruleSet { id } userErrors { message } } }',
      { ruleIds: [ruleId] },
    );
    const setId = addRuleSet.ruleSet.id;
    const scheduled = await api.as.engineer.get(
      `mutation ($id: ID!) {
        good: scheduleRuleSet(id: $id, cron: "30 2 * * *", timeZone: "Asia/Shanghai") { ruleSet { schedule { cron timeZone enabled nextDueAt } } userErrors { path } }
        bad: scheduleRuleSet(id: $id, cron: "soon", timeZone: "Asia/Shanghai") { userErrors { code path } }
      }`,
      { id: setId },
    );
    expect(scheduled).toMatchObject({
      good: { ruleSet: { schedule: { cron: '30 2 * * *', nextDueAt: expect.stringMatching(/T18:30:00/) } } },
      bad: { userErrors: [{ code: 'INVALID_INPUT', path: ['cron'] }] },
    });
    const { runRules } = await api.as.engineer.get<{ runRules: { run: { id: string } } & Errors }>(RUN, {
      ruleSetId: setId,
    });
    await ended(runRules.run.id);
    const nodes = await api.as.viewer.get<Record<string, { __typename: string }>>(
      `query ($a: ID!, $b: ID!, $c: ID!, $d: ID!) {
        a: node(id: $a) { __typename id } b: node(id: $b) { __typename } c: node(id: $c) { __typename } d: node(id: $d) { __typename }
        ruleRuns(ruleSetId: $b) { totalCount } ruleVersions(ruleId: $a) { version }
        ruleResults(ruleId: $a, first: 1) { totalCount pageInfo { hasNextPage } }
      }`,
      { a: ruleId, b: setId, c: runRules.run.id, d: seen.incidents.nodes[0]!.id },
    );
    expect(nodes).toEqual({
      ...{ a: { __typename: 'QualityRule', id: ruleId }, b: { __typename: 'RuleSet' }, c: { __typename: 'RuleRun' } },
      ...{ d: { __typename: 'Incident' }, ruleRuns: { totalCount: 1 }, ruleVersions: [{ version: 1 }] },
      ruleResults: { totalCount: 2, pageInfo: { hasNextPage: true } },
    });
  });

  describe('a run with a slow rule', () => {
    let other: KnownSource;
    let ruleIds: string[];
    const sleeping = async () =>
      rows<{ n: number }>(
        api.app.get(DataSource),
        `SELECT 1 AS n FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE '%slow%'`,
        [other.database.name],
      );

    beforeEach(async () => {
      other = await knownSource(
        api.app,
        `慢 ${randomUUID()}`,
        `CREATE TABLE t (id int PRIMARY KEY, a text);
         CREATE TABLE switch (slow boolean); INSERT INTO switch VALUES (true);
         CREATE VIEW slow AS SELECT 1 AS id, CASE WHEN switch.slow THEN pg_sleep(300)::text ELSE 'x' END AS a FROM switch;
         INSERT INTO t VALUES (1, 'x')`,
      );
      const rule = async (table: string, name: string) => ({
        datasetId: globalId('Dataset', await other.dataset(table)),
        fieldIds: [globalId('Field', await other.field(table, 'a'))],
        kind: 'not_null',
        nameEn: name,
      });
      const { addRules } = await api.as.steward.get<{ addRules: { rules: { id: string }[] } }>(
        `mutation ($rules: [AddRuleInput!]!) { addRules(rules: $rules) { rules { id } userErrors { message } } }`,
        { rules: [await rule('t', 'quick'), await rule('slow', 'slow'), await rule('t', 'quick too')] },
      );
      ruleIds = addRules.rules.map(({ id }) => id);
    });
    afterEach(() => other.drop());

    const start = async () => {
      const { runRules } = await api.as.engineer.get<{ runRules: { run: { id: string }; job: { id: string } } }>(RUN, {
        ruleIds,
      });
      await until('the slow statement to run', async () => (await sleeping()).length > 0);
      await until('the quick rules to be told', async () => {
        const { ruleRun } = await api.as.viewer.get<{ ruleRun: { counts: { rules: number }[] } }>(RESULTS, {
          id: runRules.run.id,
        });
        return ruleRun.counts[0]?.rules === 2;
      });
      return runRules;
    };

    it('can be cancelled: the source stops, and what was found is kept', async () => {
      const { run, job } = await start();
      await api.as.steward.get('mutation ($id: ID!) { cancelJob(id: $id) { userErrors { code } } }', { id: job.id });
      expect(await ended(run.id)).toMatchObject({
        ...{ state: 'CANCELLED', planned: 3, counts: [{ status: 'PASS', rules: 2 }] },
      });
      await until('the statement to end in the source', async () => (await sleeping()).length === 0);
      await until('the job to end', async () => {
        const { ruleRun } = await api.as.viewer.get<{ ruleRun: { job: { state: string } } }>(RESULTS, { id: run.id });
        return ruleRun.job.state === 'CANCELLED';
      });
    });

    it('survives its worker: another goes on, and nothing is lost or doubled', async () => {
      const { run } = await start();
      await worker.stop();
      const before = await api.as.viewer.get<{ ruleRun: { results: { nodes: unknown[] } } }>(RESULTS, { id: run.id });
      expect(before.ruleRun.results.nodes).toHaveLength(2);
      await other.run('UPDATE switch SET slow = false');
      worker = await api.work();
      expect(await ended(run.id)).toMatchObject({ state: 'SUCCEEDED', counts: [{ status: 'PASS', rules: 3 }] });
      const after = await api.as.viewer.get<{ ruleRun: { results: { nodes: unknown[] } } }>(RESULTS, { id: run.id });
      expect(after.ruleRun.results.nodes.slice(0, 2)).toEqual(before.ruleRun.results.nodes);
      expect(after.ruleRun.results.nodes).toHaveLength(3);
    });
  });

  it('what is due is done once, however often it is said', async () => {
    const { ruleSets } = await api.as.viewer.get<{ ruleSets: { nodes: { id: string }[] } }>(
      '{ ruleSets { nodes { id } } }',
    );
    const ruleSetId = localId('RuleSet', ruleSets.nodes[0]!.id);
    const payload = { ruleSetId, dueAt: '2026-06-01T18:30:00.000Z' };
    const jobs = api.app.get(JobStore);
    for (const time of ['first', 'second']) {
      const id = await api.app
        .get(DataSource)
        .transaction((tx) => jobs.request(tx, runRuleSetWhenDue, payload, { actor: systemActor(time) }));
      const job = await until(`the ${time} job`, async () => {
        const found = await jobs.get(id);
        return found.finishedAt && found;
      });
      expect([job.state, job.result]).toEqual(['succeeded', { runId: time === 'first' ? expect.any(String) : null }]);
    }
    const { ruleRuns } = await api.as.viewer.get<{ ruleRuns: { nodes: { id: string; dueAt: string | null }[] } }>(
      `query ($id: ID!) { ruleRuns(ruleSetId: $id) { nodes { id dueAt } } }`,
      { id: ruleSets.nodes[0]!.id },
    );
    const due = ruleRuns.nodes.filter(({ dueAt }) => dueAt !== null);
    expect(due).toHaveLength(1);
    expect(await ended(due[0]!.id)).toMatchObject({ state: 'SUCCEEDED' });
  });

  describe('a quality report', () => {
    const MAKE = `mutation ($sourceId: ID!, $from: String!, $formats: [ReportFormat!]!) {
      makeQualityReport(sourceId: $sourceId, from: $from, to: "2099-01-01", timeZone: "Asia/Shanghai", language: ZH, formats: $formats) {
        report { id } job { id } userErrors { code path } } }`;
    const download = (person: Person, path: string) =>
      request(api.app.getHttpServer()).get(path).set('authorization', `Bearer ${person.token}`);

    it('is asked for by compliance and downloaded as a file with a Chinese name', async () => {
      const variables = { sourceId: globalId('Source', bank.id), from: '2098-12-01', formats: ['HTML', 'CSV'] };
      const { makeQualityReport: made } = await api.as.compliance.get<{
        makeQualityReport: { report: { id: string } } & Errors;
      }>(MAKE, variables);
      expect(made.userErrors).toEqual([]);
      const { id } = made.report;
      const report = await until('the report', async () => {
        const found = await api.as.viewer.get<{ report: { state: string; files: { format: string; path: string }[] } }>(
          'query ($id: ID!) { report(id: $id) { state files { format path bytes sha256 } } reports { totalCount } node(id: $id) { __typename } }',
          { id },
        );
        return found.report.state === 'SUCCEEDED' && found.report;
      });
      expect(report.files.map(({ format }) => format)).toEqual(['HTML', 'CSV']);
      const page = await download(api.as.compliance, report.files[0]!.path);
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers['content-security-policy']).toContain('sandbox');
      expect(page.text).toContain('报告期内没有执行任何质量规则');
      const name = /filename\*=UTF-8''(\S+)$/.exec(page.headers['content-disposition'] ?? '')?.[1] ?? '';
      expect(decodeURIComponent(name)).toBe('数据质量报告_核心系统 _core_ 😀_2098-12-01_2099-01-01.html');
      const csv = await download(api.as.steward, report.files[1]!.path);
      expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="quality-report_/);
      expect((await download(api.as.viewer, report.files[0]!.path)).status).toBe(403);
      expect((await request(api.app.getHttpServer() as never).get(report.files[0]!.path)).status).toBe(401);
      expect((await download(api.as.compliance, `/reports/${id}/pdf`)).status).toBe(404);
    });

    it('is refused with the place of the fault', async () => {
      const { makeQualityReport: refused } = await api.as.compliance.get<{ makeQualityReport: Errors }>(MAKE, {
        ...{ sourceId: globalId('Source', bank.id), from: 'yesterday', formats: ['HTML'] },
      });
      expect(refused.userErrors).toEqual([{ code: 'INVALID_INPUT', path: ['from'] }]);
      const asked = await api.as.viewer.ask(MAKE, {
        sourceId: globalId('Source', bank.id),
        from: '2099-01-01',
        formats: ['CSV'],
      });
      expect(asked.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    });

    it('is scheduled', async () => {
      const done = await api.as.compliance.get(
        `mutation ($sourceId: ID!) { scheduleQualityReport(sourceId: $sourceId, period: MONTH, language: ZH, formats: [HTML], timeZone: "Asia/Shanghai", cron: "0 6 1 * *") {
          schedule { period cron nextDueAt } userErrors { code } } }`,
        { sourceId: globalId('Source', bank.id) },
      );
      expect(done).toMatchObject({ scheduleQualityReport: { schedule: { period: 'MONTH' }, userErrors: [] } });
      const { reportSchedules } = await api.as.viewer.get<{ reportSchedules: unknown[] }>(
        '{ reportSchedules { cron } }',
      );
      expect(reportSchedules).toEqual([{ cron: '0 6 1 * *' }]);
    });

    it('is scheduled no more when its source is removed', async () => {
      await api.as.engineer.get('mutation ($id: ID!) { removeSource(id: $id) { userErrors { code } } }', {
        id: globalId('Source', bank.id),
      });
      await until('the schedule to be forgotten', async () => {
        const found = await api.as.viewer.get<{ reportSchedules: unknown[] }>('{ reportSchedules { cron } }');
        return found.reportSchedules.length === 0;
      });
    });
  });
});
