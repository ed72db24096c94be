import { type Command } from 'commander';

import { type Asking, asking } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { plain, remark, writeJson, writeLine } from '../../client/output.js';
import { aligned } from './aligned.js';
import { FILTER_ARGS, FILTER_PARAMS, filterOf, type FilterOptions, levelOf, withFilter, withLevel } from './filter.js';
import { findInLineage } from './find.js';
import { EDGE, type Edge, edgeCells, NODE, type Node, nodeShown, oneLine, TIMES, type Times } from './graph.js';
import { momentOf, timesShown } from './when.js';

export interface Difference {
  readonly added: readonly Edge[];
  readonly removed: readonly Edge[];
  readonly nodes: readonly Node[];
  readonly unchanged: number;
  readonly truncated: boolean;
  readonly from: Times;
  readonly to: Times;
}

interface Options extends FilterOptions {
  readonly from?: string;
  readonly to?: string;
  readonly knownFrom?: string;
  readonly knownTo?: string;
  readonly down?: boolean;
  readonly exitCode?: boolean;
}

const QUERY = `
  query ($of: ID!, $from: LineageMomentInput!, $to: LineageMomentInput!, $direction: LineageDirection!, $level: LineageLevel!, ${FILTER_PARAMS}) {
    lineageDiff(of: $of, from: $from, to: $to, direction: $direction, level: $level, ${FILTER_ARGS}) {
      added { ${EDGE} } removed { ${EDGE} } nodes { ${NODE} } unchanged truncated from { ${TIMES} } to { ${TIMES} } } }`;

/** With --exit-code: as of `git diff`. */
const DIFFERS = 1;

/** `plumbline lineage diff`: what of the lineage came and went between two moments. */
export function addChanges(lineage: Command): void {
  const command = lineage
    .command('diff <asset>')
    .description('how what feeds a column or dataset differs between two moments')
    .option('--from <time>', 'as it was then: 2026-06-30 is its midnight here', momentOf)
    .option('--to <time>', 'as it was then (default: now)', momentOf)
    .option('--known-from <time>', 'the first moment as the catalog knew it then', momentOf)
    .option('--known-to <time>', 'the second moment as the catalog knew it then', momentOf)
    .option('--down', 'what it feeds instead');
  asking(
    withLevel(withFilter(command)).option('--exit-code', 'exit with 1 where there is a difference'),
    async ({ client, json }: Asking, wanted: string, options: Options) => {
      const { from, to, knownFrom, knownTo, down, exitCode } = options;
      if (from === undefined && knownFrom === undefined)
        throw new CommandFailed('Say since when: --from, --known-from or both.', EXIT.input);
      const found = await findInLineage(client, wanted, options.source);
      const { lineageDiff } = await client.ask<{ lineageDiff: Difference }>(QUERY, {
        ...{ of: found.id, direction: down === true ? 'DOWNSTREAM' : 'UPSTREAM', level: levelOf(options) },
        from: { asOf: from, knownAt: knownFrom },
        to: { asOf: to, knownAt: knownTo },
        ...filterOf(options),
      });
      if (exitCode === true && lineageDiff.added.length + lineageDiff.removed.length > 0) process.exitCode = DIFFERS;
      if (json) return writeJson(lineageDiff);
      writeLine(plain(found.name) + (found.sourceName === null ? '' : `  (${plain(found.sourceName)})`));
      for (const line of differenceLines(lineageDiff)) writeLine(line);
      if (lineageDiff.truncated) remark('Cut: one of the two goes further. More with --depth.');
    },
  );
}

const WIDEST = 64;

/** What went with a minus, what came with a plus; what concerns one target stands together. */
export function differenceLines({ added, removed, nodes, unchanged, from, to }: Difference): string[] {
  const head = [`- ${timesShown(from)}`, `+ ${timesShown(to)}`, ''];
  if (added.length + removed.length === 0)
    return [
      ...head,
      unchanged === 0
        ? 'There was no lineage then, and there is none now.'
        : `No difference; ${edges(unchanged)} both times.`,
    ];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const home = nodes[0]?.sourceName ?? null;
  const shown = (id: string) => {
    const node = byId.get(id);
    return node ? nodeShown(node, home) : id;
  };
  const rows = [...removed.map((edge) => ({ sign: '-', edge })), ...added.map((edge) => ({ sign: '+', edge }))].map(
    ({ sign, edge }) => {
      const [how, place, expression] = edgeCells([edge]);
      const arrow = edge.type === 'INDIRECT' ? '⇠' : '←';
      const constant = edge.expression === null ? '(no column)' : oneLine(edge.expression);
      return {
        to: shown(edge.to),
        cells:
          edge.from === null
            ? [`${sign} ${shown(edge.to)}`, `${arrow} ${constant}`, how, place]
            : [`${sign} ${shown(edge.to)}`, `${arrow} ${shown(edge.from)}`, how, place, expression],
      };
    },
  );
  const together = [...Map.groupBy(rows, (row) => row.to).values()].flat();
  return [
    ...head,
    ...aligned(
      together.map(({ cells }) => cells),
      WIDEST,
    ),
    '',
    `${edges(added.length)} came, ${edges(removed.length)} went, ${edges(unchanged)} stayed.`,
  ];
}

const edges = (count: number) => `${count} ${count === 1 ? 'edge' : 'edges'}`;
