import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, matchesGlob } from 'node:path';

import { messageOf } from '#kernel';

import { CommandFailed, EXIT } from '../../client/exit.js';
import { type Decoded, decode } from './encoding.js';

/** Standard input as a path. */
export const STDIN = '-';

/** Endings of files that hold SQL. */
const ENDINGS =
  '.sql .ddl .dml .sp .view .hql .hive .q .pls .plsql .pkb .pks .pkg .bdy .spc .prc .fnc .trg .vw .psql .pgsql .tsql'.split(
    ' ',
  );

/** Endings of files that often hold SQL inside of another language. */
const OTHERS = '.py .sh .ksh .bash .pl .bat .ps1 .xml .yml .yaml .json .ipynb .scala .java .ktr .kjb .dtsx'.split(' ');

/** Folders whose files are nobody's scripts. */
export const NOT_LOOKED_INTO = /(?:^|[\\/])(?:\.git|node_modules)(?:[\\/]|$)/;

/**
 * The files that paths mean: a file itself, and below a folder all files with an ending of SQL or, with `glob`, those whose path in the
 * folder fits it. @throws {CommandFailed} for a path that is not there, and when there is no file at all.
 */
export function filesAt(paths: readonly string[], glob?: string, told?: (sentence: string) => void): string[] {
  const files = paths.flatMap((path) => {
    if (path === STDIN) return [path];
    if (!existsSync(path)) throw new CommandFailed(`There is no file or folder ${path}.`, EXIT.input);
    return statSync(path).isDirectory() ? filesBelow(path, glob, told) : [path];
  });
  if (files.length > 0) return [...new Set(files)];
  const what = glob === undefined ? `${ENDINGS.join(' ')}; --glob names others` : glob;
  throw new CommandFailed(`There is no file to read in ${paths.join(', ')} (looked for ${what}).`, EXIT.input);
}

function filesBelow(folder: string, glob: string | undefined, told?: (sentence: string) => void): string[] {
  const wanted = (path: string) =>
    glob === undefined ? ENDINGS.some((ending) => path.toLowerCase().endsWith(ending)) : matchesGlob(path, glob);
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => !NOT_LOOKED_INTO.test(path));
  if (glob === undefined) notRead(folder, all, told);
  return all
    .filter((path) => wanted(path) && statSync(join(folder, path), { throwIfNoEntry: false })?.isFile())
    .sort()
    .map((path) => join(folder, path));
}

/** Says which files beside the SQL may hold some, so that nobody thinks they were read. */
function notRead(folder: string, paths: readonly string[], told: ((sentence: string) => void) | undefined): void {
  const others = Object.entries(Object.groupBy(paths, (path) => extname(path).toLowerCase())).filter(([ending]) =>
    OTHERS.includes(ending),
  );
  if (others.length === 0) return;
  const many = others.map(([ending, found]) => `${found?.length ?? 0} ${ending}`).join(', ');
  told?.(`Not read in ${folder}: ${many}. SQL inside of them is not seen.`);
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
