import { type Command } from 'commander';

import { type Asking, asking, wholeNumber } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { plain, remark, writeJson, writeLine } from '../../client/output.js';
import { aligned } from './aligned.js';
import { dotOf } from './dot.js';
import {
  filterOf,
  type FilterOptions,
  levelOf,
  type TimeOptions,
  timesOf,
  withFilter,
  withLevel,
  withTimes,
} from './filter.js';
import { type Found, findInLineage } from './find.js';
import { flowChartOf } from './flow-chart.js';
import { type Graph } from './graph.js';
import { mermaidOf } from './mermaid.js';
import { readGraph } from './read-graph.js';
import { toldOf } from './told.js';
import { Tree } from './tree.js';
import { timesShown } from './when.js';

interface Options extends FilterOptions, TimeOptions {
  readonly up?: boolean;
  readonly down?: boolean;
  readonly limit: number;
  readonly dot?: boolean;
  readonly mermaid?: boolean;
}

/** Wider cells do not push the others out of a terminal. */
const WIDEST = 64;

/** `plumbline lineage show`: what feeds something, and what it feeds. */
export function addShow(lineage: Command): void {
  const command = lineage
    .command('show <asset>')
    .description('what feeds a column or dataset, and what it feeds')
    .option('--up', 'only what feeds it')
    .option('--down', 'only what it feeds');
  asking(
    withTimes(withLevel(withFilter(command)))
      .option('--limit <n>', 'most nodes', wholeNumber, 1000)
      .option('--dot', 'write a Graphviz graph')
      .option('--mermaid', 'write a Mermaid flowchart'),
    show,
  );
}

async function show({ client, json }: Asking, wanted: string, options: Options): Promise<void> {
  const { dot = false, mermaid = false, limit } = options;
  if ([json, dot, mermaid].filter(Boolean).length > 1)
    throw new CommandFailed('Choose one of --json, --dot and --mermaid.', EXIT.input);
  if (!(limit > 0)) throw new CommandFailed('--limit must be a whole number above 0.', EXIT.input);
  const found = await findInLineage(client, wanted, options.source);
  const sides = sidesOf(options);
  const direction = sides.length === 2 ? 'BOTH' : sides[0] === 'up' ? 'UPSTREAM' : 'DOWNSTREAM';
  const graph = await readGraph(
    client,
    { of: found.id, direction, level: levelOf(options), ...filterOf(options), ...timesOf(options) },
    limit,
  );
  if (json) return writeJson(graph);
  if (dot || mermaid) for (const line of (dot ? dotOf : mermaidOf)(flowChartOf(graph))) writeLine(line);
  else writeTrees(found, graph, sides, options.direct === true || options.origins !== undefined);
  for (const sentence of toldOf(graph)) remark(plain(sentence));
}

const sidesOf = ({ up = false, down = false }: Options): ('up' | 'down')[] =>
  up === down ? ['up', 'down'] : up ? ['up'] : ['down'];

const HEADS = { up: 'Fed by', down: 'Feeds' } as const;
const VERBS = { up: 'feeds it', down: 'it feeds' } as const;

function writeTrees(found: Found, graph: Graph, sides: readonly ('up' | 'down')[], isFiltered: boolean): void {
  writeLine(plain(found.name) + (found.sourceName === null ? '' : `  (${plain(found.sourceName)})`));
  writeLine(timesShown(graph));
  for (const line of linesOf(graph, sides, isFiltered)) writeLine(line);
}

function linesOf(graph: Graph, sides: readonly ('up' | 'down')[], isFiltered: boolean): string[] {
  const that = isFiltered ? ' (among what --direct and --origins let through)' : '';
  if (!graph.hasLineage && sides.length === 2)
    return ['', `It has no lineage: the catalog knows of nothing that feeds it, and of nothing that it feeds${that}.`];
  return sides.flatMap((side) => {
    const lines = new Tree(graph, side).lines();
    if (lines.length > 0) return ['', HEADS[side], ...aligned(lines, WIDEST)];
    return graph.coarse.length > 0
      ? ['', `By column, nothing is known that ${VERBS[side]}${that}; see the gaps.`]
      : ['', `The catalog knows of nothing that ${VERBS[side]}${that}.`];
  });
}
