import { aligned } from './aligned.js';
import { anEdge, aGraph } from './testing/a-graph.js';
import { type Side, Tree } from './tree.js';

const linesOf = (graph: ReturnType<typeof aGraph>, side: Side) =>
  new Tree(graph, side).lines().map((line) => line.join('  ').trimEnd());

describe('a tree of lineage', () => {
  it.each<[string, Side, Parameters<typeof aGraph>, string[]]>([
    [
      'a chain, with the script of each step',
      'up',
      [['t#x'], ['a#x > t#x', 'b#y > a#x']],
      ['└ ← a#x  identity  a.sql:1', '  └ ← b#y  identity  a.sql:1'],
    ],
    [
      'the other way round',
      'down',
      [['b#y'], ['a#x > t#x', 'b#y > a#x']],
      ['└ → a#x  identity  a.sql:1', '  └ → t#x  identity  a.sql:1'],
    ],
    ['nothing on this side', 'down', [['t#x'], ['a#x > t#x']], []],
    [
      'a diamond: what is named twice has its branches once',
      'up',
      [['t#x'], ['a#x > t#x', 'b#x > t#x', 'c#x > a#x', 'c#x > b#x', 'd#x > c#x']],
      [
        '├ ← a#x  identity  a.sql:1',
        '│ └ ← c#x  identity  a.sql:1',
        '│   └ ← d#x  identity  a.sql:1',
        '└ ← b#x  identity  a.sql:1',
        '  └ ← c#x (above)  identity  a.sql:1',
      ],
    ],
    [
      'a cycle ends where it began',
      'up',
      [['t#x'], ['a#x > t#x', 't#x > a#x']],
      ['└ ← a#x  identity  a.sql:1', '  └ ← t#x (above)  identity  a.sql:1'],
    ],
    ['an edge to itself', 'up', [['t#x'], ['t#x > t#x']], ['└ ← t#x (above)  identity  a.sql:1']],
    [
      'what decides has another sign and comes behind',
      'up',
      [['t#x'], ['f#x ~ t#x', 'a#x > t#x']],
      ['├ ← a#x  identity  a.sql:1', '└ ⇠ f#x  filter  a.sql:1'],
    ],
    [
      'what decides about all rows stands below the dataset, once',
      'up',
      [['t#x'], ['a#x > t#x', 'b#x > t#x', 'f#x ~ t', 'g#x ~ a'], { t: 0, a: -1 }],
      [
        '├ ← a#x  identity  a.sql:1',
        '│ └ ⇠ a (all rows)',
        '│   └ ⇠ g#x  filter  a.sql:1',
        '├ ← b#x  identity  a.sql:1',
        '└ ⇠ t (all rows)',
        '  └ ⇠ f#x  filter  a.sql:1',
      ],
    ],
    [
      'downstream: columns of such a dataset that feed something; the others are counted',
      'down',
      [['f#x'], ['f#x ~ t', 't#x > u#x'], { 't#y': 1, 't#z': 1 }],
      ['└ ⇢ t (all rows)  filter  a.sql:1', '  ├ ⇢ t#x', '  │ └ → u#x  identity  a.sql:1', '  └ ⇢ 2 more columns'],
    ],
    [
      'of a dataset each column is named, then all its rows',
      'up',
      [
        ['t', 't#x', 't#y', 't#z'],
        ['a#x > t#x', 'a#y > t#y', 'f#x ~ t'],
      ],
      [
        '├ x',
        '│ └ ← a#x  identity  a.sql:1',
        '├ y',
        '│ └ ← a#y  identity  a.sql:1',
        '└ (all rows)',
        '  └ ⇠ f#x  filter  a.sql:1',
      ],
    ],
    [
      'a job between datasets',
      'up',
      [['t'], ['job etl > t', 'a > job etl']],
      ['└ ← job etl  identity  a.sql:1', '  └ ← a  identity  a.sql:1'],
    ],
  ])('%s', (_, side, graph, lines) => {
    expect(linesOf(aGraph(...graph), side)).toEqual(lines);
  });

  it('a column that no column fills says what does', () => {
    const graph = aGraph(['t#x'], []);
    const edges = [anEdge({ from: null, to: 't#x', expression: "'CNY'::text" }), anEdge({ from: null, to: 't#x' })];
    expect(linesOf({ ...graph, edges }, 'up')).toEqual([
      "├ ← 'CNY'::text  generated  a.sql:1",
      '└ ← (no column)  generated  a.sql:1',
    ]);
  });

  it('several statements that say the same are one line; how it is known otherwise than from code is said', () => {
    const graph = aGraph(['t#x'], ['a#x > t#x']);
    const edges = [
      ...graph.edges,
      anEdge({ from: 'a#x', to: 't#x', scriptName: 'b.sql' }),
      anEdge({ from: 'a#x', to: 't#x', origin: 'MANUAL', scriptName: '', place: null, expression: '夜间\n  存储过程' }),
    ];
    expect(linesOf({ ...graph, edges }, 'up')).toEqual([
      '└ ← a#x  identity, identity manual  a.sql:1, b.sql:1  夜间 存储过程',
    ]);
  });

  it('names what is not in the catalog, what is in another source, and where it goes on', () => {
    const graph = aGraph(['t#x'], ['a#x > t#x', 'b#x > t#x']);
    const nodes = graph.nodes.map((node) =>
      node.id === 'a#x'
        ? { ...node, resolved: false, sourceName: null }
        : node.id === 'b#x'
          ? { ...node, sourceName: '核心' }
          : node,
    );
    const frontier = nodes.filter(({ id }) => id === 'b#x');
    expect(linesOf({ ...graph, nodes, frontier }, 'up')).toEqual([
      '├ ← a#x (not in the catalog)  identity  a.sql:1',
      '└ ← b#x [核心] (goes on)  identity  a.sql:1',
    ]);
  });

  it('says a source where it changes, not on each line', () => {
    const graph = aGraph(['t#x'], ['a#x > t#x', 'b#x > a#x', 'c#x > b#x']);
    const nodes = graph.nodes.map((node) => (/^[ab]/.test(node.id) ? { ...node, sourceName: '核心' } : node));
    expect(linesOf({ ...graph, nodes }, 'up')).toEqual([
      '└ ← a#x [核心]  identity  a.sql:1',
      '  └ ← b#x  identity  a.sql:1',
      '    └ ← c#x [数仓]  identity  a.sql:1',
    ]);
  });

  it('columns of Chinese names stand under each other', () => {
    const graph = aGraph(['t#x'], ['客户 "表".余额#本位币 > t#x', 'abc#x > t#x']);
    expect(aligned(new Tree(graph, 'up').lines())).toEqual([
      '├ ← abc#x                  identity  a.sql:1',
      '└ ← 客户 "表".余额#本位币  identity  a.sql:1',
    ]);
  });

  it('a chain of 20,000 steps is no deeper than the stack', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => `n${at + 1}#x > n${at}#x`);
    expect(new Tree(aGraph(['n0#x'], chain), 'up').lines()).toHaveLength(20_000);
  });
});
