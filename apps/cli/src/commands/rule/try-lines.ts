import { type Writable } from 'node:stream';

import { LooseFiles } from '#connectors/files';
import { type DatasetFacts } from '#core/rule-engine';
import { importRules, type NamedRule } from '#core/rule-import';
import { messageOf } from '#kernel';

import { type Line, linesOf } from '../lineage/lines.js';
import { inlineTable } from './inline-table.js';
import { runRulesOn } from './run-rules-on.js';
import { triedAsJson } from './show-tried.js';

/**
 * Answers each line of the input, a table with rules, with one line of verdicts, in order. A line that cannot be read is answered with an
 * `error`, and does not hinder the others.
 */
export async function tryLines(input: AsyncIterable<Buffer>, output: Writable, now: Date): Promise<void> {
  const files = LooseFiles.open([]);
  try {
    for await (const line of linesOf(input)) {
      if (line.text?.trim() === '') continue;
      const answer = await answerOf(line, files, now);
      if (!output.write(`${JSON.stringify(answer)}\n`)) await new Promise((drained) => output.once('drain', drained));
    }
  } finally {
    await files.close();
  }
}

interface Record {
  readonly id?: unknown;
  readonly table?: unknown;
  readonly otherTables?: Readonly<{ [name: string]: unknown }>;
  readonly rule?: unknown;
  readonly rules?: readonly unknown[];
  readonly now?: string;
}

async function answerOf({ number, text }: Line, files: LooseFiles, now: Date): Promise<object> {
  let id: unknown;
  try {
    if (text === undefined) throw new Error('The line is not UTF-8, or too long.');
    const record = JSON.parse(text) as Record | null;
    if (typeof record !== 'object' || record === null) throw new Error('A record is a JSON object.');
    id = record.id;
    const at = record.now === undefined ? now : new Date(record.now);
    if (Number.isNaN(at.getTime())) throw new Error('"now" is no time.');
    const results = await runRulesOn(rulesIn(record), tablesIn(record), files, { now: at });
    return { ...(id !== undefined && { id }), results: results.map(triedAsJson) };
  } catch (error) {
    return { ...(id !== undefined && { id }), line: number, error: messageOf(error) };
  }
}

const TABLE = 'table';

function tablesIn({ table, otherTables = {} }: Record): ReadonlyMap<string, DatasetFacts> {
  const named = Object.entries(otherTables).map(([name, other]) => [name, inlineTable(name, other)] as const);
  return new Map([[TABLE, inlineTable(TABLE, table)], ...named]);
}

/** Rules as in a file of rules; the dataset is the record's table, and the only other table needs no name. */
function rulesIn({ rule, rules = rule === undefined ? [] : [rule], otherTables = {} }: Record): NamedRule[] {
  if (!Array.isArray(rules) || rules.length === 0) throw new Error('A record has a "rule", or "rules" in a list.');
  const { rules: read, notUnderstood } = importRules(JSON.stringify({ rules }), 'rules');
  const [refused] = notUnderstood;
  if (refused !== undefined) throw new Error(`The rule ${refused.was} is not understood: ${refused.reason}.`);
  const [only, ...more] = Object.keys(otherTables);
  const other = more.length === 0 ? only : undefined;
  return read.map(({ at: _, was: __, notes: ___, ...each }) => ({
    ...(other !== undefined && { other }),
    ...each,
    dataset: TABLE,
  }));
}
