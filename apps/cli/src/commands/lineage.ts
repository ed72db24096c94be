import { type Command } from 'commander';

import { asking, wholeNumber } from '../client/command.js';
import { findSource } from '../client/find-source.js';
import { EXIT } from '../client/exit.js';
import { remark, writeFacts, writeJson, writeRows } from '../client/output.js';
import { watchJob } from '../client/watch-job.js';
import { findAsset } from './asset.js';
import { addExtract } from './lineage/extract.js';
import { addImportSql } from './lineage/import-sql.js';

interface Node {
  readonly id: string;
  readonly namespace: string;
  readonly qualifiedName: string;
  readonly column: string | null;
  readonly sourceName: string | null;
  readonly resolved: boolean;
}

interface Edge {
  readonly from: string | null;
  readonly to: string;
  readonly type: string | null;
  readonly subtype: string | null;
  readonly confidence: string | null;
  readonly scriptName: string;
  readonly place: { readonly line: number } | null;
}

interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly truncated: boolean;
  readonly frontier: readonly { readonly id: string }[];
}

interface Questions {
  readonly source?: string;
  readonly depth?: number;
  readonly direct?: boolean;
  readonly validAt?: string;
  readonly recordedAt?: string;
  readonly limit: number;
}

/** `plumbline lineage`: where columns come from and what they feed. */
export function addLineage(program: Command): void {
  const lineage = program.command('lineage').description('where columns come from and what they feed');
  addQuestion(lineage, 'up', 'UPSTREAM', 'what a column or dataset comes from');
  addQuestion(lineage, 'down', 'DOWNSTREAM', 'what a column or dataset feeds');
  addImportSql(lineage);
  addReadLog(lineage);
  addExtract(lineage);

  asking(
    lineage
      .command('not-understood <source>')
      .description('statements that were not wholly understood, each with its reason and place')
      .option('--limit <n>', 'how many', wholeNumber, 50),
    async ({ client, json }, name: string, { limit }: { limit: number }) => {
      const { id } = await findSource(client, name);
      const { notUnderstood } = await client.ask<{ notUnderstood: { totalCount: number; nodes: Statement[] } }>(
        `query ($id: ID!, $first: Int) { notUnderstood(sourceId: $id, first: $first) { totalCount nodes {
           kind status line script { name } reasons { code message line } } } }`,
        { id, first: limit },
      );
      writeRows(
        { json },
        notUnderstood.nodes,
        {
          Script: ({ script, line }) => `${script.name}:${line}`,
          Statement: ({ kind }) => kind,
          Status: ({ status }) => status.toLowerCase(),
          Why: ({ reasons }) => reasons.map(({ message }) => message).join('; '),
        },
        'Every statement was understood.',
      );
    },
  );
}

interface Statement {
  readonly kind: string;
  readonly status: string;
  readonly line: number;
  readonly script: { readonly name: string };
  readonly reasons: readonly { readonly message: string }[];
}

function addQuestion(lineage: Command, name: string, direction: 'UPSTREAM' | 'DOWNSTREAM', description: string): void {
  asking(
    lineage
      .command(`${name} <asset>`)
      .description(description)
      .option('--depth <n>', 'steps to follow (default: all)', wholeNumber)
      .option('--direct', 'only what gives values, not what merely filters or groups')
      .option('--valid-at <time>', 'as it was at this time')
      .option('--recorded-at <time>', 'as the catalog knew it at this time')
      .option('--limit <n>', 'most nodes', wholeNumber, 1000)
      .option('--source <name>', 'in this source, where several have the name'),
    async ({ client, json }, wanted: string, options: Questions) => {
      const { id } = await findAsset(client, wanted, options.source);
      const { lineage: graph } = await client.ask<{ lineage: Graph }>(
        `query ($of: ID!, $direction: LineageDirection!, $depth: Int, $kinds: [LineageEdgeType!], $first: Int!, $asOf: DateTime, $knownAt: DateTime) {
           lineage(of: $of, direction: $direction, depth: $depth, kinds: $kinds, first: $first, asOf: $asOf, knownAt: $knownAt) {
             nodes { id namespace qualifiedName column sourceName resolved }
             edges { from to type subtype confidence scriptName place { line } }
             truncated frontier { id } } }`,
        {
          of: id,
          direction,
          depth: options.depth,
          kinds: options.direct === true ? ['DIRECT'] : undefined,
          first: options.limit,
          asOf: options.validAt,
          knownAt: options.recordedAt,
        },
      );
      if (json) return writeJson(graph);
      writeGraph(graph);
    },
  );
}

function writeGraph(graph: Graph): void {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const nameOf = (key: string | null) => {
    const node = key === null ? undefined : nodes.get(key);
    if (!node) return '(a constant)';
    const column = node.column === null ? '' : `#${node.column}`;
    return `${node.qualifiedName}${column}${node.resolved ? '' : ' (not in the catalog)'}`;
  };
  const edges = [...graph.edges].sort((a, b) => nameOf(a.to).localeCompare(nameOf(b.to)));
  writeRows(
    { json: false },
    edges,
    {
      From: ({ from }) => nameOf(from),
      To: ({ to }) => nameOf(to),
      How: ({ type, subtype }) => [type, subtype].filter(Boolean).join(' ').toLowerCase(),
      Script: ({ scriptName, place }) => (place ? `${scriptName}:${place.line}` : scriptName),
    },
    'The catalog knows of none.',
  );
  if (graph.truncated)
    remark(`There is more: the answer stops at ${graph.frontier.length} nodes. Raise --limit or --depth.`);
}

function addReadLog(lineage: Command): void {
  asking(
    lineage
      .command('read-log <source>')
      .description('read the lineage of what a source ran, from the log that its setting queryLog names'),
    async ({ client, json }, name: string) => {
      const { id } = await findSource(client, name);
      const { job } = await client.change<{ job: { id: string } }>(
        `mutation ($id: ID!) { readQueryLog(sourceId: $id) { job { id } userErrors { code message path } } }`,
        { id },
      );
      const { result } = await watchJob(client, job.id, { quiet: json });
      const { problems = [], ...facts } = (result ?? {}) as { problems?: readonly string[] };
      writeFacts({ json }, result ?? {}, facts);
      if (problems.length === 0) return;
      for (const problem of problems) remark(problem);
      process.exitCode = EXIT.bad;
    },
  );
}
