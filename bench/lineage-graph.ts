import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LineageGraph, type LineageQuestion, LiveGraph } from '#lineage';
import { projectRoot, readSettings } from '#platform/config';
import pg from 'pg';

import { createApi } from '../apps/api/src/create-api.js';
import { line, ms, quantile, spread, timed } from './figures.js';
import { LayeredGraph } from './lineage-graph/layered.js';
import { Product } from './product.js';

const PAGE = `query ($of: ID!, $direction: LineageDirection!, $asOf: DateTime, $knownAt: DateTime) {
  lineage(of: $of, direction: $direction, kinds: [DIRECT], first: 1000, asOf: $asOf, knownAt: $knownAt) {
    totalCount truncated freshAsOf pageInfo { hasNextPage endCursor }
    nodes { id qualifiedName column sourceName distance }
    edges { from to subtype origin scriptName }
  }
}`;

const NAMES = PAGE.replace(/\n {4}edges .*\n/, '\n');

const ASKED = 100;

/**
 * Closures of a layered graph: the bare walk in the process and over GraphQL, now and as of another time, beside two
 * floors: a recursive query on a bare table of two columns, and a search by breadth over two bare arrays.
 * PLUMBLINE_BENCH_EDGES says how many column edges (1,000,000).
 */
export async function lineageGraph(): Promise<void> {
  const edges = Number(process.env.PLUMBLINE_BENCH_EDGES ?? 1_000_000);
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  process.env.PLUMBLINE_LINEAGE_GRAPH_MB = '4096';
  const product = await Product.start(projectRoot, data, '--no-demo');
  const password = readFileSync(join(data, 'postgres-password'), 'utf8').trim();
  const port = readFileSync(join(data, 'postgres-port'), 'utf8').trim();
  const databaseUrl = `postgres://plumbline:${password}@127.0.0.1:${port}/plumbline`;
  const db = new pg.Client({ connectionString: databaseUrl });
  try {
    await db.connect();
    const graph = new LayeredGraph(db, edges);
    await graph.fill();
    const columns = await graph.someColumns(ASKED);
    await floors(db, columns);
    await bareWalks(databaseUrl, folder, columns);
    await overGraphql(product, columns);
  } finally {
    await db.end();
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Column {
  /** Of the dictionary's field. */
  readonly id: string;
  readonly node: number;
  readonly direction: 'upstream' | 'downstream';
}

async function floors(db: pg.Client, columns: readonly Column[]): Promise<void> {
  await db.query(`
    CREATE TABLE public.bare AS SELECT src::int, dst::int FROM lineage.edge WHERE kind = 1 AND recorded_to = 'infinity';
    CREATE INDEX ON public.bare (dst) INCLUDE (src);
    CREATE INDEX ON public.bare (src) INCLUDE (dst);
  `);
  await db.query('VACUUM ANALYZE public.bare');
  const sizes: number[] = [];
  const recursive = await eachOf(columns, async ({ node, direction }) => {
    const [here, there] = direction === 'upstream' ? ['dst', 'src'] : ['src', 'dst'];
    const { rows } = await db.query(
      `WITH RECURSIVE reached (id) AS (SELECT $1::int UNION SELECT ${there} FROM reached JOIN public.bare ON ${here} = id) SELECT id FROM reached`,
      [node],
    );
    sizes.push(rows.length);
  });
  line(
    'nodes of a closure',
    `mean ${Math.round(sizes.reduce((a, b) => a + b, 0) / sizes.length)}`,
    `up to ${Math.max(...sizes)}`,
  );
  line('floor: recursive query on a bare table', spread(recursive));
  const { rows } = await db.query<{ src: number; dst: number }>('SELECT src, dst FROM public.bare');
  const walk = { upstream: bareSearch(rows, 'dst', 'src'), downstream: bareSearch(rows, 'src', 'dst') };
  await eachOf(columns, ({ node, direction }) => Promise.resolve(walk[direction](node)));
  line(
    'floor: search by breadth over bare arrays',
    spread(await eachOf(columns, ({ node, direction }) => Promise.resolve(walk[direction](node)))),
  );
  await db.query('DROP TABLE public.bare');
}

/** A search over arrays that knows neither kinds nor times. */
function bareSearch(edges: readonly { src: number; dst: number }[], here: 'src' | 'dst', there: 'src' | 'dst') {
  const nodes = edges.reduce((most, { src, dst }) => Math.max(most, src, dst), 0) + 1;
  const starts = new Uint32Array(nodes + 1);
  for (const edge of edges) starts[edge[here] + 1]! += 1;
  for (let node = 0; node < nodes; node++) starts[node + 1]! += starts[node]!;
  const next = starts.slice();
  const ends = new Int32Array(edges.length);
  for (const edge of edges) ends[next[edge[here]]!++] = edge[there];
  return (from: number): number => {
    const seen = new Uint8Array(nodes);
    const queue = [from];
    seen[from] = 1;
    for (const node of queue)
      for (let edge = starts[node]!; edge < starts[node + 1]!; edge++) {
        const end = ends[edge]!;
        if (seen[end] === 1) continue;
        seen[end] = 1;
        queue.push(end);
      }
    return queue.length;
  };
}

/** In this process, which holds the graph beside the product's API: as many processes as one likes may. */
async function bareWalks(databaseUrl: string, folder: string, columns: readonly Column[]): Promise<void> {
  const settings = readSettings({
    env: {},
    cwd: folder,
    said: { databaseUrl, logLevel: 'fatal', port: 0, lineageGraphMb: 4096 },
  });
  const app = await createApi({ ...settings, databaseUrl });
  try {
    await app.init();
    const live = app.get(LiveGraph);
    const before = process.memoryUsage().rss;
    const [loading] = await timed(1, () => live.warm());
    line(
      'reading the graph into memory',
      ms(loading ?? Number.NaN),
      `${(live.size.bytes / 1e6).toFixed(0)} MB of arrays, process +${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB`,
    );
    const ask = (question: Partial<LineageQuestion>) => (column: Column) =>
      app.get(LineageGraph).reach({
        ...{
          of: { kind: 'field', id: column.id },
          directions: [column.direction],
          depth: null,
          first: 1_000,
          after: null,
        },
        ...{ types: ['DIRECT'], origins: null, level: 'column', asOf: { validAt: null, recordedAt: null } },
        ...question,
      });
    await eachOf(columns, ask({}));
    const now = await eachOf(columns, ask({}));
    line('closure, ids only', spread(now), 'asked: p95 at most 15 ms');
    const then = { asOf: { validAt: LayeredGraph.MIDDLE, recordedAt: LayeredGraph.MIDDLE } };
    await eachOf(columns, ask(then));
    compare('closure, ids only, as of another time', await eachOf(columns, ask(then)), now);
    await eachOf(columns.slice(0, 20), ask({ types: ['DIRECT', 'INDIRECT'] }));
    line(
      'closure, ids only, with what only decides',
      spread(await eachOf(columns, ask({ types: ['DIRECT', 'INDIRECT'] }))),
    );
  } finally {
    await app.close();
  }
}

async function overGraphql(product: Product, columns: readonly Column[]): Promise<void> {
  const ask =
    (variables: object, query = PAGE) =>
    ({ id, direction }: Column) =>
      product.ask(query, {
        of: Buffer.from(`Field:${id}`).toString('base64url'),
        direction: direction.toUpperCase(),
        ...variables,
      });
  await eachOf(columns, ask({}, NAMES));
  line(
    'over GraphQL, first page of 1,000 with names',
    spread(await eachOf(columns, ask({}, NAMES))),
    'asked: p95 at most 80 ms',
  );
  await eachOf(columns, ask({}));
  const now = await eachOf(columns, ask({}));
  line('the same with the 4,600 edges among them', spread(now));
  const middle = LayeredGraph.MIDDLE.toISOString();
  await eachOf(columns, ask({ asOf: middle, knownAt: middle }));
  compare('the same as of another time', await eachOf(columns, ask({ asOf: middle, knownAt: middle })), now);
  const began = performance.now();
  await Promise.all(Array.from({ length: 8 }, () => eachOf(columns.slice(0, 25), ask({}))));
  line('the same, 8 at once', `${(200 / ((performance.now() - began) / 1000)).toFixed(0)} pages/s`);
  line('memory of the API', `${product.memory('api').toFixed(0)} MB`);
}

function compare(what: string, then: readonly number[], now: readonly number[]): void {
  const ratio = (share: number) => (quantile(then, share) / quantile(now, share)).toFixed(2);
  line(what, spread(then), `p50 ${ratio(0.5)} ×, p95 ${ratio(0.95)} × of now; asked: at most 1.5 ×`);
}

async function eachOf(columns: readonly Column[], work: (column: Column) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (const column of columns) times.push(...(await timed(1, () => work(column))));
  return times;
}
