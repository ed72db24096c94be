import { type Command } from 'commander';

import { type Client } from '../../client/client.js';
import { asking, several } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { findSource } from '../../client/find-source.js';
import { moment, writeFacts, writeRows } from '../../client/output.js';

interface RuleSet {
  readonly id: string;
  readonly name: string;
  readonly schedule: {
    readonly cron: string;
    readonly timeZone: string;
    readonly enabled: boolean;
    readonly days: string;
    readonly onOtherDays: string;
    readonly misfire: string;
    readonly unanswered: number;
    readonly nextDue: readonly { readonly at: string; readonly local: string; readonly known: boolean }[];
    readonly lastFiring: { readonly dueAt: string; readonly state: string } | null;
  } | null;
  readonly triggers: readonly {
    readonly sourceName: string | null;
    readonly jobNamespace: string | null;
    readonly jobName: string | null;
  }[];
}

const SET = `id name schedule { cron timeZone enabled days onOtherDays misfire unanswered
  nextDue(first: 3) { at local known } lastFiring { dueAt state } } triggers { sourceName jobNamespace jobName }`;
const ERRORS = 'userErrors { code message path }';

const words = (text: string) => text.toLowerCase().replaceAll('_', ' ');

async function findRuleSet(client: Client, name: string): Promise<RuleSet> {
  for (let after: string | null = null; ;) {
    const { ruleSets }: { ruleSets: { nodes: RuleSet[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
      await client.ask(
        `query ($after: String) { ruleSets(first: 100, after: $after) { nodes { ${SET} } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
    const found = ruleSets.nodes.find((one) => one.id === name || one.name.toLowerCase() === name.toLowerCase());
    if (found) return found;
    if (!ruleSets.pageInfo.hasNextPage)
      throw new CommandFailed(`There is no rule set ${JSON.stringify(name)}.`, EXIT.input);
    after = ruleSets.pageInfo.endCursor;
  }
}

const triggersOf = ({ triggers }: RuleSet) =>
  triggers.map(({ sourceName, jobNamespace, jobName }) =>
    sourceName === null ? `job ${jobNamespace}/${jobName}` : `harvest of ${sourceName}`,
  );

function writeSet(json: boolean, set: RuleSet): void {
  const { schedule } = set;
  writeFacts({ json }, set, {
    'Rule set': set.name,
    Schedule: schedule ? `${schedule.cron} (${schedule.timeZone})${schedule.enabled ? '' : ', off'}` : 'none',
    ...(schedule && {
      Days: words(schedule.days) + (schedule.onOtherDays === 'SKIP' ? '' : ', else the next working day'),
      'When missed': words(schedule.misfire),
      Next: schedule.nextDue.map(({ at, local, known }) => `${local} = ${at}${known ? '' : ' (not published yet)'}`),
    }),
    After: triggersOf(set),
  });
}

interface ScheduleOptions {
  readonly timeZone?: string;
  readonly days?: string;
  readonly move?: boolean;
  readonly missed?: string;
  readonly off?: boolean;
}

/** `plumbline rule schedule`, `schedules`, `after`: when rule sets run by themselves. */
export function addSchedule(rule: Command): void {
  asking(
    rule
      .command('schedule <rule-set> [cron]')
      .description('run a rule set again and again: minute, hour, day of month, month, day of week; without: no more')
      .option('--time-zone <zone>', 'for instance Asia/Shanghai', 'Asia/Shanghai')
      .option('--days <days>', 'every_day, working_days, non_working_days, first_working_day, last_working_day')
      .option('--move', 'what falls on another day is done on the next working day')
      .option('--missed <policy>', 'when no worker was there: all, latest or skip')
      .option('--off', 'keep the schedule, but do not follow it'),
    async ({ client, json }, name: string, cron: string | undefined, options: ScheduleOptions) => {
      const { id } = await findRuleSet(client, name);
      const { ruleSet } = await client.change<{ ruleSet: RuleSet }>(
        `mutation ($id: ID!, $cron: String, $zone: String, $on: Boolean, $days: ScheduleDays, $other: ScheduleOnOtherDays, $misfire: ScheduleMisfire) {
           scheduleRuleSet(id: $id, cron: $cron, timeZone: $zone, enabled: $on, days: $days, onOtherDays: $other, misfire: $misfire) {
             ruleSet { ${SET} } ${ERRORS} } }`,
        {
          ...{ id, cron, zone: options.timeZone, on: options.off !== true, days: options.days?.toUpperCase() },
          ...{ other: options.move === true ? 'NEXT_WORKING_DAY' : undefined, misfire: options.missed?.toUpperCase() },
        },
      );
      writeSet(json, ruleSet);
    },
  );

  asking(
    rule
      .command('after <rule-set>')
      .description('run a rule set after harvests and jobs of pipelines; replaces what was said before')
      .option('--source <name>', 'when this source was harvested; may be repeated', several)
      .option(
        '--job <namespace/name>',
        'when this job is COMPLETE by OpenLineage; the name is after the last /',
        several,
      ),
    async ({ client, json }, name: string, { source = [], job = [] }: { source?: string[]; job?: string[] }) => {
      const { id } = await findRuleSet(client, name);
      const sourceIds: string[] = [];
      for (const one of source) sourceIds.push((await findSource(client, one)).id);
      const jobs = job.map((text) => {
        const at = text.lastIndexOf('/');
        return { namespace: text.slice(0, Math.max(at, 0)), name: text.slice(at + 1) };
      });
      const { ruleSet } = await client.change<{ ruleSet: RuleSet }>(
        `mutation ($id: ID!, $sourceIds: [ID!]!, $jobs: [PipelineJobInput!]!) {
           setRuleSetTriggers(id: $id, sourceIds: $sourceIds, jobs: $jobs) { ruleSet { ${SET} } ${ERRORS} } }`,
        { id, sourceIds, jobs },
      );
      writeSet(json, ruleSet);
    },
  );

  asking(
    rule.command('schedules').description('rule sets with their next and last due time'),
    async ({ client, json }) => {
      const { ruleSets } = await client.ask<{ ruleSets: { nodes: RuleSet[] } }>(
        `query { ruleSets(first: 100) { nodes { ${SET} } } }`,
      );
      writeRows(
        { json },
        ruleSets.nodes,
        {
          'Rule set': ({ name }) => name,
          Schedule: ({ schedule }) => schedule && `${schedule.cron} (${schedule.timeZone})`,
          Next: ({ schedule }) => schedule?.nextDue[0]?.local,
          Last: ({ schedule }) =>
            schedule?.lastFiring && `${moment(schedule.lastFiring.dueAt)} ${words(schedule.lastFiring.state)}`,
          'Missed (30 days)': ({ schedule }) => schedule?.unanswered,
          After: triggersOf,
        },
        'There is no rule set.',
      );
    },
  );
}
