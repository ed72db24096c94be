import { type Client } from './client.js';
import { CommandFailed, EXIT } from './exit.js';

export interface Source {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly namespace: string;
  readonly description: string;
  readonly owner: string;
  readonly domain: string;
  readonly environment: string;
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[];
  readonly settings: Readonly<Record<string, unknown>> | null;
  readonly removalShare: number;
  readonly sampleRows: number;
  readonly pausedAt: string | null;
  readonly harvestSchedule: {
    readonly cron: string;
    readonly timeZone: string;
    readonly enabled: boolean;
    readonly nextAt: string | null;
  } | null;
  readonly lastHarvest: {
    readonly state: string;
    readonly requestedAt: string;
    readonly finishedAt: string | null;
  } | null;
}

export const SOURCE_FIELDS =
  'id name kind namespace description owner domain environment include exclude settings removalShare sampleRows pausedAt harvestSchedule { cron timeZone enabled nextAt } lastHarvest { state requestedAt finishedAt }';

export async function allSources(client: Client): Promise<Source[]> {
  const { sources } = await client.ask<{ sources: { nodes: Source[] } }>(
    `{ sources(first: 500) { nodes { ${SOURCE_FIELDS} } } }`,
  );
  return sources.nodes;
}

/** A source by its name (in any case) or its id. @throws {CommandFailed} that lists the names there are. */
export async function findSource(client: Client, wanted: string): Promise<Source> {
  const sources = await allSources(client);
  const found = sources.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase());
  if (found) return found;
  const names = sources.map(({ name }) => `"${name}"`).join(', ');
  throw new CommandFailed(`There is no source "${wanted}". There are: ${names || 'none yet'}.`, EXIT.input);
}
