import { randomUUID } from 'node:crypto';

import { dictionaryEntities, Entries } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { FixedClock, InvalidInput, systemActor } from '#kernel';
import { rows } from '#platform/database';
import { ThreadPool } from '#platform/threads';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';
import {
  type GivenPipeline,
  lineageEntities,
  LineageGraph,
  LineageModule,
  LineagePipelines,
  LineageReader,
  LineageScripts,
  PipelineReports,
  type PipelineTerms,
} from './index.js';

const actor = systemActor('工程师 "engineer"');
const day = (text: string) => new Date(`2026-${text}T00:00:00Z`);
const SECRET = 'Geheim-密码-9';

const NO_TERMS: PipelineTerms = { namespaces: {}, datasources: {}, dbtNamespace: null, folder: null, revision: null };

describe('pipelines in the catalog', () => {
  const clock = new FixedClock(day('01-01'));
  let context: TestContext;
  let pool: ThreadPool;
  const databases: SourceDatabase[] = [];

  beforeAll(async () => {
    context = await testContext(
      [SourcesModule, HarvestModule, LineageModule],
      [...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
      clock,
    );
    pool = new ThreadPool();
  });
  afterAll(async () => {
    await pool.close();
    await context.stop();
    for (const database of databases) await database.drop();
  });
  beforeEach(() => clock.set(day('01-01')));

  const db = () => context.app.get(DataSource);
  const work = () => ({ threads: pool, actor, signal: new AbortController().signal, progress: () => undefined });
  const made = async (sql: string) => {
    const database = await sourceDatabase(sql);
    databases.push(database);
    return database;
  };
  const register = async (database: SourceDatabase) => {
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: `源 ${randomUUID()}`, kind: 'postgres', settings: database.settings, include: null, exclude: [] },
      ...{ description: '', owner: '', domain: '', environment: '' },
    });
    await context.app.get(Reader).carryOut({
      ...{ runId: randomUUID(), sourceId: id, confirmRemovals: true, actor },
      ...{ signal: new AbortController().signal, progress: () => undefined },
    });
    return id;
  };
  /** What the job does after a harvest. */
  const follow = (sourceId: string) => context.app.get(LineageReader).readDeclared(sourceId, work());
  const url = ({ settings }: SourceDatabase) => {
    const { host, port, database } = settings as { host: string; port: number; database: string };
    return `jdbc:postgresql://${host.toUpperCase()}:${port}/${database}?user=etl&password=${SECRET}`;
  };
  const importFiles = async (files: readonly GivenPipeline[], terms: Partial<PipelineTerms> = {}) => {
    const { refused, changed } = await context.app
      .get(LineagePipelines)
      .import(actor, { ...NO_TERMS, ...terms }, files);
    const [last] = await rows<{ id: string }>(
      db(),
      `SELECT import_id AS id FROM lineage.script WHERE name = $1 AND origin = 'pipeline'`,
      [files.find(({ name }) => !refused.some((file) => file.name === name))?.name],
    );
    const report = await context.app.get(LineageReader).readPipelines(last?.id ?? '', work());
    return { refused, changed, ...report };
  };
  const fieldId = async (sourceId: string, table: string, column: string): Promise<string> => {
    const [found] = await rows<{ id: string }>(
      db(),
      `SELECT field.id FROM dictionary.field JOIN dictionary.dataset ON dataset.id = field.dataset_id
        WHERE dataset.source_id = $1 AND dataset.name = $2 AND field.name = $3`,
      [sourceId, table, column],
    );
    if (!found) throw new Error(`${table}.${column} was not harvested.`);
    return found.id;
  };
  const upstream = async (id: string) => {
    const { nodes, edges } = await context.app.get(LineageGraph).around({
      ...{ of: { kind: 'field', id }, directions: ['upstream'], depth: null, types: ['DIRECT'], level: 'column' },
      ...{ first: 1_000, after: null, origins: null, asOf: { validAt: null, recordedAt: null } },
    });
    const names = new Map(
      nodes.map((node) => [
        node.id,
        `${node.datasetName.split('.').at(-1)}.${node.column}${node.datasetId === null || (node.column !== null && node.fieldId === null) ? '?' : ''}`,
      ]),
    );
    return edges
      .map(
        ({ from, to, subtype, masking }) =>
          `${names.get(from ?? '') ?? ''} -> ${names.get(to)} ${subtype}${masking === true ? ' masked' : ''}`,
      )
      .sort();
  };

  const statements = async (name: string) =>
    (
      await rows<{ line: number; kind: string; status: string; codes: string }>(
        db(),
        `
        SELECT line, kind, status, (SELECT coalesce(string_agg(reason ->> 'code', ','), '') FROM jsonb_array_elements(reasons) AS reason) AS codes
          FROM lineage.statement JOIN lineage.script ON script.id = script_id
         WHERE name = $1 AND recorded_to = 'infinity' AND valid_to = 'infinity' ORDER BY position
        `,
        [name],
      )
    ).map(({ line, kind, status, codes }) => `${line} ${kind} ${status} ${codes}`);
  const readAgain = async (name: string) => {
    const [script] = await rows<{ id: string }>(db(), `SELECT import_id AS id FROM lineage.script WHERE name = $1`, [
      name,
    ]);
    return context.app.get(LineageReader).readPipelines(script?.id ?? '', work());
  };

  const datax = (from: SourceDatabase, to: SourceDatabase, columns = ['*'], table = 'customer') =>
    JSON.stringify(
      {
        job: {
          content: [
            {
              reader: {
                name: 'postgresqlreader',
                parameter: {
                  ...{ username: 'etl', password: SECRET, column: columns },
                  connection: [{ jdbcUrl: [url(from)], table: [`core.${table}`] }],
                },
              },
              writer: {
                name: 'postgresqlwriter',
                parameter: {
                  ...{ username: 'etl', password: SECRET, column: ['*'] },
                  connection: [{ jdbcUrl: url(to), table: ['ods.customer'] }],
                },
              },
            },
          ],
        },
      },
      null,
      2,
    );

  const CORE = 'CREATE SCHEMA core; CREATE TABLE core.customer (id int, "姓名" text, mobile text);';
  const ODS = 'CREATE SCHEMA ods; CREATE TABLE ods.customer (customer_id int, customer_name text, tel text);';

  it('a DataX job becomes edges between columns that the catalog knows, with its stars resolved', async () => {
    const [core, ods] = [await made(CORE), await made(ODS)];
    const target = await register(ods);
    await register(core);
    const report = await importFiles([{ name: '作业/客户.json', text: datax(core, ods) }]);
    expect(report).toMatchObject({ read: 1, edgesAdded: 4, unresolvedEdges: 0, statements: { ok: 1 }, refused: [] });
    expect(await upstream(await fieldId(target, 'customer', 'tel'))).toEqual([
      'customer.mobile -> customer.tel IDENTITY',
    ]);
  });

  it('what the catalog learns by a later harvest is resolved then', async () => {
    const [core, ods] = [await made(CORE), await made(ODS)];
    const target = await register(ods);
    const file = { name: `${randomUUID()}.json`, text: datax(core, ods) };
    expect(await importFiles([file])).toMatchObject({ statements: { ok: 1 }, unresolvedEdges: 1 });
    const source = await register(core);
    expect(await follow(source)).toMatchObject({ edgesClosed: 1, edgesAdded: 4, unresolvedEdges: 0 });
    expect(await upstream(await fieldId(target, 'customer', 'tel'))).toEqual([
      'customer.mobile -> customer.tel IDENTITY',
    ]);
    expect(await follow(source)).toMatchObject({ read: 0 });
    expect(await importFiles([file])).toMatchObject({ changed: 0, read: 0 });
  });

  describe('names', () => {
    /** Unresolved datasets that are fed by a pipeline. */
    const unknown = async (name: string) =>
      (
        await rows<{ name: string }>(
          db(),
          `
          SELECT DISTINCT node.namespace || ' ' || node.dataset_name AS name
            FROM lineage.edge
            JOIN lineage.script ON script.id = edge.script_id AND script.name = $1
            JOIN lineage.node ON node.id IN (edge.src, edge.dst) AND node.namespace IS NOT NULL
           WHERE edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity' ORDER BY 1
          `,
          [name],
        )
      ).map((node) => node.name);
    const sqlTask = (datasource: number, sql: string) =>
      JSON.stringify([
        {
          processDefinition: { code: 1, name: '夜间' },
          processTaskRelationList: [],
          taskDefinitionList: [
            {
              ...{ code: 2, name: 'load', taskType: 'SQL' },
              taskParams: { type: 'POSTGRESQL', datasource, sql, sqlType: '1' },
            },
          ],
        },
      ]);

    it('of a scheduler’s data source are found at the JDBC URL that stands for its number, which is kept without its password', async () => {
      const ods = await made(ODS);
      const target = await register(ods);
      const name = `${randomUUID()}.json`;
      const file = {
        name,
        text: sqlTask(3, 'insert into ODS.customer (customer_id, tel) select id, mobile from stg.c'),
      };
      expect(await importFiles([file])).toMatchObject({ statements: { ok: 1 } });
      expect(await unknown(name)).toEqual([
        'postgres://datasource-3:5432 ods.customer',
        'postgres://datasource-3:5432 stg.c',
      ]);
      // Other terms are another version.
      expect(await importFiles([file], { datasources: { 3: url(ods) } })).toMatchObject({ changed: 1, read: 1 });
      expect(await unknown(name)).toEqual([expect.stringMatching(/^postgres:.*\.stg\.c$/)]);
      expect(await upstream(await fieldId(target, 'customer', 'tel'))).toEqual(['c.mobile? -> customer.tel IDENTITY']);
    });

    it.each([
      ['no alias', {}, ['hdfs://nn1:8020 /warehouse/ods.db/loan', 'mysql://core:3306 bank.loan']],
      [
        'an alias for the metastore, in another spelling',
        { 'HIVE://unknown': 'hive://Metastore:9083' },
        ['hive://metastore:9083 ods.loan', 'mysql://core:3306 bank.loan'],
      ],
    ])('of a folder that is a Hive table, with %s', async (_, namespaces, expected) => {
      const name = `${randomUUID()}.json`;
      const text = JSON.stringify({
        job: {
          content: [
            {
              reader: {
                name: 'mysqlreader',
                parameter: { column: ['id'], connection: [{ table: ['loan'], jdbcUrl: ['jdbc:mysql://CORE/bank'] }] },
              },
              writer: {
                name: 'hdfswriter',
                parameter: {
                  ...{ defaultFS: 'hdfs://nn1', path: '/warehouse/ods.db/loan/dt=20260131', fileType: 'orc' },
                  column: [{ name: 'id', type: 'bigint' }],
                },
              },
            },
          ],
        },
      });
      await importFiles([{ name, text }], { namespaces });
      expect(await unknown(name)).toEqual(expected);
    });

    it('at no JDBC URL are refused', async () => {
      const file = { name: 'x.json', text: sqlTask(3, 'select 1') };
      await expect(importFiles([file], { datasources: { 3: 'nn1:10000' } })).rejects.toThrow('no JDBC URL');
    });
  });

  it('what a script of SQL hides is marked as well', async () => {
    const target = await register(await made(ODS));
    await context.app
      .get(LineageScripts)
      .importSql(actor, { sourceId: target, dialect: 'postgres', defaultSchema: null, aliases: {} }, [
        { name: 'x.sql', text: 'INSERT INTO ods.customer (tel, customer_name) SELECT md5(m), upper(n) FROM stg.c' },
      ]);
    await context.app.get(LineageReader).readImported(target, work());
    expect(await upstream(await fieldId(target, 'customer', 'tel'))).toEqual([
      'c.m? -> customer.tel TRANSFORMATION masked',
    ]);
    expect(await upstream(await fieldId(target, 'customer', 'customer_name'))).toEqual([
      'c.n? -> customer.customer_name TRANSFORMATION',
    ]);
  });

  describe('dbt', () => {
    const RISK = `CREATE SCHEMA ods; CREATE SCHEMA dwd;
      CREATE TABLE ods.loan (id int, amt numeric, cert text); CREATE TABLE dwd.loan (id int, amt numeric, cert_hash text)`;
    const project = (database: string, more: { description?: string; results?: string; version?: string } = {}) => {
      const relation = (schema: string) => ({
        ...{ database, schema, name: 'loan', identifier: 'loan', relation_name: `"${database}"."${schema}"."loan"` },
      });
      const manifest = {
        metadata: {
          dbt_schema_version: `https://schemas.getdbt.com/dbt/manifest/${more.version ?? 'v12'}.json`,
          ...{ adapter_type: 'postgres', project_name: 'risk', env: { DBT_ENV_CUSTOM_ENV_PASSWORD: SECRET } },
        },
        nodes: {
          'model.risk.loan': {
            ...{ ...relation('dwd'), resource_type: 'model', language: 'sql', config: { materialized: 'table' } },
            description: more.description ?? '贷款，每行一笔',
            columns: { amt: { name: 'amt', description: '余额（元）' } },
            depends_on: { nodes: ['source.risk.ods.loan'] },
            compiled_code: `select id, amt, md5(cert) as cert_hash from "${database}"."ods"."loan" where cert <> 'token=${SECRET}'`,
          },
          'test.risk.nn': {
            ...{ resource_type: 'test', name: 'not_null_loan_id', column_name: 'id', attached_node: 'model.risk.loan' },
            ...{ config: { severity: 'ERROR' }, test_metadata: { name: 'not_null' } },
            depends_on: { nodes: ['model.risk.loan'] },
          },
        },
        sources: { 'source.risk.ods.loan': { ...relation('ods'), resource_type: 'source' } },
        exposures: {
          'exposure.risk.npl': {
            ...{ name: 'npl', label: '不良贷款日报', type: 'dashboard', url: 'https://bi.bank/npl' },
            ...{ owner: { name: '风险管理部' }, depends_on: { nodes: ['model.risk.loan'] } },
          },
        },
      };
      const results = [
        {
          ...{
            unique_id: 'test.risk.nn',
            status: more.results ?? 'fail',
            message: `Got 2 results at pg://u:${SECRET}@h`,
          },
          timing: [{ name: 'execute', started_at: '2026-01-31T01:00:00Z', completed_at: '2026-01-31T01:00:02Z' }],
        },
      ];
      return {
        name: `dbt/${database}.json`,
        text: JSON.stringify(manifest),
        runResults: JSON.stringify({ metadata: {}, args: { vars: `{password: ${SECRET}}` }, results }),
      };
    };
    const dbt = async (more: Parameters<typeof project>[1] = {}) => {
      const database = await made(RISK);
      const id = await register(database);
      const { host, port } = database.settings as { host: string; port: number };
      const dbtNamespace = `postgres://${host}:${port}`;
      const load = (other: Parameters<typeof project>[1] = more) =>
        importFiles([project(database.name, other)], { dbtNamespace });
      return { id, database, load };
    };
    const said = async (sourceId: string) =>
      rows<{ name: string; definition: string }>(
        db(),
        `
        SELECT coalesce(field.name, dataset.scope || '.' || dataset.name) AS name, entry.definition, entry.owner
          FROM dictionary.entry
          LEFT JOIN dictionary.field ON field.id = entry.field_id
          JOIN dictionary.dataset ON dataset.id = coalesce(entry.dataset_id, field.dataset_id)
         WHERE dataset.source_id = $1 ORDER BY 1
        `,
        [sourceId],
      );

    it('has lineage of models, the exposures that show them, tests as they went last, and descriptions', async () => {
      const { id, load } = await dbt();
      expect(await load()).toMatchObject({ unresolvedEdges: 0, statements: { ok: 1 } });
      expect(await upstream(await fieldId(id, 'loan', 'cert_hash'))).toEqual([
        'loan.cert -> loan.cert_hash TRANSFORMATION masked',
      ]);
      const [loan] = await rows<{ id: string; node: string }>(
        db(),
        `SELECT dataset.id, node.id AS node FROM dictionary.dataset
           JOIN lineage.node ON node.field_id = (SELECT id FROM dictionary.field WHERE dataset_id = dataset.id AND name = 'amt')
          WHERE source_id = $1 AND scope = 'dwd'`,
        [id],
      );
      const reports = context.app.get(PipelineReports);
      const report = {
        name: 'npl',
        label: '不良贷款日报',
        kind: 'dashboard',
        owner: '风险管理部',
        url: 'https://bi.bank/npl',
      };
      expect(await reports.showing([loan?.node ?? ''])).toMatchObject([{ ...report, nodeIds: [loan?.node] }]);
      expect(await reports.ofDatasets([loan?.id ?? ''])).toMatchObject([report]);
      expect(await reports.tests([loan?.id ?? ''])).toMatchObject([
        {
          ...{ name: 'not_null_loan_id', kind: 'not_null', column: 'id', severity: 'error', status: 'fail' },
          finishedAt: new Date('2026-01-31T01:00:02Z'),
        },
      ]);
      expect(await said(id)).toEqual([
        { name: 'amt', definition: '余额（元）', owner: '' },
        { name: 'dwd.loan', definition: '贷款，每行一笔', owner: '' },
      ]);
    });

    it('never overwrites what a person has written, and follows the project where nobody has', async () => {
      const { id, load } = await dbt();
      await load();
      const amt = await fieldId(id, 'loan', 'amt');
      const [all] = await rows<{ ids: string[] }>(
        db(),
        `SELECT array_agg(field.id) AS ids FROM dictionary.field JOIN dictionary.dataset ON dataset.id = dataset_id
          WHERE source_id = $1 AND field.name = 'amt'`,
        [id],
      );
      expect(all?.ids).toContain(amt);
      const wishes = (all?.ids ?? []).map((each) => ({
        asset: { kind: 'field' as const, id: each },
        definition: '专家写的',
      }));
      await context.app.get(Entries).describe(actor, wishes);
      clock.set(day('02-01'));
      expect(await load({ description: '贷款主表', results: 'pass' })).toMatchObject({
        changed: 1,
        edgesAdded: 0,
        edgesClosed: 0,
      });
      expect((await said(id)).map(({ definition }) => definition)).toEqual(['专家写的', '专家写的', '贷款主表']);
    });

    it('of a newer version is read, and says so', async () => {
      const { load } = await dbt({ version: 'v99' });
      expect(await load()).toMatchObject({ statements: { ok: 1, partial: 1 }, unresolvedEdges: 0 });
    });
  });

  describe('bad input', () => {
    const COMMENTED = (from: SourceDatabase, to: SourceDatabase) =>
      `// 每日\n${datax(from, to).replace('"reader"', '/* 读 */ "reader"')}`;

    it('a job with comments is read, and the remark keeps its place', async () => {
      const [core, ods] = [await made(CORE), await made(ODS)];
      await register(ods);
      await register(core);
      const name = `${randomUUID()}.json`;
      expect(await importFiles([{ name, text: COMMENTED(core, ods) }])).toMatchObject({
        ...{ statements: { ok: 2 }, unresolvedEdges: 0 },
      });
      expect(await statements(name)).toEqual(['1 file ok not-strict', '5 datax ok ']);
    });

    it('a task of a kind nobody knows, and a shell task, are listed with their places', async () => {
      const name = `${randomUUID()}.json`;
      const text = JSON.stringify(
        [
          {
            processDefinition: { code: 1, name: '夜间' },
            processTaskRelationList: [],
            taskDefinitionList: [
              { code: 2, name: 'x', taskType: 'QUANTUM', taskParams: {} },
              {
                code: 3,
                name: 'y',
                taskType: 'SHELL',
                taskParams: { rawScript: `mysql -uetl -p${SECRET} -e 'select 1'` },
              },
            ],
          },
        ],
        null,
        1,
      );
      expect(await importFiles([{ name, text }])).toMatchObject({ statements: { opaque: 2 }, refused: [] });
      const { items } = await context.app.get(LineageScripts).notUnderstood(null, { first: 500 });
      expect(
        items
          .filter(({ scriptName }) => scriptName === name)
          .map(({ kind, line, reasons }) => `${kind} ${line > 1} ${reasons.map(({ code }) => code).join()}`),
      ).toEqual(['quantum true unknown-task-type', 'shell true opaque-task']);
    });

    it.each([
      ['is broken', '{"job":\n {"content": [', 2, 'A value should stand where the end of the text is'],
      ['is of no tool', '{"name": "x"}', 1, 'no file of a tool that is known'],
      ['has a NUL', '{"job":\n\n "\u0000"', 3, 'no text'],
      [
        'is a broken manifest',
        `{"metadata": {"dbt_schema_version": "x/manifest/v12.json"},\n "p": ${SECRET}`,
        2,
        'no JSON',
      ],
    ])(
      'a file that %s is refused with its line, the others are kept, and what was kept before stays',
      async (_, text, line, message) => {
        const [core, ods] = [await made(CORE), await made(ODS)];
        const [bad, good] = [`${randomUUID()}.json`, `${randomUUID()}.json`];
        await importFiles([{ name: bad, text: datax(core, ods) }]);
        const report = await importFiles([
          { name: bad, text },
          { name: good, text: datax(core, ods) },
        ]);
        expect(report).toMatchObject({ scripts: 1, read: 1, refused: [{ name: bad, line }] });
        expect(report.refused[0]?.message).toContain(message);
        expect(report.refused[0]?.message).not.toContain(SECRET);
        expect(await statements(bad)).toEqual(['4 datax ok unknown-columns']);
        await expect(importFiles([{ name: bad, text }])).rejects.toThrow(InvalidInput);
      },
    );

    it('a file that is too large is refused, the others are kept', async () => {
      const [core, ods] = [await made(CORE), await made(ODS)];
      const [large, good] = [`${randomUUID()}.json`, `${randomUUID()}.json`];
      const report = await importFiles([
        { name: large, text: `{"a": "${'x'.repeat(50_000_001)}"}` },
        { name: good, text: datax(core, ods) },
      ]);
      expect(report).toMatchObject({ scripts: 1, refused: [{ name: large, line: 1 }] });
      expect(report.refused[0]?.message).toContain('too large');
    });

    it.each([
      ['no files', []],
      ['a name twice', ['a.json', 'a.json']],
      ['an empty name', [' ']],
    ])('%s is refused', async (_, names) => {
      const files = names.map((name) => ({ name, text: '{}' }));
      await expect(context.app.get(LineagePipelines).import(actor, NO_TERMS, files)).rejects.toThrow(InvalidInput);
    });
  });

  it('a pipeline that is removed, or gone from its folder, ends its edges', async () => {
    const [core, ods] = [await made(CORE), await made(ODS)];
    const target = await register(ods);
    await register(core);
    const [one, two, other] = [1, 2, 3].map(() => `${randomUUID()}.json`) as [string, string, string];
    const folder = `etl ${randomUUID()}`;
    const files = [one, two].map((name) => ({ name, text: datax(core, ods) }));
    await importFiles(files, { folder });
    await importFiles([{ name: other, text: datax(core, ods) }], { folder: `${folder} 2` });
    const tel = await fieldId(target, 'customer', 'tel');
    expect(await upstream(tel)).toHaveLength(3);
    clock.set(day('02-01'));
    const scripts = context.app.get(LineageScripts);
    expect(await scripts.prune(actor, null, folder, [one])).toMatchObject({ removed: [two] });
    expect(await readAgain(two)).toMatchObject({ edgesClosed: 4 });
    expect(await upstream(tel)).toHaveLength(2);
    const [kept] = await rows<{ id: string }>(db(), `SELECT id FROM lineage.script WHERE name = $1`, [one]);
    await scripts.remove(actor, kept?.id ?? '');
    expect(await readAgain(one)).toMatchObject({ edgesClosed: 4 });
    expect(await upstream(tel)).toHaveLength(1);
    await expect(scripts.remove(actor, kept?.id ?? '')).rejects.toThrow(InvalidInput);
    clock.set(day('03-01'));
    expect(await importFiles([files[0]!], { folder })).toMatchObject({ changed: 1, edgesAdded: 4 });
  });

  it('no secret is in the database afterwards', async () => {
    const tables = await rows<{ name: string }>(
      db(),
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const dump = await Promise.all(
      tables.map(async ({ name }) => {
        const [all] = await rows<{ text: string | null }>(
          db(),
          `SELECT string_agg(one::text, chr(10)) AS text FROM ${name} AS one`,
        );
        return { table: name, text: all?.text ?? '' };
      }),
    );
    expect(dump.find(({ table }) => table === 'lineage.script_version')?.text).toContain('etl');
    expect(dump.filter(({ text }) => text.includes(SECRET)).map(({ table }) => table)).toEqual([]);
  });
});
