import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { messageOf } from '#kernel';
import pg from 'pg';

import { type Account, asAccount, serverAccount } from './account.js';
import { reachableBinaries } from './binaries.js';
import { EmbeddedPostgresFailed } from './errors.js';

const MAJOR = '18';
const SUPERUSER = 'plumbline';
/** initdb writes about 40 MB, and the first write-ahead segments 16 MB each. */
const ROOM_NEEDED = 160 * 1024 * 1024;

export interface EmbeddedOptions {
  /** Plumbline's data folder; the database is in `postgres/` in it. */
  readonly dataDir: string;
  /** Port to listen on; without it the one kept from the first start, else a free one. 0: any free one, not kept. */
  readonly port?: number;
  /** Settings of the server, for instance `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told things worth knowing, for instance that the data is elsewhere than asked for. */
  readonly say?: (sentence: string) => void;
}

/** A running embedded PostgreSQL. */
export interface EmbeddedServer {
  readonly port: number;
  readonly pid: number;
  /** The folder that holds the data. */
  readonly folder: string;
  /** Connection string of the superuser, for a database. */
  url(database: string): string;
  /** Resolves when the server has ended, however it ended. */
  readonly ended: Promise<void>;
  /** Disconnects everybody, writes everything down, ends. `immediate` is for tests: like a power cut. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
}

/**
 * Prepares (once) and starts the embedded PostgreSQL, listening on 127.0.0.1 only. A data folder left by a
 * killed process recovers by itself.
 * @throws {EmbeddedPostgresFailed} saying what is in the way and what to do.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const account = serverAccount();
  const folder = reachableFolder(options, account);
  const native = reachableBinaries(account, '/var/lib/plumbline');
  const password = keptPassword(folder, options.dataDir);
  const data = join(folder, 'postgres');
  if (existsSync(join(data, 'PG_VERSION'))) refuseOtherVersion(data);
  else await prepare(native, data, account, password);
  refuseSecondServer(data);
  const port = await choosePort(options, data);
  return run({ native, data, account, password, port, settings: options.settings ?? {} });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new EmbeddedPostgresFailed(
      `The data folder ${folder} cannot be written: ${messageOf(error)}. ` +
        'Name another with --data or PLUMBLINE_DATA, or change its permissions.',
    );
  }
}

/** The data folder, or, when the server's account cannot get there, one of the same use below /var/lib. */
function reachableFolder({ dataDir, say }: EmbeddedOptions, account: Account): string {
  makeFolder(dataDir);
  if (!account.dropped || canEnter(dataDir, account)) return dataDir;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const elsewhere = join('/var/lib/plumbline', name);
  makeFolder(elsewhere);
  if (!canEnter(elsewhere, account))
    throw new EmbeddedPostgresFailed(
      `The account "${account.name}" that runs the database can enter neither ${dataDir} nor ${elsewhere}. ` +
        'Name a folder that every account may enter with --data or PLUMBLINE_DATA.',
    );
  say?.(
    `The account "${account.name}" that runs the database cannot enter ${dataDir}; the database is in ${elsewhere} instead.`,
  );
  return elsewhere;
}

function canEnter(folder: string, { uid, gid }: Account): boolean {
  const parts = folder.split('/').filter(Boolean);
  return parts.every((_, at) => {
    const stat = lstatSync('/' + parts.slice(0, at + 1).join('/'));
    const bits = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
    return stat.isSymbolicLink() || (stat.mode & bits) !== 0;
  });
}

function keptPassword(folder: string, dataDir: string): string {
  const file = join(dataDir, 'postgres-password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (existsSync(join(folder, 'postgres', 'PG_VERSION')))
    throw new EmbeddedPostgresFailed(
      `The database in ${folder} has lost its password file ${file}. Put it back from a backup of the data folder.`,
    );
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, password + '\n', { mode: 0o600 });
  return password;
}

function refuseOtherVersion(data: string): void {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR) return;
  throw new EmbeddedPostgresFailed(
    `The database in ${data} was made by PostgreSQL ${version}, but this Plumbline has PostgreSQL ${MAJOR}. ` +
      'Start the Plumbline that made it, or name another data folder with --data.',
  );
}

function refuseSecondServer(data: string): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!isRunningServer(pid)) return;
  throw new EmbeddedPostgresFailed(
    `The database in ${data} is in use by the process ${pid}. Stop the other Plumbline first, or name another data ` +
      'folder with --data.',
  );
}

function isRunningServer(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // After a restart of the machine the number may be somebody else's.
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('postgres');
}

async function prepare(native: string, data: string, account: Account, password: string): Promise<void> {
  const parent = join(data, '..');
  const { bavail, bsize } = statfsSync(parent);
  if (bavail * bsize < ROOM_NEEDED)
    throw new EmbeddedPostgresFailed(
      `The disk of the data folder ${parent} is full: ${Math.floor((bavail * bsize) / 1048576)} MB are free and a new ` +
        `database needs ${ROOM_NEEDED / 1048576} MB. Make room, or name another folder with --data.`,
    );
  // A folder without PG_VERSION is what an interrupted first start left behind.
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(data, '..', `.initdb-${process.pid}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.dropped) for (const path of [data, passwordFile]) chownSync(path, account.uid, account.gid);
  const [command, args] = asAccount(account, join(native, 'bin', 'initdb'), [
    ...['-D', data, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'],
    ...['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
  ]);
  try {
    await promisify(execFile)(command, args, { cwd: '/' });
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    const { stderr } = error as { stderr?: string };
    throw new EmbeddedPostgresFailed(
      `The database could not be made in ${data}: ${stderr?.trim() || messageOf(error)}`,
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** The same port for ever, since sources registered on this server are named by it. */
async function choosePort({ dataDir, port }: EmbeddedOptions, data: string): Promise<number> {
  if (port === 0) return ephemeralPort();
  const file = join(dataDir, 'postgres-port');
  const kept = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  const wanted = port ?? kept;
  if (wanted !== undefined && !(await isFree(wanted)))
    throw new EmbeddedPostgresFailed(
      `The port ${wanted} of the embedded PostgreSQL (data in ${data}) is taken by another program. Stop that program, or ` +
        'choose another port with the setting "postgresPort" (PLUMBLINE_POSTGRES_PORT).',
    );
  const chosen = wanted ?? (await anyFreePort());
  if (chosen !== kept) writeFileSync(file, `${chosen}\n`);
  return chosen;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Below the range that systems hand out for outgoing connections, so that it is still free at the next start. */
async function anyFreePort(): Promise<number> {
  for (let port = 15432; port < 15632; port++) if (await isFree(port)) return port;
  throw new EmbeddedPostgresFailed(
    'All ports from 15432 to 15631 are taken. Choose one with the setting "postgresPort" (PLUMBLINE_POSTGRES_PORT).',
  );
}

function ephemeralPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

interface Run {
  readonly native: string;
  readonly data: string;
  readonly account: Account;
  readonly password: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}

async function run({ native, data, account, password, port, settings }: Run): Promise<EmbeddedServer> {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '120',
    shared_buffers: '256MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    shared_preload_libraries: 'pg_stat_statements',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, args] = asAccount(account, join(native, 'bin', 'postgres'), ['-D', data, ...flags], true);
  const logFile = join(data, '..', 'postgres.log');
  const log = openSync(logFile, 'a');
  // Its own process group: Ctrl-C in the terminal reaches us first, and we stop it when everybody is done.
  const child = spawn(command, args, { cwd: '/', stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const url = (database: string) =>
    `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  await untilReady(child, url('postgres'), logFile);
  return {
    port,
    pid: child.pid ?? 0,
    folder: data,
    url,
    ended,
    async stop(mode = 'fast') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      const stopped = await Promise.race([ended.then(() => true), sleep(20_000, false, { ref: false })]);
      if (!stopped) child.kill('SIGQUIT');
      await ended;
    },
  };
}

async function untilReady(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const logStart = existsSync(logFile) ? readFileSync(logFile).length : 0;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      // 57P03: starting up or recovering. Anything it refuses for good would be refused for ever.
      const { code } = error as { code?: string };
      if (code === '28P01' || code === '28000') {
        child.kill('SIGINT');
        throw new EmbeddedPostgresFailed(
          `The embedded PostgreSQL does not take the kept password: ${messageOf(error)}.`,
        );
      }
    }
  }
  child.kill('SIGQUIT');
  const lines = readFileSync(logFile).subarray(logStart).toString('utf8').trim().split('\n').slice(-6).join('\n  ');
  throw new EmbeddedPostgresFailed(`The embedded PostgreSQL did not start. Its log ${logFile} ends with:\n  ${lines}`);
}
