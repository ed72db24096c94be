import { randomUUID } from 'node:crypto';

import { dictionaryEntities } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { type Actor, type FixedClock, systemActor } from '#kernel';
import { lineageEntities, LineageModule, LineageReader, type ReadingReport, type ScriptOrigin } from '#lineage';
import { rows } from '#platform/database';
import { ThreadPool } from '#platform/threads';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from './context.js';

/** A catalog in which sources are harvested and their lineage is read. Stop it in `afterAll`. */
export interface LineageCatalog {
  readonly context: TestContext;
  readonly actor: Actor;
  readonly work: Parameters<LineageReader['readDeclared']>[1];
  register(kind: string, settings: Readonly<Record<string, unknown>>): Promise<string>;
  /** A harvest, and what follows it. */
  follow(sourceId: string): Promise<ReadingReport>;
  /** `a.x -> b.y` for each DIRECT edge that a source's scripts of one origin say; as of a time, as held then. */
  flows(
    sourceId: string,
    origin: ScriptOrigin,
    at?: { readonly validAt?: Date; readonly recordedAt?: Date },
  ): Promise<string[]>;
  /** `name: status reason` for each statement of a source's scripts of one origin. */
  statements(sourceId: string, origin: ScriptOrigin): Promise<string[]>;
  stop(): Promise<void>;
}

export async function lineageCatalog(clock: FixedClock): Promise<LineageCatalog> {
  const context = await testContext(
    [SourcesModule, HarvestModule, LineageModule],
    [...sourcesEntities, ...dictionaryEntities, ...lineageEntities],
    clock,
  );
  const threads = new ThreadPool();
  const actor = systemActor('工程师 "engineer"');
  const db = () => context.app.get(DataSource);
  const work = { threads, actor, signal: new AbortController().signal, progress: () => undefined };
  return {
    context,
    actor,
    work,
    async register(kind, settings) {
      const { id } = await context.app.get(Sources).register(actor, {
        ...{ name: `源 ${randomUUID()}`, kind, settings, include: null, exclude: [], removalShare: 1 },
        ...{ description: '', owner: '', domain: '', environment: '' },
      });
      return id;
    },
    async follow(sourceId) {
      await context.app.get(Reader).carryOut({
        ...{ runId: randomUUID(), sourceId, confirmRemovals: true, readAll: true, actor },
        ...{ signal: work.signal, progress: () => undefined },
      });
      return context.app.get(LineageReader).readDeclared(sourceId, work);
    },
    async flows(sourceId, origin, { validAt, recordedAt } = {}) {
      const end = (name: string) => `
        coalesce((SELECT dataset.name FROM dictionary.dataset WHERE dataset.id = ${name}.dataset_id), ${name}.dataset_name || '?')
        || '.' ||
        coalesce((SELECT field.name FROM dictionary.field WHERE field.id = ${name}.field_id), ${name}.column_name || '?')
      `;
      const found = await rows<{ flow: string }>(
        db(),
        `
        SELECT DISTINCT ${end('source')} || ' -> ' || ${end('target')} AS flow
          FROM lineage.edge
          JOIN lineage.script ON script.id = edge.script_id
          JOIN lineage.node AS source ON source.id = edge.src
          JOIN lineage.node AS target ON target.id = edge.dst
         WHERE script.source_id = $1 AND script.origin = $2 AND edge.kind = 1
           AND CASE WHEN $3::timestamptz IS NULL THEN edge.valid_to = 'infinity'
                    ELSE edge.valid_from <= $3 AND edge.valid_to > $3 END
           AND CASE WHEN $4::timestamptz IS NULL THEN edge.recorded_to = 'infinity'
                    ELSE edge.recorded_from <= $4 AND edge.recorded_to > $4 END
         ORDER BY 1
        `,
        [sourceId, origin, validAt ?? null, recordedAt ?? null],
      );
      return found.map(({ flow }) => flow);
    },
    async statements(sourceId, origin) {
      const found = await rows<{ said: string }>(
        db(),
        `
        SELECT concat_ws(' ', script.name || ':', statement.status, statement.reasons -> 0 ->> 'code') AS said
          FROM lineage.statement
          JOIN lineage.script ON script.id = statement.script_id
         WHERE script.source_id = $1 AND script.origin = $2
           AND statement.recorded_to = 'infinity' AND statement.valid_to = 'infinity'
         ORDER BY script.name, statement.position
        `,
        [sourceId, origin],
      );
      return found.map(({ said }) => said);
    },
    async stop() {
      await threads.close();
      await context.stop();
    },
  };
}
