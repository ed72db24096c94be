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
  readonly kind: string;
  readonly sourceName: string | null;
  readonly domain: string | null;
  readonly owner: string | null;
  readonly knownAt: string;
  readonly factsSha256: string | null;
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

const FIELDS =
  'id state kind sourceName domain owner knownAt factsSha256 from to language requestedAt requestedBy files { format bytes sha256 path }';
const ERRORS = 'userErrors { code message path }';

export interface ReportWish {
  readonly kind?: 'QUALITY' | 'REGISTER' | 'RECONCILIATION';
  readonly sourceId?: string;
  readonly domain?: string;
  readonly owner?: string;
  /** What was known then, as 2026-11-30T18:00:00+08:00; now when not given. */
  readonly knownAt?: string;
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
    `mutation ($kind: ReportKind, $sourceId: ID, $domain: String, $owner: String, $knownAt: DateTime, $from: String!, $to: String!,
               $language: ReportLanguage!, $formats: [ReportFormat!]!, $timeZone: String!) {
       makeQualityReport(kind: $kind, sourceId: $sourceId, domain: $domain, owner: $owner, knownAt: $knownAt, from: $from, to: $to, language: $language, formats: $formats, timeZone: $timeZone) {
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

/** `plumbline report`: quality and reconciliation reports, rule registers. */
export function addReport(program: Command): void {
  const report = program.command('report').description('quality and reconciliation reports, rule registers');

  asking(
    report
      .command('make [source]')
      .description(
        'make a report about a source, a domain, an owner or all, and wait for it; with --out, write its file',
      )
      .option('--kind <kind>', 'quality, register or reconciliation', 'quality')
      .option('--domain <domain>', 'only sources of this domain')
      .option('--owner <owner>', 'only rules of this owner')
      .option('--known-at <time>', 'tell what was known then, as 2026-11-30T18:00:00+08:00 (default: now)')
      .option('--from <day>', 'first day, as 2026-11-01 (default: 30 days ago)')
      .option('--to <day>', 'last day (default: today)')
      .option('--language <language>', 'zh or en', 'zh')
      .option('--format <format>', 'html, pdf, xlsx, csv or json; may be repeated (default: html and csv)', several)
      .option('--time-zone <zone>', 'whose days they are', DEFAULT_ZONE)
      .option('--out <file>', 'where to write the first format'),
    async ({ client, json }, name: string | undefined, options: MakeOptions) => {
      const source = name === undefined ? undefined : await findSource(client, name);
      const formats = (options.format ?? ['html', 'csv']).map((format) => format.toUpperCase());
      const made = await makeReport(
        client,
        {
          kind: options.kind.toUpperCase() as 'QUALITY' | 'REGISTER' | 'RECONCILIATION',
          ...(source && { sourceId: source.id }),
          ...(options.domain !== undefined && { domain: options.domain }),
          ...(options.owner !== undefined && { owner: options.owner }),
          ...(options.knownAt !== undefined && { knownAt: options.knownAt }),
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
          Kind: ({ kind }) => kind.toLowerCase(),
          About: aboutOf,
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
      .command('check <id>')
      .description('make the facts of a report again and compare; exit code 1 when they differ'),
    async ({ client, json }, id: string) => {
      const { checkReport: check } = await client.ask<{ checkReport: Check }>(
        `query ($id: ID!) { checkReport(id: $id) { intact chainIntact factsSha256 foundSha256 runs changedRuns } }`,
        { id },
      );
      writeFacts({ json }, check, {
        Intact: check.intact ? 'yes' : 'no',
        'Audit chain': check.chainIntact ? 'intact' : 'broken',
        'Facts then': check.factsSha256 ?? '',
        'Facts now': check.foundSha256,
        'Runs compared': String(check.runs),
        'Runs changed': check.changedRuns.join(', '),
      });
      if (!check.intact) throw new CommandFailed('The report is not what stored results say any more.');
    },
  );

  asking(
    report
      .command('schedule <period> [source]')
      .description('have the report of the day, week or month before made by itself')
      .option('--cron <cron>', 'when, for instance "0 6 1 * *"; without it: no more')
      .option('--kind <kind>', 'quality, register or reconciliation', 'quality')
      .option('--domain <domain>', 'only sources of this domain')
      .option('--owner <owner>', 'only rules of this owner')
      .option('--language <language>', 'zh or en', 'zh')
      .option('--format <format>', 'html, pdf, xlsx, csv or json; may be repeated (default: html)', several)
      .option('--time-zone <zone>', 'whose days they are', DEFAULT_ZONE),
    async ({ client, json }, period: string, name: string | undefined, options: ScheduleOptions) => {
      const source = name === undefined ? undefined : await findSource(client, name);
      const { schedule } = await client.change<{ schedule: { cron: string; nextDueAt: string } | null }>(
        `mutation ($kind: ReportKind, $sourceId: ID, $domain: String, $owner: String, $period: ReportPeriod!, $language: ReportLanguage!,
                   $formats: [ReportFormat!]!, $timeZone: String!, $cron: String) {
           scheduleQualityReport(kind: $kind, sourceId: $sourceId, domain: $domain, owner: $owner, period: $period, language: $language,
                                 formats: $formats, timeZone: $timeZone, cron: $cron) { schedule { cron nextDueAt } ${ERRORS} } }`,
        {
          ...{ kind: options.kind.toUpperCase(), sourceId: source?.id, domain: options.domain, owner: options.owner },
          ...{ period: period.toUpperCase(), language: options.language.toUpperCase(), timeZone: options.timeZone },
          ...{ formats: (options.format ?? ['html']).map((format) => format.toUpperCase()), cron: options.cron },
        },
      );
      writeFacts({ json }, schedule ?? {}, {
        Cron: schedule?.cron ?? 'none',
        Next: schedule ? moment(schedule.nextDueAt) : '',
      });
    },
  );

  asking(
    report
      .command('get <id> <file>')
      .description('write the file of a report')
      .option('--format <format>', 'html, pdf, xlsx, csv or json', 'html'),
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

const aboutOf = ({ sourceName, domain, owner }: Report): string =>
  [sourceName, domain, owner].filter((part) => part !== null).join(', ') || 'the whole catalog';

interface Check {
  readonly intact: boolean;
  readonly chainIntact: boolean;
  readonly factsSha256: string | null;
  readonly foundSha256: string;
  readonly runs: number;
  readonly changedRuns: readonly string[];
}

interface ScheduleOptions {
  readonly cron?: string;
  readonly kind: string;
  readonly domain?: string;
  readonly owner?: string;
  readonly language: string;
  readonly format?: string[];
  readonly timeZone: string;
}

interface MakeOptions {
  readonly kind: string;
  readonly domain?: string;
  readonly owner?: string;
  readonly knownAt?: string;
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
    About: aboutOf(report),
    Period: `${report.from} – ${report.to}`,
    State: report.state.toLowerCase(),
  });
  if (!json)
    for (const { format, bytes, sha256 } of report.files)
      writeLine(`${format.toLowerCase()}  ${bytes} bytes, SHA-256 ${sha256}`);
}
