import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { messageOf } from '#kernel';
import { readSettings } from '#platform/config';

import { CommandFailed, EXIT } from './exit.js';

export interface Place {
  readonly url?: string;
  readonly token?: string;
}

interface UserErrors {
  readonly userErrors?: readonly {
    readonly code: string;
    readonly message: string;
    readonly path: readonly string[];
  }[];
}

/** The catalog, asked over GraphQL with a token. */
export class Client {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** Where the catalog is and who asks: flags, else environment, else what `plumbline start` left in the data folder. */
  static at({ url, token }: Place): Client {
    const { dataDir } = readSettings({ env: process.env, cwd: process.env.INIT_CWD ?? process.cwd() });
    const kept = (name: string) => {
      const file = join(dataDir, name);
      return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
    };
    const address = url ?? process.env.PLUMBLINE_URL ?? kept('api-url');
    const secret = token ?? process.env.PLUMBLINE_TOKEN ?? kept('cli-token');
    if (address === undefined)
      throw new CommandFailed(
        'No catalog is known here. Start one with "npm start", or name one with --url or PLUMBLINE_URL.',
        EXIT.input,
      );
    if (secret === undefined)
      throw new CommandFailed(
        'No token is known. Make one in the browser or with "plumbline token add", and name it in PLUMBLINE_TOKEN.',
        EXIT.input,
      );
    return new Client(address.replace(/\/$/, ''), secret);
  }

  /** The data of an operation. @throws {CommandFailed} with the server's sentences. */
  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await this.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    if (response.status === 413)
      throw new CommandFailed(
        'The server takes no request of this size. Raise PLUMBLINE_BODY_LIMIT_KB there, or give less at once.',
        EXIT.input,
      );
    const answer = (await response.json()) as {
      data?: T;
      errors?: { message: string; extensions?: { code?: string } }[];
    };
    if (answer.errors?.length) {
      const internal = answer.errors.some(({ extensions }) => extensions?.code === 'INTERNAL');
      throw new CommandFailed(
        answer.errors.map(({ message }) => message).join('\n'),
        internal ? EXIT.failed : EXIT.input,
      );
    }
    return answer.data as T;
  }

  /** The payload of a mutation that has one root field. @throws {CommandFailed} with its user errors. */
  async change<T extends object>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const [payload] = Object.values(await this.ask<Record<string, T & UserErrors>>(query, variables));
    if (!payload) throw new CommandFailed('The server did not answer the change.');
    const { userErrors = [] } = payload;
    if (userErrors.length > 0)
      throw new CommandFailed(
        userErrors.map(({ message, path }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('\n'),
        EXIT.input,
      );
    return payload;
  }

  /** A route of the API. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      const headers = {
        ...(init.headers as Record<string, string> | undefined),
        authorization: `Bearer ${this.token}`,
      };
      return await fetch(this.url + path, { ...init, headers });
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      throw new CommandFailed(
        `The catalog at ${this.url} does not answer: ${messageOf(cause ?? error)}. Is it running?`,
      );
    }
  }
}
