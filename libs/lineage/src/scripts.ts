import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { isSecretName } from '#core/pipelines';
import { SQL_DIALECTS } from '#core/sql-lineage';
import { type Actor, decodeCursor, encodeCursor, InvalidInput, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { type SourceEntity, Sources } from '#sources';
import { DataSource } from 'typeorm';

import { extractViews, importPipelines, importSql } from './lineage.jobs.js';
import { type ScriptOrigin } from './script.entity.js';
import {
  type ImportedScript,
  type ImportTerms,
  type KeptScripts,
  oneAtATime,
  type Revision,
  type ScriptOptions,
  ScriptStore,
} from './script.store.js';
import { publicRepository, unholdableAt } from './texts.js';

export interface ScriptRow {
  readonly id: string;
  /** Null for a pipeline: its datasets can be of several sources. */
  readonly sourceId: string | null;
  readonly origin: ScriptOrigin;
  readonly name: string;
  readonly datasetId: string | null;
  readonly dialect: string;
  readonly defaultSchema: string | null;
  readonly aliases: Readonly<Record<string, string>>;
  readonly options: ScriptOptions;
  readonly revision: Revision | null;
  readonly text: string;
  readonly validFrom: Date;
  /** When it ended; null while it is in use. */
  readonly endedAt: Date | null;
  /** Its present text has been read. */
  readonly isRead: boolean;
  /** Of a statement from a log of queries: how often and when it was seen. */
  readonly calls: number | null;
  readonly firstSeenAt: Date | null;
  readonly lastSeenAt: Date | null;
}

export interface StatementRow {
  readonly id: string;
  readonly scriptId: string;
  readonly position: number;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly status: string;
  readonly reasons: readonly {
    readonly code: string;
    readonly message: string;
    readonly line: number;
    readonly start: number;
    readonly end: number;
  }[];
}

export interface ScriptFilter {
  readonly sourceId?: string;
  readonly datasetId?: string;
  readonly origins?: readonly ScriptOrigin[];
}

const MOST_SCRIPTS = 5_000;
const MOST_CHARACTERS = 20_000_000;

const SCRIPT = `
  script.id, script.source_id AS "sourceId", script.origin, script.name, script.dataset_id AS "datasetId",
  coalesce(version.dialect, '') AS dialect, version.default_schema AS "defaultSchema",
  coalesce(version.aliases, '{}') AS aliases, coalesce(version.options, '{}') AS options, version.revision,
  coalesce(version.text, '') AS text,
  coalesce(version.valid_from, script.created_at) AS "validFrom", nullif(version.valid_to, 'infinity') AS "endedAt",
  coalesce(version.id = script.read_version_id, true) AS "isRead", logged.calls::float8 AS calls,
  logged.first_seen_at AS "firstSeenAt", logged.last_seen_at AS "lastSeenAt"
`;

const WITH_VERSION = `
  lineage.script
  LEFT JOIN lineage.logged_statement AS logged ON logged.script_id = script.id
  LEFT JOIN LATERAL (
         SELECT *
           FROM lineage.script_version
          WHERE script_version.script_id = script.id AND script_version.recorded_to = 'infinity'
          ORDER BY script_version.valid_from DESC
          LIMIT 1
       ) AS version ON true
`;

/** Those of events are seen with the jobs that sent them. */
const WITH_TEXT = `script.origin NOT IN ('declared', 'observed')`;

const STATEMENT = `
  statement.id, statement.script_id AS "scriptId", statement.position, statement.line, statement.start_offset AS start,
  statement.end_offset AS "end", statement.kind, statement.status, statement.reasons
`;

const STATEMENT_NOW = `statement.recorded_to = 'infinity' AND statement.valid_to = 'infinity'`;

/** The scripts that lineage is read from: taken in, listed, and what of them was not understood. */
@Injectable()
export class LineageScripts {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly store: ScriptStore,
  ) {}

  /**
   * Takes in SQL scripts that run on a source, and asks for the job that reads them. A script of the same name is
   * replaced; one that is as before stays untouched. Gives the job's id.
   */
  async importSql(actor: Actor, terms: ImportTerms, scripts: readonly ImportedScript[]): Promise<string> {
    checkScripts(terms, scripts);
    const source = await this.sources.get(terms.sourceId);
    for (const [alias, id] of Object.entries(terms.aliases)) await this.aliased(alias, id);
    return this.changes.make(actor, async (change) => {
      const { revision = null, options = {} } = terms;
      const kept: KeptScripts = {
        ...{ ...terms, origin: 'import', importId: randomUUID(), scripts },
        options: publicOptions(options),
        revision: revision && { ...revision, repository: publicRepository(revision.repository) },
      };
      const changed = await this.store.keep(change.tx, kept, change.at);
      const subject = subjectOf(source);
      await change.record('lineage.scripts-imported', subject, {
        scripts: scripts.length,
        changed,
        dialect: terms.dialect,
        defaultSchema: terms.defaultSchema,
        aliases: terms.aliases,
        options: kept.options,
        revision: kept.revision,
      });
      return change.request(importSql, { sourceId: source.id, causeId: randomUUID() }, subject);
    });
  }

  /** Asks for the views and foreign tables of a source to be read again. Gives the job's id. */
  async extractViews(actor: Actor, sourceId: string): Promise<string> {
    const source = await this.sources.get(sourceId);
    return this.changes.make(actor, async (change) => {
      await change.record('lineage.extraction-requested', subjectOf(source));
      return change.request(extractViews, { sourceId, causeId: randomUUID() }, subjectOf(source));
    });
  }

  /** An imported script, one from a log, or a pipeline does not run any more: its edges end. Gives the id of the job that ends them. */
  async remove(actor: Actor, scriptId: string): Promise<string> {
    const script = await this.get(scriptId);
    if (!['import', 'query_log', 'pipeline'].includes(script.origin) || script.endedAt !== null)
      throw new InvalidInput(
        'Only an imported script, one from a log of queries, or a pipeline, that is in use, can be removed.',
        [],
        ['id'],
      );
    return this.end(actor, script.sourceId, 'lineage.script-removed', () => Promise.resolve([script])).then(
      ({ jobId }) => jobId,
    );
  }

  /**
   * Ends the scripts of a source (without one: the pipelines) that an import took from a folder, and that are not among the names that are there
   * now. Gives their names, and the id of the job that ends their edges.
   */
  async prune(
    actor: Actor,
    sourceId: string | null,
    folder: string,
    names: readonly string[],
  ): Promise<{ readonly jobId: string; readonly removed: readonly string[] }> {
    if (folder.trim() === '') throw new InvalidInput('Say which folder.', [], ['folder']);
    const { jobId, ended } = await this.end(actor, sourceId, 'lineage.scripts-pruned', (tx) =>
      this.store.beyond(tx, sourceId, folder, names),
    );
    return { jobId, removed: ended.map(({ name }) => name) };
  }

  private async end(
    actor: Actor,
    sourceId: string | null,
    action: string,
    which: (tx: Tx) => Promise<readonly { readonly id: string; readonly name: string }[]>,
  ): Promise<{ jobId: string; ended: readonly { readonly name: string }[] }> {
    const source = sourceId === null ? undefined : await this.sources.get(sourceId);
    return this.changes.make(actor, async (change) => {
      const importId = randomUUID();
      await oneAtATime(change.tx, sourceId);
      const ended = await which(change.tx);
      await this.store.end(
        change.tx,
        ended.map(({ id }) => id),
        importId,
        change.at,
      );
      const [one] = ended;
      const subject = source
        ? subjectOf(source)
        : { kind: 'pipelines', id: importId, name: `${ended.length} pipelines` };
      if (one && ended.length === 1) await change.record(action, { kind: 'script', id: one.id, name: one.name });
      else await change.record(action, subject, { scripts: ended.map(({ name }) => name) });
      const jobId = source
        ? await change.request(importSql, { sourceId: source.id, causeId: importId }, subject)
        : await change.request(importPipelines, { importId, refused: [] }, subject);
      return { jobId, ended };
    });
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ScriptRow> {
    const found = await row<ScriptRow>(
      this.db,
      `SELECT ${SCRIPT} FROM ${WITH_VERSION} WHERE script.id = $1 AND ${WITH_TEXT}`,
      [id],
    );
    if (!found) throw new NotFound('script', id);
    return found;
  }

  ofIds(ids: readonly string[]): Promise<ScriptRow[]> {
    return rows<ScriptRow>(
      this.db,
      `SELECT ${SCRIPT} FROM ${WITH_VERSION} WHERE script.id = ANY($1::uuid[]) AND ${WITH_TEXT}`,
      [ids],
    );
  }

  /** By name. */
  async list({ sourceId, datasetId, origins }: ScriptFilter, { first, after }: PageRequest): Promise<Page<ScriptRow>> {
    const where = `
      ${WITH_TEXT} AND ($1::uuid IS NULL OR script.source_id = $1) AND ($2::uuid IS NULL OR script.dataset_id = $2)
      AND ($3::text[] IS NULL OR script.origin = ANY($3))
    `;
    const params = [sourceId ?? null, datasetId ?? null, origins ?? null];
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM lineage.script WHERE ${where}`,
      params,
    );
    const [name, id] = after === undefined ? [null, null] : decodeCursor('lineage-scripts', after);
    const found = await rows<ScriptRow>(
      this.db,
      `
      SELECT ${SCRIPT}
        FROM ${WITH_VERSION}
       WHERE ${where} AND ($4::text IS NULL OR (script.name, script.id) > ($4, $5::uuid))
       ORDER BY script.name, script.id
       LIMIT $6
      `,
      [...params, name, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** The statements of scripts as they are now, in order. */
  statements(scriptIds: readonly string[]): Promise<StatementRow[]> {
    return rows<StatementRow>(
      this.db,
      `
      SELECT ${STATEMENT}
        FROM lineage.statement
       WHERE statement.script_id = ANY($1::uuid[]) AND ${STATEMENT_NOW}
       ORDER BY statement.script_id, statement.position
      `,
      [scriptIds],
    );
  }

  /** Statements of a source's scripts (without one: of pipelines) that were not fully understood, script by script. @throws {NotFound} */
  async notUnderstood(
    sourceId: string | null,
    { first, after }: PageRequest,
  ): Promise<Page<StatementRow & { readonly scriptName: string }>> {
    const from = `
      lineage.statement JOIN lineage.script ON script.id = statement.script_id
       WHERE script.source_id IS NOT DISTINCT FROM $1::uuid AND statement.status <> 'ok' AND ${STATEMENT_NOW}
    `;
    const counted = await row<{ total: number }>(this.db, `SELECT count(*)::int AS total FROM ${from}`, [sourceId]);
    if (!counted?.total && sourceId !== null && (await this.sources.ofIds([sourceId])).length === 0)
      throw new NotFound('source', sourceId);
    const [name, script, position] = after === undefined ? [null, null, null] : decodeCursor('not-understood', after);
    const found = await rows<StatementRow & { scriptName: string }>(
      this.db,
      `
      SELECT ${STATEMENT}, script.name AS "scriptName"
        FROM ${from}
         AND ($2::text IS NULL OR (script.name, script.id, statement.position) > ($2, $3::uuid, $4::int))
       ORDER BY script.name, script.id, statement.position
       LIMIT $5
      `,
      [sourceId, name, script, position, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  private async aliased(alias: string, sourceId: string): Promise<void> {
    if (alias.trim() === '') throw new InvalidInput('An alias has a name.', [], ['aliases']);
    try {
      await this.sources.get(sourceId);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      throw new InvalidInput(
        `The alias ${JSON.stringify(alias)} stands for a source that is not there.`,
        [],
        ['aliases', alias],
      );
    }
  }
}

export const scriptCursor = ({ name, id }: ScriptRow): string => encodeCursor('lineage-scripts', [name, id]);

export const notUnderstoodCursor = (statement: StatementRow & { readonly scriptName: string }): string =>
  encodeCursor('not-understood', [statement.scriptName, statement.scriptId, statement.position]);

/** A value of a parameter that is named like a secret is not kept. */
const publicOptions = ({ variables, ...options }: ScriptOptions): ScriptOptions => ({
  ...options,
  ...(variables && {
    variables: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, isSecretName(name) ? '***' : value]),
    ),
  }),
});

const subjectOf = ({ id, name }: SourceEntity) => ({ kind: 'source', id, name });

function checkScripts({ dialect }: ImportTerms, scripts: readonly ImportedScript[]): void {
  if (!SQL_DIALECTS.includes(dialect))
    throw new InvalidInput(
      `"${dialect}" is no SQL dialect we know; there are ${SQL_DIALECTS.join(', ')}.`,
      [],
      ['dialect'],
    );
  if (scripts.length === 0 || scripts.length > MOST_SCRIPTS)
    throw new InvalidInput(`Give 1 to ${MOST_SCRIPTS} scripts at once; these are ${scripts.length}.`, [], ['scripts']);
  if (scripts.reduce((sum, { text }) => sum + text.length, 0) > MOST_CHARACTERS)
    throw new InvalidInput('The scripts are too much for one import. Give fewer at once.', [], ['scripts']);
  const seen = new Set<string>();
  for (const [at, { name, text }] of scripts.entries()) {
    const path = ['scripts', String(at)];
    if (name.trim() === '' || name.length > 500)
      throw new InvalidInput('A script has a name of 1 to 500 characters.', [], [...path, 'name']);
    if (seen.has(name)) throw new InvalidInput(`Two scripts are named ${JSON.stringify(name)}.`, [], [...path, 'name']);
    if (unholdableAt(name) !== undefined || unholdableAt(text) !== undefined)
      throw new InvalidInput(
        `The script ${JSON.stringify(name)} has characters that are no text.`,
        [],
        [...path, 'text'],
      );
    seen.add(name);
  }
}
