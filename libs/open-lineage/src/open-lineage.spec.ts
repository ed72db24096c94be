import { randomUUID } from 'node:crypto';

import { dictionaryEntities } from '#dictionary';
import { AuditLog, Changes } from '#audit';
import { type Clock, FixedClock, InvalidInput, NotFound, systemActor } from '#kernel';
import { digestOfText, KIND, lineageEntities, LineageGraph, LineageModule, ObservedLineage } from '#lineage';
import { readEvent } from '#core/openlineage';
import { rows } from '#platform/database';
import { sourcesEntities } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { EdgeWriter } from './edge-writer.js';
import { EventStore } from './event.store.js';
import { FlowBodies } from './flow-body.store.js';
import { FlowStore } from './flow.store.js';
import { NamesOfDatasets } from './names.store.js';
import { ObservationStore } from './observation.store.js';
import { RunStore } from './runs.store.js';
import { SubjectStore } from './subjects.store.js';
import { EverythingHeard, Ingestion, NamespaceAliases, OpenLineage, OpenLineageModule } from './index.js';

const CORE = 'oceanbase://core.bank.example:2881';
const DWH = 'postgres://dwh.bank.example:5432';
const engineer = systemActor('工程师');
const at = (minute: number, day = 1) => new Date(Date.UTC(2026, 2, day, 1, minute)).toISOString();
const facet = { _producer: 'https://etl.bank.example/v2', _schemaURL: 'https://etl.bank.example/facet.json' };
const base = { producer: facet._producer, schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json' };

type Json = Record<string, unknown>;
const dataset = (namespace: string, name: string, facets: Json = {}) => ({ namespace, name, facets });
const src = (name: string, facets: Json = {}) => dataset(CORE, name, facets);
const dst = (name: string, facets: Json = {}) => dataset(DWH, name, facets);

interface Said {
  readonly run?: string;
  readonly job: string;
  readonly type?: string;
  readonly time: string;
  readonly inputs?: readonly Json[];
  readonly outputs?: readonly Json[];
  readonly jobFacets?: Json;
  readonly runFacets?: Json;
}

const event = ({ run, job, type, time, inputs = [], outputs = [], jobFacets = {}, runFacets = {} }: Said) => ({
  ...base,
  ...{ eventTime: time, inputs, outputs, job: { namespace: '调度', name: job, facets: jobFacets } },
  ...(type !== undefined && { eventType: type }),
  ...(run !== undefined && { run: { runId: run, facets: runFacets } }),
});
const column = (namespace: string, name: string, field: string) => ({ namespace, name, field });
const columns = (fields: Record<string, readonly Json[]>) => ({
  columnLineage: {
    ...facet,
    fields: Object.fromEntries(Object.entries(fields).map(([field, inputFields]) => [field, { inputFields }])),
  },
});

/** What keeps events as another process does: on the same database, with a memory of its own. */
function anotherProcess({ app }: TestContext, clock: Clock): Ingestion {
  const lineage = app.get(ObservedLineage, { strict: false });
  const names = new NamesOfDatasets(lineage);
  const edges = new EdgeWriter(names, lineage);
  const flows = new FlowStore(lineage, new FlowBodies(), new ObservationStore(), edges);
  return new Ingestion(
    ...([app.get(DataSource), clock, app.get(Changes, { strict: false }), new EventStore()] as const),
    ...([names, new SubjectStore(lineage), new RunStore(), flows, edges] as const),
  );
}

describe('OpenLineage events', () => {
  const clock = new FixedClock(new Date('2026-04-01T00:00:00Z'));
  let context: TestContext;

  beforeEach(async () => {
    context = await testContext(
      [LineageModule, OpenLineageModule],
      [...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
      clock,
    );
    clock.set(new Date('2026-04-01T00:00:00Z'));
  });
  afterEach(() => context.stop());

  const db = () => context.app.get(DataSource);
  const take = (...events: unknown[]) => context.app.get(OpenLineage).take(events);
  const send = async (...events: unknown[]) => {
    for (const outcome of await take(...events)) expect(outcome).toMatchObject({ kept: true });
  };
  const heard = () => context.app.get(EverythingHeard).all();
  const run = async (runId: string) => (await heard()).runs.find((one) => one.runId === runId);

  /** Edges between datasets (or columns) that hold now, or held at some time. */
  const edges = async (validAt: string | null = null, kinds: readonly number[] = [KIND.dataset]) => {
    const found = await rows<{ edge: string }>(
      db(),
      `
      SELECT DISTINCT concat_ws('#', source.dataset_name, source.column_name) || ' -> ' ||
                      concat_ws('#', target.dataset_name, target.column_name) AS edge
        FROM lineage.edge
        JOIN lineage.node AS source ON source.id = edge.src
        JOIN lineage.node AS target ON target.id = edge.dst
       WHERE edge.recorded_to = 'infinity' AND edge.kind = ANY($2::smallint[])
         AND CASE WHEN $1::timestamptz IS NULL THEN edge.valid_to = 'infinity'
                  ELSE edge.valid_from <= $1 AND edge.valid_to > $1 END
       ORDER BY 1
      `,
      [validAt, kinds],
    );
    return found.map(({ edge }) => edge);
  };
  /** Everything that is kept of edges, as the graph tells it now; who wrote it when does not count. */
  const graph = async () =>
    rows<{ row: string }>(
      db(),
      `
      SELECT DISTINCT concat_ws(' ', source.namespace, source.dataset_name, source.column_name, '->', target.namespace,
                       target.dataset_name, target.column_name, edge.kind, edge.subtype, script.origin, script.name,
                       edge.valid_from, edge.valid_to) AS row
        FROM lineage.edge
        JOIN lineage.script ON script.id = edge.script_id
        JOIN lineage.node AS source ON source.id = edge.src
        JOIN lineage.node AS target ON target.id = edge.dst
       WHERE edge.recorded_to = 'infinity'
       ORDER BY 1
      `,
    );
  const stored = async (table: string) =>
    (await rows<{ count: number }>(db(), `SELECT count(*)::int AS count FROM ${table}`))[0]?.count;

  it('of one run add up: what only the first names is not lost', async () => {
    const id = randomUUID();
    await send(event({ run: id, job: '敞口', type: 'START', time: at(0), inputs: [src('贷款'), src('客户')] }));
    expect(await edges()).toEqual([]);
    await send(event({ run: id, job: '敞口', type: 'COMPLETE', time: at(5), outputs: [dst('dwd.敞口')] }));
    expect(await edges()).toEqual(['客户 -> dwd.敞口', '贷款 -> dwd.敞口']);
    expect(await run(id)).toMatchObject({ final: 'COMPLETE', types: ['COMPLETE', 'START'] });
  });

  it('that come out of order, twice, and in one batch or many, leave the same graph', async () => {
    const runs = [1, 2, 3].map((day) => {
      const id = randomUUID();
      const inputs = day === 2 ? [src('a')] : [src('a'), src('b')];
      const outputs = [dst('x', columns({ k: [column(CORE, 'a', day === 3 ? 'id' : 'no')] }))];
      return [
        event({ run: id, job: 'j', type: 'START', time: at(0, day), inputs }),
        event({ run: id, job: 'j', type: day === 2 ? 'COMPLETE' : 'RUNNING', time: at(1, day), outputs }),
        event({ run: id, job: 'j', type: 'COMPLETE', time: at(2, day), outputs }),
      ];
    });
    const all = runs.flat();
    await send(...all);
    const expected = await graph();
    expect(await edges(at(30, 1))).toEqual(['a -> x', 'b -> x']);
    expect(await edges(at(30, 2))).toEqual(['a -> x']);
    expect(await edges()).toEqual(['a -> x', 'b -> x']);
    expect(await edges(at(30, 2), [KIND.direct])).toEqual(['a#no -> x#k']);
    for (const order of [
      [8, 7, 6, 5, 4, 3, 2, 1, 0],
      [3, 8, 0, 5, 2, 2, 7, 1, 4, 6, 0],
      [5, 0, 6, 1, 7, 2, 8, 3, 4],
    ]) {
      await context.stop();
      context = await testContext(
        [LineageModule, OpenLineageModule],
        [...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
        clock,
      );
      for (const index of order) await send(all[index]);
      expect(await graph()).toEqual(expected);
      expect(await stored('open_lineage.event')).toBe(9);
    }
  });

  it('that say what is known write no edge', async () => {
    const say = (day: number) =>
      event({
        run: randomUUID(),
        job: 'j',
        type: 'COMPLETE',
        time: at(0, day),
        inputs: [src('a')],
        outputs: [dst('x')],
      });
    await send(say(1));
    const before = await stored('lineage.edge');
    await send(say(2), say(3));
    await send(say(4));
    expect(await stored('lineage.edge')).toBe(before);
    expect(await stored('open_lineage.flow')).toBe(1);
    expect((await heard()).jobs).toMatchObject([{ runs: 4 }]);
  });

  it('with explicit lineage are not multiplied out', async () => {
    const lineage = {
      ...facet,
      entries: [
        { ...dst('客户汇总'), type: 'DATASET', inputs: [{ ...src('客户'), type: 'DATASET' }] },
        { ...dst('订单汇总'), type: 'DATASET', inputs: [{ ...src('订单'), type: 'DATASET' }] },
      ],
    };
    await send(
      event({
        ...{ run: randomUUID(), job: '汇总', type: 'COMPLETE', time: at(0), jobFacets: { lineage } },
        ...{ inputs: [src('客户'), src('订单')], outputs: [dst('客户汇总'), dst('订单汇总')] },
      }),
    );
    expect(await edges()).toEqual(['客户 -> 客户汇总', '订单 -> 订单汇总']);
  });

  it.each([
    ['in order', [0, 1, 2]],
    ['the last first', [2, 1, 0]],
    ['the middle last', [0, 2, 1]],
  ] as const)('that delete a facet delete it, whatever comes first: %s', async (_, order) => {
    const say = (minute: number, documentation: Json) => ({
      ...{ ...base, eventTime: at(minute) },
      dataset: dst('dwd.敞口', { documentation: { ...facet, ...documentation } }),
    });
    const events = [say(0, { description: '旧' }), say(1, { description: '敞口明细' }), say(2, { _deleted: true })];
    for (const index of order) await send(events[index]);
    expect(await rows(db(), `SELECT facets FROM open_lineage.dataset`)).toEqual([{ facets: {} }]);
    expect(await stored('open_lineage.run')).toBe(0);
  });

  it('are kept without the secrets in them', async () => {
    const runFacets = { connector: { ...facet, configs: ['database.user=cdc', 'database.password=hunter2'] } };
    const id = randomUUID();
    await send(event({ run: id, job: 'cdc', type: 'RUNNING', time: at(0), outputs: [dst('topic')], runFacets }));
    const [kept] = await rows<{ body: string }>(db(), `SELECT body::text AS body FROM open_lineage.event`);
    expect(kept?.body).toContain('database.password=***');
    expect(kept?.body).not.toContain('hunter2');
    expect(await run(id)).toMatchObject({ final: 'RUNNING' });
  });

  it.each([
    ['the path first', false],
    ['the table first', true],
  ])('that name one dataset by a path and by a table meet in it: %s', async (_, tableFirst) => {
    const table = dataset('hive://HMS.bank.example:9083', 'risk.exposure');
    const symlinks = {
      ...facet,
      identifiers: [{ namespace: table.namespace.toLowerCase(), name: table.name, type: 'TABLE' }],
    };
    const path = dataset('hdfs://nn1', '/warehouse/risk.db/exposure/', {
      symlinks,
      ...columns({ id: [column(CORE, 'loan', 'id')] }),
    });
    const events = [
      event({ run: randomUUID(), job: 'spark', type: 'COMPLETE', time: at(0), inputs: [src('loan')], outputs: [path] }),
      event({
        ...{ run: randomUUID(), job: 'hive', type: 'COMPLETE', time: at(9), inputs: [table] },
        outputs: [dst('report', columns({ id: [column(table.namespace, table.name, 'id')] }))],
      }),
    ];
    for (const one of tableFirst ? events.toReversed() : events) await send(one);
    expect(await edges()).toEqual(['loan -> risk.exposure', 'risk.exposure -> report']);
    expect(await edges(null, [KIND.direct])).toEqual(['loan#id -> risk.exposure#id', 'risk.exposure#id -> report#id']);
  });

  it('of producers that spell one host differently meet', async () => {
    const one = (namespace: string) => dataset(namespace, 'risk.dwd.x');
    await send(
      event({
        run: randomUUID(),
        job: 'a',
        type: 'COMPLETE',
        time: at(0),
        inputs: [src('s')],
        outputs: [one('postgresql://DWH.bank.example')],
      }),
      event({
        run: randomUUID(),
        job: 'b',
        type: 'COMPLETE',
        time: at(1),
        inputs: [one(DWH)],
        outputs: [dst('risk.dm.y')],
      }),
      event({
        run: randomUUID(),
        job: 'c',
        type: 'COMPLETE',
        time: at(2),
        inputs: [one('postgres://10.0.0.7:5432')],
        outputs: [dst('risk.dm.z')],
      }),
    );
    const nodes = () =>
      rows(
        db(),
        `SELECT DISTINCT namespace FROM lineage.node WHERE dataset_name = 'risk.dwd.x' AND EXISTS (
      SELECT FROM lineage.edge WHERE (src = node.id OR dst = node.id) AND recorded_to = 'infinity') ORDER BY 1`,
      );
    expect(await nodes()).toEqual([{ namespace: 'postgres://10.0.0.7:5432' }, { namespace: DWH }]);
    await context.app.get(NamespaceAliases).add(engineer, { namespace: 'postgres://10.0.0.7', standsFor: DWH });
    expect(await nodes()).toEqual([{ namespace: DWH }]);
    await send(
      event({
        run: randomUUID(),
        job: 'd',
        type: 'COMPLETE',
        time: at(3),
        inputs: [one('postgres://10.0.0.7')],
        outputs: [dst('risk.dm.w')],
      }),
    );
    expect(await nodes()).toEqual([{ namespace: DWH }]);
  });

  it('whose namespaces are said to be one, and then not, are apart as if it had never been said', async () => {
    const link = { namespace: 'hive://hms:9083', name: 'risk.x', type: 'TABLE' };
    const reads = (job: string, minute: number, namespace: string, facets: Json = {}) =>
      event({
        ...{ run: randomUUID(), job, type: 'COMPLETE', time: at(minute) },
        ...{ inputs: [dataset(namespace, 'risk.dwd.x', facets)], outputs: [dst(`risk.dm.${job}`)] },
      });
    const ends = () =>
      rows<{ edge: string }>(
        db(),
        `
        SELECT source.namespace || ' ' || target.dataset_name AS edge
          FROM lineage.edge
          JOIN lineage.node AS source ON source.id = edge.src
          JOIN lineage.node AS target ON target.id = edge.dst
         WHERE edge.recorded_to = 'infinity' AND edge.kind = $1
         ORDER BY 1
        `,
        [KIND.dataset],
      );
    const aliases = context.app.get(NamespaceAliases);
    const before = [
      reads('before', 0, 'postgres://10.0.0.7'),
      reads('own', 1, DWH, { symlinks: { ...facet, identifiers: [link] } }),
    ];
    await send(...before);
    await aliases.add(engineer, { namespace: 'postgres://10.0.0.7', standsFor: DWH });
    await send(reads('meanwhile', 2, 'jdbc:postgresql://10.0.0.7'));
    expect(await aliases.list()).toEqual([{ namespace: 'postgres://10.0.0.7:5432', standsFor: DWH }]);
    expect(new Set((await ends()).map(({ edge }) => edge.split(' ')[0]))).toEqual(new Set(['hive://hms:9083']));
    clock.set(new Date('2026-04-02T00:00:00Z'));
    expect(await aliases.remove(engineer, 'postgresql://10.0.0.7:5432/')).toMatchObject({ standsFor: DWH });
    expect(await ends()).toEqual([
      { edge: 'hive://hms:9083 risk.dm.own' },
      { edge: 'postgres://10.0.0.7:5432 risk.dm.before' },
      { edge: 'postgres://10.0.0.7:5432 risk.dm.meanwhile' },
    ]);
    await send(reads('after', 3, 'postgres://10.0.0.7'), reads('own', 4, DWH));
    expect((await ends()).map(({ edge }) => edge)).toEqual([
      'hive://hms:9083 risk.dm.own',
      'postgres://10.0.0.7:5432 risk.dm.after',
      'postgres://10.0.0.7:5432 risk.dm.before',
      'postgres://10.0.0.7:5432 risk.dm.meanwhile',
    ]);
    const noted = async (action: string) =>
      (await context.app.get(AuditLog).list({ action }, { first: 10 })).items.map(({ actorName }) => actorName);
    expect(await noted('open-lineage.alias-added')).toEqual([engineer.name]);
    expect(await noted('open-lineage.alias-removed')).toEqual([engineer.name]);
  });

  it.each<[string, string, string, RegExp]>([
    ['itself', 'postgres://a', 'postgresql://A:5432', /already/],
    ['nothing', 'a', ' ', /not empty/],
    ['what stands for another', 'b', 'x', /itself stands for y/],
    ['something, when another stands for it', 'y', 'z', /x stands for y/],
    ['two others', 'x', 'z', /x stands for y; remove/],
  ])('cannot be said to be of a namespace that stands for %s', async (_, namespace, standsFor, reason) => {
    const aliases = context.app.get(NamespaceAliases);
    await aliases.add(engineer, { namespace: 'x', standsFor: 'y' });
    const refused = await aliases.add(engineer, { namespace, standsFor }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidInput);
    expect((refused as Error).message).toMatch(reason);
    await expect(aliases.remove(engineer, 'nobody')).rejects.toThrow(NotFound);
    expect(await aliases.list()).toEqual([{ namespace: 'x', standsFor: 'y' }]);
  });

  it('keep names in any script', async () => {
    const names = ['核心库."客户 😀"', "it's\\", 'a\tb', '%_', '<script>', 'x'.repeat(5_000)];
    const schema = { ...facet, fields: [{ name: '客户编号', type: 'VARCHAR(32)', description: '唯一标识' }] };
    await send(
      event({
        ...{ run: randomUUID(), job: '风险.日终跑批', type: 'COMPLETE', time: at(0) },
        inputs: names.map((name) => src(name, { schema })),
        outputs: [dst('客户')],
      }),
    );
    expect((await heard()).datasets.map(({ name }) => name).sort()).toEqual([...names, '客户'].sort());
    expect(await edges()).toHaveLength(names.length);
  });

  it('in a batch stand for themselves: those that are none are named, the rest is kept', async () => {
    const good = event({
      run: randomUUID(),
      job: 'j',
      type: 'COMPLETE',
      time: at(0),
      inputs: [src('a')],
      outputs: [dst('x')],
    });
    const outcomes = await take(
      good,
      { ...good, run: { runId: 'run_7' } },
      { ...base, eventTime: 'soon', job: { namespace: 'n', name: 'j' } },
    );
    expect(outcomes).toMatchObject([
      { kept: true },
      { kept: false, retriable: false, faults: [{ at: '/run/runId' }] },
      { kept: false, retriable: false, faults: [{ at: '/eventTime' }] },
    ]);
    expect(await edges()).toEqual(['a -> x']);
  });

  it('of a design are declared, apart from what is observed', async () => {
    await send(event({ job: '设计', time: at(0), inputs: [src('a'), src('old')], outputs: [dst('x')] }));
    await send(event({ job: '设计', time: at(1), inputs: [src('a')], outputs: [dst('x')] }));
    await send(
      event({ run: randomUUID(), job: '设计', type: 'COMPLETE', time: at(2), inputs: [src('b')], outputs: [dst('x')] }),
    );
    expect(await edges()).toEqual(['a -> x', 'b -> x']);
    expect(
      await rows(
        db(),
        `SELECT script.origin, node.dataset_name AS name FROM lineage.edge JOIN lineage.script ON script.id = script_id JOIN lineage.node ON node.id = src
          WHERE edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity' ORDER BY 1`,
      ),
    ).toEqual([
      { origin: 'declared', name: 'a' },
      { origin: 'observed', name: 'b' },
    ]);
    expect((await heard()).jobs).toMatchObject([{ name: '设计', runs: 1 }]);
  });

  it('that rename a dataset, and rename it back, keep its history', async () => {
    const rename = (from: string, to: string, minute: number) =>
      event({
        ...{ run: randomUUID(), job: `${from} to ${to}`, type: 'COMPLETE', time: at(minute) },
        outputs: [
          dst(to, {
            lifecycleStateChange: {
              ...facet,
              lifecycleStateChange: 'RENAME',
              previousIdentifier: { namespace: DWH, name: from },
            },
          }),
        ],
      });
    await send(
      event({ run: randomUUID(), job: 'j', type: 'COMPLETE', time: at(0), inputs: [src('a')], outputs: [dst('old')] }),
    );
    await send(rename('old', 'new', 5));
    expect(await edges()).toEqual(['a -> old', 'old -> new']);
    expect(await edges(at(1))).toEqual(['a -> old']);
    await send(rename('new', 'old', 9));
    expect(await edges()).toEqual(['a -> old', 'new -> old', 'old -> new']);
    const renamed = (await heard()).datasets.filter(({ lifecycle }) => lifecycle.length > 0);
    expect(renamed.map(({ name, lifecycle }) => [name, [...lifecycle].sort()])).toEqual([
      ['old', ['RENAME', 'RENAMED']],
      ['new', ['RENAME', 'RENAMED']],
    ]);
  });

  it.each([
    ['in order', false],
    ['the later first', true],
  ])('that rename a dataset twice: the later name counts, whatever comes first: %s', async (_, laterFirst) => {
    const rename = (to: string, minute: number) => {
      const previousIdentifier = { namespace: DWH, name: 'old' };
      return event({
        ...{ run: randomUUID(), job: to, type: 'COMPLETE', time: at(minute) },
        outputs: [dst(to, { lifecycleStateChange: { ...facet, lifecycleStateChange: 'RENAME', previousIdentifier } })],
      });
    };
    const events = [rename('first', 1), rename('second', 2)];
    for (const one of laterFirst ? events.reverse() : events) await send(one);
    const [found] = await rows(
      db(),
      `
      SELECT later.name
        FROM open_lineage.dataset
        JOIN open_lineage.dataset AS later ON later.key = dataset.renamed_to
       WHERE dataset.name = 'old'
      `,
    );
    expect(found).toEqual({ name: 'second' });
  });

  it.each([
    ['in order', false],
    ['the drop first', true],
  ])('that drop a dataset end its edges: %s', async (_, dropFirst) => {
    const events = [
      event({ run: randomUUID(), job: 'j', type: 'COMPLETE', time: at(0), inputs: [src('a')], outputs: [dst('x')] }),
      event({
        ...{ run: randomUUID(), job: 'ddl', type: 'COMPLETE', time: at(5) },
        outputs: [dst('x', { lifecycleStateChange: { ...facet, lifecycleStateChange: 'DROP' } })],
      }),
    ];
    for (const one of dropFirst ? events.toReversed() : events) await send(one);
    expect(await edges()).toEqual([]);
    expect(await edges(at(3))).toEqual(['a -> x']);
    await send(
      event({ run: randomUUID(), job: 'j', type: 'COMPLETE', time: at(9), inputs: [src('a')], outputs: [dst('x')] }),
    );
    expect(await edges()).toEqual(['a -> x']);
    expect(await edges(at(7))).toEqual([]);
  });

  it('of a run that fails change nothing that a good run said, and tell why', async () => {
    const good = event({
      run: randomUUID(),
      job: 'j',
      type: 'COMPLETE',
      time: at(0),
      inputs: [src('a')],
      outputs: [dst('x')],
    });
    const id = randomUUID();
    const errorMessage = { ...facet, message: 'ORA-00942', programmingLanguage: 'SQL' };
    await send(
      good,
      event({ run: id, job: 'j', type: 'START', time: at(10), inputs: [src('b')], outputs: [dst('x')] }),
      event({ run: id, job: 'j', type: 'FAIL', time: at(11), runFacets: { errorMessage } }),
    );
    expect(await edges()).toEqual(['a -> x', 'b -> x']);
    expect(await run(id)).toMatchObject({ final: 'FAIL' });
    expect(await rows(db(), `SELECT error FROM open_lineage.run WHERE end_type = 'FAIL'`)).toEqual([
      { error: 'ORA-00942' },
    ]);
  });

  it('that feed a dataset from itself are one edge, which no walk follows twice', async () => {
    await send(
      event({
        ...{ run: randomUUID(), job: 'j', type: 'COMPLETE', time: at(0), inputs: [dst('a')] },
        outputs: [dst('a', columns({ x: [column(DWH, 'a', 'x')] }))],
      }),
    );
    expect(await edges()).toEqual(['a -> a']);
    expect(await edges(null, [KIND.direct])).toEqual(['a#x -> a#x']);
  });

  it('in a circle are kept, and walked once', async () => {
    const step = (from: string, to: string) =>
      event({
        run: randomUUID(),
        job: `${from}${to}`,
        type: 'COMPLETE',
        time: at(0),
        inputs: [dst(from)],
        outputs: [dst(to)],
      });
    await send(step('a', 'b'), step('b', 'c'), step('c', 'a'), step('a', 'a'));
    expect(await edges()).toEqual(['a -> a', 'a -> b', 'b -> c', 'c -> a']);
  });

  it('with very many inputs are kept, through the job', async () => {
    const inputs = Array.from({ length: 12_000 }, (_, n) => src(`t${n}`));
    await send(event({ run: randomUUID(), job: '大', type: 'COMPLETE', time: at(0), inputs, outputs: [dst('x')] }));
    expect(await edges()).toHaveLength(12_001);
    expect(await rows(db(), `SELECT dataset_name AS name FROM lineage.node WHERE is_job`)).toEqual([{ name: '大' }]);
  });

  it('with a million inputs are refused, with the place; the rest of the batch is kept', async () => {
    const named = src('t');
    const big = (side: 'inputs' | 'outputs') => ({
      ...event({ run: randomUUID(), job: '大', type: 'COMPLETE', time: at(0) }),
      [side]: Array.from({ length: 1_000_000 }, () => named),
    });
    const good = event({ run: randomUUID(), job: '小', type: 'COMPLETE', time: at(0), inputs: [named] });
    const refused = (place: string) => ({
      ...{ kept: false, retriable: false },
      faults: [{ at: place, message: 'has 1000000 datasets; one event may have 50000' }],
    });
    expect(await take(big('inputs'), good, big('outputs'))).toMatchObject([
      refused('/inputs'),
      { kept: true },
      refused('/outputs'),
    ]);
    expect((await heard()).jobs.map(({ name }) => name)).toEqual(['小']);
  });

  it('read again say the same, and write nothing', async () => {
    const id = randomUUID();
    await send(
      event({ run: id, job: 'j', type: 'START', time: at(0), inputs: [src('a')] }),
      event({
        run: id,
        job: 'j',
        type: 'COMPLETE',
        time: at(2),
        outputs: [dst('x', columns({ k: [column(CORE, 'a', 'id')] }))],
      }),
      event({ run: randomUUID(), job: 'j', type: 'COMPLETE', time: at(7), inputs: [src('b')], outputs: [dst('x')] }),
    );
    const [before, count] = [await graph(), await stored('lineage.edge')];
    expect(await context.app.get(Ingestion).replay(engineer)).toBe(3);
    expect(await graph()).toEqual(before);
    expect(await stored('lineage.edge')).toBe(count);
  });

  it('that two processes keep by turns leave what one would have left', async () => {
    const processes = [context.app.get(Ingestion), anotherProcess(context, clock)];
    const run = randomUUID();
    const turns = [
      event({ run, job: 'j', type: 'START', time: at(0), inputs: [src('a')] }),
      event({ run, job: 'j', type: 'RUNNING', time: at(1), inputs: [src('b', { f: { ...facet, is: 1 } })] }),
      event({ run, job: 'j', type: 'COMPLETE', time: at(2), outputs: [dst('x')] }),
      event({
        run: randomUUID(),
        job: 'j',
        type: 'COMPLETE',
        time: at(9),
        inputs: [src('b', { f: { ...facet, is: 2 } })],
      }),
      event({
        run: randomUUID(),
        job: 'k',
        type: 'COMPLETE',
        time: at(5),
        inputs: [src('b', { f: { ...facet, is: 3 } })],
      }),
    ];
    for (const [turn, one] of turns.entries()) {
      const read = readEvent(one, 'strict', clock.now());
      if ('refused' in read) throw new Error(JSON.stringify(read.refused));
      const body = JSON.stringify(read.event);
      const kept = { digest: digestOfText(body), facts: read.facts, body, remarks: [] };
      expect(await processes[turn % 2]?.keep([kept])).toBe(1);
    }
    expect(await edges(at(3))).toEqual(['a -> x', 'b -> x']);
    expect((await heard()).runs.find(({ runId }) => runId === run)?.types).toEqual(['COMPLETE', 'RUNNING', 'START']);
    const [b] = await rows<{ is: unknown }>(
      db(),
      `SELECT facets #> '{f,is}' AS is FROM open_lineage.dataset WHERE name = 'b'`,
    );
    expect(b?.is).toBe(2);
  });

  it('that come while others are written are written together, each once', async () => {
    const events = Array.from({ length: 300 }, (_, n) =>
      event({
        run: randomUUID(),
        job: `j${n % 7}`,
        type: 'COMPLETE',
        time: at(n % 50),
        inputs: [src(`a${n % 7}`)],
        outputs: [dst(`x${n % 7}`)],
      }),
    );
    await Promise.all([...events, ...events].map((one) => send(one)));
    expect(await stored('open_lineage.event')).toBe(300);
    expect(await stored('open_lineage.run')).toBe(300);
    expect(await edges()).toHaveLength(7);
  });

  it('show in the graph what feeds what, across jobs, as it was on a day', async () => {
    expect(context.app.get(LineageGraph)).toBeDefined();
    await send(
      event({ run: randomUUID(), job: 'j', type: 'COMPLETE', time: at(0, 1), inputs: [src('a')], outputs: [dst('x')] }),
    );
    clock.set(new Date('2026-04-02T00:00:00Z'));
    await send(
      event({
        run: randomUUID(),
        job: 'j',
        type: 'COMPLETE',
        time: at(0, 20),
        inputs: [src('b')],
        outputs: [dst('x')],
      }),
    );
    expect(await edges(at(0, 10))).toEqual(['a -> x']);
    expect(await edges()).toEqual(['b -> x']);
    const known = await rows(
      db(),
      `SELECT node.dataset_name AS name FROM lineage.edge JOIN lineage.node ON node.id = src
        WHERE recorded_from <= '2026-04-01T12:00:00Z' AND recorded_to > '2026-04-01T12:00:00Z' AND valid_to = 'infinity' AND kind = 4`,
    );
    expect(known).toEqual([{ name: 'a' }]);
  });
});
