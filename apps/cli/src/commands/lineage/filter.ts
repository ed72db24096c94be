import { type Command, Option } from 'commander';

import { CommandFailed, EXIT } from '../../client/exit.js';
import { wholeNumber } from '../../client/command.js';
import { momentOf } from './when.js';

const ORIGINS = ['parsed', 'declared', 'observed', 'manual'];

/** Which edges count. */
export interface FilterOptions {
  readonly depth?: number;
  readonly direct?: boolean;
  readonly origins?: readonly string[];
  readonly level?: string;
  readonly source?: string;
}

export interface TimeOptions {
  readonly asOf?: string;
  readonly knownAt?: string;
}

/** Adds the flags of {@link FilterOptions}. */
export const withFilter = (command: Command): Command =>
  command
    .option('--depth <n>', 'steps to follow (default: all)', wholeNumber)
    .option('--direct', 'only what gives values, not what merely filters, joins or groups')
    .option('--origins <list>', `only edges that are known so: ${ORIGINS.join(', ')}`, originsOf)
    .option('--source <name>', 'in this source, where several have the name');

/** Adds the flag of {@link FilterOptions} that chooses columns or datasets. */
export const withLevel = (command: Command): Command =>
  command.addOption(
    new Option('--level <level>', 'column by column or dataset by dataset').choices(['column', 'dataset']),
  );

/** Adds the flags of {@link TimeOptions}. */
export const withTimes = (command: Command): Command =>
  command
    .option('--as-of <time>', 'as it was then: 2026-06-30 is its midnight here', momentOf)
    .option('--known-at <time>', 'as the catalog knew it then', momentOf);

export const FILTER_PARAMS = '$depth: Int, $kinds: [LineageEdgeType!], $origins: [LineageOrigin!]';
export const FILTER_ARGS = 'depth: $depth, kinds: $kinds, origins: $origins';
export const TIME_PARAMS = '$asOf: DateTime, $knownAt: DateTime';
export const TIME_ARGS = 'asOf: $asOf, knownAt: $knownAt';

/** The flags as variables of a question. @throws {CommandFailed} */
export function filterOf({ depth, direct, origins }: FilterOptions) {
  if (Number.isNaN(depth)) throw new CommandFailed('--depth must be a whole number.', EXIT.input);
  return {
    depth,
    kinds: direct === true ? ['DIRECT'] : undefined,
    origins: origins?.map((origin) => origin.toUpperCase()),
  };
}

export const timesOf = ({ asOf, knownAt }: TimeOptions) => ({ asOf, knownAt });

export const levelOf = ({ level }: FilterOptions) => (level ?? 'column').toUpperCase();

function originsOf(text: string, before: readonly string[] = []): readonly string[] {
  const wanted = text
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  const unknown = wanted.find((word) => !ORIGINS.includes(word));
  if (unknown !== undefined)
    throw new CommandFailed(`"${unknown}" is no origin. Write some of ${ORIGINS.join(', ')}.`, EXIT.input);
  return [...before, ...wanted];
}
