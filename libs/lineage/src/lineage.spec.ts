import { randomUUID } from 'node:crypto';

import { AuditLog } from '#audit';
import { dictionaryEntities } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { FixedClock, InvalidInput, NotFound, systemActor } from '#kernel';
import { rows, statementsOf } from '#platform/database';
import { ThreadPool } from '#platform/threads';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';
import {
  type AsOf,
  EdgeAlreadyThere,
  EdgeNotManual,
  EndsDoNotMatch,
  type ImportTerms,
  KIND,
  lineageEntities,
  type LineageAnswer,
  LineageCoverage,
  LineageDiff,
  LineageGraph,
  LineageImpact,
  LineageMoved,
  LineageModule,
  type LineageQuestion,
  LineageReader,
  LineageScripts,
  LiveGraph,
  ManualEdges,
  type ManualEdgeWish,
} from './index.js';
import { GraphStore } from './graph.store.js';

const actor = systemActor('工程师 "engineer"');
const NOW: AsOf = { validAt: null, recordedAt: null };
const day = (text: string) => new Date(`2026-${text}T00:00:00Z`);

describe('lineage', () => {
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
  const graph = () => context.app.get(LineageGraph);
  const work = () => ({ threads: pool, actor, signal: new AbortController().signal, progress: () => undefined });
  const register = async (sql: string) => {
    const database = await sourceDatabase(sql);
    databases.push(database);
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: `源 ${randomUUID()}`, kind: 'postgres', settings: database.settings, include: null, exclude: [] },
      ...{ description: '', owner: '', domain: '', environment: '' },
    });
    await harvest(id);
    return { database, id };
  };
  const harvest = (sourceId: string) =>
    context.app.get(Reader).carryOut({
      ...{ runId: randomUUID(), sourceId, confirmRemovals: true, actor },
      ...{ signal: new AbortController().signal, progress: () => undefined },
    });
  const read = (sourceId: string) => context.app.get(LineageReader).readDeclared(sourceId, work());
  /** A harvest, and what follows it. */
  const follow = async (sourceId: string) => {
    await harvest(sourceId);
    return read(sourceId);
  };
  const terms = (sourceId: string, more: Partial<ImportTerms> = {}): ImportTerms => ({
    ...{ sourceId, dialect: 'postgres', defaultSchema: 'public', aliases: {} },
    ...more,
  });
  const importSql = async (
    sourceId: string,
    text: string,
    more: Partial<ImportTerms> = {},
    name = '脚本 "1".sql 😀',
  ) => {
    await context.app.get(LineageScripts).importSql(actor, terms(sourceId, more), [{ name, text }]);
    return context.app.get(LineageReader).readImported(sourceId, work());
  };
  const dataset = async (sourceId: string, name: string): Promise<string> =>
    (
      await rows<{ id: string }>(db(), `SELECT id FROM dictionary.dataset WHERE source_id = $1 AND name = $2`, [
        sourceId,
        name,
      ])
    )[0]?.id ?? '';
  const field = async (sourceId: string, path: readonly [table: string, column: string]): Promise<string> =>
    (
      await rows<{ id: string }>(db(), `SELECT id FROM dictionary.field WHERE dataset_id = $1 AND name = $2`, [
        await dataset(sourceId, path[0]),
        path[1],
      ])
    )[0]?.id ?? '';
  const ask = async (sourceId: string, path: string, more: Partial<LineageQuestion> = {}): Promise<LineageAnswer> => {
    const [table = '', column] = path.split('.');
    const of: LineageQuestion['of'] =
      column === undefined
        ? { kind: 'dataset', id: await dataset(sourceId, table) }
        : { kind: 'field', id: await field(sourceId, [table, column]) };
    return graph().around({
      ...{
        of,
        directions: ['upstream'],
        depth: null,
        types: ['DIRECT', 'INDIRECT'],
        origins: null,
        level: 'column',
        first: 1_000,
        after: null,
      },
      asOf: { validAt: null, recordedAt: null },
      ...more,
    });
  };
  const edges = async (sourceId: string, path: string, more: Partial<LineageQuestion> = {}) =>
    labels(await ask(sourceId, path, more));

  describe('on both time axes', () => {
    it('tells what was so, and what we held to be so', async () => {
      const { database, id } = await register(
        `CREATE TABLE t (x int, y int, z int); CREATE VIEW v AS SELECT x AS a FROM t`,
      );
      await read(id);
      clock.set(day('02-01'));
      await database.run(`CREATE OR REPLACE VIEW v AS SELECT y AS a FROM t`);
      await harvest(id);
      // Lineage is read an hour after the harvest: the view was changed when the harvest saw it.
      clock.set(new Date('2026-02-01T01:00:00Z'));
      expect(await read(id)).toMatchObject({ edgesAdded: 2, edgesClosed: 2 });
      clock.set(day('03-01'));
      await database.run(`CREATE OR REPLACE VIEW v AS SELECT z AS a FROM t`);
      await follow(id);

      const at = (validAt: Date | null, recordedAt: Date | null) => edges(id, 'v.a', { asOf: { validAt, recordedAt } });
      expect(await at(null, null)).toEqual(['t.z -> v.a IDENTITY']);
      expect(await at(day('01-15'), null)).toEqual(['t.x -> v.a IDENTITY']);
      expect(await at(day('02-15'), null)).toEqual(['t.y -> v.a IDENTITY']);
      expect(await at(new Date('2026-02-01T00:30:00Z'), null)).toEqual(['t.y -> v.a IDENTITY']);
      expect(await at(day('02-15'), day('01-20'))).toEqual(['t.x -> v.a IDENTITY']);
      expect(await at(new Date('2026-02-01T00:30:00Z'), new Date('2026-02-01T00:30:00Z'))).toEqual([
        't.x -> v.a IDENTITY',
      ]);
      expect(await at(day('01-15'), day('02-15'))).toEqual(['t.x -> v.a IDENTITY']);
      expect(await at(day('03-15'), day('02-15'))).toEqual(['t.y -> v.a IDENTITY']);
      expect(await at(new Date('2025-12-01T00:00:00Z'), null)).toEqual([]);

      const between = async (from: AsOf, to: AsOf) => {
        const { changes, nodes, unchanged } = await context.app.get(LineageDiff).difference({
          ...{ of: { kind: 'dataset', id: await dataset(id, 'v') }, directions: ['upstream'], depth: null, from, to },
          ...{ types: ['DIRECT', 'INDIRECT'], origins: null, level: 'column' },
        });
        const names = new Map(nodes.map((node) => [node.id, node.column]));
        return [unchanged, ...changes.map(({ change, edge }) => `${change} ${names.get(edge.from ?? '')}`)];
      };
      const [january, march] = [day('01-15'), day('03-15')].map((validAt) => ({ validAt, recordedAt: null }));
      expect(await between(january!, march!)).toEqual([0, 'removed x', 'added z']);
      expect(await between(march!, NOW)).toEqual([1]);
      const then = { validAt: day('03-15'), recordedAt: day('01-20') };
      expect(await between({ ...then, validAt: day('01-15') }, then)).toEqual([1]);
      // The same day, as it was held to be before and after the change was known.
      expect(await between(then, march!)).toEqual([0, 'removed x', 'added z']);
    });

    it('writes nothing when nothing has changed, and ends what a dropped view said', async () => {
      const { database, id } = await register(`CREATE TABLE t (x int); CREATE VIEW v AS SELECT x FROM t WHERE x > 1`);
      expect(await read(id)).toMatchObject({ scripts: 1, read: 1, edgesAdded: 3, statements: { ok: 1 } });
      const before = await rows(db(), `SELECT * FROM lineage.edge ORDER BY id`);
      const entries = (await context.app.get(AuditLog).verify()).entries;
      clock.set(day('01-02'));
      expect(await read(id)).toMatchObject({ scripts: 1, read: 0, edgesAdded: 0, edgesClosed: 0 });
      expect(await rows(db(), `SELECT * FROM lineage.edge ORDER BY id`)).toEqual(before);
      expect((await context.app.get(AuditLog).verify()).entries).toBe(entries);

      await database.run(`DROP VIEW v; CREATE TABLE v (x int)`);
      clock.set(day('01-03'));
      expect(await follow(id)).toMatchObject({ edgesAdded: 0, edgesClosed: 3, statements: {} });
      expect(await edges(id, 'v.x')).toEqual([]);
      expect(await edges(id, 'v.x', { types: ['DIRECT'], asOf: { validAt: day('01-02'), recordedAt: null } })).toEqual([
        't.x -> v.x IDENTITY',
      ]);
    });

    it('an edge of a script stays when another statement changes or moves', async () => {
      const { id } = await register(`CREATE TABLE a (x int); CREATE TABLE b (x int); CREATE TABLE c (x int)`);
      const first = `INSERT INTO b (x) SELECT x FROM a;`;
      expect(await importSql(id, first)).toMatchObject({ edgesAdded: 2 });
      const [kept] = (await ask(id, 'b.x')).edges;
      clock.set(day('01-05'));
      const report = await importSql(id, `-- moved\nINSERT INTO c (x) SELECT x + 1 FROM b;\n${first}`);
      expect(report).toMatchObject({ edgesAdded: 2, edgesClosed: 0 });
      expect((await ask(id, 'b.x')).edges).toEqual([kept]);
      expect(await edges(id, 'c.x')).toEqual(['a.x -> b.x IDENTITY', 'b.x -> c.x TRANSFORMATION']);
      expect(await importSql(id, `-- moved\nINSERT INTO c (x) SELECT x + 1 FROM b;\n${first}`)).toMatchObject({
        read: 0,
      });
    });
  });

  describe('names that the catalog does not know', () => {
    it('are kept, and resolved once a harvest brings the table', async () => {
      const { database, id } = await register(`CREATE TABLE b (x int, y int)`);
      const sql = `INSERT INTO b SELECT * FROM later; INSERT INTO nowhere.t (k) SELECT x FROM b`;
      expect(await importSql(id, sql)).toMatchObject({ read: 1, unresolvedEdges: 4 });
      const before = await ask(id, 'b.x', { directions: ['upstream', 'downstream'] });
      expect(labels(before)).toEqual([`b.x -> ${database.name}.nowhere.t.k? IDENTITY`]);
      const tables = await edges(id, 'b', { level: 'dataset', directions: ['upstream', 'downstream'] });
      expect(tables).toEqual(
        [`${database.name}.public.later? -> b dataset`, `b -> ${database.name}.nowhere.t? dataset`].sort(),
      );
      clock.set(day('02-01'));
      await database.run(`CREATE TABLE later (p int, q int)`);
      expect(await follow(id)).toMatchObject({ read: 1, unresolvedEdges: 2 });
      expect(await edges(id, 'b.y')).toEqual(['later.q -> b.y IDENTITY']);
      // It was always so: only we did not know.
      expect(await edges(id, 'b.y', { asOf: { validAt: day('01-10'), recordedAt: null } })).toEqual([
        'later.q -> b.y IDENTITY',
      ]);
      expect(await edges(id, 'b.y', { asOf: { validAt: day('01-10'), recordedAt: day('01-10') } })).toEqual([]);
    });

    it('a column that a known table does not have is kept as well, and resolved once a harvest brings it', async () => {
      const { database, id } = await register(`CREATE TABLE a (x int); CREATE TABLE b (x int)`);
      const report = await importSql(id, `INSERT INTO b (x) SELECT a.gone FROM a`);
      expect(report.statements).toEqual({ partial: 1 });
      expect(await edges(id, 'b.x')).toEqual(['a.gone? -> b.x IDENTITY']);
      await database.run('ALTER TABLE a ADD gone int');
      clock.set(day('02-01'));
      expect(await follow(id)).toMatchObject({ read: 1, unresolvedEdges: 0 });
      expect(await edges(id, 'b.x')).toEqual(['a.gone -> b.x IDENTITY']);
      // It was always so: only we did not know.
      expect(await edges(id, 'b.x', { asOf: { validAt: day('01-10'), recordedAt: null } })).toEqual([
        'a.gone -> b.x IDENTITY',
      ]);
      expect(await edges(id, 'b.x', { asOf: { validAt: day('01-10'), recordedAt: day('01-10') } })).toEqual([
        'a.gone? -> b.x IDENTITY',
      ]);
    });

    it('an alias stands for another source', async () => {
      const other = await register(`CREATE SCHEMA s; CREATE TABLE s.score (no int)`);
      const { id } = await register(`CREATE TABLE b (x int, y int)`);
      const sql = `INSERT INTO b (x, y) SELECT l.no, m.no FROM 征信.score l, 征信.s.score m; INSERT INTO b (x) SELECT k FROM 征信.missing`;
      expect(await importSql(id, sql, { aliases: { 征信: other.id } })).toMatchObject({ unresolvedEdges: 2 });
      expect(await edges(id, 'b.y')).toEqual(['score.no -> b.y IDENTITY']);
      expect(await edges(id, 'b.x')).toEqual(['missing.k? -> b.x IDENTITY', 'score.no -> b.x IDENTITY']);
      const found = await ask(id, 'b.y');
      expect(found.nodes.map(({ sourceId }) => sourceId).sort()).toEqual([id, other.id].sort());
    });
  });

  it('an edge out of a procedure says which statement of which procedure', async () => {
    const { id } = await register(`CREATE TABLE a (x int); CREATE TABLE b (x int)`);
    const procedure = `CREATE PROCEDURE 装载()\nLANGUAGE plpgsql AS $$\nBEGIN\n  INSERT INTO b (x) SELECT x FROM a;\nEND $$`;
    await importSql(id, `INSERT INTO b (x) SELECT x + 1 FROM a;\n${procedure};\nSELECT 1`);
    const { edges: found } = await ask(id, 'b.x');
    const places = await context.app
      .get(GraphStore)
      .statementPlaces(found.map(({ scriptId, statement }) => `${scriptId} ${statement}`));
    const code = { line: 2, start: 39, end: 39 + procedure.length };
    expect([...places.values()].map((place) => [place.line, place.code]).sort()).toEqual([
      [1, null],
      [5, code],
    ]);
  });

  it.each([
    ['Chinese and emoji', '客户 😀', '余额（元）'],
    ['quotes and dots', 'a."b".c', 'x."y".z'],
    ['signs of URNs', 'a%2Eb#c', '100%'],
    ['signs of SQL', "it's -- /* $1", 'x; DROP'],
    ['capitals', 'Order', 'ID'],
  ])('names with %s', async (_, table, column) => {
    const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
    const { id } = await register(`
      CREATE TABLE ${quoted(table)} (${quoted(column)} int);
      CREATE VIEW v AS SELECT ${quoted(column)} AS a FROM ${quoted(table)};
      CREATE TABLE w (a int);
    `);
    expect(await read(id)).toMatchObject({ unresolvedEdges: 0, statements: { ok: 1 } });
    const sql = `INSERT INTO w (a) SELECT t.${quoted(column)} + 1 FROM ${quoted(table)} AS t`;
    expect(await importSql(id, sql)).toMatchObject({ unresolvedEdges: 0, statements: { ok: 1 } });
    const found = await graph().around({
      ...{ of: { kind: 'field', id: await field(id, [table, column]) }, directions: ['downstream'], depth: null },
      ...{ types: ['DIRECT'], origins: null, level: 'column', first: 10, after: null, asOf: NOW },
    });
    expect(labels(found)).toEqual([`${table}.${column} -> v.a IDENTITY`, `${table}.${column} -> w.a TRANSFORMATION`]);
  });

  describe('walks', () => {
    let id: string;
    beforeAll(async () => {
      clock.set(day('01-01'));
      ({ id } = await register(
        'abcdef'
          .split('')
          .map((name) => `CREATE TABLE ${name} (x int, y int);`)
          .join(''),
      ));
      await importSql(
        id,
        `
        INSERT INTO b (x) SELECT x FROM a;
        INSERT INTO c (x) SELECT x FROM b WHERE y = 1;
        INSERT INTO d (x) SELECT x FROM c;
        INSERT INTO a (x) SELECT x FROM d;
        INSERT INTO e (x, y) SELECT x, count(*) FROM d GROUP BY x;
        INSERT INTO f (y) SELECT 1 FROM b JOIN c ON b.x = c.x;
        `,
      );
    });

    it('end in a cycle', async () => {
      expect(await edges(id, 'a.x', { types: ['DIRECT'] })).toEqual([
        'a.x -> b.x IDENTITY',
        'b.x -> c.x IDENTITY',
        'c.x -> d.x IDENTITY',
        'd.x -> a.x IDENTITY',
      ]);
    });

    it('go as deep as they are asked, and say where it goes on', async () => {
      const found = await ask(id, 'e.x', { types: ['DIRECT'], depth: 2 });
      expect(labels(found)).toEqual(['c.x -> d.x IDENTITY', 'd.x -> e.x IDENTITY']);
      const names = new Map(found.nodes.map((node) => [node.id, node.datasetName]));
      expect([found.truncated, found.frontier.map(({ id: node }) => names.get(node))]).toEqual([true, ['c']]);
      const indirect = await ask(id, 'd.x', { depth: 1 });
      // b.y decides about c, but c.x is the end here: it is from there that it goes on.
      expect([labels(indirect), indirect.truncated, indirect.frontier.length]).toEqual([
        ['c.x -> d.x IDENTITY'],
        true,
        1,
      ]);
      const whole = await ask(id, 'e.x', { types: ['DIRECT'], depth: 5 });
      expect([whole.truncated, whole.frontier, whole.nodes.length]).toEqual([false, [], 5]);
    });

    it('come page by page, and each edge on one of them', async () => {
      const whole = await ask(id, 'e.x');
      expect(whole.total).toBe(whole.nodes.length);
      const [nodes, found]: [string[], string[]] = [[], []];
      let after: string | null = null;
      for (let page = 0; page === 0 || after !== null; page++) {
        const answer: LineageAnswer = await ask(id, 'e.x', { first: 2, after });
        expect([answer.total, answer.truncated]).toEqual([whole.total, false]);
        nodes.push(...answer.nodes.map((node) => node.id));
        found.push(...answer.edges.map((edge) => edge.id));
        after = answer.hasNextPage ? answer.endCursor : null;
      }
      expect(nodes).toEqual(whole.nodes.map((node) => node.id));
      expect([...found].sort()).toEqual(whole.edges.map((edge) => edge.id).sort());
    });

    it('do not mix two states on their pages', async () => {
      const { endCursor } = await ask(id, 'e.x', { first: 2 });
      const manual = context.app.get(ManualEdges);
      const end = async (path: readonly [string, string]) => ({ kind: 'field', id: await field(id, path) }) as const;
      const [from, to] = [await end(['f', 'x']), await end(['e', 'x'])];
      const edge = await manual.add(actor, { from, to, type: 'DIRECT', subtype: 'IDENTITY', note: '' });
      await expect(ask(id, 'e.x', { first: 2, after: endCursor })).rejects.toThrow(LineageMoved);
      clock.set(day('01-02'));
      await manual.remove(actor, edge);
      expect((await ask(id, 'e.x', { first: 2, after: endCursor })).nodes).toHaveLength(2);
    });

    it('say how far away a node is', async () => {
      const { nodes } = await ask(id, 'c.x', { types: ['DIRECT'], directions: ['upstream', 'downstream'], depth: 1 });
      expect(nodes.map(({ datasetName, distance }) => [datasetName, distance])).toEqual([
        ...[
          ['c', 0],
          ['b', -1],
          ['d', 1],
        ],
      ]);
    });

    it('find ways, the shortest first', async () => {
      const end = async (path: string) =>
        ({ kind: 'field', id: await field(id, path.split('.') as [string, string]) }) as const;
      const paths = async (from: string, to: string, more: object = {}) => {
        const answer = await graph().paths({
          ...{ from: await end(from), to: await end(to), depth: null, first: 10, asOf: NOW, ...more },
          ...{ types: ['DIRECT', 'INDIRECT'], origins: null, level: 'column' },
        });
        const names = new Map(
          answer.nodes.map((node) => [node.id, `${node.datasetName}${node.column === null ? '' : `.${node.column}`}`]),
        );
        expect(answer.edges.length).toBeGreaterThanOrEqual(answer.paths.length > 0 ? 1 : 0);
        return [answer.truncated, ...answer.paths.map((path) => path.map((node) => names.get(node)).join(' '))];
      };
      expect(await paths('a.x', 'd.x')).toEqual([false, 'a.x b.x c.x d.x']);
      expect(await paths('b.y', 'c.x')).toEqual([false, 'b.y c c.x']);
      expect(await paths('b.x', 'f.y')).toEqual([false, 'b.x f f.y', 'b.x c.x f f.y']);
      expect(await paths('b.x', 'f.y', { first: 1 })).toEqual([true, 'b.x f f.y']);
      expect(await paths('b.x', 'f.y', { depth: 1 })).toEqual([false, 'b.x f f.y']);
      expect(await paths('f.y', 'a.x')).toEqual([false]);
      await expect(
        graph().paths({
          ...{ from: { kind: 'field', id: randomUUID() }, to: await end('a.x'), depth: null, first: 1, asOf: NOW },
          ...{ types: ['DIRECT'], origins: null, level: 'column' },
        }),
      ).rejects.toThrow(NotFound);
    });

    it('tell what would be affected', async () => {
      const { affected } = await context.app.get(LineageImpact).impact({
        ...{ of: { kind: 'field', id: await field(id, ['b', 'y']) }, depth: null, asOf: NOW },
        ...{ types: ['DIRECT', 'INDIRECT'], origins: null },
      });
      const told = affected.map(({ qualifiedName, rows: all, columns, distance }) => [
        ...[qualifiedName.slice(-1), all, distance, columns.map(({ name, direct }) => `${name}${direct ? '!' : ''}`)],
      ]);
      expect(told).toContainEqual(['c', true, 1, ['x']]);
      expect(told).toContainEqual(['e', true, 3, ['x', 'y']]);
      const { affected: none } = await context.app.get(LineageImpact).impact({
        ...{ of: { kind: 'field', id: await field(id, ['f', 'y']) }, depth: null, asOf: NOW },
        ...{ types: ['DIRECT'], origins: null },
      });
      expect(none).toEqual([]);
    });

    it('follow what decides about all rows of a table to its columns, and on', async () => {
      expect(await edges(id, 'c.x', { depth: 1 })).toEqual(['b.x -> c.x IDENTITY', 'b.y -> c FILTER']);
      expect(await edges(id, 'f.y')).toContain('b.y -> c FILTER');
      const down = await edges(id, 'b.y', { directions: ['downstream'] });
      expect(down).toEqual(expect.arrayContaining(['b.y -> c FILTER', 'c.x -> d.x IDENTITY', 'd.x -> e GROUP_BY']));
      expect(await edges(id, 'b.y', { directions: ['downstream'], types: ['DIRECT'] })).toEqual([]);
    });

    it('by table', async () => {
      expect(await edges(id, 'e', { level: 'dataset', depth: 1 })).toEqual(['d -> e dataset']);
      expect(await edges(id, 'f', { level: 'dataset', depth: 1 })).toEqual([
        // b and c are both one step away, and so is the edge between them part of the answer.
        ...['b -> c dataset', 'b -> f dataset', 'c -> f dataset'],
      ]);
      // A column stands for its dataset.
      expect(await edges(id, 'f.y', { level: 'dataset', depth: 1 })).toEqual(
        await edges(id, 'f', { level: 'dataset', depth: 1 }),
      );
    });

    it.each([
      ['no depth', { depth: 0 }],
      ['a depth that is no number of steps', { depth: 1.5 }],
      ['no nodes', { first: 0 }],
      ['too many nodes', { first: 1_000_000 }],
      ['no types', { types: [] }],
      ['no origins', { origins: [] }],
      ['a cursor of another list', { after: 'abc' }],
    ] as const)('refuse %s', async (_, more) => {
      await expect(ask(id, 'a.x', more)).rejects.toThrow(InvalidInput);
    });

    it('take a number of statements that does not depend on the answer', async () => {
      await context.app.get(LiveGraph).warm();
      const count = async (path: string) =>
        (await statementsOf(() => ask(id, path, { directions: ['upstream', 'downstream'] }))).statements.filter(
          (sql) => !/dictionary.(?:dataset|field) WHERE (?:source|dataset)_id/.test(sql),
        ).length;
      // transaction (2), changes, start, edges, scripts, nodes, not understood, commit
      expect([await count('a.x'), await count('f.y')]).toEqual([9, 9]);
    });

    it('show what a column is filled with when no column feeds it', async () => {
      const { edges: found } = await ask(id, 'e', { types: ['DIRECT'] });
      expect(found.filter(({ from }) => from === null)).toMatchObject([
        { kind: KIND.generated, expression: 'COUNT(*)' },
      ]);
    });

    it('say how many columns have an origin', async () => {
      const e = await dataset(id, 'e');
      expect(await context.app.get(LineageCoverage).ofDataset(e)).toMatchObject({
        ...{ columns: 2, direct: 1, generated: 1 },
        origins: [
          { name: 'x', direct: 1, generated: null },
          { name: 'y', direct: 0, generated: 'COUNT(*)' },
        ],
      });
    });
  });

  describe('manual edges', () => {
    it('are added once and taken away', async () => {
      const { id } = await register(`CREATE TABLE a (x int); CREATE TABLE b (x int)`);
      const wish: ManualEdgeWish = {
        from: { kind: 'field', id: await field(id, ['a', 'x']) },
        to: { kind: 'field', id: await field(id, ['b', 'x']) },
        ...{ type: 'DIRECT', subtype: 'TRANSFORMATION', note: '夜间的存储过程 "p" 😀' },
      };
      const manual = context.app.get(ManualEdges);
      const edge = await manual.add(actor, wish);
      await expect(manual.add(actor, { ...wish, note: 'again' })).rejects.toThrow(EdgeAlreadyThere);
      const found = await ask(id, 'b.x');
      expect(found.edges).toMatchObject([{ id: edge, origin: 'manual', expression: wish.note, author: actor.name }]);
      expect(await edges(id, 'b', { level: 'dataset' })).toEqual(['a -> b dataset']);
      clock.set(day('01-03'));
      await manual.remove(actor, edge);
      expect(await edges(id, 'b.x')).toEqual([]);
      expect(await edges(id, 'b', { level: 'dataset' })).toEqual([]);
      expect(await edges(id, 'b.x', { asOf: { validAt: day('01-02'), recordedAt: null } })).toEqual([
        'a.x -> b.x TRANSFORMATION',
      ]);
      await expect(manual.remove(actor, edge)).rejects.toThrow(NotFound);
      const { items } = await context.app.get(AuditLog).list({ subjectKind: 'edge', subjectId: edge }, { first: 5 });
      expect(items.map(({ action }) => action)).toEqual(['lineage.edge-removed', 'lineage.edge-added']);
    });

    it('are refused where they make no sense', async () => {
      const { id } = await register(`CREATE TABLE a (x int); CREATE VIEW v AS SELECT x FROM a`);
      await read(id);
      const manual = context.app.get(ManualEdges);
      const [a, x] = [
        { kind: 'dataset', id: await dataset(id, 'a') } as const,
        { kind: 'field', id: await field(id, ['v', 'x']) } as const,
      ];
      const wish = { from: a, to: x, type: 'DIRECT', subtype: 'IDENTITY', note: '' } as const;
      await expect(manual.add(actor, wish)).rejects.toThrow(EndsDoNotMatch);
      await expect(manual.add(actor, { ...wish, subtype: 'JOIN' })).rejects.toThrow(InvalidInput);
      await expect(manual.add(actor, { ...wish, from: { kind: 'field', id: randomUUID() } })).rejects.toThrow(NotFound);
      const parsed = (await ask(id, 'v.x')).edges[0]?.id ?? '';
      await expect(manual.remove(actor, parsed)).rejects.toThrow(EdgeNotManual);
    });
  });

  describe('scripts', () => {
    it('say what was not understood, and where', async () => {
      const { id } = await register(`CREATE TABLE a (x int)`);
      const sql = `INSERT INTO a SELECT 1;\nCALL 月末();\nUPDATE SET WHERE;`;
      const report = await importSql(id, sql);
      expect(report.statements).toEqual({ ok: 1, opaque: 1, failed: 1 });
      const { items, total } = await context.app.get(LineageScripts).notUnderstood(id, { first: 1 });
      expect(total).toBe(2);
      expect(items).toMatchObject([
        { line: 2, status: 'opaque', scriptName: '脚本 "1".sql 😀', reasons: [{ line: 2 }] },
      ]);
    });

    it('are read once, however many do it at the same time', async () => {
      const { id } = await register(`CREATE TABLE a (x int); CREATE VIEW v AS SELECT x FROM a`);
      const sql = [{ name: 'one', text: `INSERT INTO a (x) SELECT x + 1 FROM a` }];
      const scripts = context.app.get(LineageScripts);
      await Promise.all([1, 2, 3].map(() => scripts.importSql(actor, terms(id), sql)));
      await Promise.all([read(id), read(id), context.app.get(LineageReader).readImported(id, work())]);
      expect(await edges(id, 'v.x', { types: ['DIRECT'] })).toEqual([
        'a.x -> a.x TRANSFORMATION',
        'a.x -> v.x IDENTITY',
      ]);
      expect((await scripts.list({ sourceId: id }, { first: 5 })).total).toBe(2);
    });

    it('end when they are removed, and can come back', async () => {
      const { id } = await register(`CREATE TABLE a (x int); CREATE TABLE b (x int)`);
      const sql = `INSERT INTO b (x) SELECT x FROM a`;
      await importSql(id, sql);
      const scripts = context.app.get(LineageScripts);
      const [script] = (await scripts.list({ sourceId: id }, { first: 5 })).items;
      clock.set(day('02-01'));
      await scripts.remove(actor, script?.id ?? '');
      expect(await context.app.get(LineageReader).readImported(id, work())).toMatchObject({ edgesClosed: 2 });
      expect(await edges(id, 'b.x')).toEqual([]);
      expect(await edges(id, 'b.x', { asOf: { validAt: day('01-15'), recordedAt: null } })).toHaveLength(1);
      await expect(scripts.remove(actor, script?.id ?? '')).rejects.toThrow(InvalidInput);
      clock.set(day('03-01'));
      expect(await importSql(id, sql)).toMatchObject({ edgesAdded: 2 });
      expect(await edges(id, 'b.x', { asOf: { validAt: day('02-15'), recordedAt: null } })).toEqual([]);
    });

    it.each([
      ['no scripts', [], ['scripts']],
      ['a script without a name', [{ name: ' ', text: '' }], ['scripts', '0', 'name']],
      [
        'two of one name',
        [
          { name: 'a', text: '' },
          { name: 'a', text: '' },
        ],
        ['scripts', '1', 'name'],
      ],
      ['what is no text', [{ name: 'a', text: '\u0000' }], ['scripts', '0', 'text']],
    ])('refuse %s', async (_, scripts, path) => {
      const { id } = await register('');
      const refused: unknown = await context.app
        .get(LineageScripts)
        .importSql(actor, terms(id), scripts)
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(InvalidInput);
      expect((refused as InvalidInput).inputPath).toEqual(path);
    });

    it('refuse sources that are not there', async () => {
      const { id } = await register('');
      const scripts = context.app.get(LineageScripts);
      const one = [{ name: 'a', text: 'select 1' }];
      await expect(scripts.importSql(actor, terms(randomUUID()), one)).rejects.toThrow(NotFound);
      await expect(scripts.importSql(actor, terms(id, { aliases: { x: randomUUID() } }), one)).rejects.toThrow(
        InvalidInput,
      );
    });
  });
});

/** Edges as `t.x -> v.a IDENTITY`; a question mark after what no source has. */
function labels({ nodes, edges }: LineageAnswer): string[] {
  const names = new Map(
    nodes.map((node) => {
      const table = node.datasetId === null ? node.qualifiedName : node.datasetName;
      const unknown = node.datasetId === null || (node.column !== null && node.fieldId === null) ? '?' : '';
      return [node.id, `${table}${node.column === null ? '' : `.${node.column}`}${unknown}`];
    }),
  );
  const label = (subtype: string | null) => subtype ?? 'dataset';
  return edges
    .filter(({ kind }) => kind !== KIND.generated)
    .map(({ from, to, subtype }) => `${names.get(from ?? '')} -> ${names.get(to)} ${label(subtype)}`)
    .sort();
}
