import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { projectRoot } from '#platform/config';

/** A data folder that the database's account may enter; removed by `forget`. */
export function dataFolder(): { folder: string; forget: () => void } {
  const parent = mkdtempSync(join(tmpdir(), 'plumbline-start-'));
  chmodSync(parent, 0o755);
  return { folder: join(parent, 'data'), forget: () => rmSync(parent, { recursive: true, force: true }) };
}

export interface Started {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  output(): string;
  /** Resolves with the address once it is ready; rejects with all it said when it ends before. */
  ready(): Promise<string>;
  /** As Ctrl-C does, or as the kernel does when memory runs out. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<number | null>;
}

/** Runs the built `plumbline start` in a process group of its own. */
export function startProduct(data: string, flags: readonly string[] = [], env: Record<string, string> = {}): Started {
  const main = join(projectRoot, 'dist', 'apps', 'cli', 'src', 'main.js');
  const child = spawn(process.execPath, [main, 'start', '--no-demo', '--port', '0', '--data', data, ...flags], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let over = false;
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      over = true;
      resolve(code);
    }),
  );
  return {
    child,
    exited,
    output: () => said,
    async ready() {
      for (;;) {
        const address = /ready: (http:\S+)/.exec(said)?.[1];
        if (address !== undefined) return address;
        if (over) throw new Error(said);
        await sleep(50);
      }
    },
    async end(signal) {
      if (!over && child.pid !== undefined) process.kill(-child.pid, signal);
      return exited;
    },
  };
}

/** Asks a started product as the command line on this machine would. */
export async function askProduct<T>(address: string, data: string, query: string): Promise<T> {
  const token = readFileSync(join(data, 'cli-token'), 'utf8').trim();
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const { data: found, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return found;
}
