import { type Command } from 'commander';

import { asking, wholeNumber } from '../client/command.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { findSource } from '../client/find-source.js';
import { moment, plain, remark, writeJson, writeLine } from '../client/output.js';

type Impact = 'COMPATIBLE' | 'REVIEW' | 'BREAKING';

interface PropertyChange {
  readonly property: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly impact: Impact;
}

interface SchemaChange {
  readonly qualifiedName: string;
  readonly added: boolean;
  readonly vanished: boolean;
  readonly impact: Impact;
  readonly diff: {
    readonly added: readonly { readonly name: string; readonly nativeType: string }[];
    readonly removed: readonly { readonly name: string; readonly nativeType: string }[];
    readonly changed: readonly { readonly name: string; readonly changes: readonly PropertyChange[] }[];
    readonly changes: readonly PropertyChange[];
  } | null;
}

interface Answer {
  readonly schemaChanges: { readonly totalCount: number; readonly nodes: readonly SchemaChange[] };
}

const PROPERTIES = 'changes { property before after impact }';
const QUERY = `
  query ($id: ID!, $from: DateTime!, $to: DateTime, $first: Int) {
    schemaChanges(sourceId: $id, from: $from, to: $to, first: $first) {
      totalCount
      nodes {
        qualifiedName added vanished impact
        diff { added { name nativeType } removed { name nativeType } changed { name ${PROPERTIES} } ${PROPERTIES} }
      }
    }
  }`;

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

/** `plumbline diff`: what became of a source's schemas. */
export function addDiff(program: Command): void {
  asking(
    program
      .command('diff <source>')
      .description('what came, changed or vanished in a source between two times, and whether it breaks readers')
      .option('--from <time>', 'for instance 2026-01-31 or 2026-01-31T02:00 (default: just before the last harvest)')
      .option('--to <time>', '(default: now)')
      .option('--limit <n>', 'how many datasets', wholeNumber, 200),
    async ({ client, json }, name: string, { from, to, limit }: Options) => {
      const { id, lastHarvest } = await findSource(client, name);
      const since = from === undefined ? (lastHarvest?.requestedAt ?? new Date(0).toISOString()) : timeOf(from);
      const until = to === undefined ? undefined : timeOf(to);
      const { schemaChanges } = await client.ask<Answer>(QUERY, { id, from: since, to: until, first: limit });
      const { nodes, totalCount } = schemaChanges;
      if (json) return writeJson(nodes);
      if (nodes.length === 0) {
        const end = until === undefined ? 'now' : moment(until);
        return writeLine(`Nothing has changed from ${moment(since)} to ${end}.`);
      }
      for (const change of nodes) write(change);
      const breaking = nodes.filter(({ impact }) => impact === 'BREAKING').length;
      remark(`${totalCount} datasets are others, ${breaking} of those shown in a way that breaks readers.`);
      if (totalCount > nodes.length) remark(`${nodes.length} of ${totalCount} are shown; more with --limit.`);
    },
  );
}

/** A local time, or one with a zone, as the API takes it. */
function timeOf(text: string): string {
  const time = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new CommandFailed(`"${text}" is no time. Write it like 2026-01-31 or 2026-01-31T02:00.`, EXIT.input);
}

function write({ qualifiedName, added, vanished, impact, diff }: SchemaChange): void {
  const fate = added ? 'added' : vanished ? 'vanished' : 'changed';
  writeLine(`${plain(qualifiedName)}  ${fate}${mark(impact)}`);
  if (!diff) return;
  for (const field of diff.removed) writeLine(`  - ${plain(field.name)} ${plain(field.nativeType)}${mark('BREAKING')}`);
  for (const field of diff.added) writeLine(`  + ${plain(field.name)} ${plain(field.nativeType)}`);
  for (const change of diff.changes) writeLine(`  ~ ${property(change)}`);
  for (const field of diff.changed)
    for (const change of field.changes) writeLine(`  ~ ${plain(field.name)}: ${property(change)}`);
}

const mark = (impact: Impact) => (impact === 'COMPATIBLE' ? '' : `  [${impact.toLowerCase()}]`);

const LONGEST = 60;

function short(value: string | null): string {
  const line = plain(value).replaceAll(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

const property = ({ property: name, before, after, impact }: PropertyChange) =>
  `${name} ${short(before)} → ${short(after)}${mark(impact)}`;
