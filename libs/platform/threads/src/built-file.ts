import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { NotBuilt } from './threads.errors.js';

/** The folder with the package.json above a file; undefined outside of any project. */
function projectRoot(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * The JavaScript file of a module. A thread cannot run TypeScript: when the module is asked for from the sources (tests run on
 * them), its built twin under `dist` is meant.
 *
 * @example
 * builtFile(new URL('./task.js', import.meta.url))   // …/dist/libs/core/sql-lineage/src/task.js
 */
export function builtFile(module: URL): URL {
  const path = fileURLToPath(module);
  if (existsSync(path) && !path.endsWith('.ts')) return module;
  const root = projectRoot(path);
  const built = root === undefined ? path : join(root, 'dist', relative(root, path).replace(/\.ts$/, '.js'));
  if (!existsSync(built) || path.includes(`${sep}dist${sep}`)) throw new NotBuilt(path);
  return pathToFileURL(built);
}
