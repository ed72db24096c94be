import { type Command } from 'commander';

import { type Client } from '../client/client.js';
import { asking, type Asking, wholeNumber } from '../client/command.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { allSources, findSource } from '../client/find-source.js';
import { moment, remark, writeFacts, writeJson, writeLine, writeRows } from '../client/output.js';
import { watchJob } from '../client/watch-job.js';
import { findAsset } from './asset.js';

interface Column {
  readonly name: string;
  readonly statistics: {
    readonly rows: number;
    readonly sampled: boolean;
    readonly nulls: number;
    readonly distinct: number | null;
    readonly shortest: number | null;
    readonly longest: number | null;
    readonly mean: string | null;
    readonly shown: string;
    readonly least: string | null;
    readonly greatest: string | null;
    readonly quantiles: readonly { readonly quantile: string; readonly value: string }[];
    readonly frequent: readonly { readonly value: string; readonly rows: number }[];
  } | null;
}

interface Dataset {
  readonly qualifiedName: string;
  readonly statistics: {
    readonly takenAt: string | null;
    readonly rowCount: number | null;
    readonly sampledRows: number | null;
    readonly problem: string | null;
  } | null;
  readonly fields: readonly Column[];
}

interface Summary {
  readonly datasets: number;
  readonly sampled: number;
  readonly skipped: number;
  readonly problems: Readonly<Record<string, number>>;
}

/** `plumbline profile`: what the values of a dataset are like, or of a whole source. */
export function addProfile(program: Command): void {
  const command = program.command('profile').description('what the values of columns are like');

  asking(
    command
      .command('take <name>', { isDefault: true })
      .description('read a dataset or a whole source now and wait for it; the word "take" may be left out')
      .option('--row-limit <n>', 'of a larger dataset read only a sample of so many rows', wholeNumber)
      .option('--show', 'only show what is known of a dataset')
      .option('--source <name>', 'in this source, where several have the name'),
    async (
      asked,
      name: string,
      { rowLimit, show, source: within }: { rowLimit?: number; show?: boolean; source?: string },
    ) => {
      const { client } = asked;
      const source = (await allSources(client)).find(
        (each) => each.id === name || each.name.toLowerCase() === name.toLowerCase(),
      );
      if (source) {
        if (show) throw new CommandFailed('--show is for a dataset.', EXIT.input);
        writeSummary(asked, await take(asked, { sourceId: source.id, rowLimit }));
        return;
      }
      const asset = await findAsset(client, name, within);
      if (asset.__typename !== 'Dataset') throw new CommandFailed(`"${name}" is a column.`, EXIT.input);
      if (!show) await take(asked, { datasetId: asset.id, rowLimit });
      await writeDataset(asked, client, asset.id);
    },
  );

  asking(
    command
      .command('limit <source>')
      .description('what reading for statistics may cost a source; without options: what it may cost now')
      .option('--row-limit <n>', 'of a larger dataset read only a sample of so many rows', wholeNumber)
      .option('--seconds <n>', 'for one run', wholeNumber)
      .option('--read-rows <n>', 'rows that the statements of one run read together', wholeNumber),
    async ({ client, json }, name: string, wish: { rowLimit?: number; seconds?: number; readRows?: number }) => {
      const { id } = await findSource(client, name);
      const limits = 'statisticsLimits { rowLimit seconds readRows }';
      interface Limited {
        readonly source: { readonly statisticsLimits: Readonly<Record<string, number>> };
      }
      const { source } =
        Object.keys(wish).length === 0
          ? await client.ask<Limited>(`query ($id: ID!) { source(id: $id) { ${limits} } }`, { id })
          : await client.change<Limited>(
              `mutation ($id: ID!, $rowLimit: Float, $seconds: Int, $readRows: Float) {
                 limitStatistics(sourceId: $id, rowLimit: $rowLimit, seconds: $seconds, readRows: $readRows) {
                   source { ${limits} } userErrors { code message path } } }`,
              { id, ...wish },
            );
      const { rowLimit, seconds, readRows } = source.statisticsLimits;
      writeFacts({ json }, source.statisticsLimits, {
        'Rows of a sample': rowLimit,
        'Seconds of a run': seconds,
        'Rows read in a run': readRows,
      });
    },
  );

  asking(
    command
      .command('schedule <source> <cron>')
      .description('take statistics again and again: minute, hour, day of month, month, day of week')
      .option('--time-zone <zone>', 'for instance Asia/Shanghai')
      .option('--off', 'keep the schedule, but do not follow it'),
    async ({ client, json }, name: string, cron: string, { timeZone, off }: { timeZone?: string; off?: boolean }) => {
      const { id } = await findSource(client, name);
      const { source } = await client.change<{
        source: { statisticsSchedule: { cron: string; timeZone: string; nextAt: string | null } };
      }>(
        `mutation ($id: ID!, $cron: String!, $zone: String, $on: Boolean) {
           scheduleStatistics(sourceId: $id, cron: $cron, timeZone: $zone, enabled: $on) {
             source { statisticsSchedule { cron timeZone nextAt } } userErrors { code message path } } }`,
        { id, cron, zone: timeZone, on: off !== true },
      );
      const { statisticsSchedule: schedule } = source;
      writeFacts({ json }, schedule, {
        Schedule: `${schedule.cron} (${schedule.timeZone})`,
        Next: moment(schedule.nextAt),
      });
    },
  );
}

async function take(
  { client, json }: Asking,
  wish: { readonly sourceId?: string; readonly datasetId?: string; readonly rowLimit?: number | undefined },
): Promise<Summary> {
  const { job } = await client.change<{ job: { id: string } }>(
    `mutation ($sourceId: ID, $datasetId: ID, $rowLimit: Int) {
       takeStatistics(sourceId: $sourceId, datasetId: $datasetId, rowLimit: $rowLimit) {
         job { id } userErrors { code message path } } }`,
    { ...wish },
  );
  const done = await watchJob(client, job.id, { quiet: json });
  if (done.state === 'PARTIAL') process.exitCode = EXIT.bad;
  return done.result as unknown as Summary;
}

function writeSummary({ json }: Asking, summary: Summary): void {
  writeFacts({ json }, summary, {
    'Datasets read': summary.datasets,
    'Of them samples': summary.sampled,
    'Left for the next run': summary.skipped,
  });
  for (const [code, count] of Object.entries(summary.problems)) remark(`${count} datasets could not be read: ${code}.`);
  if (summary.skipped > 0) remark('The time or the rows of this run are used up: see "plumbline profile limit".');
}

async function writeDataset({ json }: Asking, client: Client, id: string): Promise<void> {
  const { dataset } = await client.ask<{ dataset: Dataset }>(
    `query ($id: ID!) { dataset(id: $id) {
       qualifiedName statistics { takenAt rowCount sampledRows problem }
       fields { name statistics { rows sampled nulls distinct shortest longest mean shown least greatest
                                  quantiles { quantile value } frequent { value rows } } } } }`,
    { id },
  );
  if (json) return writeJson(dataset);
  const { statistics, qualifiedName, fields } = dataset;
  writeLine(`${qualifiedName}: ${rowsOf(statistics)}`);
  if (statistics?.problem) remark(`The last try failed: ${statistics.problem}.`);
  writeLine('');
  writeRows(
    { json },
    fields.flatMap(({ name, statistics: of }) => (of ? [{ name, ...of }] : [])),
    {
      Column: ({ name }) => name,
      Absent: ({ nulls, rows }) => (nulls === 0 ? '0' : `${nulls} (${Math.round((100 * nulls) / rows)} %)`),
      Distinct: ({ distinct, sampled }) => (distinct === null ? null : `${sampled ? '≥ ' : ''}${distinct}`),
      Length: ({ shortest, longest }) => (longest === null ? null : `${shortest}–${longest}`),
      Least: ({ least }) => least,
      Median: ({ quantiles }) => quantiles.find(({ quantile }) => quantile === '0.5')?.value,
      Mean: ({ mean }) => (mean === null ? null : short(mean)),
      Greatest: ({ greatest }) => greatest,
      'Most frequent': ({ frequent }) => frequent.slice(0, 3).map(({ value, rows }) => `${value} (${rows})`),
      Values: ({ shown }) => shown.toLowerCase(),
    },
    'No statistics were taken of it yet.',
  );
  const without = fields.filter(({ statistics: of }) => of?.shown === 'WITHHELD').length;
  if (without > 0)
    remark(
      `Of ${without} columns no values are kept: their security level is high, or nobody has said it. "plumbline asset describe … --level" says it.`,
    );
}

/** Six digits tell enough to look at; --json has them all. */
const short = (number: number | string) =>
  Number.isFinite(Number(number)) ? Number(Number(number).toPrecision(6)) : number;

function rowsOf(statistics: Dataset['statistics']): string {
  if (statistics?.takenAt == null) return 'no statistics yet';
  const { rowCount, sampledRows, takenAt } = statistics;
  const rows = rowCount === null ? 'an unknown number of rows' : `${rowCount} rows`;
  return `${rows}${sampledRows === null ? '' : `, of which ${sampledRows} were read`}, on ${moment(takenAt)}`;
}
