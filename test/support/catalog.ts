import { randomUUID } from 'node:crypto';

import { type INestApplicationContext } from '@nestjs/common';
import { Changes } from '#audit';
import { type HarvestedDataset, type HarvestedField, type HarvestedRoutine } from '#core/connector-kit';
import { type SnapshotDifference, Snapshots, SnapshotSieve } from '#dictionary';
import { systemActor } from '#kernel';
import { Sources } from '#sources';

const actor = systemActor('test');

/** A registered source that nobody ever opens; gives its id. */
export async function aSource(app: INestApplicationContext, name = `源 ${randomUUID()}`): Promise<string> {
  const source = await app.get(Sources, { strict: false }).register(actor, {
    ...{
      name,
      kind: 'postgres',
      settings: { host: 'dwh', database: 'risk', user: 'reader' },
      include: null,
      exclude: [],
    },
    ...{ description: '', owner: '', domain: '', environment: '' },
  });
  return source.id;
}

type SomeField = Partial<HarvestedField> & { readonly name: string };

/** A table as a harvest would read it: `aTable('ods.loan', { name: 'id', nativeType: 'bigint' })`. */
export function aTable(name: string, ...fields: readonly SomeField[]): HarvestedDataset {
  const [scope = '', ...rest] = name.split('.');
  return {
    scope,
    name: rest.join('.'),
    kind: 'table',
    qualifiedName: `risk.${name}`,
    fields: fields.map((field, at) => ({
      ...{ ordinal: at + 1, nativeType: 'text', typeFamily: 'text', nullable: true },
      ...field,
    })),
    keys: [],
  };
}

/** Brings datasets into the dictionary as a harvest of all their scopes would. */
export async function keepSnapshot(
  app: INestApplicationContext,
  sourceId: string,
  datasets: readonly HarvestedDataset[],
  completeScopes: readonly string[] = [...new Set(datasets.map(({ scope }) => scope))],
  routines: readonly HarvestedRoutine[] = [],
): Promise<SnapshotDifference & { readonly runId: string }> {
  const snapshots = app.get(Snapshots, { strict: false });
  const snapshot = { id: randomUUID(), sourceId };
  return app.get(Changes, { strict: false }).make(actor, async (change) => {
    const sieve = new SnapshotSieve(
      await snapshots.known(change.tx, sourceId),
      await snapshots.knownRoutines(change.tx, sourceId),
    );
    for (const scope of new Set([...datasets.map((dataset) => dataset.scope), ...completeScopes])) {
      const read = datasets.filter((dataset) => dataset.scope === scope);
      const different = read.flatMap((dataset) => sieve.take(dataset) ?? []);
      await snapshots.stage(change.tx, snapshot, scope, different);
      const ofScope = routines.filter((routine) => routine.scope === scope);
      const staged = ofScope.flatMap((routine) => sieve.takeRoutine(routine) ?? []);
      await snapshots.stageRoutines(change.tx, snapshot, scope, staged);
      if (!completeScopes.includes(scope)) continue;
      await snapshots.stageMissing(change.tx, snapshot, scope, sieve.missing(scope));
      await snapshots.stageMissingRoutines(change.tx, snapshot, scope, sieve.missingRoutines(scope));
    }
    const difference = await snapshots.compare(change.tx, snapshot);
    await snapshots.keep(change.tx, snapshot, change.at);
    await change.record('source.harvested', { kind: 'source', id: sourceId, name: 'test' });
    return { ...difference, runId: snapshot.id };
  });
}
