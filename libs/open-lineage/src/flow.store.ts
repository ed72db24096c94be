import { Injectable } from '@nestjs/common';
import {
  type Flow,
  type Interval,
  isEmpty,
  joinFlows,
  type Observation,
  type Timeline,
  timelineOf,
  withinWindow,
} from '#core/openlineage';
import { digestOf, ObservedLineage } from '#lineage';
import { rows, type Tx, type Writes } from '#platform/database';

import { type AcceptedEvent } from './accepted-event.js';
import { EdgeWriter, intervalKey, type ToldEdge } from './edge-writer.js';
import { runKey } from './event.store.js';
import { FlowBodies } from './flow-body.store.js';
import { flowDigest, type FlowEdge, keyOfName } from './flows.js';
import { type NamesInBatch } from './names.store.js';
import { idOf, inOrder, type ObservationRow, ObservationStore, type Window } from './observation.store.js';
import { type RunRow } from './runs.store.js';
import { hasLineage, type Owner } from './subjects.store.js';

export interface Batch {
  readonly events: readonly AcceptedEvent[];
  readonly jobs: ReadonlyMap<string, Owner>;
  readonly datasets: ReadonlyMap<string, Owner>;
  readonly runs: ReadonlyMap<string, RunRow>;
  readonly names: NamesInBatch;
  readonly at: Date;
}

/** What runs and designs say feeds what, and the edges that follow. */
@Injectable()
export class FlowStore {
  private hasDrops: boolean | undefined;

  constructor(
    private readonly lineage: ObservedLineage,
    private readonly flows: FlowBodies,
    private readonly observations: ObservationStore,
    private readonly edges: EdgeWriter,
  ) {}

  /** Another process has written, or what was written was taken back. */
  forget(): void {
    this.flows.forget();
    this.observations.forget();
    this.hasDrops = undefined;
  }

  /** Adds the flows of a batch up, and writes the edges that changed by it. */
  async add(tx: Tx, writes: Writes, batch: Batch, withEdges: boolean): Promise<void> {
    const said = flowsIn(batch);
    const old = await this.observations.of(tx, [...batch.runs.keys(), ...[...said.values()].map(({ key }) => key)]);
    await this.flows.load(
      tx,
      [...old.values()].map(({ flow }) => flow),
    );
    const now = this.joined(batch, said, old);
    const windows = new Map<string, Window>();
    for (const one of now.values()) {
      const before = old.get(idOf(one));
      if (!before) widen(windows, one.scriptId, one.at, one.at);
      else if (before.flow !== one.flow || before.complete !== one.complete || before.at.getTime() !== one.at.getTime())
        widen(windows, one.scriptId, before.at < one.at ? before.at : one.at, before.at > one.at ? before.at : one.at);
    }
    const drops = await this.noteDrops(tx, batch);
    for (const { at, scripts } of drops) for (const id of scripts) widen(windows, id, at, at);
    const around = withEdges ? await this.around(tx, windows) : undefined;
    this.flows.keep(tx, writes, new Set([...now.values()].map(({ flow }) => flow)), batch.names);
    this.observations.keep(tx, writes, old, now);
    const newDrops = new Set(drops.map(({ nameKey, at }) => `${nameKey} ${at.getTime()}`));
    if (around) await this.write(tx, batch, windows, around, now, newDrops);
    this.flows.release();
  }

  /** Works out all edges again: of the flows as they are now, against those that were written. */
  async workOutAll(tx: Tx, scriptIds: readonly string[], names: NamesInBatch, at: Date): Promise<void> {
    const everything = new Map(scriptIds.map((id) => [id, { low: -Infinity, high: Infinity }]));
    const around = await this.observations.around(tx, everything);
    for (const [scriptId, observations] of around) {
      const timeline = timelineOf(await this.read(tx, observations), await this.dropsOf(tx, observations, names));
      const held = await rows<{ digest: string }>(
        tx,
        `SELECT DISTINCT digest FROM lineage.edge WHERE script_id = $1 AND recorded_to = 'infinity'`,
        [scriptId],
      );
      const digests = new Set([...timeline.keys(), ...held.map(({ digest }) => digest)]);
      const changed = [...digests].map((digest) => ({ scriptId, digest, said: timeline.get(digest) ?? [] }));
      const window = { from: -Infinity, to: Infinity };
      await this.edges.reconcile(tx, changed, () => window, this.edgesIn(observations), names, at);
      this.flows.release();
    }
  }

  /** Observations as they are with this batch. */
  private joined(
    { runs }: Batch,
    said: ReadonlyMap<string, SaidFlow>,
    old: ReadonlyMap<string, ObservationRow>,
  ): Map<string, ObservationRow> {
    const now = new Map<string, ObservationRow>();
    const ids = new Set([...said.keys(), ...old.keys()]);
    for (const id of ids) {
      const one = said.get(id);
      const before = old.get(id);
      let flow = before?.flow;
      if (one) {
        if (!before) flow = this.flows.put(one.flow);
        else if (flowDigest(one.flow) !== before.flow) flow = this.flows.join(this.flows.get(before.flow), one.flow);
      }
      if (flow === undefined) continue;
      const [scriptId, key] = one ? [one.scriptId, one.key] : [before?.scriptId ?? '', before?.key ?? ''];
      const run = runs.get(key);
      if (run)
        now.set(id, {
          ...{ scriptId, key, flow },
          at: run.startAt ?? run.firstAt,
          until: run.lastAt,
          complete: run.endType === 'COMPLETE' && !isEmpty(this.flows.get(flow).flow),
        });
      else if (one) now.set(id, { ...{ scriptId, key, flow }, at: one.at, until: one.at, complete: true });
    }
    return now;
  }

  /** Drops that were not known, and the scripts with edges at what was dropped. */
  private async noteDrops(
    tx: Tx,
    { events, names }: Batch,
  ): Promise<{ nameKey: string; at: Date; scripts: readonly string[] }[]> {
    const said = events.flatMap(({ facts }) =>
      facts.datasets
        .filter(({ lifecycle }) => lifecycle?.change === 'DROP')
        .map((dataset) => ({ dataset, nameKey: names.keyOf(dataset), at: facts.time })),
    );
    if (said.length === 0) return [];
    this.hasDrops = true;
    const made = await rows<{ nameKey: string; at: Date }>(
      tx,
      `
      INSERT INTO open_lineage.dropped (name_key, at) SELECT * FROM unnest($1::uuid[], $2::timestamptz[])
      ON CONFLICT DO NOTHING
      RETURNING name_key AS "nameKey", at
      `,
      [said.map(({ nameKey }) => nameKey), said.map(({ at }) => at)],
    );
    const drops: { nameKey: string; at: Date; scripts: readonly string[] }[] = [];
    for (const { nameKey, at } of made) {
      const dataset = said.find((one) => one.nameKey === nameKey)?.dataset;
      drops.push({ nameKey, at, scripts: dataset ? await this.lineage.scriptsAt(tx, [names.endpoint(dataset)]) : [] });
    }
    return drops;
  }

  private async around(tx: Tx, windows: ReadonlyMap<string, Window>): Promise<Map<string, readonly ObservationRow[]>> {
    const found = await this.observations.around(tx, windows);
    await this.flows.load(
      tx,
      [...found.values()].flatMap((some) => some.map(({ flow }) => flow)),
    );
    return found;
  }

  private async read(tx: Tx, observations: readonly ObservationRow[]): Promise<Observation[]> {
    await this.flows.load(
      tx,
      observations.map(({ flow }) => flow),
    );
    return inOrder(observations).map(({ at, until, complete, flow }) => ({
      ...{ at: at.getTime(), until: until.getTime(), complete },
      edges: this.flows.get(flow).digests,
    }));
  }

  /** Writes the edges whose timeline within the windows is another than before. */
  private async write(
    tx: Tx,
    { names, at }: Batch,
    windows: ReadonlyMap<string, Window>,
    around: ReadonlyMap<string, readonly ObservationRow[]>,
    now: ReadonlyMap<string, ObservationRow>,
    newDrops: ReadonlySet<string>,
  ): Promise<void> {
    const spans = new Map<string, Interval>();
    const edges = new Map<string, FlowEdge>();
    const changed: ToldEdge[] = [];
    const perScript = Map.groupBy(now.values(), ({ scriptId }) => scriptId);
    const anyDrops = await this.anyDrops(tx);
    for (const [scriptId, { low, high }] of windows) {
      const before = around.get(scriptId) ?? [];
      const replaced = new Map(before.map((one) => [one.key, one]));
      for (const one of perScript.get(scriptId) ?? []) replaced.set(one.key, one);
      const after = [...replaced.values()];
      const from = Math.max(
        -Infinity,
        ...after.filter((one) => one.complete && one.at.getTime() < low).map((one) => one.at.getTime()),
      );
      const to = Math.min(
        Infinity,
        ...after.filter((one) => one.complete && one.at.getTime() > high).map((one) => one.at.getTime()),
      );
      spans.set(scriptId, { from, to });
      const drops = anyDrops ? await this.dropsOf(tx, after, names) : () => [];
      const oldDrops = newDrops.size === 0 ? drops : await this.dropsOf(tx, after, names, newDrops);
      const [was, is] = [
        timelineOf(await this.read(tx, before), oldDrops),
        timelineOf(await this.read(tx, after), drops),
      ];
      const different = differing(was, is, { from, to });
      if (different.length === 0) continue;
      for (const [digest, edge] of this.edgesIn([...before, ...after])) edges.set(digest, edge);
      for (const digest of different) changed.push({ scriptId, digest, said: is.get(digest) ?? [] });
    }
    await this.edges.reconcile(tx, changed, (scriptId) => spans.get(scriptId) ?? EVER, edges, names, at);
  }

  private edgesIn(observations: readonly ObservationRow[]): Map<string, FlowEdge> {
    const edges = new Map<string, FlowEdge>();
    for (const digest of new Set(observations.map(({ flow }) => flow)))
      for (const [key, edge] of this.flows.get(digest).edges) edges.set(key, edge);
    return edges;
  }

  private async anyDrops(tx: Tx): Promise<boolean> {
    return (this.hasDrops ??= (await rows(tx, `SELECT 1 FROM open_lineage.dropped LIMIT 1`)).length > 0);
  }

  /** When the datasets of edges were dropped. */
  private async dropsOf(
    tx: Tx,
    observations: readonly ObservationRow[],
    names: NamesInBatch,
    without: ReadonlySet<string> = new Set(),
  ): Promise<(edge: string) => readonly number[]> {
    const edges = this.edgesIn(observations);
    const keys = new Map<string, string[]>();
    for (const [digest, { link }] of edges)
      keys.set(
        digest,
        [link.from, link.to].filter((end) => !end.job).map((end) => names.keyOf(end)),
      );
    const found = await rows<{ key: string; at: Date }>(
      tx,
      `SELECT name_key AS key, at FROM open_lineage.dropped WHERE name_key = ANY($1::uuid[])`,
      [[...new Set([...keys.values()].flat())]],
    );
    const times = Map.groupBy(
      found.filter(({ key, at }) => !without.has(`${key} ${at.getTime()}`)),
      ({ key }) => key,
    );
    return (edge) => (keys.get(edge) ?? []).flatMap((key) => (times.get(key) ?? []).map(({ at }) => at.getTime()));
  }
}

interface SaidFlow {
  readonly scriptId: string;
  readonly key: string;
  readonly at: Date;
  readonly flow: Flow;
}

/** What the events of a batch say, run by run and design by design. */
function flowsIn({ events, jobs, datasets }: Batch): Map<string, SaidFlow> {
  const said = new Map<string, SaidFlow>();
  for (const { facts } of events) {
    const owner =
      facts.kind === 'run'
        ? facts.job && jobs.get(keyOfName(facts.job))?.observedScript
        : facts.kind === 'job'
          ? facts.job && !isEmpty(facts.flow) && jobs.get(keyOfName(facts.job))?.declaredScript
          : facts.datasets.map((one) => hasLineage(facts) && datasets.get(keyOfName(one))?.declaredScript)[0];
    if (!owner) continue;
    const key = facts.run ? runKey(facts.run.id) : digestOf(['at', facts.time.getTime()]);
    const id = idOf({ scriptId: owner, key });
    const known = said.get(id);
    if (facts.kind === 'run' && isEmpty(facts.flow) && !known) continue;
    said.set(id, {
      scriptId: owner,
      key,
      at: facts.time,
      flow: known ? joinFlows(known.flow, facts.flow) : facts.flow,
    });
  }
  return said;
}

const EVER: Interval = { from: -Infinity, to: Infinity };
function widen(windows: Map<string, Window>, scriptId: string, low: Date, high: Date): void {
  const known = windows.get(scriptId);
  windows.set(scriptId, {
    low: Math.min(known?.low ?? Infinity, low.getTime()),
    high: Math.max(known?.high ?? -Infinity, high.getTime()),
  });
}

/** Edges that held at other times within a window than before. */
function differing(was: Timeline, is: Timeline, window: Interval): string[] {
  const inside = (intervals: readonly Interval[] = []) => withinWindow([], intervals, window).map(intervalKey).join();
  return [...new Set([...was.keys(), ...is.keys()])].filter((edge) => inside(was.get(edge)) !== inside(is.get(edge)));
}
