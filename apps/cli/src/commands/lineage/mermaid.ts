import { type FlowChart } from './flow-chart.js';

/** A text as Mermaid takes it: signs that it takes for its own are written as entities, #…;. */
export const mermaidText = (text: string): string =>
  text.replace(/[#"<>&;\\`\n\r]/g, (sign) => `#${sign.codePointAt(0) ?? 0};`);

/** A Mermaid flowchart. */
export function mermaidOf({ boxes, arrows }: FlowChart): string[] {
  const unresolved = boxes.filter(({ isUnresolved, isJob }) => isUnresolved && !isJob);
  return [
    'graph LR',
    ...boxes.flatMap(({ id, label, isJob, columns }) => {
      const text = `"${mermaidText(label)}"`;
      if (isJob) return [`  ${id}{{${text}}}`];
      if (columns.length === 0) return [`  ${id}[${text}]`];
      return [
        `  subgraph ${id}[${text}]`,
        ...columns.map((column) => `    ${column.id}["${mermaidText(column.label)}"]`),
        '  end',
      ];
    }),
    ...arrows.map(({ from, to, isDirect }) => `  ${from} ${isDirect ? '-->' : '-.->'} ${to}`),
    ...unresolved.map(({ id }) => `  style ${id} stroke-dasharray: 4 3`),
  ];
}
