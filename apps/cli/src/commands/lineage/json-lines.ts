import type { Writable } from 'node:stream';

import { recordOffThread, type ScriptRecord, type TaskThreads } from '#core/sql-lineage';
import { messageOf } from '#kernel';

import { type Line, linesOf } from './lines.js';

/**
 * Answers each line of the input with one line of the output, as soon as it is ready and so in any order. A line that cannot be read
 * is answered with an `error`. No more lines are read ahead than are being worked on, and the reader of the output sets the pace.
 */
export async function answerLines(
  input: AsyncIterable<Buffer>,
  output: Writable,
  threads: TaskThreads,
  atOnce: number,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let broken: Error | undefined;
  output.once('error', (error) => (broken ??= error));
  for await (const line of linesOf(input)) {
    if (line.text?.trim() === '') continue;
    const work = answer(line, threads)
      .then((text) => write(output, text))
      .catch((error: unknown) => (broken ??= error instanceof Error ? error : new Error(messageOf(error))))
      .then(() => void running.delete(work));
    running.add(work);
    // One more than there are threads, so that none of them waits for the next line.
    if (running.size > atOnce) await Promise.race(running);
    if (broken !== undefined) break;
  }
  await Promise.all(running);
  if (broken !== undefined) throw broken;
}

async function answer(line: Line, threads: TaskThreads): Promise<string> {
  let id: unknown;
  try {
    const record = parsed(line);
    id = (record as { id?: unknown } | null)?.id;
    return JSON.stringify(await recordOffThread(threads, checked(record)));
  } catch (error) {
    return JSON.stringify({
      ...(id !== undefined && { id }),
      line: line.number,
      error: messageOf(error),
      statements: [],
    });
  }
}

/** Resolves when the line has been taken. */
const write = (output: Writable, text: string): Promise<void> =>
  new Promise((done, refuse) => output.write(`${text}\n`, (error) => (error ? refuse(error) : done())));

function parsed({ text }: Line): unknown {
  if (text === undefined) throw new Error('The line is not UTF-8, or too long.');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`The line is not JSON: ${messageOf(error)}`);
  }
}

/** The record, when it has what it must have in the types it must have. */
function checked(value: unknown): ScriptRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('A record is a JSON object.');
  const record = value as Record<string, unknown>;
  for (const field of ['id', 'dialect', 'sql'] as const)
    if (typeof record[field] !== 'string') throw new Error(`A record's "${field}" is text.`);
  for (const field of ['defaultSchema', 'defaultDb'] as const)
    if (record[field] != null && typeof record[field] !== 'string') throw new Error(`A record's "${field}" is text.`);
  const { prelude, schema } = record;
  if (prelude != null && !isTexts(prelude)) throw new Error('A record\'s "prelude" is text, or a list of texts.');
  if (schema != null && !isSchema(schema)) throw new Error('A record\'s "schema" is {"table": {"column": "type"}}.');
  return Object.fromEntries(Object.entries(record).filter(([, part]) => part !== null)) as unknown as ScriptRecord;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown) => [value].flat().every((text) => typeof text === 'string');
const isSchema = (value: unknown) => isObject(value) && Object.values(value).every(isObject);
