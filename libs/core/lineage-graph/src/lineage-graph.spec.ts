import { closureOf, CompactGraph, GraphBuilder, type Holding, KIND, pathsBetween, type Wanted } from './index.js';

type Link = readonly [src: number, dst: number, holding?: Partial<Holding>];

const ALWAYS: Holding = {
  ...{ kind: KIND.direct, origin: 0 },
  ...{ validFrom: 0, validTo: Infinity, recordedFrom: 0, recordedTo: Infinity },
};
const NOW: Wanted = { kinds: [KIND.direct], origins: null, validAt: null, recordedAt: null };
const ALL: Wanted = { ...NOW, kinds: [KIND.direct, KIND.indirect, KIND.rows, KIND.part] };

function built(links: readonly Link[]): CompactGraph {
  const builder = new GraphBuilder();
  for (const [src, dst, holding] of links) {
    const pair = new DataView(new ArrayBuffer(8));
    pair.setInt32(0, src);
    pair.setInt32(4, dst);
    builder.add({ ...ALWAYS, ...holding }, new Uint8Array(pair.buffer));
  }
  return CompactGraph.of(builder);
}

/** The same graph, with all edges but the first few added one by one. */
function grown(links: readonly Link[]): CompactGraph {
  const graph = built(links.slice(0, 2));
  for (const [src, dst, holding] of links.slice(2)) graph.add(src, dst, { ...ALWAYS, ...holding });
  return graph;
}

const reach = (graph: CompactGraph, from: number[], direction: 'upstream' | 'downstream', more = {}, wanted = NOW) =>
  closureOf(graph, { from, direction, depth: null, maximumNodes: 1_000, mask: graph.mask(wanted), ...more });

describe.each([
  ['made at once', built],
  ['grown', grown],
])('a graph %s', (_, make) => {
  const diamond = make([
    [1, 2],
    [1, 3],
    [2, 4],
    [3, 4],
    [4, 5],
    [5, 4],
    [5, 5],
  ]);

  it('gives everything once, near ones first, through cycles and edges to itself', () => {
    expect(reach(diamond, [1], 'downstream')).toEqual({
      ...{ nodes: [1, 2, 3, 4, 5], levels: [0, 1, 3, 4], truncated: false, frontier: [] },
    });
    expect(reach(diamond, [5], 'upstream').nodes).toEqual([5, 4, 2, 3, 1]);
    expect(reach(diamond, [5, 2], 'upstream').nodes).toEqual([2, 5, 1, 4, 3]);
  });

  it('stops at a depth, and says where it goes on', () => {
    expect(reach(diamond, [1], 'downstream', { depth: 1 })).toMatchObject({
      ...{ nodes: [1, 2, 3], truncated: true, frontier: [2, 3] },
    });
    expect(reach(diamond, [1], 'downstream', { depth: 3 })).toMatchObject({ truncated: false, frontier: [] });
  });

  it('stops at the most nodes', () => {
    expect(reach(diamond, [1], 'downstream', { maximumNodes: 2 })).toMatchObject({
      ...{ nodes: [1, 2], truncated: true, frontier: [1, 2] },
    });
    expect(reach(diamond, [1], 'downstream', { maximumNodes: 5 })).toMatchObject({ truncated: false });
  });

  it('has a node without edges for itself', () => {
    expect(reach(diamond, [99], 'downstream')).toMatchObject({ nodes: [99], truncated: false });
    expect(reach(diamond, [], 'downstream')).toMatchObject({ nodes: [], levels: [] });
  });

  // Datasets 10 (columns 11, 12) and 20 (columns 21, 22); column 1 decides about the rows of 10.
  const tables = make([
    [10, 11, { kind: KIND.part }],
    [10, 12, { kind: KIND.part }],
    [20, 21, { kind: KIND.part }],
    [20, 22, { kind: KIND.part }],
    [1, 10, { kind: KIND.rows }],
    [11, 21],
    [12, 22, { kind: KIND.indirect }],
    [10, 20, { kind: KIND.dataset }],
  ]);

  it('goes through a dataset from what decides about its rows to its columns', () => {
    expect(reach(tables, [1], 'downstream', {}, ALL)).toMatchObject({
      nodes: [1, 10, 11, 12, 21, 22],
      levels: [0, 1, 4],
    });
    expect(reach(tables, [21], 'upstream', {}, ALL)).toMatchObject({ nodes: [21, 11, 10, 1], levels: [0, 1, 3] });
    expect(reach(tables, [21], 'upstream').nodes).toEqual([21, 11]);
    // Nothing decides about 20: it is not named.
    expect(reach(tables, [22], 'upstream', { depth: 1 }, ALL)).toMatchObject({ nodes: [22, 12], frontier: [12] });
  });

  it('walks from dataset to dataset', () => {
    expect(reach(tables, [10], 'downstream', {}, { ...NOW, kinds: [KIND.dataset] }).nodes).toEqual([10, 20]);
  });

  it('finds ways by length, and as many as are asked for', () => {
    const ways = (graph: CompactGraph, from: number, to: number, more = {}, wanted = NOW) =>
      pathsBetween(graph, { from: [from], to: [to], mask: graph.mask(wanted), most: 10, depth: null, ...more });
    expect(ways(diamond, 1, 5)).toEqual({
      paths: [
        [1, 2, 4, 5],
        [1, 3, 4, 5],
      ],
      truncated: false,
    });
    expect(ways(diamond, 1, 5, { most: 1 })).toEqual({ paths: [[1, 2, 4, 5]], truncated: true });
    expect(ways(diamond, 1, 5, { depth: 2 })).toEqual({ paths: [], truncated: false });
    // Two edges between the same nodes are one way.
    expect(
      ways(
        make([
          [1, 2],
          [1, 2, { origin: 1 }],
        ]),
        1,
        2,
      ).paths,
    ).toEqual([[1, 2]]);
    expect(ways(diamond, 5, 1)).toEqual({ paths: [], truncated: false });
    expect(ways(tables, 1, 21, {}, ALL).paths).toEqual([[1, 10, 11, 21]]);
  });
});

describe('times and origins', () => {
  const [first, second] = [
    { validFrom: 10, validTo: 20, recordedFrom: 10 },
    { validFrom: 20, recordedFrom: 25, origin: 1 },
  ];
  const links: readonly Link[] = [
    [1, 9, first],
    [2, 9, second],
    // What was held from 10 to 25: that the first had no end.
    [1, 9, { validFrom: 10, recordedFrom: 10, recordedTo: 25 }],
  ];

  it.each([
    ['now', {}, [2]],
    ['while the first was so', { validAt: 15 }, [1]],
    ['at the change', { validAt: 20 }, [2]],
    ['after the change, before it was known', { validAt: 22, recordedAt: 24 }, [1]],
    ['after the change, when it was known', { validAt: 22, recordedAt: 25 }, [2]],
    ['before anything', { validAt: 5 }, []],
    ['before anything was known', { validAt: 15, recordedAt: 5 }, []],
    ['from another origin', { origins: [0] }, []],
    ['from one of two origins', { origins: [0, 1] }, [2]],
    ['of another kind', { kinds: [KIND.indirect] }, []],
  ])('%s', (_, wanted, expected) => {
    for (const graph of [built(links), grown(links)])
      expect(reach(graph, [9], 'upstream', {}, { ...NOW, ...wanted }).nodes).toEqual([9, ...expected]);
  });

  it('an edge that ends keeps its place; one of two alike ends alone', () => {
    const graph = built([
      [1, 2],
      [1, 2],
      [3, 2],
    ]);
    graph.add(4, 2, ALWAYS);
    const ended = { ...ALWAYS, recordedTo: 50 };
    expect(graph.change(1, 2, ALWAYS, ended)).toBe(true);
    expect(reach(graph, [2], 'upstream').nodes).toEqual([2, 1, 3, 4]);
    expect(graph.change(1, 2, ALWAYS, ended)).toBe(true);
    expect(graph.change(4, 2, ALWAYS, ended)).toBe(true);
    expect(reach(graph, [2], 'upstream').nodes).toEqual([2, 3]);
    expect(reach(graph, [1], 'downstream').nodes).toEqual([1]);
    expect(reach(graph, [2], 'upstream', {}, { ...NOW, validAt: 40, recordedAt: 40 }).nodes).toEqual([2, 1, 3, 4]);
    expect([graph.change(1, 2, ALWAYS, ended), graph.change(7, 8, ALWAYS, ended)]).toEqual([false, false]);
  });

  it('many that are added are put into the arrays', () => {
    const graph = built([[1, 2]]);
    for (let node = 2; node < 60_010; node++) graph.add(node, node + 1, ALWAYS);
    const found = closureOf(graph, {
      ...{ from: [1], direction: 'downstream', depth: null, maximumNodes: Infinity, mask: graph.mask(NOW) },
    });
    expect([graph.edgeCount, found.nodes.length, found.nodes.at(-1)]).toEqual([60_009, 60_010, 60_010]);
  });
});
