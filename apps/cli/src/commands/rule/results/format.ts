import { writeFileSync } from 'node:fs';

import { type Command } from 'commander';

import { CommandFailed, EXIT } from '../../../client/exit.js';
import { writeLine } from '../../../client/output.js';
import { asCsv } from './as-csv.js';
import { asJunit } from './as-junit.js';
import { type ToldResult, type ToldRun } from './told-result.js';

export const RESULT_FORMATS = ['json', 'csv', 'junit'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

export interface FormatOptions {
  readonly format?: string;
  readonly out?: string;
}

/** `--format` and `--out` of every command that tells results. */
export const withFormat = (command: Command): Command =>
  command
    .option('--format <format>', 'write the results as json, csv or junit')
    .option('--out <file>', 'with --format: write them to this file instead of the output');

/** @throws {CommandFailed} for a word that is no format. */
export function formatOf({ format, out }: FormatOptions): ResultFormat | undefined {
  const found = RESULT_FORMATS.find((each) => each === format?.toLowerCase());
  if (found === undefined && (format !== undefined || out !== undefined))
    throw new CommandFailed(`--format is one of ${RESULT_FORMATS.join(', ')}.`, EXIT.input);
  return found;
}

export function writeResults(run: ToldRun, format: ResultFormat, out: string | undefined): void {
  const written = writtenAs(run, format);
  if (out === undefined) writeLine(written.trimEnd());
  else
    try {
      writeFileSync(out, written);
    } catch {
      throw new CommandFailed(`The file ${out} cannot be written.`, EXIT.input);
    }
}

function writtenAs(run: ToldRun, format: ResultFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(run, null, 2)}\n`;
    case 'csv':
      return asCsv(run);
    case 'junit':
      return asJunit(run);
    default:
      return format satisfies never;
  }
}

/** How a run ends a command: 3 when a rule failed, 4 when none did but some could not be asked, 0 otherwise. */
export function exitCodeOfResults(results: readonly Pick<ToldResult, 'status'>[]): number {
  if (results.some(({ status }) => status === 'fail')) return EXIT.bad;
  return results.some(({ status }) => status === 'error') ? EXIT.unasked : EXIT.ok;
}
