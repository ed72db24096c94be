import { type Command } from 'commander';

import { type Client } from '../client/client.js';
import { EXIT } from '../client/exit.js';
import { asking, wholeNumber } from '../client/command.js';
import { findSource } from '../client/find-source.js';
import { moment, remark, writeFacts, writeRows } from '../client/output.js';
import { watchJob } from '../client/watch-job.js';

interface Run {
  readonly id: string;
  readonly state: string;
  readonly requestedAt: string;
  readonly finishedAt: string | null;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly vanished: number;
  readonly reasons: readonly string[];
  readonly errorMessage: string | null;
}

const FIELDS = 'id state requestedAt finishedAt added changed unchanged vanished reasons errorMessage';

/** Asks for a harvest, waits for it and gives its run. @throws {CommandFailed} when it failed. */
export async function harvest(client: Client, sourceId: string, { quiet = false, confirm = false } = {}): Promise<Run> {
  const { run, job } = await client.change<{ run: { id: string }; job: { id: string } }>(
    `mutation ($id: ID!, $confirm: Boolean) { harvestSource(sourceId: $id, confirmRemovals: $confirm) { run { id } job { id } userErrors { code message path } } }`,
    { id: sourceId, confirm },
  );
  await watchJob(client, job.id, { quiet });
  const { harvestRun } = await client.ask<{ harvestRun: Run }>(
    `query ($id: ID!) { harvestRun(id: $id) { ${FIELDS} } }`,
    {
      id: run.id,
    },
  );
  return harvestRun;
}

/** `plumbline harvest`: reading the sources' metadata. */
export function addHarvest(program: Command): void {
  const command = program.command('harvest').description('reading the sources’ metadata');

  asking(
    command
      .command('run <source>')
      .description('read a source now and wait for it')
      .option('--confirm-removals', 'let datasets vanish however many they are'),
    async ({ client, json }, name: string, { confirmRemovals }: { confirmRemovals?: boolean }) => {
      const { id } = await findSource(client, name);
      const run = await harvest(client, id, { quiet: json, confirm: confirmRemovals ?? false });
      writeFacts({ json }, run, {
        State: run.state.toLowerCase(),
        Added: run.added,
        Changed: run.changed,
        Unchanged: run.unchanged,
        Vanished: run.vanished,
      });
      for (const reason of run.reasons) remark(reason);
      if (run.state === 'PARTIAL') process.exitCode = EXIT.bad;
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
        `query ($id: ID!, $first: Int) { harvestRuns(sourceId: $id, first: $first) { nodes { ${FIELDS} } } }`,
        { id, first: limit },
      );
      writeRows({ json }, harvestRuns.nodes, {
        'Asked for': ({ requestedAt }) => moment(requestedAt),
        State: ({ state }) => state.toLowerCase(),
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
        source: { harvestSchedule: { cron: string; timeZone: string; nextDue: string | null } };
      }>(
        `mutation ($id: ID!, $cron: String!, $zone: String, $on: Boolean) {
           scheduleHarvest(sourceId: $id, cron: $cron, timeZone: $zone, enabled: $on) {
             source { harvestSchedule { cron timeZone nextDue } } userErrors { code message path } } }`,
        { id, cron, zone: timeZone, on: off !== true },
      );
      const { harvestSchedule } = source;
      writeFacts({ json }, harvestSchedule, {
        Schedule: `${harvestSchedule.cron} (${harvestSchedule.timeZone})`,
        Next: moment(harvestSchedule.nextDue),
      });
    },
  );
}
