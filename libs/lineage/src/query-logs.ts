import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type QueryLog } from '#core/connector-kit';
import { type Actor, Clock, InvalidInput } from '#kernel';
import { type SourceEntity, Sources } from '#sources';
import { DataSource } from 'typeorm';

import { readQueryLog } from './lineage.jobs.js';
import { dialectOfSource, LineageReader, type ReadingReport, type ReadingWork } from './lineage-reader.js';
import { MOST_KEPT, QueryLogStore } from './query-log.store.js';

/** What the log of a source gave. */
export interface QueryLogReport extends ReadingReport {
  /** Different statements that moved data since the last reading, and those of them that nobody knew. */
  readonly seen: number;
  readonly added: number;
  /** What is missing and why, as sentences. */
  readonly problems: readonly string[];
}

const MOST_STATEMENTS = 5_000;
const MOST_CHARACTERS = 20_000_000;
const DEADLINE_MS = 300_000;

/** Statements that a source ran, as scripts. No values are in them: they are taken out before anything is kept. */
@Injectable()
export class QueryLogs {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly store: QueryLogStore,
    private readonly reader: LineageReader,
  ) {}

  /** Asks for a source's log to be read. Gives the job's id. @throws {InvalidInput} when the source's settings name no log. */
  async request(actor: Actor, sourceId: string): Promise<string> {
    const source = await this.sources.get(sourceId);
    this.sources.refusePaused(source);
    logOf(source);
    const subject = { kind: 'source', id: source.id, name: source.name };
    return this.changes.make(actor, async (change) => {
      await change.record('lineage.query-log-requested', subject);
      return change.request(readQueryLog, { sourceId, causeId: randomUUID() }, subject);
    });
  }

  /** Reads what a source ran since the last time, keeps what moves data, and reads its lineage. */
  async read(sourceId: string, work: ReadingWork): Promise<QueryLogReport> {
    const source = await this.sources.get(sourceId);
    const log = logOf(source);
    const found = await this.ask(source, log, work.signal);
    const { statements, cut } = bounded(found);
    const kept = await this.keep(source, log, statements, found.cursor, work.actor);
    const report = await this.reader.readScripts(source, await this.store.scripts(sourceId), work);
    return {
      ...report,
      seen: statements.length,
      added: kept.added,
      problems: [
        ...found.problems,
        ...(cut === 0
          ? []
          : [`${cut} statements were left out: together they are longer than ${MOST_CHARACTERS} characters.`]),
        ...(kept.leftOut === 0
          ? []
          : [
              `${kept.leftOut} statements were left out: ${MOST_KEPT} of this source are kept. Remove those that run no more.`,
            ]),
      ],
    };
  }

  private async keep(
    source: SourceEntity,
    log: string,
    statements: QueryLog['statements'],
    cursor: string,
    actor: Actor,
  ): Promise<{ added: number; leftOut: number }> {
    if (statements.length === 0) {
      await this.store.noteCursor(this.db, source.id, log, cursor, this.clock.now());
      return { added: 0, leftOut: 0 };
    }
    const { database } = source.settings;
    return this.changes.make(actor, async (change) => {
      const terms = {
        sourceId: source.id,
        dialect: dialectOfSource(source.kind),
        // MySQL's log does not always say in which database a statement ran. PostgreSQL's does not say on which search_path.
        defaultSchema: source.kind === 'mysql' && typeof database === 'string' ? database : null,
      };
      const done = await this.store.keep(change.tx, terms, statements, change.at);
      await this.store.noteCursor(change.tx, source.id, log, cursor, change.at);
      const subject = { kind: 'source', id: source.id, name: source.name };
      await change.record('lineage.query-log-read', subject, { log, seen: statements.length, added: done.added });
      return done;
    });
  }

  private async ask({ id }: SourceEntity, log: string, signal: AbortSignal): Promise<QueryLog> {
    const since = await this.store.cursor(id, log);
    const connection = await this.sources.connectUnlessPaused(id);
    try {
      if (!connection.queryLog)
        throw new InvalidInput('A source of this kind keeps no log of queries.', [], ['sourceId']);
      return await connection.queryLog({
        ...{ signal, deadlineMs: DEADLINE_MS, maxStatements: MOST_STATEMENTS, movingDataIn: log },
        ...(since !== undefined && { since }),
      });
    } finally {
      await connection.close();
    }
  }
}

/** The log that a source's settings name; undefined when it is off. */
export const logNamed = (settings: Readonly<Record<string, unknown>>): string | undefined => {
  const { queryLog } = settings;
  return typeof queryLog === 'string' && queryLog !== 'off' ? queryLog : undefined;
};

function logOf({ name, settings }: SourceEntity): string {
  const log = logNamed(settings);
  if (log !== undefined) return log;
  throw new InvalidInput(
    `The source "${name}" has no log of queries to read: choose one in its setting "queryLog".`,
    [],
    ['sourceId'],
  );
}

function bounded({ statements }: QueryLog): { statements: QueryLog['statements']; cut: number } {
  let characters = 0;
  const fit = statements.filter(({ sql }) => (characters += sql.length) <= MOST_CHARACTERS);
  return { statements: fit, cut: statements.length - fit.length };
}
