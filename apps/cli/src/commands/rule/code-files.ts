import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { type ImportedRule, type NamedRuleSet, readRuleCode, type RuleCode } from '#core/rule-import';
import { InvalidInput } from '#kernel';

import { CommandFailed, EXIT } from '../../client/exit.js';
import { remark } from '../../client/output.js';

/** A fault in a file of rules. */
export interface FileFault {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Rule files of a folder, as one set. */
export interface CodeFiles {
  readonly origin: string;
  readonly rules: readonly InFile<ImportedRule>[];
  readonly ruleSets: readonly InFile<NamedRuleSet>[];
}

/** What stands in a file, and where something inside of it does. */
export interface InFile<T> {
  readonly entry: T;
  placeOf(path: readonly string[]): Omit<FileFault, 'message'>;
}

const RULE_FILE = /\.(ya?ml|json)$/i;
const MOST_FILES = 5_000;

/** Reads a file of rules, or every one in a folder and below. @throws {CommandFailed} after telling every fault by its place. */
export function codeFiles(
  path: string,
  said: string | undefined,
  tell: (faults: readonly FileFault[]) => void,
): CodeFiles {
  const faults: FileFault[] = [];
  const files = filesAt(path).flatMap((file) => {
    const read = readFile(file, faults);
    return read ? [{ file, read }] : [];
  });
  const rules = files.flatMap(({ file, read }) =>
    read.rules.map((entry) => ({ entry, placeOf: placeIn(file, read, entry.at.path) })),
  );
  const ruleSets = files.flatMap(({ file, read }) =>
    read.ruleSets.map((entry) => ({ entry, placeOf: placeIn(file, read, entry.at?.path ?? []) })),
  );
  for (const { entry, placeOf } of rules)
    for (const what of ['id', 'source', 'dataset'] as const)
      if (entry[what] === undefined)
        faults.push({ ...placeOf([]), message: `${entry.was}: it has no ${what}${HINT[what]}` });
  const origin = originOf(files, said, faults);
  if (faults.length > 0) refuse(faults, tell);
  return { origin, rules, ruleSets };
}

const HINT = {
  id: ', by which it is told apart when its name changes',
  source: '; write it with the rule, or once at the top of the file',
  dataset: '',
};

/** @throws {CommandFailed} always. */
export function refuse(faults: readonly FileFault[], tell: (faults: readonly FileFault[]) => void): never {
  tell(faults);
  throw new CommandFailed(
    `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the files; nothing was changed.`,
    EXIT.input,
  );
}

export const tellFaults = (faults: readonly FileFault[]): void => {
  for (const { file, line, column, message } of faults)
    remark(`${[file, line, column].filter((part) => part !== undefined).join(':')}  ${message}`);
};

function originOf(
  files: readonly { readonly file: string; readonly read: RuleCode }[],
  said: string | undefined,
  faults: FileFault[],
): string {
  const named = files.filter(({ read }) => read.origin !== undefined);
  const origin = said ?? named[0]?.read.origin;
  for (const { file, read } of named)
    if (read.origin !== origin)
      faults.push({
        ...placeIn(file, read, [])(['origin']),
        message: `it belongs to ${JSON.stringify(read.origin)}, other files to ${JSON.stringify(origin)}`,
      });
  if (origin === undefined)
    throw new CommandFailed(
      'Say which set of rules this is: "origin: NAME" at the top of a file, or --origin NAME. What was applied before is told by it.',
      EXIT.input,
    );
  return origin;
}

function placeIn(file: string, { placeOf }: RuleCode, at: readonly (string | number)[]) {
  return (path: readonly string[]): Omit<FileFault, 'message'> => {
    const { line, column } = placeOf([...at, ...path.map((part) => (/^\d+$/.test(part) ? Number(part) : part))]);
    return { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
  };
}

function readFile(file: string, faults: FileFault[]): RuleCode | undefined {
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  try {
    const read = readRuleCode(text);
    for (const { at, was, reason } of read.notUnderstood)
      faults.push({
        ...{ file, message: `${was}: ${reason}` },
        ...(at.line !== undefined && { line: at.line }),
        ...(at.column !== undefined && { column: at.column }),
      });
    return read;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    // The reader of YAML says the line in its sentence.
    const line = /, line (\d+)/.exec(error.message)?.[1];
    faults.push({ file, message: error.message, ...(line !== undefined && { line: Number(line) }) });
    return undefined;
  }
}

/** The file itself, or what is below a folder, by name; what begins with a dot is not looked at. */
function filesAt(path: string): string[] {
  if (!existsSync(path)) throw new CommandFailed(`There is no file or folder ${path}.`, EXIT.input);
  if (!statSync(path).isDirectory()) return [path];
  const found = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && RULE_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(^|[\\/])(\.[^\\/]+|node_modules)([\\/]|$)/.test(file.slice(path.length)))
    .sort();
  if (found.length === 0) throw new CommandFailed(`There is no .yml, .yaml or .json file in ${path}.`, EXIT.input);
  if (found.length > MOST_FILES)
    throw new CommandFailed(`${path} has ${found.length} files; at most ${MOST_FILES} are read at once.`, EXIT.input);
  return found;
}
