import { randomUUID } from 'node:crypto';

import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { FixedClock } from '#kernel';
import { lineageEntities, LineageModule } from '#lineage';
import { rows } from '#platform/database';
import { JobStore } from '#platform/queue';
import { sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { aSource, aTable, keepSnapshot } from '../../../../test/support/catalog.js';
import { testContext, type TestContext } from '../../../../test/support/context.js';
import { Ingestion, OpenLineage, OpenLineageModule } from '../index.js';
import { resolveNames } from '../open-lineage.jobs.js';
import { HarvestCompletedConsumer } from './harvest-completed.consumer.js';
import { ResolveNamesProcessor } from './resolve-names.processor.js';

const NAMESPACE = 'postgres://dwh:5432';

describe('after a harvest', () => {
  const clock = new FixedClock(new Date('2026-04-01T00:00:00Z'));
  let context: TestContext;
  let sourceId: string;

  beforeEach(async () => {
    context = await testContext(
      [SourcesModule, DictionaryModule, LineageModule, OpenLineageModule],
      [...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
      clock,
    );
    sourceId = await aSource(context.app);
  });
  afterEach(() => context.stop());

  const db = () => context.app.get(DataSource);
  /** A run that reads a table's column and writes another's. */
  const heard = async (from: string, to: string, column: string) => {
    const facet = { _producer: 'https://etl.bank.example', _schemaURL: 'https://etl.bank.example/facet.json' };
    const inputFields = [{ namespace: NAMESPACE, name: from, field: column }];
    const columnLineage = { ...facet, fields: { [column]: { inputFields } } };
    const [outcome] = await context.app.get(OpenLineage).take([
      {
        ...{ eventType: 'COMPLETE', eventTime: '2026-03-01T00:00:00Z', producer: facet._producer },
        ...{ schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json' },
        ...{ run: { runId: randomUUID() }, job: { namespace: '调度', name: `${from} ${to}` } },
        inputs: [{ namespace: NAMESPACE, name: from }],
        outputs: [{ namespace: NAMESPACE, name: to, facets: { columnLineage } }],
      },
    ]);
    expect(outcome).toMatchObject({ kept: true });
  };
  /** Edges that are held now; what the catalog has stands as `[table]`. */
  const edges = async () => {
    const name = (node: string) => `
      coalesce('[' || (SELECT dataset.name FROM dictionary.dataset WHERE dataset.id = ${node}.dataset_id) || ']',
               ${node}.dataset_name) ||
      coalesce('#[' || (SELECT field.name FROM dictionary.field WHERE field.id = ${node}.field_id) || ']',
               '#' || ${node}.column_name, '')
    `;
    const found = await rows<{ edge: string }>(
      db(),
      `
      SELECT ${name('source')} || ' -> ' || ${name('target')} AS edge
        FROM lineage.edge
        JOIN lineage.node AS source ON source.id = edge.src
        JOIN lineage.node AS target ON target.id = edge.dst
       WHERE edge.recorded_to = 'infinity' AND edge.script_id IS NOT NULL
       ORDER BY 1
      `,
    );
    return found.map(({ edge }) => edge);
  };
  const hear = async () => {
    // A consumer is the worker's; here it is what stands behind the door alone.
    const consumer = new HarvestCompletedConsumer(context.app.get(JobStore));
    await db().transaction((tx) => consumer.hear(tx, { runId: randomUUID(), sourceId } as never));
    return rows(db(), `SELECT name, payload ->> 'sourceId' AS source FROM platform.job WHERE name = $1`, [
      resolveNames.name,
    ]);
  };
  const resolve = () => new ResolveNamesProcessor(context.app.get(Ingestion)).run();

  it('names that events brought before become the datasets and columns that the source has', async () => {
    await heard('risk.ods.借据', 'risk.dwd.loan', '余额');
    const before = ['risk.ods.借据 -> risk.dwd.loan', 'risk.ods.借据#余额 -> risk.dwd.loan#余额'];
    expect(await edges()).toEqual(before);
    await keepSnapshot(context.app, sourceId, [aTable('ods.借据', { name: '余额' })]);
    expect(await hear()).toEqual([{ name: 'resolve-names', source: sourceId }]);
    clock.set(new Date('2026-04-02T00:00:00Z'));
    expect(await resolve()).toEqual({ state: 'succeeded', result: { found: 1 } });
    expect(await edges()).toEqual(['[借据] -> risk.dwd.loan', '[借据]#[余额] -> risk.dwd.loan#余额']);
    expect(await resolve()).toEqual({ state: 'succeeded', result: { found: 0 } });
  });

  it('nothing is asked for where no event named what the source may have', async () => {
    await keepSnapshot(context.app, sourceId, [aTable('ods.a', { name: 'x' }), aTable('ods.b', { name: 'x' })]);
    await heard('risk.ods.a', 'risk.ods.b', 'x');
    expect(await edges()).toEqual(['[a] -> [b]', '[a]#[x] -> [b]#[x]']);
    expect(await hear()).toEqual([]);
  });

  it('a name that the source still does not have stays a name', async () => {
    await heard('risk.ods.a', 'risk.ods.gone', 'x');
    await keepSnapshot(context.app, sourceId, [aTable('ods.a', { name: 'y' })]);
    expect(await hear()).toHaveLength(1);
    expect(await resolve()).toEqual({ state: 'succeeded', result: { found: 1 } });
    expect(await edges()).toEqual(['[a] -> risk.ods.gone', expect.stringMatching(/x -> risk\.ods\.gone#x$/)]);
  });
});
