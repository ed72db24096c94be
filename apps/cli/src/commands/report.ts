import { writeFileSync } from 'node:fs';

import { messageOf } from '#kernel';
import { type Command } from 'commander';

import { type Client } from '../client/client.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { asking, several, wholeNumber } from '../client/command.js';
import { findSource } from '../client/find-source.js';
import { moment, remark, writeFacts, writeLine, writeRows } from '../client/output.js';
import { watchJob } from '../client/watch-job.js';

export interface Report {
  readonly id: string;
  readonly state: string;
  readonly sourceName: string;
  readonly from: string;
  readonly to: string;
  readonly language: string;
  readonly requestedAt: string;
  readonly requestedBy: string;
  readonly files: readonly {
    readonly format: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly path: string;
  }[];
}

const FIELDS = 'id state sourceName from to language requestedAt requestedBy files { format bytes sha256 path }';
const ERRORS = 'userErrors { code message path }';

export interface ReportWish {
  readonly sourceId: string;
  /** First and last day, as 2026-11-30. */
  readonly from: string;
  readonly to: string;
  readonly language: 'EN' | 'ZH';
  readonly formats: readonly string[];
  readonly timeZone: string;
}

/** Has a quality report made and waits for it. */
export async function makeReport(client: Client, wish: ReportWish, quiet: boolean): Promise<Report> {
  const { job, report } = await client.change<{ job: { id: string }; report: Report }>(
    `mutation ($sourceId: ID!, $from: String!, $to: String!, $language: ReportLanguage!, $formats: [ReportFormat!]!, $timeZone: String!) {
       makeQualityReport(sourceId: $sourceId, from: $from, to: $to, language: $language, formats: $formats, timeZone: $timeZone) {
         job { id } report { id } ${ERRORS} } }`,
    { ...wish },
  );
  await watchJob(client, job.id, { quiet });
  const made = await client.ask<{ report: Report }>(`query ($id: ID!) { report(id: $id) { ${FIELDS} } }`, {
    id: report.id,
  });
  return made.report;
}

/** Today in a time zone, or so many days before, as 2026-11-30. */
export function dayIn(timeZone: string, daysBefore = 0): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(Date.now() - daysBefore * 86_400_000));
}

const DEFAULT_ZONE = 'Asia/Shanghai';

/** `plumbline report`: the quality report of a source and period. */
export function addReport(program: Command): void {
  const report = program.command('report').description('the quality report of a source and period');

  asking(
    report
      .command('make <source>')
      .description('make a report and wait for it; with --out, write its file')
      .option('--from <day>', 'first day, as 2026-11-01 (default: 30 days ago)')
      .option('--to <day>', 'last day (default: today)')
      .option('--language <language>', 'zh or en', 'zh')
      .option('--format <format>', 'html or csv; may be repeated (default: both)', several)
      .option('--time-zone <zone>', 'whose days they are', DEFAULT_ZONE)
      .option('--out <file>', 'where to write the first format'),
    async ({ client, json }, name: string, options: MakeOptions) => {
      const { id } = await findSource(client, name);
      const formats = (options.format ?? ['html', 'csv']).map((format) => format.toUpperCase());
      const made = await makeReport(
        client,
        {
          sourceId: id,
          from: options.from ?? dayIn(options.timeZone, 30),
          to: options.to ?? dayIn(options.timeZone),
          language: options.language.toUpperCase() as 'EN' | 'ZH',
          formats,
          timeZone: options.timeZone,
        },
        json,
      );
      if (options.out !== undefined) await download(client, made, formats[0] ?? 'HTML', options.out);
      writeReport(json, made);
    },
  );

  asking(
    report.command('list').description('reports, newest first').option('--limit <n>', 'how many', wholeNumber, 20),
    async ({ client, json }, { limit }: { limit: number }) => {
      const { reports } = await client.ask<{ reports: { nodes: Report[] } }>(
        `query ($first: Int) { reports(first: $first) { nodes { ${FIELDS} } } }`,
        { first: limit },
      );
      writeRows(
        { json },
        reports.nodes,
        {
          ID: ({ id }) => id,
          Source: ({ sourceName }) => sourceName,
          Period: ({ from, to }) => `${from} – ${to}`,
          Language: ({ language }) => language.toLowerCase(),
          State: ({ state }) => state.toLowerCase(),
          'Asked for': ({ requestedAt }) => moment(requestedAt),
          By: ({ requestedBy }) => requestedBy,
        },
        'No report was made yet. Make one with "plumbline report make".',
      );
    },
  );

  asking(
    report
      .command('get <id> <file>')
      .description('write the file of a report')
      .option('--format <format>', 'html or csv', 'html'),
    async ({ client, json }, id: string, file: string, { format }: { format: string }) => {
      const { report: found } = await client.ask<{ report: Report }>(
        `query ($id: ID!) { report(id: $id) { ${FIELDS} } }`,
        { id },
      );
      await download(client, found, format.toUpperCase(), file);
      writeReport(json, found);
    },
  );
}

interface MakeOptions {
  readonly from?: string;
  readonly to?: string;
  readonly language: string;
  readonly format?: string[];
  readonly timeZone: string;
  readonly out?: string;
}

async function download(client: Client, report: Report, format: string, file: string): Promise<void> {
  const wanted = report.files.find((one) => one.format === format);
  if (!wanted)
    throw new CommandFailed(
      `The report has no ${format.toLowerCase()} file; its state is ${report.state.toLowerCase()}.`,
      EXIT.input,
    );
  const response = await client.fetch(wanted.path);
  if (!response.ok) throw new CommandFailed(`The file could not be fetched: the server answered ${response.status}.`);
  try {
    writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    throw new CommandFailed(`${file} cannot be written: ${messageOf(error)}.`, EXIT.input);
  }
  remark(`Written to ${file}.`);
}

function writeReport(json: boolean, report: Report): void {
  writeFacts({ json }, report, {
    ID: report.id,
    Source: report.sourceName,
    Period: `${report.from} – ${report.to}`,
    State: report.state.toLowerCase(),
  });
  if (!json)
    for (const { format, bytes, sha256 } of report.files)
      writeLine(`${format.toLowerCase()}  ${bytes} bytes, SHA-256 ${sha256}`);
}
