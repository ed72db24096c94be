import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

import { messageOf } from '#kernel';
import { type Command } from 'commander';

import { type Client } from '../client/client.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { asking, several, wholeNumber } from '../client/command.js';
import { findSource } from '../client/find-source.js';
import { remark, writeFacts, writeRows } from '../client/output.js';
import { watchJob } from '../client/watch-job.js';
import { addChanges } from './lineage/changes.js';
import { addCoverage } from './lineage/coverage.js';
import { addExtract } from './lineage/extract.js';
import { addImpact } from './lineage/impact.js';
import { addPaths } from './lineage/paths.js';
import { addShow } from './lineage/show.js';

/** `plumbline lineage`: where columns come from and what they feed. */
export function addLineage(program: Command): void {
  const lineage = program.command('lineage').description('where columns come from and what they feed');
  addShow(lineage);
  addImpact(lineage);
  addPaths(lineage);
  addChanges(lineage);
  addCoverage(lineage);
  addImport(lineage);
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

function addImport(lineage: Command): void {
  asking(
    lineage
      .command('import-sql <path>')
      .description('read the lineage of ETL scripts: a .sql file, or a folder of them')
      .requiredOption('--source <name>', 'the source that the scripts run on')
      .option('--dialect <dialect>', 'for instance postgres, hive, spark, oracle', 'postgres')
      .option('--schema <name>', 'schema of tables that name none')
      .option(
        '--alias <name=source>',
        'a schema name in the scripts that stands for another source; may be repeated',
        several,
      ),
    async (
      { client, json },
      path: string,
      options: { source: string; dialect: string; schema?: string; alias?: string[] },
    ) => {
      const scripts = scriptsAt(path);
      const source = await findSource(client, options.source);
      const aliases = await Promise.all((options.alias ?? []).map((alias) => aliasOf(client, alias)));
      const result = await importSql(
        client,
        { sourceId: source.id, dialect: options.dialect, schema: options.schema, aliases, scripts },
        json,
      );
      writeFacts({ json }, result, result);
      const { statements } = result as { statements?: Record<string, number> };
      const bad = Object.entries(statements ?? {}).filter(([status, count]) => status !== 'ok' && count > 0);
      if (bad.length === 0) return;
      remark(`Not everything was understood; see "plumbline lineage not-understood ${JSON.stringify(source.name)}".`);
      process.exitCode = EXIT.bad;
    },
  );
}

async function aliasOf(client: Client, text: string): Promise<Alias> {
  const at = text.indexOf('=');
  if (at < 1) throw new CommandFailed(`"${text}" is not name=source.`, EXIT.input);
  const { id } = await findSource(client, text.slice(at + 1));
  return { alias: text.slice(0, at), sourceId: id };
}

export interface Alias {
  readonly alias: string;
  readonly sourceId: string;
}

export interface Script {
  readonly name: string;
  readonly text: string;
}

/** Has scripts read and waits for it; gives the job's result: totals. */
export async function importSql(
  client: Client,
  wish: {
    sourceId: string;
    dialect: string;
    schema?: string | undefined;
    aliases: readonly Alias[];
    scripts: readonly Script[];
  },
  quiet: boolean,
): Promise<Record<string, unknown>> {
  const { job } = await client.change<{ job: { id: string } }>(
    `mutation ($sourceId: ID!, $dialect: SqlDialect!, $schema: String, $aliases: [SourceAliasInput!], $scripts: [SqlScriptInput!]!) {
       importSql(sourceId: $sourceId, dialect: $dialect, defaultSchema: $schema, aliases: $aliases, scripts: $scripts) {
         job { id } userErrors { code message path } } }`,
    { ...wish, dialect: wish.dialect.toUpperCase() },
  );
  const { result } = await watchJob(client, job.id, { quiet });
  return result ?? {};
}

/** The scripts of a file or folder, by name. @throws {CommandFailed} when there is none. */
export function scriptsAt(path: string): Script[] {
  try {
    const folder = statSync(path).isDirectory();
    const files = folder
      ? readdirSync(path, { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.sql'))
          .sort()
          .map((file) => join(path, file))
      : [path];
    if (files.length === 0) throw new Error('there is no .sql file in it');
    return files.map((file) => ({
      name: folder ? relative(path, file) : basename(file),
      text: readFileSync(file, 'utf8'),
    }));
  } catch (error) {
    throw new CommandFailed(`No scripts can be read at ${path}: ${messageOf(error)}.`, EXIT.input);
  }
}
