import { dictionaryEntities } from '#dictionary';
import { type EdgeKind, KIND } from '#core/lineage-graph';
import { FixedClock } from '#kernel';
import { openDatabase, rows, type Tx } from '#platform/database';
import { sourcesEntities, SourcesModule } from '#sources';
import fc from 'fast-check';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../../test/support/context.js';
import { lineageEntities } from '../index.js';
import { LineageModule } from '../lineage.module.js';
import { type EdgeOrigin } from '../script.entity.js';
import { LiveGraph } from './live-graph.js';
import { MemoryWalker } from './memory-walker.js';
import { SqlWalker } from './sql-walker.js';
import { type Walker } from './walker.js';

const DATASETS = 6;
const COLUMNS = 3;
const SCRIPTS = { observed: '0198a000-0000-7000-8000-000000000001', pipeline: '0198a000-0000-7000-8000-000000000002' };
/** Days after a first one: times at which something begins, ends or is asked about. */
const day = (number: number) => new Date(Date.UTC(2026, 0, 1 + number));
const DAYS = 6;

/** Node numbers: dataset d is d * 10, its columns follow. */
const datasetOf = (number: number) => (number + 1) * 10;
const columnOf = (number: number) => datasetOf(number % DATASETS) + 1 + Math.floor(number / DATASETS);

interface Edge {
  readonly kind: EdgeKind;
  readonly from: number;
  readonly to: number;
  readonly script: keyof typeof SCRIPTS;
  readonly valid: readonly [from: number, to: number | null];
  readonly recorded: number;
}

const edge = fc
  .record({
    kind: fc.constantFrom<EdgeKind>(KIND.direct, KIND.direct, KIND.indirect, KIND.rows, KIND.dataset),
    from: fc.nat(DATASETS * COLUMNS - 1),
    to: fc.nat(DATASETS * COLUMNS - 1),
    script: fc.constantFrom<keyof typeof SCRIPTS>('observed', 'pipeline'),
    valid: fc.tuple(fc.nat(DAYS - 1), fc.option(fc.constant(DAYS), { freq: 3 })),
    recorded: fc.nat(DAYS - 1),
  })
  .map(({ kind, from, to, ...rest }): Edge => ({
    ...{ kind, ...rest },
    from: kind === KIND.dataset ? datasetOf(from % DATASETS) : columnOf(from),
    to: kind === KIND.dataset || kind === KIND.rows ? datasetOf(to % DATASETS) : columnOf(to),
  }));

const moment = fc.option(fc.nat(DAYS + 1).map(day), { freq: 2 });
const question = fc.record({
  from: fc.uniqueArray(fc.nat(DATASETS * COLUMNS - 1).map(columnOf), { minLength: 1, maxLength: 3 }),
  to: fc.nat(DATASETS * COLUMNS - 1).map(columnOf),
  direction: fc.constantFrom('upstream' as const, 'downstream' as const),
  kinds: fc.constantFrom<readonly EdgeKind[]>(
    [KIND.direct],
    [KIND.direct, KIND.indirect, KIND.rows, KIND.part],
    [KIND.dataset],
  ),
  origins: fc.option(fc.subarray<EdgeOrigin>(['observed', 'declared', 'manual'], { minLength: 1 })),
  asOf: fc.record({ validAt: moment, recordedAt: moment }),
  depth: fc.option(fc.integer({ min: 1, max: 4 })),
  maximumNodes: fc.constantFrom(3, 7, 1_000),
});

describe('the graph in memory', () => {
  let context: TestContext;
  let live: LiveGraph;

  beforeAll(async () => {
    context = await testContext(
      [SourcesModule, LineageModule],
      [...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
      new FixedClock(day(0)),
    );
    live = context.app.get(LiveGraph);
    await db().query(`
      INSERT INTO lineage.script (id, origin, name, created_at)
      SELECT id::uuid, origin, origin, now() FROM (VALUES ${Object.entries(SCRIPTS)
        .map(([origin, id]) => `('${id}', '${origin}')`)
        .join(', ')}) AS script (origin_id, origin) CROSS JOIN LATERAL (SELECT origin_id AS id) AS named`);
    await db().query(`
      INSERT INTO lineage.node (id, key, namespace, dataset_name, column_name)
      OVERRIDING SYSTEM VALUE
      SELECT dataset * 10 + part, 'test ' || dataset || ' ' || part, 'x://y', 'd' || dataset, nullif('c' || part, 'c0')
        FROM generate_series(1, ${DATASETS}) AS dataset, generate_series(0, ${COLUMNS}) AS part`);
    await db().query(`
      INSERT INTO lineage.edge (src, dst, kind, digest, valid_from, recorded_from)
      SELECT dataset * 10, dataset * 10 + part, ${KIND.part}, gen_random_uuid(), '-infinity', '-infinity'
        FROM generate_series(1, ${DATASETS}) AS dataset, generate_series(1, ${COLUMNS}) AS part`);
  });
  afterAll(() => context.stop());

  const db = () => context.app.get(DataSource);
  const insert = (on: DataSource | Tx, edges: readonly Edge[]) =>
    rows<{ id: string }>(
      on,
      `
      INSERT INTO lineage.edge (src, dst, kind, script_id, digest, valid_from, valid_to, recorded_from)
      SELECT src, dst, kind, script_id, gen_random_uuid(), valid_from, valid_to, recorded_from
        FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
          AS new (src, dst, kind, script_id, valid_from, valid_to, recorded_from)
      RETURNING id
      `,
      [
        edges.map(({ from }) => from),
        edges.map(({ to }) => to),
        edges.map(({ kind }) => kind),
        edges.map(({ script }) => SCRIPTS[script]),
        edges.map(({ valid: [from] }) => day(from)),
        edges.map(({ valid: [, to] }) => (to === null ? 'infinity' : day(to))),
        edges.map(({ recorded }) => day(recorded)),
      ],
    );
  const close = (on: DataSource | Tx, ids: readonly string[]) =>
    on.query(
      `UPDATE lineage.edge SET recorded_to = $2 WHERE id = ANY($1::uuid[]) AND recorded_to = 'infinity' AND recorded_from < $2`,
      [ids, day(DAYS)],
    );
  const clear = () => db().query(`DELETE FROM lineage.edge WHERE kind <> ${KIND.part}`);

  /** What a walker says to a question, in one value. */
  async function answers(walker: Walker, asked: typeof question extends fc.Arbitrary<infer Q> ? Q : never) {
    const { from, to, direction, depth, maximumNodes, ...selection } = asked;
    return {
      closures: await walker.closures([{ ...selection, from, direction, depth, maximumNodes }]),
      paths: await walker.paths({ ...selection, from, to: [to], depth, most: 5 }),
      coarse: (await walker.coarse(from, selection, direction)).sort((a, b) => a.from - b.from || a.to - b.to),
    };
  }

  it('answers as the database does, whatever is asked of whatever graph, while the graph changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(edge, { maxLength: 25 }),
        fc.array(edge, { maxLength: 8 }),
        fc.array(fc.nat(24), { maxLength: 6 }),
        fc.array(question, { minLength: 3, maxLength: 3 }),
        async (first, later, ended, questions) => {
          await clear();
          const ids = await insert(db(), first);
          await live.warm();
          await live.read(() => Promise.resolve());
          await live.warm();
          const [second] = await Promise.all([
            insert(db(), later),
            close(
              db(),
              ended.map((at) => ids[at]?.id ?? SCRIPTS.observed),
            ),
          ]);
          // One that came and went between two questions.
          await close(
            db(),
            second.slice(0, 2).map(({ id }) => id),
          );
          for (const asked of questions)
            await live.read(async ({ tx, walker }) => {
              expect(walker).toBeInstanceOf(MemoryWalker);
              expect(await answers(walker, asked)).toEqual(await answers(new SqlWalker(tx), asked));
            });
        },
      ),
      { numRuns: 60 },
    );
  });

  describe('is never older than what was committed before the question', () => {
    const link = (from: number, to: number): Edge => ({
      ...{ kind: KIND.direct, script: 'observed', valid: [0, null], recorded: 0 },
      from: columnOf(from),
      to: columnOf(to),
    });
    const fedBy = (target: number) =>
      live.read(async ({ walker }) => {
        const [closure] = await walker.closures([
          {
            ...{ from: [columnOf(target)], direction: 'upstream', depth: null, maximumNodes: 100 },
            ...{ kinds: [KIND.direct], origins: null, asOf: { validAt: null, recordedAt: null } },
          },
        ]);
        return { inMemory: walker instanceof MemoryWalker, nodes: closure?.nodes };
      });
    beforeEach(async () => {
      await clear();
      await fedBy(0);
      await live.warm();
    });

    it('nor newer: what is not committed is not seen, and is once it is, in whatever order it began', async () => {
      const [early, late] = [db().createQueryRunner(), db().createQueryRunner()];
      try {
        await early.startTransaction();
        await insert(early.manager, [link(1, 0)]);
        await late.startTransaction();
        await insert(late.manager, [link(2, 0)]);
        expect(await fedBy(0)).toEqual({ inMemory: true, nodes: [columnOf(0)] });
        await late.commitTransaction();
        expect(await fedBy(0)).toEqual({ inMemory: true, nodes: [columnOf(0), columnOf(2)] });
        await early.commitTransaction();
        expect((await fedBy(0)).nodes).toHaveLength(3);
        await early.startTransaction();
        await insert(early.manager, [link(3, 0)]);
        await early.rollbackTransaction();
        expect((await fedBy(0)).nodes).toHaveLength(3);
      } finally {
        await early.release();
        await late.release();
      }
    });

    it('while many write and many ask', async () => {
      const counts: number[] = [];
      let done = false;
      const ask = async () => {
        let before = 0;
        while (!done) {
          const { count } = (
            await rows<{ count: number }>(db(), `SELECT count(*)::int FROM lineage.edge WHERE kind <> ${KIND.part}`)
          )[0]!;
          const { nodes = [] } = await fedBy(0);
          expect(nodes.length - 1).toBeGreaterThanOrEqual(count);
          expect(nodes.length).toBeGreaterThanOrEqual(before);
          before = nodes.length;
          counts.push(nodes.length);
        }
      };
      const write = async () => {
        for (let number = 1; number < DATASETS * COLUMNS; number++) await insert(db(), [link(number, 0)]);
        done = true;
      };
      await Promise.all([write(), ask(), ask(), ask()]);
      expect(counts.length).toBeGreaterThan(3);
      expect((await fedBy(0)).nodes).toHaveLength(DATASETS * COLUMNS);
    });

    it.each([
      ['rows were removed', `DELETE FROM lineage.edge WHERE kind = ${KIND.direct}`],
      ['the table was emptied', `TRUNCATE lineage.edge`],
      ['a row was changed by hand', `UPDATE lineage.edge SET dst = ${columnOf(5)} WHERE kind = ${KIND.direct}`],
    ])('after %s, it asks the database until it has read all again', async (_, sql) => {
      await insert(db(), [link(1, 0)]);
      expect((await fedBy(0)).nodes).toHaveLength(2);
      const parts = await rows<{ src: string; dst: string }>(
        db(),
        `SELECT src, dst FROM lineage.edge WHERE kind = ${KIND.part}`,
      );
      await db().query(sql);
      expect(await fedBy(0)).toEqual({ inMemory: false, nodes: [columnOf(0)] });
      await live.warm();
      expect(await fedBy(0)).toEqual({ inMemory: true, nodes: [columnOf(0)] });
      await db().query(
        `INSERT INTO lineage.edge (src, dst, kind, digest, valid_from, recorded_from)
         SELECT src, dst, ${KIND.part}, gen_random_uuid(), '-infinity', '-infinity' FROM unnest($1::bigint[], $2::bigint[]) AS part (src, dst)
          WHERE NOT EXISTS (SELECT FROM lineage.edge WHERE edge.src = part.src AND edge.dst = part.dst)`,
        [parts.map(({ src }) => src), parts.map(({ dst }) => dst)],
      );
    });

    it('in another process too', async () => {
      const other = await openDatabase({ url: context.db.url, pool: 1, entities: [], applicationName: 'another' });
      try {
        await insert(other, [link(4, 0)]);
        expect(await fedBy(0)).toEqual({ inMemory: true, nodes: [columnOf(0), columnOf(4)] });
      } finally {
        await other.destroy();
      }
    });
  });

  it('that may not grow so large stays in the database', async () => {
    const small = await testContext(
      [SourcesModule, LineageModule],
      [...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
      new FixedClock(day(0)),
      { lineageGraphMb: 0 },
    );
    try {
      await small.app.get(LiveGraph).warm();
      expect(await small.app.get(LiveGraph).read(({ walker }) => Promise.resolve(walker instanceof SqlWalker))).toBe(
        true,
      );
    } finally {
      await small.stop();
    }
  });
});
