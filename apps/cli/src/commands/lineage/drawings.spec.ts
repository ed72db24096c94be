import { dotOf, dotText } from './dot.js';
import { flowChartOf } from './flow-chart.js';
import { mermaidOf, mermaidText } from './mermaid.js';
import { aGraph, aNode } from './testing/a-graph.js';

describe('drawings of lineage', () => {
  const graph = aGraph(
    ['风险."表" 😀#余额'],
    ['a#x > 风险."表" 😀#余额', 'a#x > 风险."表" 😀#余额', 'f#y ~ 风险."表" 😀', 'job etl > a'],
  );

  it('Mermaid: columns in the box of their table, jobs with another shape, each arrow once', () => {
    expect(mermaidOf(flowChartOf(graph))).toEqual([
      'graph LR',
      '  subgraph t1["风险.#34;表#34; 😀"]',
      '    c1["余额"]',
      '  end',
      '  subgraph t2["a"]',
      '    c2["x"]',
      '  end',
      '  subgraph t3["f"]',
      '    c3["y"]',
      '  end',
      '  t4{{"job etl"}}',
      '  c2 --> c1',
      '  c3 -.-> t1',
      '  t4 --> t2',
    ]);
  });

  it('Graphviz: a table has a node of its own where an edge ends at it', () => {
    expect(dotOf(flowChartOf(graph))).toEqual([
      'digraph lineage {',
      '  rankdir=LR;',
      '  node [shape=box, fontname="sans-serif"];',
      '  graph [fontname="sans-serif"];',
      '  subgraph cluster_t1 {',
      '    label="风险.\\"表\\" 😀";',
      '    t1 [label="(all rows)", shape=plaintext];',
      '    c1 [label="余额"];',
      '  }',
      '  subgraph cluster_t2 {',
      '    label="a";',
      '    t2 [label="(all rows)", shape=plaintext];',
      '    c2 [label="x"];',
      '  }',
      '  subgraph cluster_t3 {',
      '    label="f";',
      '    c3 [label="y"];',
      '  }',
      '  t4 [label="job etl", shape=hexagon];',
      '  c2 -> c1;',
      '  c3 -> t1 [style=dashed];',
      '  t4 -> t2;',
      '}',
    ]);
  });

  it('what is known by name only is dashed', () => {
    const node = { ...aNode('征信.report'), resolved: false };
    const chart = flowChartOf({ nodes: [node], edges: [] });
    expect(mermaidOf(chart)).toEqual([
      'graph LR',
      '  t1["征信.report (not in the catalog)"]',
      '  style t1 stroke-dasharray: 4 3',
    ]);
    expect(dotOf(chart)).toContain('  t1 [label="征信.report (not in the catalog)", style=dashed];');
  });

  it.each([
    ['a "b"', 'a #34;b#34;', '"a \\"b\\""'],
    ['a\\b', 'a#92;b', '"a\\\\b"'],
    ['a\nb', 'a#10;b', '"a\\nb"'],
    ['<b>&#;`', '#60;b#62;#38;#35;#59;#96;', '"<b>&#;`"'],
    ['客户 😀', '客户 😀', '"客户 😀"'],
  ])('the name %s is escaped', (name, mermaid, dot) => {
    expect(mermaidText(name)).toBe(mermaid);
    expect(dotText(name)).toBe(dot);
  });
});
