import { randomUUID } from 'node:crypto';

import { dictionaryEntities } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { FixedClock, systemActor } from '#kernel';
import { lineageEntities, LineageModule } from '#lineage';
import { rows } from '#platform/database';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';
import { Ingestion, OpenLineage, OpenLineageModule } from './index.js';

const actor = systemActor('engineer');

describe('a column that a dataset gains after an event named it', () => {
  const clock = new FixedClock(new Date('2026-04-01T00:00:00Z'));
  let context: TestContext;
  let database: SourceDatabase;

  beforeAll(async () => {
    context = await testContext(
      [SourcesModule, HarvestModule, LineageModule, OpenLineageModule],
      [...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
      clock,
    );
    database = await sourceDatabase('CREATE TABLE a (x int); CREATE TABLE b (x int)');
  });
  afterAll(async () => {
    await context.stop();
    await database.drop();
  });

  const edges = async (recordedAt: Date | null = null) => {
    const found = await rows<{ edge: string }>(
      context.app.get(DataSource),
      `
      SELECT concat(coalesce(f.name, source.column_name || '?'), ' -> ', coalesce(t.name, target.column_name || '?')) AS edge
        FROM lineage.edge
        JOIN lineage.node AS source ON source.id = edge.src
        JOIN lineage.node AS target ON target.id = edge.dst
        LEFT JOIN dictionary.field AS f ON f.id = source.field_id
        LEFT JOIN dictionary.field AS t ON t.id = target.field_id
       WHERE edge.kind = 1 AND edge.valid_to = 'infinity'
         AND CASE WHEN $1::timestamptz IS NULL THEN edge.recorded_to = 'infinity'
                  ELSE edge.recorded_from <= $1 AND edge.recorded_to > $1 END
       ORDER BY 1
      `,
      [recordedAt],
    );
    return found.map(({ edge }) => edge);
  };

  it('is that column from then on, and what was held before is still told', async () => {
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: '数仓', kind: 'postgres', settings: database.settings, include: null, exclude: [] },
      ...{ description: '', owner: '', domain: '', environment: '' },
    });
    const harvest = () =>
      context.app.get(Reader).carryOut({
        ...{ runId: randomUUID(), sourceId: id, confirmRemovals: true, actor },
        ...{ signal: new AbortController().signal, progress: () => undefined },
      });
    await harvest();
    const { namespace } = await context.app.get(Sources).get(id);
    const facet = { _producer: 'https://etl.bank.example', _schemaURL: 'https://etl.bank.example/facet.json' };
    const name = (table: string) => `${database.name}.public.${table}`;
    const said = {
      ...{ producer: facet._producer, schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json' },
      ...{ eventType: 'COMPLETE', eventTime: '2026-03-01T00:00:00Z', run: { runId: randomUUID(), facets: {} } },
      job: { namespace: '调度', name: '装载', facets: {} },
      inputs: [{ namespace, name: name('a') }],
      outputs: [
        {
          ...{ namespace, name: name('b') },
          facets: {
            columnLineage: {
              ...facet,
              fields: {
                x: { inputFields: [{ namespace, name: name('a'), field: 'later 列' }] },
                y: { inputFields: [{ namespace, name: name('a'), field: 'x' }] },
                z: { inputFields: [{ namespace, name: name('a'), field: 'x' }] },
              },
            },
          },
        },
      ],
    };
    expect(await context.app.get(OpenLineage).take([said])).toMatchObject([{ kept: true }]);
    expect(await edges()).toEqual(['later 列? -> x', 'x -> y?', 'x -> z?']);

    clock.set(new Date('2026-04-02T00:00:00Z'));
    expect(await context.app.get(Ingestion).resolveAgain()).toBe(0);
    await database.run('ALTER TABLE a ADD "later 列" int; ALTER TABLE b ADD y int');
    await harvest();
    expect(await context.app.get(Ingestion).resolveAgain()).toBe(2);
    expect(await edges()).toEqual(['later 列 -> x', 'x -> y', 'x -> z?']);
    expect(await edges(new Date('2026-04-01T12:00:00Z'))).toEqual(['later 列? -> x', 'x -> y?', 'x -> z?']);

    // The same event again changes nothing.
    expect(await context.app.get(Ingestion).resolveAgain()).toBe(0);
    await context.app.get(OpenLineage).take([said]);
    expect(await edges()).toEqual(['later 列 -> x', 'x -> y', 'x -> z?']);
  });
});
