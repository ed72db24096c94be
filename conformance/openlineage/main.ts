import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { messageOf } from '#kernel';

import { freshCatalog } from './catalog.js';
import { compare, type ExpectedState } from './compare.js';

const USAGE = `npm run conformance:openlineage -- --events DIR --expected FILE [--strict] [--json]
Sends the events of a folder (.json, or a line each in .jsonl and .ndjson) to a new catalog, in the order of the files'
names, and compares jobs, runs, datasets, edges and column edges with what FILE expects. Events that break the
specification are kept as far as they are understood, unless --strict.
Ends with 0 when all is as expected, 1 when something is not, 2 when it could not run.`;

const MOST_IN_A_BATCH = 200;

/** The folder's own events; of a scenario with a description beside them, those in its folder "events". */
function filesIn(folder: string): string[] {
  const entries = readdirSync(folder).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (entries.includes('events') && statSync(join(folder, 'events')).isDirectory())
    return filesIn(join(folder, 'events'));
  return entries.flatMap((entry) => {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) return filesIn(path);
    return /\.(?:json|jsonl|ndjson)$/i.test(entry) ? [path] : [];
  });
}

function eventsIn(file: string): unknown[] {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const parts = file.toLowerCase().endsWith('.json') ? [text] : text.split('\n').filter((line) => line.trim() !== '');
  return parts.flatMap((part): unknown[] => {
    try {
      const value: unknown = JSON.parse(part);
      return Array.isArray(value) ? value : [value];
    } catch (error) {
      throw new Error(`${file} is not JSON: ${messageOf(error)}`, { cause: error });
    }
  });
}

function expectedIn(file: string): ExpectedState {
  const content = JSON.parse(readFileSync(file, 'utf8')) as { state?: ExpectedState };
  const state = content.state ?? (content as unknown as ExpectedState);
  for (const part of ['jobs', 'runs', 'datasets', 'edges', 'columnEdges'] as const)
    if (typeof state[part] !== 'object') throw new Error(`${file} has no "${part}" in its "state".`);
  return state;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string' },
      expected: { type: 'string' },
      strict: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(USAGE);
    return 0;
  }
  if (values.events === undefined || values.expected === undefined)
    throw new Error('Both --events and --expected are needed.');
  const expected = expectedIn(values.expected);
  const events = filesIn(values.events).flatMap(eventsIn);
  if (events.length === 0) throw new Error(`There are no events in ${values.events}.`);
  const catalog = await freshCatalog();
  try {
    for (let from = 0; from < events.length; from += MOST_IN_A_BATCH) {
      const batch = events.slice(from, from + MOST_IN_A_BATCH);
      const { failed_events: failed } = await catalog.send(batch, values.strict ? 'strict' : 'lenient');
      for (const { index, reason } of failed) say(`event ${from + index + 1} was refused: ${reason}`);
    }
    const { compared, mismatches } = compare(await catalog.heard(), expected);
    for (const mismatch of mismatches) say(mismatch);
    say(`${events.length} events, ${compared} compared, ${mismatches.length} mismatches`);
    if (values.json) say(JSON.stringify({ events: events.length, compared, mismatches: mismatches.length }));
    return mismatches.length === 0 ? 0 : 1;
  } finally {
    await catalog.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n${USAGE}\n`);
  process.exitCode = 2;
}
