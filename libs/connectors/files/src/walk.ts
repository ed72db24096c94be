import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { messageOf } from '#kernel';

import { type FileFormat, formatOf } from './file-format.js';

/** A folder on the way, with the data files that lie directly in it. */
export interface Folder {
  /** Its path relative to the top, with `/`; `.` for the top itself. */
  readonly scope: string;
  readonly files: readonly { readonly name: string; readonly format: FileFormat }[];
  /** Why it could not be listed. */
  readonly problem?: string;
}

/** Goes through a folder and the folders in it, by name. Hidden ones and symbolic links are passed by. */
export async function* walk(root: string, signal: AbortSignal, scope = '.'): AsyncIterable<Folder> {
  if (signal.aborted) return;
  const { entries, problem } = await list(scope === '.' ? root : join(root, scope));
  const visible = entries
    .filter((entry) => !entry.name.startsWith('.'))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const files = visible
    .filter((entry) => entry.isFile())
    .flatMap(({ name }) => {
      const format = formatOf(name);
      return format === undefined ? [] : [{ name, format }];
    });
  yield problem === undefined ? { scope, files } : { scope, files, problem };
  for (const { name } of visible.filter((entry) => entry.isDirectory()))
    yield* walk(root, signal, scope === '.' ? name : `${scope}/${name}`);
}

async function list(path: string) {
  try {
    return { entries: await readdir(path, { withFileTypes: true }) };
  } catch (error) {
    return { entries: [], problem: messageOf(error) };
  }
}
