import { type FlowChart } from './flow-chart.js';

/** A text in quotes as Graphviz takes it. */
export const dotText = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\r?\n|\r/g, '\\n')}"`;

/** A Graphviz graph: a cluster for each table, a node for each column. */
export function dotOf({ boxes, arrows }: FlowChart): string[] {
  return [
    'digraph lineage {',
    '  rankdir=LR;',
    '  node [shape=box, fontname="sans-serif"];',
    '  graph [fontname="sans-serif"];',
    ...boxes.flatMap(({ id, label, isJob, isUnresolved, columns }) => {
      const style = isUnresolved && !isJob ? ', style=dashed' : '';
      const shape = isJob ? ', shape=hexagon' : '';
      if (columns.length === 0) return [`  ${id} [label=${dotText(label)}${shape}${style}];`];
      return [
        `  subgraph cluster_${id} {`,
        `    label=${dotText(label)};`,
        ...(isUnresolved ? ['    style=dashed;'] : []),
        // What decides about all rows needs an end of its own: an edge cannot end at a cluster.
        ...(arrows.some(({ from, to }) => from === id || to === id)
          ? [`    ${id} [label="(all rows)", shape=plaintext];`]
          : []),
        ...columns.map((column) => `    ${column.id} [label=${dotText(column.label)}];`),
        '  }',
      ];
    }),
    ...arrows.map(({ from, to, isDirect }) => `  ${from} -> ${to}${isDirect ? '' : ' [style=dashed]'};`),
    '}',
  ];
}
