import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';

import {
  type Bench,
  CONFORMANCE_CASES,
  type ConformanceCase,
  type ConformanceSubject,
  type Connector,
} from '#core/connector-kit';

/** The result of one case. */
export interface Outcome {
  readonly title: string;
  /** Undefined: passed. */
  readonly error?: Error;
  /** Why it was passed by. */
  readonly notForIt?: string;
}

const folder = join(import.meta.dirname, '..', '..', 'libs', 'connectors');

/** The subject in the connector's own folder. @throws when it has none. */
export async function subjectOf(kind: string): Promise<ConformanceSubject> {
  const file = ['subject.js', 'subject.ts'].map((name) => join(folder, kind, 'conformance', name)).find(existsSync);
  if (file === undefined)
    throw new Error(`The connector ${kind} has no libs/connectors/${kind}/conformance/subject.ts to be tried on.`);
  const { makeSubject } = (await import(pathToFileURL(file).href)) as {
    readonly makeSubject: () => Promise<ConformanceSubject>;
  };
  return makeSubject();
}

/** What the cases of one connector work with. Whoever asked for it closes its connection. */
export async function benchOf(connector: Connector, subject: ConformanceSubject): Promise<Bench> {
  const open = () => connector.open(subject.settings, subject.secrets);
  return { connector, subject, connection: await open(), open, wait: (ms) => wait(ms) };
}

/** Tries a connector on a subject, case by case. */
export async function* outcomes(
  connector: Connector,
  subject: ConformanceSubject,
): AsyncGenerator<Outcome, void, undefined> {
  const bench = await benchOf(connector, subject);
  try {
    for (const each of CONFORMANCE_CASES) yield await outcome(each, bench);
  } finally {
    await bench.connection.close();
  }
}

export async function outcome({ title, notFor, run }: ConformanceCase, bench: Bench): Promise<Outcome> {
  const notForIt = notFor?.(bench.subject, bench.connector);
  if (notForIt !== undefined) return { title, notForIt };
  try {
    await run(bench);
    return { title };
  } catch (error) {
    return { title, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
