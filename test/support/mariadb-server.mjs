import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Starts a MariaDB server with a data folder of its own, on 127.0.0.1 and a free port; the administrator is `root`, without a
 * password. Nothing survives `stop()`, so nothing is flushed to disk. `MARIADBD` and `MARIADB_INSTALL_DB` name the programs when
 * they are not in the PATH.
 *
 * @param {{ settings?: Readonly<Record<string, string>> }} [options] more options of the server, without their dashes
 * @returns {Promise<{ port: number, url: string, pid: number, stop(): Promise<void> }>}
 */
export async function startMariaDb({ settings = {} } = {}) {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'plumbline-mariadb-'));
  const data = join(folder, 'data');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  const installed = spawnSync(
    process.env.MARIADB_INSTALL_DB || 'mariadb-install-db',
    [
      ...['--no-defaults', ...asRoot, `--datadir=${data}`],
      ...['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
    ],
    { encoding: 'utf8' },
  );
  if (installed.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`mariadb-install-db failed: ${installed.error?.message ?? installed.stderr}`);
  }
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const port = await freePort();
  const log = join(folder, 'server.log');
  const flags = {
    port: String(port),
    'bind-address': '127.0.0.1',
    datadir: data,
    socket: join(folder, 'server.sock'),
    'pid-file': join(folder, 'server.pid'),
    'log-error': log,
    // A server that starts deletes what looks like temporary tables there, and so those of another server in the same folder.
    tmpdir: temporary,
    'innodb-flush-log-at-trx-commit': '0',
    'innodb-buffer-pool-size': '64M',
    // The usual ones: texts are compared without regard to case and to blanks at the end.
    'character-set-server': 'utf8mb4',
    'collation-server': 'utf8mb4_general_ci',
    ...settings,
  };
  const command = [
    process.env.MARIADBD || 'mariadbd',
    ...['--no-defaults', ...asRoot, '--skip-name-resolve'],
    ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
  ];
  // Where setpriv is there, a killed test run leaves no server behind.
  const tie = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig=TERM', '--'] : [];
  const [program, ...args] = [...tie, ...command];
  const child = spawn(program, args, { stdio: 'ignore' });
  let ended;
  const end = new Promise((resolve) => {
    child.once('error', (error) => resolve((ended = error.message)));
    child.once('exit', (code, signal) => resolve((ended = `it ended with ${signal ?? code}`)));
  });
  const stop = async () => {
    if (ended === undefined) child.kill('SIGTERM');
    await end;
    rmSync(folder, { recursive: true, force: true });
  };
  while (ended === undefined && !(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 50));
  if (ended !== undefined) {
    const said = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-20).join('\n') : '';
    await stop();
    throw new Error(`The MariaDB server for the tests did not start: ${ended}\n${said}`);
  }
  return { port, url: `mysql://root@127.0.0.1:${port}`, pid: child.pid, stop };
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Whether a server greets on the port. */
const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    for (const event of ['error', 'end', 'close']) socket.once(event, () => resolve(false));
  });
