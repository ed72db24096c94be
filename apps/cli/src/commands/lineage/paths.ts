import { type Command } from 'commander';

import { type Asking, asking, wholeNumber } from '../../client/command.js';
import { plain, remark, writeJson, writeLine } from '../../client/output.js';
import { aligned } from './aligned.js';
import {
  FILTER_ARGS,
  FILTER_PARAMS,
  filterOf,
  type FilterOptions,
  levelOf,
  TIME_ARGS,
  TIME_PARAMS,
  type TimeOptions,
  timesOf,
  withFilter,
  withLevel,
  withTimes,
} from './filter.js';
import { findInLineage } from './find.js';
import { EDGE, type Edge, edgeCells, NODE, type Node, nodeShown, TIMES, type Times } from './graph.js';
import { timesShown } from './when.js';

export interface Paths extends Times {
  readonly paths: readonly { readonly nodes: readonly string[] }[];
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly truncated: boolean;
}

interface Options extends FilterOptions, TimeOptions {
  readonly limit: number;
}

const QUERY = `
  query ($from: ID!, $to: ID!, $level: LineageLevel!, $first: Int!, ${FILTER_PARAMS}, ${TIME_PARAMS}) {
    lineagePaths(from: $from, to: $to, level: $level, first: $first, ${FILTER_ARGS}, ${TIME_ARGS}) {
      paths { nodes } nodes { ${NODE} } edges { ${EDGE} } truncated ${TIMES} } }`;

/** `plumbline lineage paths`: by which ways data gets from one thing to another. */
export function addPaths(lineage: Command): void {
  const command = lineage
    .command('paths <from> <to>')
    .description('the ways by which data gets from one column or dataset to another, shortest first');
  asking(
    withTimes(withLevel(withFilter(command))).option('--limit <n>', 'most paths', wholeNumber, 10),
    async ({ client, json }: Asking, from: string, to: string, options: Options) => {
      const start = await findInLineage(client, from, options.source);
      const end = await findInLineage(client, to, options.source);
      const { lineagePaths: answer } = await client.ask<{ lineagePaths: Paths }>(QUERY, {
        ...{ from: start.id, to: end.id, level: levelOf(options), first: options.limit },
        ...filterOf(options),
        ...timesOf(options),
      });
      if (json) return writeJson(answer);
      writeLine(plain(`From ${start.name} to ${end.name}`));
      writeLine(timesShown(answer));
      for (const line of pathLines(answer)) writeLine(line);
      if (answer.truncated) remark('There are more paths; more with --limit or --depth.');
    },
  );
}

const WIDEST = 64;

/** Each path as a block: one line for each step, with the script that says so. */
export function pathLines({ paths, nodes, edges }: Paths): string[] {
  if (paths.length === 0) return ['', 'No data gets there by any way that the catalog knows of.'];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const steps = Map.groupBy(edges, ({ from, to }) => `${from ?? ''} ${to}`);
  return paths.flatMap(({ nodes: ids }, place) => {
    const rows = ids.map((id, at) => {
      const node = byId.get(id);
      const before = byId.get(ids[at - 1] ?? id)?.sourceName ?? null;
      const name = node ? nodeShown(node, before ?? node.sourceName) : id;
      if (at === 0) return [name, '', '', ''];
      const edge = steps.get(`${ids[at - 1] ?? ''} ${id}`);
      // From a dataset all of whose rows are decided about to one of its columns there is no statement.
      if (!edge) return [`  ⇢ ${name}`, 'its rows', '', ''];
      const isDirect = edge.some(({ type }) => type !== 'INDIRECT');
      return [`  ${isDirect ? '→' : '⇢'} ${name}`, ...edgeCells(edge)];
    });
    const count = ids.length - 1;
    return [
      '',
      `Path ${place + 1}, ${count} ${count === 1 ? 'step' : 'steps'}`,
      ...aligned(rows, WIDEST).map((line) => `  ${line}`),
    ];
  });
}
