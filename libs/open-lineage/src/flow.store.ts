import { Injectable } from '@nestjs/common';
import {
  type Flow,
  type Interval,
  isEmpty,
  joinFlows,
  type Named,
  nameKeyOf,
  type Observation,
  type Timeline,
  timelineOf,
  withinWindow,
} from '#core/openlineage';
import { digestOf, ObservedLineage, type ObservedRow } from '#lineage';
import { preparedRows, rows, type Tx, type Writes } from '#platform/database';

import { type AcceptedEvent } from './accepted-event.js';
import { runKey } from './event.store.js';
import { FlowCache, flowDigest, type FlowEdge, keyOfName, type ReadFlow } from './flows.js';
import { type NamesInBatch, NamesOfDatasets } from './names.store.js';
import { Recent } from './recent.js';
import { type RunRow } from './runs.store.js';
import { hasLineage, type Owner } from './subjects.store.js';

interface ObservationRow {
  readonly scriptId: string;
  readonly key: string;
  readonly at: Date;
  readonly until: Date;
  readonly complete: boolean;
  readonly flow: string;
}

const OBSERVATION = `observation.script_id AS "scriptId", observation.key, observation.at, observation.until, observation.complete, observation.flow`;
const idOf = ({ scriptId, key }: { scriptId: string; key: string }) => `${scriptId} ${key}`;

export interface Batch {
  readonly events: readonly AcceptedEvent[];
  readonly jobs: ReadonlyMap<string, Owner>;
  readonly datasets: ReadonlyMap<string, Owner>;
  readonly runs: ReadonlyMap<string, RunRow>;
  readonly names: NamesInBatch;
  readonly at: Date;
}

/** The span of a script's timeline in which something may have changed. */
interface Window {
  low: number;
  high: number;
}

/** What runs and designs say feeds what, and the edges that follow. */
@Injectable()
export class FlowStore {
  private readonly cache = new FlowCache();
  /** By digest: flows that stand in the table. */
  private readonly stored = new Recent<true>(20_000);
  /** By the digests of two flows, that of both together. */
  private readonly together = new Recent<string>(20_000);
  /** By key, all observations with it. */
  private readonly known = new Recent<readonly ObservationRow[]>(20_000);
  private hasDrops: boolean | undefined;

  constructor(
    private readonly names: NamesOfDatasets,
    private readonly lineage: ObservedLineage,
  ) {}

  /** Another process has written, or what was written was taken back. */
  forget(): void {
    this.stored.clear();
    this.known.clear();
    this.hasDrops = undefined;
  }

  /** Adds the flows of a batch up, and writes the edges that changed by it. */
  async add(tx: Tx, writes: Writes, batch: Batch, withEdges: boolean): Promise<void> {
    const said = flowsIn(batch);
    const old = await this.observations(tx, [...said.values()], [...batch.runs.keys()]);
    await this.load(
      tx,
      [...old.values()].map(({ flow }) => flow),
    );
    const [now, fresh] = this.joined(batch, said, old);
    const windows = new Map<string, Window>();
    for (const one of now.values()) {
      const before = old.get(idOf(one));
      if (!before) widen(windows, one.scriptId, one.at, one.at);
      else if (before.flow !== one.flow || before.complete !== one.complete || before.at.getTime() !== one.at.getTime())
        widen(windows, one.scriptId, before.at < one.at ? before.at : one.at, before.at > one.at ? before.at : one.at);
    }
    const drops = await this.noteDrops(tx, batch);
    if (!withEdges) return this.keep(tx, writes, old, now, fresh, batch.names);
    for (const { at, scripts } of drops) for (const id of scripts) widen(windows, id, at, at);
    const around = await this.around(tx, windows);
    this.keep(tx, writes, old, now, fresh, batch.names);
    await this.write(
      tx,
      batch,
      windows,
      around,
      now,
      new Set(drops.map(({ nameKey, at }) => `${nameKey} ${at.getTime()}`)),
    );
  }

  /** Works out all edges again: of the flows as they are now, against those that were written. */
  async workOutAll(tx: Tx, scriptIds: readonly string[], names: NamesInBatch, at: Date): Promise<void> {
    const everything = new Map(scriptIds.map((id) => [id, { low: -Infinity, high: Infinity }]));
    const around = await this.around(tx, everything);
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
      await this.reconcile(tx, changed, () => window, this.edgesIn(observations), names, at);
    }
  }

  /** Takes all edges of scripts back, to be worked out again: their ends may be others now. */
  async closeAll(tx: Tx, scriptIds: readonly string[], at: Date): Promise<void> {
    const held = await rows<{ id: string }>(
      tx,
      `SELECT id FROM lineage.edge WHERE script_id = ANY($1::uuid[]) AND recorded_to = 'infinity'`,
      [scriptIds],
    );
    await this.lineage.close(
      tx,
      held.map(({ id }) => id),
      at,
    );
  }

  private async observations(
    tx: Tx,
    said: readonly { scriptId: string; key: string }[],
    runs: readonly string[],
  ): Promise<Map<string, ObservationRow>> {
    const [known, unknown] = this.known.ofAll([...new Set([...runs, ...said.map(({ key }) => key)])]);
    const found =
      unknown.length === 0
        ? []
        : await preparedRows<ObservationRow>(
            tx,
            `SELECT ${OBSERVATION} FROM open_lineage.observation WHERE key = ANY($1::uuid[])`,
            [unknown],
          );
    return new Map([...known.values(), found].flatMap((some) => some.map((one) => [idOf(one), one] as const)));
  }

  /** Observations as they are with this batch, and the flows that are new. */
  private joined(
    { runs }: Batch,
    said: ReadonlyMap<string, SaidFlow>,
    old: ReadonlyMap<string, ObservationRow>,
  ): [Map<string, ObservationRow>, Map<string, Flow>] {
    const fresh = new Map<string, Flow>();
    const now = new Map<string, ObservationRow>();
    const put = (flow: Flow): string => {
      const digest = flowDigest(flow);
      this.cache.put(digest, flow);
      if (!this.stored.get(digest)) fresh.set(digest, flow);
      return digest;
    };
    const join = (a: ReadFlow, b: Flow): string => {
      const both = `${flowDigest(a.flow)} ${flowDigest(b)}`;
      const digest = this.together.get(both);
      const known = digest === undefined ? undefined : this.cache.get(digest);
      const joined = put(known?.flow ?? joinFlows(a.flow, b));
      this.together.set(both, joined);
      return joined;
    };
    const ids = new Set([...said.keys(), ...old.keys()]);
    for (const id of ids) {
      const one = said.get(id);
      const before = old.get(id);
      let flow = before?.flow;
      if (one) {
        if (!before) flow = put(one.flow);
        else if (flowDigest(one.flow) !== before.flow) flow = join(this.flow(before.flow), one.flow);
      }
      if (flow === undefined) continue;
      const [scriptId, key] = one ? [one.scriptId, one.key] : [before?.scriptId ?? '', before?.key ?? ''];
      const run = runs.get(key);
      if (run)
        now.set(id, {
          ...{ scriptId, key, flow },
          at: run.startAt ?? run.firstAt,
          until: run.lastAt,
          complete: run.endType === 'COMPLETE' && !isEmpty(this.flow(flow).flow),
        });
      else if (one) now.set(id, { ...{ scriptId, key, flow }, at: one.at, until: one.at, complete: true });
    }
    return [now, fresh];
  }

  private flow(digest: string): ReadFlow {
    const found = this.cache.get(digest);
    if (!found) throw new Error(`The flow ${digest} is not there.`);
    return found;
  }

  private async load(tx: Tx, digests: readonly string[]): Promise<void> {
    const missing = [...new Set(digests)].filter((digest) => !this.cache.get(digest));
    if (missing.length === 0) return;
    const found = await rows<{ digest: string; body: Flow }>(
      tx,
      `SELECT digest, body FROM open_lineage.flow WHERE digest = ANY($1::uuid[])`,
      [missing],
    );
    for (const { digest, body } of found) this.cache.put(digest, body);
  }

  private keep(
    tx: Tx,
    writes: Writes,
    old: ReadonlyMap<string, ObservationRow>,
    now: ReadonlyMap<string, ObservationRow>,
    fresh: ReadonlyMap<string, Flow>,
    names: NamesInBatch,
  ): void {
    if (fresh.size > 0) {
      writes.add(
        preparedRows(
          tx,
          `
        INSERT INTO open_lineage.flow (digest, body) SELECT * FROM unnest($1::uuid[], $2::json[])
        ON CONFLICT (digest) DO NOTHING
        `,
          [[...fresh.keys()], [...fresh.values()].map((flow) => JSON.stringify(flow))],
        ),
      );
      const pairs = [...fresh.values()].flatMap(({ job, inputs, outputs }) =>
        job ? [...inputs, ...outputs].map((dataset) => [names.keyOf(dataset), keyOfName(job)] as const) : [],
      );
      writes.add(
        preparedRows(
          tx,
          `
        INSERT INTO open_lineage.job_dataset (name_key, job_key) SELECT * FROM unnest($1::uuid[], $2::uuid[])
        ON CONFLICT DO NOTHING
        `,
          [pairs.map(([name]) => name), pairs.map(([, job]) => job)],
        ),
      );
    }
    for (const digest of fresh.keys()) this.stored.set(digest, true);
    const everything = new Map([...old, ...now]);
    for (const [key, some] of Map.groupBy(everything.values(), (one) => one.key)) this.known.set(key, some);
    const all = [...now.values()].filter((one) => !sameObservation(old.get(idOf(one)), one));
    if (all.length === 0) return;
    writes.add(
      preparedRows(
        tx,
        `
      INSERT INTO open_lineage.observation (script_id, key, at, until, complete, flow)
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::boolean[], $6::uuid[])
      ON CONFLICT (script_id, key) DO UPDATE
        SET at = excluded.at, until = excluded.until, complete = excluded.complete, flow = excluded.flow
      `,
        [
          all.map(({ scriptId }) => scriptId),
          all.map(({ key }) => key),
          all.map(({ at }) => at),
          all.map(({ until }) => until),
          all.map(({ complete }) => complete),
          all.map(({ flow }) => flow),
        ],
      ),
    );
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

  /** What was observed in the windows and just before and after: from the last complete observation to the next. */
  private async around(tx: Tx, windows: ReadonlyMap<string, Window>): Promise<Map<string, readonly ObservationRow[]>> {
    if (windows.size === 0) return new Map();
    const all = [...windows];
    const found = await preparedRows<ObservationRow>(
      tx,
      `
      WITH span AS (
        SELECT asked.script_id,
               coalesce((SELECT max(before.at) FROM open_lineage.observation AS before
                          WHERE before.script_id = asked.script_id AND before.complete AND before.at < asked.low),
                        '-infinity') AS low,
               coalesce((SELECT min(later.at) FROM open_lineage.observation AS later
                          WHERE later.script_id = asked.script_id AND later.complete AND later.at > asked.high),
                        'infinity') AS high
          FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS asked (script_id, low, high)
      )
      SELECT ${OBSERVATION}
        FROM span
        JOIN open_lineage.observation
          ON observation.script_id = span.script_id AND observation.at BETWEEN span.low AND span.high
      `,
      [all.map(([id]) => id), all.map(([, { low }]) => timeOf(low)), all.map(([, { high }]) => timeOf(high))],
    );
    await this.load(
      tx,
      found.map(({ flow }) => flow),
    );
    return Map.groupBy(found, ({ scriptId }) => scriptId);
  }

  private async read(tx: Tx, observations: readonly ObservationRow[]): Promise<Observation[]> {
    await this.load(
      tx,
      observations.map(({ flow }) => flow),
    );
    return inOrder(observations).map(({ at, until, complete, flow }) => ({
      ...{ at: at.getTime(), until: until.getTime(), complete },
      edges: this.flow(flow).digests,
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
    const changed: { scriptId: string; digest: string; said: readonly Interval[] }[] = [];
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
    await this.reconcile(tx, changed, (scriptId) => spans.get(scriptId) ?? EVER, edges, names, at);
  }

  private edgesIn(observations: readonly ObservationRow[]): Map<string, FlowEdge> {
    const edges = new Map<string, FlowEdge>();
    for (const digest of new Set(observations.map(({ flow }) => flow)))
      for (const [key, edge] of this.flow(digest).edges) edges.set(key, edge);
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

  /** Makes the rows of edges say what the timeline says, within the span; rows that say so already stay. */
  private async reconcile(
    tx: Tx,
    changed: readonly { scriptId: string; digest: string; said: readonly Interval[] }[],
    span: (scriptId: string) => Interval,
    edges: ReadonlyMap<string, FlowEdge>,
    names: NamesInBatch,
    at: Date,
  ): Promise<void> {
    if (changed.length === 0) return;
    const held = Map.groupBy(await this.lineage.held(tx, changed), ({ scriptId, digest }) => `${scriptId} ${digest}`);
    const gone: string[] = [];
    const added: { scriptId: string; edge: FlowEdge; interval: Interval }[] = [];
    for (const { scriptId, digest, said } of changed) {
      const kept = held.get(`${scriptId} ${digest}`) ?? [];
      const byInterval = new Map(kept.map((row) => [intervalKey(intervalOf(row)), row]));
      const wanted = withinWindow(kept.map(intervalOf), said, span(scriptId));
      const edge = edges.get(digest);
      for (const interval of wanted)
        if (!byInterval.delete(intervalKey(interval)) && edge) added.push({ scriptId, edge, interval });
      gone.push(...[...byInterval.values()].map(({ id }) => id));
    }
    await this.lineage.close(tx, gone, at);
    const ends = added.flatMap(({ edge: { link } }) => [link.from, link.to]);
    await this.names.more(
      tx,
      names,
      ends.filter((end) => !end.job),
    );
    const datasets = ends.flatMap((end) => {
      const endpoint = names.endpoint(end);
      return endpoint.kind === 'dataset' && end.field !== undefined ? [endpoint.datasetId] : [];
    });
    const column = await this.lineage.columnsOf([...new Set(datasets)]);
    const endpoint = (end: FlowEdge['link']['from']) => {
      const whole = names.endpoint(end);
      if (end.field === undefined) return whole;
      if (whole.kind === 'dataset') return column(whole.datasetId, end.field);
      return whole.kind === 'unknown' ? { ...whole, column: end.field } : whole;
    };
    await this.lineage.add(
      tx,
      added.map(({ scriptId, edge, interval }): ObservedRow => ({
        ...{ scriptId, digest: edge.digest, from: endpoint(edge.link.from), to: endpoint(edge.link.to) },
        ...{ kind: edge.kind, subtype: edge.kind === 4 ? null : (edge.link.subtype ?? null) },
        expression: edge.link.description ?? null,
        validFrom: new Date(interval.from),
        validTo: interval.to === Infinity ? null : new Date(interval.to),
      })),
      at,
    );
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
const timeOf = (ms: number): Date | string => (Number.isFinite(ms) ? new Date(ms) : ms > 0 ? 'infinity' : '-infinity');
const intervalOf = ({ validFrom, validTo }: { validFrom: Date; validTo: Date | null }): Interval => ({
  from: validFrom.getTime(),
  to: validTo?.getTime() ?? Infinity,
});
const sameObservation = (a: ObservationRow | undefined, b: ObservationRow): boolean =>
  a !== undefined &&
  a.at.getTime() === b.at.getTime() &&
  a.until.getTime() === b.until.getTime() &&
  a.complete === b.complete &&
  a.flow === b.flow;
const intervalKey = ({ from, to }: Interval): string => `${from} ${to}`;

function widen(windows: Map<string, Window>, scriptId: string, low: Date, high: Date): void {
  const known = windows.get(scriptId);
  windows.set(scriptId, {
    low: Math.min(known?.low ?? Infinity, low.getTime()),
    high: Math.max(known?.high ?? -Infinity, high.getTime()),
  });
}

/** Of two at once, the one with the greater key counts, in whatever order they came. */
const inOrder = (observations: readonly ObservationRow[]): ObservationRow[] =>
  [...observations].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.key < b.key ? -1 : 1));

/** Edges that held at other times within a window than before. */
function differing(was: Timeline, is: Timeline, window: Interval): string[] {
  const inside = (intervals: readonly Interval[] = []) => withinWindow([], intervals, window).map(intervalKey).join();
  return [...new Set([...was.keys(), ...is.keys()])].filter((edge) => inside(was.get(edge)) !== inside(is.get(edge)));
}

const named = new WeakMap<Flow, readonly Named[]>();

/** Every dataset that a flow names. */
export function namesIn(flow: Flow): readonly Named[] {
  const known = named.get(flow);
  if (known) return known;
  const ends = [...flow.links, ...flow.columnLinks].flatMap(({ from, to }) => [from, to]).filter((end) => !end.job);
  const all = new Map([...flow.inputs, ...flow.outputs, ...ends].map((one) => [nameKeyOf(one), one]));
  named.set(flow, [...all.values()]);
  return [...all.values()];
}
