import type { Identifier, TableRef } from '../parse/tree.js';
import { indirect, type Influence } from './influence.js';
import type { Reading } from './reading.js';
import type { Scope } from './scope.js';

/** `FOR SYSTEM_TIME AS OF …`, which the parser leaves as text. */
const textOf = (ref: TableRef): string => ref.system_time ?? '';

/** The alias that follows without AS; the parser (0.12.1) leaves it in the text. */
export function aliasInVersion(ref: TableRef): Identifier | undefined {
  const name = /(?:'|\)|@[\w$]+)\s+([\p{L}_][\p{L}\p{N}_$]*)\s*$/u.exec(textOf(ref))?.[1];
  return name === undefined ? undefined : { name };
}

/** Flink's `rates FOR SYSTEM_TIME AS OF o.proc_time`: the column decides which version of the row is joined. */
export function versionInfluences(ref: TableRef, scope: Scope, reading: Reading): Influence[] {
  const found = /\bAS\s+OF\s+([\p{L}_][\p{L}\p{N}_$]*)\.([\p{L}_][\p{L}\p{N}_$]*)\s*$/iu.exec(textOf(ref));
  const [, table, name] = found ?? [];
  if (table === undefined || name === undefined) return [];
  return indirect('JOIN', reading.expression({ column: { name: { name }, table: { name: table } } }, scope));
}
