import { randomUUID } from 'node:crypto';

import { dictionaryEntities } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { systemActor } from '#kernel';
import { rows } from '#platform/database';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { type CuttingProxy, cuttingProxy } from '../../../test/support/cutting-proxy.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';

const actor = systemActor('engineer');
const CUTS = 100;

describe('a connection that is cut', () => {
  let context: TestContext;
  let database: SourceDatabase;
  let proxy: CuttingProxy;
  let sourceId: string;

  beforeAll(async () => {
    context = await testContext([SourcesModule, HarvestModule], [...sourcesEntities, ...dictionaryEntities]);
    const schemas = ['a', '乙', 'c'].map(
      (schema) =>
        `CREATE SCHEMA "${schema}"; ${Array.from({ length: 8 }, (_, at) => `CREATE TABLE "${schema}"."表 ${at}" (id int PRIMARY KEY, x text)`).join('; ')};`,
    );
    database = await sourceDatabase(schemas.join('\n'));
    const { host, port } = database.settings as { host: string; port: number };
    proxy = await cuttingProxy(host, port);
    const settings = { ...database.settings, host: '127.0.0.1', port: proxy.port };
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: 'cut', kind: 'postgres', settings, include: null, exclude: [], description: '' },
      // Nothing shall be held back by the share either: what keeps the rows is that no scope was read to its end.
      ...{ owner: '', domain: '', environment: '', removalShare: 1 },
    });
    sourceId = id;
  });
  afterAll(async () => {
    await context.stop();
    await proxy.close();
    await database.drop();
  });

  const harvest = () =>
    context.app.get(Reader).carryOut({
      ...{ runId: randomUUID(), sourceId, actor, readAll: true },
      ...{ signal: new AbortController().signal, progress: () => undefined },
    });
  const everything = () =>
    rows(
      context.app.get(DataSource),
      `SELECT to_jsonb(validity) AS row FROM dictionary.schema_validity AS validity ORDER BY id`,
      [],
    );

  it(`at ${CUTS} places never ends anything, and the next harvest finds all of it unchanged`, async () => {
    proxy.cutAfter(Infinity);
    expect(await harvest()).toMatchObject({ state: 'succeeded', added: 24 });
    const before = await everything();
    const whole = proxy.passed;
    const ends: string[] = [];
    for (let at = 0; at < CUTS; at++) {
      // Spread over all that the source sends, and at another byte each time the test runs.
      proxy.cutAfter(Math.floor(((at + Math.random()) / CUTS) * whole));
      ends.push(
        await harvest().then(
          ({ state }) => state,
          (error: { code?: string }) => error.code ?? String(error),
        ),
      );
      expect(await everything()).toEqual(before);
    }
    // The last bytes of all say good-bye; a harvest that only misses those is a good one.
    expect(ends.slice(0, -5).filter((end) => end !== 'partial' && !end.startsWith('SOURCE_'))).toEqual([]);
    expect(new Set(ends)).toContain('partial');
    proxy.cutAfter(Infinity);
    expect(await harvest()).toMatchObject({ state: 'succeeded', unchanged: 24, vanished: 0 });
    expect(await everything()).toEqual(before);
    const staged = await rows(context.app.get(DataSource), 'SELECT 1 FROM dictionary.staged_dataset', []);
    expect(staged).toEqual([]);
  }, 120_000);
});
