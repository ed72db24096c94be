import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A product started as a user does: by what stands behind `npm start`. */
export class Product {
  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<unknown>,
    readonly data: string,
    readonly url: string,
    /** Seconds from the command to "ready". */
    readonly seconds: number,
  ) {}

  static async start(checkout: string, data: string, ...flags: readonly string[]): Promise<Product> {
    const began = performance.now();
    const child = spawn(
      process.execPath,
      [join('scripts', 'run.mjs'), 'start', '--data', data, '--port', '0', ...flags],
      {
        cwd: checkout,
        env: { ...process.env, INIT_CWD: undefined },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    let over = false;
    const exited = new Promise<void>((resolve) =>
      child.once('exit', () => {
        over = true;
        resolve();
      }),
    );
    for (;;) {
      const url = /ready: (http:\S+)/.exec(said)?.[1];
      if (url !== undefined) return new Product(child, exited, data, url, (performance.now() - began) / 1000);
      if (over) throw new Error(`The product did not start. It said:\n${said}`);
      await sleep(20);
    }
  }

  async stop(): Promise<number> {
    const began = performance.now();
    process.kill(-(this.child.pid ?? 0), 'SIGINT');
    await this.exited;
    return (performance.now() - began) / 1000;
  }

  async ask<T>(query: string, variables: object = {}): Promise<T> {
    const token = readFileSync(join(this.data, 'cli-token'), 'utf8').trim();
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
    if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
    return data;
  }

  /** Resident memory of a process of the product in MB, by the script it runs. */
  memory(app: 'api' | 'worker' | 'cli'): number {
    const own = descendants(this.child.pid ?? 0).find((pid) =>
      commandOf(pid).includes(join('apps', app, 'src', 'main.js')),
    );
    const rss = own === undefined ? undefined : /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${own}/status`, 'utf8'))?.[1];
    return Number(rss) / 1024;
  }

  /** Seconds of processor that a part of the product has used until now. */
  cpu(app: 'api' | 'postgres'): number {
    const command = app === 'api' ? join('apps', 'api', 'src', 'main.js') : 'postgres';
    const own = descendants(this.child.pid ?? 0).filter((pid) => commandOf(pid).includes(command));
    return own.reduce((sum, pid) => sum + processorTime(pid), 0);
  }

  /** Its own database, for the superuser. */
  get databaseUrl(): string {
    const kept = (file: string) => readFileSync(join(this.data, file), 'utf8').trim();
    return `postgres://plumbline:${kept('postgres-password')}@127.0.0.1:${kept('postgres-port')}/plumbline`;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended since.
    return '';
  }
}

/** Of a process and those of its children that have ended, in seconds. */
function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime, cstime: in hundredths.
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100;
}

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}
