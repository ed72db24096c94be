import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';

import { messageOf } from '#kernel';

import { CommandFailed, EXIT } from '../../client/exit.js';
import { type Decoded, decode } from './encoding.js';

/** Standard input as a path. */
export const STDIN = '-';

/** Endings of files that hold SQL. */
const ENDINGS = ['.sql', '.hql', '.ddl', '.pls', '.pkb', '.pks', '.prc', '.sp'];

/**
 * The files that paths mean: a file itself, and below a folder all files with an ending of SQL or, with `glob`, those whose path in the
 * folder fits it. @throws {CommandFailed} for a path that is not there, and when there is no file at all.
 */
export function filesAt(paths: readonly string[], glob?: string): string[] {
  const files = paths.flatMap((path) => {
    if (path === STDIN) return [path];
    if (!existsSync(path)) throw new CommandFailed(`There is no file or folder ${path}.`, EXIT.input);
    return statSync(path).isDirectory() ? filesBelow(path, glob) : [path];
  });
  if (files.length > 0) return [...new Set(files)];
  const what = glob === undefined ? ENDINGS.join(', ') : glob;
  throw new CommandFailed(`There is no file to read in ${paths.join(', ')} (looked for ${what}).`, EXIT.input);
}

function filesBelow(folder: string, glob: string | undefined): string[] {
  const wanted = (path: string) =>
    glob === undefined ? ENDINGS.some((ending) => path.toLowerCase().endsWith(ending)) : matchesGlob(path, glob);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => wanted(path) && statSync(join(folder, path), { throwIfNoEntry: false })?.isFile())
    .sort()
    .map((path) => join(folder, path));
}

/** The text of a file or of standard input. @throws {CommandFailed} when it cannot be read. */
export async function textOf(path: string, encoding?: string): Promise<Decoded> {
  try {
    return decode(path === STDIN ? await everythingOf(process.stdin) : await readFile(path), encoding);
  } catch (error) {
    throw new CommandFailed(`${path} cannot be read: ${messageOf(error)}`, EXIT.input);
  }
}

async function everythingOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
