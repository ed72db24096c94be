import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

import {
  formatOf,
  type Imported,
  importRules,
  type NamedRule,
  type NotImported,
  NotUnderstood,
  RULE_FORMATS,
  ruleFormat,
  type RuleFormat,
  ruleLine,
} from '#core/rule-import';
import { InvalidInput, messageOf } from '#kernel';

import { CommandFailed, EXIT } from '../../client/exit.js';
import { remark } from '../../client/output.js';

/** The rules of a file, whoever wrote them. @throws {CommandFailed} when it cannot be read. */
export function rulesIn(path: string, from?: string): Imported & { readonly format: RuleFormat } {
  const text = textOf(path);
  try {
    const format = from === undefined ? formatOf(text) : ruleFormat(from);
    if (format === undefined)
      throw new InvalidInput(`Nothing tells whose checks these are; name it with --from: ${RULE_FORMATS.join(', ')}.`);
    return { ...importRules(text, format), format };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new CommandFailed(`${path}: ${error.message}`, EXIT.input);
  }
}

/** Rules that were written on the command line. @throws {CommandFailed} for one that cannot be read. */
export const rulesOf = (lines: readonly string[]): NamedRule[] =>
  lines.map((line) => {
    try {
      return ruleLine(line);
    } catch (error) {
      if (!(error instanceof InvalidInput || error instanceof NotUnderstood)) throw error;
      throw new CommandFailed(`The rule ${JSON.stringify(line)} is not understood: ${messageOf(error)}`, EXIT.input);
    }
  });

/** Tells of what was not understood, where it stands and why. */
export function tellNotUnderstood(path: string, notUnderstood: readonly NotImported[]): void {
  for (const { at, was, reason } of notUnderstood)
    remark(`${path}${at.line === undefined ? '' : `:${at.line}`}  ${was}: not understood: ${reason}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8').replace(/^\ufeff/, '');
  } catch {
    throw new CommandFailed(`There is no file ${path}.`, EXIT.input);
  }
}

/** `loan=data/loan_2026.csv` names the file's dataset; otherwise it is called as the file is. */
export function namedFile(argument: string): { readonly name: string; readonly path: string } {
  const [, name, path] = /^([\p{L}\p{N}_.$-]+)=(.+)$/su.exec(argument) ?? [];
  if (name !== undefined && path !== undefined) return { name, path };
  const file = argument.split(/[\\/]/).at(-1)!.replace(/\.gz$/i, '');
  return { name: file.slice(0, file.length - extname(file).length), path: argument };
}
