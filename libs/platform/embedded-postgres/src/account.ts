import { existsSync, readFileSync } from 'node:fs';

import { EmbeddedPostgresFailed } from './errors.js';

/** The account that the server runs as. PostgreSQL refuses to run as root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Whether this process must change to it. */
  readonly dropped: boolean;
}

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/**
 * This process's own account; for root the account "postgres" if there is one, else "nobody".
 * @throws {EmbeddedPostgresFailed} when root has no account to change to.
 */
export function serverAccount(): Account {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0) return { name: `uid ${uid}`, uid, gid, dropped: false };
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = lines.find(([account]) => account === name);
    if (found && SETPRIV) return { name, uid: Number(found[2]), gid: Number(found[3]), dropped: true };
  }
  throw new EmbeddedPostgresFailed(
    'PostgreSQL does not run as root, and there is no account "postgres" or "nobody", or no program setpriv ' +
      '(Debian: util-linux), to change to. Start Plumbline as an ordinary user, or name a database in DATABASE_URL.',
  );
}

/**
 * A command line that runs a program as an account. Where setpriv is there, the program is told to stop when
 * its parent dies, so that a killed parent leaves no server behind.
 */
export function asAccount(
  account: Account,
  program: string,
  args: readonly string[],
  diesWithParent = false,
): [string, string[]] {
  const drop = account.dropped ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'] : [];
  const tie = diesWithParent ? ['--pdeathsig=INT'] : [];
  if (!SETPRIV || (drop.length === 0 && tie.length === 0)) return [program, [...args]];
  return [SETPRIV, [...drop, ...tie, '--', program, ...args]];
}
