import { execFileSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';

/** The git checkout that a file or folder is in. */
export interface Checkout {
  /** Address of `origin`, without who may read it; null when there is none. */
  readonly repository: string | null;
  /** With `-dirty` when files there are not as it has them. */
  readonly commit: string;
  /** The repository's own name: `etl` of `https://git.bank/risk/etl.git`. */
  readonly name: string;
  /** Where in it the path is, with `/` between; empty for the whole. */
  readonly path: string;
}

/** Undefined outside of a checkout, before its first commit, and where there is no git. */
export function checkoutOf(path: string): Checkout | undefined {
  const here = realpathSync(path);
  const cwd = statSync(here).isDirectory() ? here : dirname(here);
  const git = (...args: readonly string[]): string | undefined => {
    try {
      return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      return undefined;
    }
  };
  const [top, commit] = [git('rev-parse', '--show-toplevel'), git('rev-parse', '--verify', 'HEAD')];
  if (top === undefined || commit === undefined) return undefined;
  // What the repository passes over is none of its content.
  if (git('check-ignore', here) !== undefined) return undefined;
  const changed = git('status', '--porcelain', '--', here) !== '';
  const address = git('remote', 'get-url', 'origin');
  const repository = address === undefined || address === '' ? null : withoutUser(address);
  return {
    repository,
    commit: changed ? `${commit}-dirty` : commit,
    name: basename(repository ?? top).replace(/\.git$/, ''),
    path: slashes(relative(realpathSync(top), here)),
  };
}

/** `https://li:token@git.bank/etl.git?x=1` → `https://git.bank/etl.git`. */
const withoutUser = (address: string): string =>
  address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1').replace(/[?#].*$/, '');

export const slashes = (path: string): string => path.split(sep).join('/');

/** What names the set of scripts in a folder, wherever the folder lies: its place in its repository, else its own name. */
export function folderLabel(path: string, checkout: Checkout | undefined): string {
  if (!checkout) return basename(resolve(path));
  return [checkout.repository ?? checkout.name, checkout.path].filter((part) => part !== '').join('#');
}
