import { type Command } from 'commander';

import { asking, wholeNumber } from '../client/command.js';
import { findSource } from '../client/find-source.js';
import { remark, writeRows } from '../client/output.js';
import { addAliases } from './lineage/alias.js';
import { addChanges } from './lineage/changes.js';
import { addCoverage } from './lineage/coverage.js';
import { addExtract } from './lineage/extract.js';
import { addImpact } from './lineage/impact.js';
import { addImportSql } from './lineage/import-sql.js';
import { addPaths } from './lineage/paths.js';
import { addReadLog } from './lineage/read-log.js';
import { addShow } from './lineage/show.js';

/** `plumbline lineage`: where columns come from and what they feed. */
export function addLineage(program: Command): void {
  const lineage = program.command('lineage').description('where columns come from and what they feed');
  addShow(lineage);
  addImpact(lineage);
  addPaths(lineage);
  addChanges(lineage);
  addCoverage(lineage);
  addImportSql(lineage);
  addReadLog(lineage);
  addExtract(lineage);
  addAliases(lineage);

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
      if (notUnderstood.totalCount > notUnderstood.nodes.length)
        remark(`${notUnderstood.nodes.length} of ${notUnderstood.totalCount}; more with --limit.`);
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
