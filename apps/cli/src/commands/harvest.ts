import { type Command } from 'commander';

import { type Client } from '../client/client.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { asking, several, wholeNumber } from '../client/command.js';
import { findSource } from '../client/find-source.js';
import { moment, remark, writeFacts, writeJson, writeLine, writeRows } from '../client/output.js';
import { watchJob } from '../client/watch-job.js';

interface Run {
  readonly id: string;
  readonly state: string;
  readonly dry: boolean;
  readonly requestedAt: string;
  readonly finishedAt: string | null;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly vanished: number;
  readonly reasons: readonly string[];
  readonly errorMessage: string | null;
  readonly changes: { readonly totalCount: number; readonly nodes: readonly Change[] };
}

interface Change {
  readonly qualifiedName: string;
  readonly outcome: string;
}

const COUNTS = 'id state dry requestedAt finishedAt added changed unchanged vanished reasons errorMessage';
const FIELDS = `${COUNTS} changes(first: 50) { totalCount nodes { qualifiedName outcome } }`;

interface Wish {
  readonly confirmRemovals?: boolean;
  readonly scopes?: readonly string[];
  readonly readAll?: boolean;
  readonly dry?: boolean;
}

interface Asked {
  readonly run: { readonly id: string };
  readonly job: { readonly id: string };
}

/** Asks for a harvest, waits for it and gives its run. @throws {CommandFailed} when it failed. */
export async function harvest(client: Client, sourceId: string, wish: Wish = {}, { quiet = false } = {}): Promise<Run> {
  const asked = await client.change<Asked>(
    `mutation ($id: ID!, $confirmRemovals: Boolean, $scopes: [String!], $readAll: Boolean, $dry: Boolean) {
       harvestSource(sourceId: $id, confirmRemovals: $confirmRemovals, scopes: $scopes, readAll: $readAll, dry: $dry) {
         run { id } job { id } userErrors { code message path } } }`,
    { id: sourceId, ...wish },
  );
  return ended(client, asked, quiet);
}

async function ended(client: Client, { run, job }: Asked, quiet: boolean): Promise<Run> {
  const runOf = async () =>
    (await client.ask<{ harvestRun: Run }>(`query ($id: ID!) { harvestRun(id: $id) { ${FIELDS} } }`, { id: run.id }))
      .harvestRun;
  try {
    await watchJob(client, job.id, { quiet });
  } catch (error) {
    const stopped = await runOf();
    if (stopped.state === 'NEEDS_CONFIRMATION') return stopped;
    throw error;
  }
  return runOf();
}

function writeRun(json: boolean, run: Run, source: string): void {
  if (json) writeJson(run);
  else {
    writeFacts({ json }, run, {
      State: words(run.state) + (run.dry ? ' (dry: nothing was changed)' : ''),
      // A harvest that stopped to ask has done nothing; what it would have done is listed below.
      ...(run.state !== 'NEEDS_CONFIRMATION' && {
        Added: run.added,
        Changed: run.changed,
        Unchanged: run.unchanged,
        Vanished: run.vanished,
      }),
    });
    if (run.changes.totalCount > 0) {
      writeLine('');
      writeRows({ json }, run.changes.nodes, {
        Dataset: ({ qualifiedName }) => qualifiedName,
        [run.dry ? 'Would be' : 'Would have been']: ({ outcome }) => words(outcome),
      });
    }
  }
  const left = run.changes.totalCount - run.changes.nodes.length;
  if (left > 0) remark(`… and ${left} more.`);
  for (const reason of run.reasons) remark(reason);
  if (run.state === 'NEEDS_CONFIRMATION') {
    if (run.errorMessage) remark(run.errorMessage);
    remark(`To confirm: plumbline harvest confirm ${JSON.stringify(source)}`);
  }
  if (run.state !== 'SUCCEEDED') process.exitCode = EXIT.bad;
}

const words = (state: string) => state.toLowerCase().replaceAll('_', ' ');

interface RunOptions {
  readonly scope?: string[];
  readonly full?: boolean;
  readonly dryRun?: boolean;
  readonly confirmRemovals?: boolean;
}

/** `plumbline harvest`: reading the sources' metadata. */
export function addHarvest(program: Command): void {
  const command = program.command('harvest').description('reading the sources’ metadata');

  asking(
    command
      .command('run <source>', { isDefault: true })
      .description('read a source now and wait for it; the word "run" may be left out')
      .option('--scope <glob>', 'only these schemas or folders; may be repeated', several)
      .option('--full', 'also those that the source says are unchanged')
      .option('--dry-run', 'tell what would change, and change nothing')
      .option('--confirm-removals', 'let datasets vanish however many they are'),
    async ({ client, json }, name: string, options: RunOptions) => {
      const { id, name: source } = await findSource(client, name);
      const wish = {
        confirmRemovals: options.confirmRemovals,
        scopes: options.scope,
        readAll: options.full,
        dry: options.dryRun,
      };
      writeRun(json, await harvest(client, id, wish, { quiet: json }), source);
    },
  );

  asking(
    command
      .command('confirm <source>')
      .description('let the datasets vanish because of which the last harvest stopped, and read the source again'),
    async ({ client, json }, name: string) => {
      const { id, name: source } = await findSource(client, name);
      const { harvestRuns } = await client.ask<{ harvestRuns: { nodes: Run[] } }>(
        `query ($id: ID!) { harvestRuns(sourceId: $id, first: 1) { nodes { ${COUNTS} } } }`,
        { id },
      );
      const [last] = harvestRuns.nodes;
      if (last?.state !== 'NEEDS_CONFIRMATION')
        throw new CommandFailed(`The last harvest of "${source}" has nothing to confirm.`, EXIT.input);
      const asked = await client.change<Asked>(
        `mutation ($id: ID!) { confirmHarvest(runId: $id) { run { id } job { id } userErrors { code message path } } }`,
        { id: last.id },
      );
      writeRun(json, await ended(client, asked, json), source);
    },
  );

  asking(
    command
      .command('list <source>')
      .description('harvests of a source, newest first')
      .option('--limit <n>', 'how many', wholeNumber, 20),
    async ({ client, json }, name: string, { limit }: { limit: number }) => {
      const { id } = await findSource(client, name);
      const { harvestRuns } = await client.ask<{ harvestRuns: { nodes: Run[] } }>(
        `query ($id: ID!, $first: Int) { harvestRuns(sourceId: $id, first: $first) { nodes { ${COUNTS} } } }`,
        { id, first: limit },
      );
      writeRows({ json }, harvestRuns.nodes, {
        'Asked for': ({ requestedAt }) => moment(requestedAt),
        State: ({ state, dry }) => words(state) + (dry ? ' (dry)' : ''),
        Added: ({ added }) => added,
        Changed: ({ changed }) => changed,
        Unchanged: ({ unchanged }) => unchanged,
        Vanished: ({ vanished }) => vanished,
        Said: ({ errorMessage, reasons }) => errorMessage ?? reasons,
      });
    },
  );

  asking(
    command
      .command('schedule <source> <cron>')
      .description('read a source again and again: minute, hour, day of month, month, day of week')
      .option('--time-zone <zone>', 'for instance Asia/Shanghai')
      .option('--off', 'keep the schedule, but do not follow it'),
    async ({ client, json }, name: string, cron: string, { timeZone, off }: { timeZone?: string; off?: boolean }) => {
      const { id } = await findSource(client, name);
      const { source } = await client.change<{
        source: { harvestSchedule: { cron: string; timeZone: string; nextAt: string | null } };
      }>(
        `mutation ($id: ID!, $cron: String!, $zone: String, $on: Boolean) {
           scheduleHarvest(sourceId: $id, cron: $cron, timeZone: $zone, enabled: $on) {
             source { harvestSchedule { cron timeZone nextAt } } userErrors { code message path } } }`,
        { id, cron, zone: timeZone, on: off !== true },
      );
      const { harvestSchedule } = source;
      writeFacts({ json }, harvestSchedule, {
        Schedule: `${harvestSchedule.cron} (${harvestSchedule.timeZone})`,
        Next: moment(harvestSchedule.nextAt),
      });
    },
  );
}
