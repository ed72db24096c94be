import { type Command } from 'commander';

import { type Client } from './client.js';
import { type Output } from './output.js';

interface Common {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** What a command that asks the catalog is given. */
export interface Asking extends Output {
  readonly client: Client;
}

/**
 * Adds a command that asks the catalog: with --url, --token and --json, and a client in its hands.
 *
 * @example
 * asking(job.command('list').description('newest first'), async ({ client, json }, options) => { … });
 */
export function asking<A extends unknown[]>(
  command: Command,
  act: (asking: Asking, ...args: A) => Promise<void>,
): Command {
  return command
    .option('--url <url>', 'address of the catalog (default: PLUMBLINE_URL, else the one started here)')
    .option('--token <token>', 'API token (better: PLUMBLINE_TOKEN)')
    .option('--json', 'write JSON')
    .action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const { url, token, json } = self.opts<Common>();
      const place = { ...(url !== undefined && { url }), ...(token !== undefined && { token }) };
      // The settings' schema takes half a second to load; a command's help and commands without a catalog do without.
      const { Client } = await import('./client.js');
      // Commander hands over arguments, options and the command itself.
      await act({ client: Client.at(place), json: json ?? false }, ...(given.slice(0, -1) as A));
    });
}

/** Reads a whole number from a flag. */
export const wholeNumber = (text: string): number => Number.parseInt(text, 10);

/** Collects a flag that may be given several times. */
export const several = (text: string, before: string[] = []): string[] => [...before, text];
