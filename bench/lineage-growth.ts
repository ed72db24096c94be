import { closureOf, CompactGraph, GraphBuilder, KIND } from '#core/lineage-graph';

import { line, ms, spread, timed } from './figures.js';

const FEEDERS = 11;
const NEAR = 110;
const LAYERS = 10;

/**
 * How the graph in memory grows, without a database: arrays of 1, 3 and 10 million edges in ten layers, what making them
 * takes, and closures of about 8,000 nodes in them.
 */
export async function lineageGrowth(): Promise<void> {
  for (const edges of [1_000_000, 3_000_000, 10_000_000]) {
    globalThis.gc?.();
    const width = Math.ceil(edges / (LAYERS - 1) / FEEDERS);
    const builder = new GraphBuilder();
    fill(builder, width);
    let graph: CompactGraph | undefined;
    const [took] = await timed(1, () => Promise.resolve((graph = CompactGraph.of(builder))));
    if (!graph) continue;
    const made = graph;
    const mask = made.mask({ kinds: [KIND.direct], origins: null, validAt: null, recordedAt: null });
    const times: number[] = [];
    const sizes: number[] = [];
    for (let asked = 0; asked < 200; asked++) {
      const node = (LAYERS - 1) * width + 1 + ((asked * 7_919) % width);
      times.push(
        ...(await timed(1, () => {
          const found = closureOf(made, {
            ...{ from: [node], direction: 'upstream', depth: null, maximumNodes: Infinity, mask },
          });
          sizes.push(found.nodes.length);
          return Promise.resolve(found);
        })),
      );
    }
    line(
      `${(made.edgeCount / 1e6).toFixed(1)} million edges in arrays of ${(made.bytes / 1e6).toFixed(0)} MB, made in ${ms(took ?? Number.NaN)}`,
      spread(times.slice(20)),
      `closures of ${Math.round(sizes.reduce((a, b) => a + b, 0) / sizes.length)} nodes`,
    );
  }
}

/** Each node of a layer is fed by nodes of the layer before that lie near its own place. */
function fill(builder: GraphBuilder, width: number): void {
  const holding = {
    kind: KIND.direct,
    origin: 0,
    validFrom: 0,
    validTo: Infinity,
    recordedFrom: 0,
    recordedTo: Infinity,
  };
  let random = 42;
  const next = () => (random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0);
  for (let layer = 1; layer < LAYERS; layer++) {
    const pairs = new DataView(new ArrayBuffer(width * FEEDERS * 8));
    for (let place = 0, at = 0; place < width; place++)
      for (let feeder = 0; feeder < FEEDERS; feeder++, at += 8) {
        const near = (place + ((next() >>> 8) % (2 * NEAR + 1)) - NEAR + width) % width;
        pairs.setInt32(at, (layer - 1) * width + near + 1);
        pairs.setInt32(at + 4, layer * width + place + 1);
      }
    builder.add(holding, new Uint8Array(pairs.buffer));
  }
}
