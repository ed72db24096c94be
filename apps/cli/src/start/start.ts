import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { AppError, messageOf } from '#kernel';
import { migrations } from '#migrations';
import { projectRoot, readSettings, type Settings } from '#platform/config';
import { migrate } from '#platform/database';
import { type EmbeddedServer, startEmbedded } from '#platform/embedded-postgres';
import pg from 'pg';

import { takeDataFolder } from './one-instance.js';
import { Part } from './supervise.js';

/** The catalog's database in the embedded server. */
const CATALOG = 'plumbline';

export interface StartWish {
  readonly demo: boolean;
  readonly port?: number;
  readonly data?: string;
}

/** A running Plumbline. */
export interface Running {
  readonly settings: Settings;
  /** What people open. */
  readonly url: string;
  /** Where this machine reaches the API. */
  readonly apiUrl: string;
  readonly token: string;
  readonly firstPassword: string | undefined;
  /** Connection string of the embedded server's superuser; undefined with a database of one's own. */
  readonly embedded: EmbeddedServer | undefined;
  stop(): Promise<void>;
}

class PortTaken extends AppError {
  readonly code = 'PORT_TAKEN';

  constructor(host: string, port: number) {
    super(
      `The port ${port} on ${host} is taken by another program. Choose another with --port or PLUMBLINE_PORT, or stop that program.`,
    );
  }
}

class DatabaseUnreachable extends AppError {
  readonly code = 'DATABASE_UNREACHABLE';

  constructor(url: string, why: string) {
    const { host, pathname } = new URL(url);
    super(
      `The database ${pathname.slice(1)} on ${host} (the setting "databaseUrl", DATABASE_URL) cannot be used: ${why}.`,
    );
  }
}

/** Starts everything, in order; `say` is told each step. Whatever fails, what was started is stopped again. */
export async function startAll(wish: StartWish, say: (sentence: string) => void): Promise<Running> {
  const settings = readSettings({
    env: process.env,
    cwd: process.env.INIT_CWD ?? process.cwd(),
    said: { port: wish.port, dataDir: wish.data },
  });
  const { dataDir } = settings;
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    undo.push(takeDataFolder(dataDir));
    if (settings.port !== 0) await refuseTakenPort(settings.host, settings.port);
    const keeper = settings.databaseUrl === undefined ? await KeptServer.start(settings, say) : undefined;
    if (keeper) undo.push(() => keeper.stop());
    const databaseUrl = keeper ? keeper.server.url(CATALOG) : (settings.databaseUrl ?? '');
    const ran = await migrateWhenReachable(databaseUrl);
    if (ran.length > 0) say(`Database brought up to date (${ran.length} migrations)`);
    const env = { ...environmentOf(settings), DATABASE_URL: databaseUrl };
    const part = (name: string, script: string, flags: readonly string[] = []) =>
      new Part({
        name,
        script: join(projectRoot, 'dist', 'apps', script, 'src', 'main.js'),
        flags,
        env,
        say,
        logFile: join(dataDir, 'logs', `${script}.log`),
      });
    const api = part('API', 'api');
    // What lives shortly is cleared away sooner: 60 MB less at rest, and a large harvest grows less.
    const worker = part('worker', 'worker', ['--max-semi-space-size=4']);
    undo.push(
      () => api.stop(),
      () => worker.stop(),
    );
    const [ready] = await Promise.all([api.start(), worker.start()]);
    say('API and worker started');
    const url = `http://${settings.host}:${ready.port}`;
    // For the command line on this machine.
    writeFileSync(join(dataDir, 'api-url'), `${url}\n`);
    return {
      settings,
      url: settings.publicUrl ?? url,
      apiUrl: url,
      token: await keptToken(join(dataDir, 'cli-token'), api),
      firstPassword: ready.firstPassword,
      embedded: keeper?.server,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The embedded server, started again when it ends by itself; API, worker and jobs go on when it is back. */
class KeptServer {
  private stopping = false;

  private constructor(
    private readonly settings: Settings,
    private readonly say: (sentence: string) => void,
    public server: EmbeddedServer,
  ) {}

  static async start(settings: Settings, say: (sentence: string) => void): Promise<KeptServer> {
    const { dataDir, postgresPort } = settings;
    const server = await startEmbedded({ dataDir, say, ...(postgresPort !== undefined && { port: postgresPort }) });
    await createCatalog(server);
    say(`PostgreSQL started on port ${server.port}`);
    const kept = new KeptServer(settings, say, server);
    kept.watch();
    return kept;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.server.stop();
  }

  private watch(): void {
    void this.server.ended.then(async () => {
      while (!this.stopping) {
        this.say('PostgreSQL has ended unexpectedly; starting it again.');
        await sleep(1_000);
        try {
          this.server = await startEmbedded({ dataDir: this.settings.dataDir, port: this.server.port });
          this.watch();
          return;
        } catch (error) {
          this.say(messageOf(error));
        }
      }
    });
  }
}

async function createCatalog(server: EmbeddedServer): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [CATALOG]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${CATALOG}`);
  } finally {
    await client.end();
  }
}

async function migrateWhenReachable(url: string): Promise<string[]> {
  try {
    return await migrate(url, migrations);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new DatabaseUnreachable(url, messageOf(error));
  }
}

function refuseTakenPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new PortTaken(host, port)
          : new Error(`The API cannot listen on ${host}:${port} (settings "host" and "port"): ${error.message}.`),
      ),
    );
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

/** The settings as environment variables, so that API and worker read the same ones. */
function environmentOf(settings: Settings): Record<string, string> {
  return { PLUMBLINE_PORT: String(settings.port), PLUMBLINE_DATA: settings.dataDir };
}

/** A token of the administrator for the command line on this machine; only the data folder's owner can read it. */
async function keptToken(file: string, api: Part): Promise<string> {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const token = await api.ask<string>('cli-token');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}
