import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { CommandFailed, EXIT } from '../../client/exit.js';
import { NOT_LOOKED_INTO } from '../lineage/scripts.js';

const ENDINGS = ['.json', '.yaml', '.yml', '.conf', '.hocon'];
/** Artifacts of dbt that say something about the manifest beside them, and nothing alone. */
const BESIDE_MANIFEST = /^(?:catalog|run_results)(?:_[\w.]+)?\.json$/;

/** Files to read; those that were named must be of a tool, others of a folder may be something else. */
export interface WantedFile {
  readonly path: string;
  readonly named: boolean;
}

/** The files that paths mean. @throws {CommandFailed} for a path that is not there, and when there is no file at all. */
export function pipelineFilesAt(paths: readonly string[]): WantedFile[] {
  const files = paths.flatMap((path): WantedFile[] => {
    if (!existsSync(path)) throw new CommandFailed(`There is no file or folder ${path}.`, EXIT.input);
    if (!statSync(path).isDirectory()) return [{ path, named: true }];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((file) => ENDINGS.some((ending) => file.toLowerCase().endsWith(ending)) && !NOT_LOOKED_INTO.test(file))
      .sort()
      .map((file) => ({ path: join(path, file), named: false }));
  });
  const own = files.filter(({ path, named }) => named || !isBeside(path));
  if (own.length > 0) return own;
  throw new CommandFailed(
    `There is no file to read in ${paths.join(', ')} (looked for ${ENDINGS.join(' ')}).`,
    EXIT.input,
  );
}

const isBeside = (path: string): boolean =>
  BESIDE_MANIFEST.test(basename(path)) &&
  existsSync(join(dirname(path), basename(path).replace(/^(?:catalog|run_results)/, 'manifest')));

/** The artifact of dbt beside a manifest: `target/catalog.json` of `target/manifest.json`. */
export function besideManifest(path: string, name: 'catalog' | 'run_results'): string | undefined {
  const file = basename(path).startsWith('manifest') ? basename(path).replace(/^manifest/, name) : `${name}.json`;
  const beside = join(dirname(path), file);
  return existsSync(beside) ? beside : undefined;
}
