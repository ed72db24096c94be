import { randomUUID } from 'node:crypto';

import { dictionaryEntities } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { FixedClock, systemActor } from '#kernel';
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
      ...{ maximumNodes: 1_000, asOf: { validAt: null, recordedAt: null } },
    });
    const names = new Map(
      nodes.map((node) => [
        node.id,
        `${node.datasetName}.${node.column}${node.datasetId === null || (node.column !== null && node.fieldId === null) ? '?' : ''}`,
      ]),
    );
    return edges
      .map(
        ({ from, to, subtype, masking }) =>
          `${names.get(from ?? '') ?? ''} -> ${names.get(to)} ${subtype}${masking === true ? ' masked' : ''}`,
      )
      .sort();
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
});
