import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { type Connection } from '#core/connector-kit';
import { type Status } from '#core/rule-engine';
import { type Actor, Clock } from '#kernel';
import { row, rows } from '#platform/database';
import { publishAll } from '#platform/outbox';
import { JobStore } from '#platform/queue';
import { Sources } from '#sources';
import { DataSource } from 'typeorm';

import { type DatasetFact, DatasetFacts } from './dataset-facts.js';
import { SWITCHED_OFF } from './error-words.js';
import { type IncidentTurn, IncidentStore } from './incident.store.js';
import { measureRule } from './measure-rule.js';
import { incidentOpened, incidentResolved, ruleFailed } from './quality.events.js';
import { ResultBuffer } from './result-buffer.js';
import { type RuleVersion } from './rule.js';
import { RuleStore } from './rule.store.js';
import { type Finding } from './run.js';
import { RunStore } from './run.store.js';
import { LANES_PER_SOURCE, SourceLanes } from './source-lanes.js';
import { SourceReach } from './source-reach.js';

export interface RunCall {
  readonly jobId: string;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  progress(share: number, message?: string): void;
}

/** How a run ended, by numbers of rules. */
export interface RunOutcome {
  readonly state: 'succeeded' | 'partial';
  readonly planned: number;
  readonly counts: Readonly<Partial<Record<Status, number>>>;
}

/** Does a planned run: asks the sources, keeps what the rules found, and draws the consequences once at the end. */
@Injectable()
export class RunPlannedRules {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly runs: RunStore,
    private readonly rules: RuleStore,
    private readonly facts: DatasetFacts,
    private readonly incidents: IncidentStore,
    private readonly sources: Sources,
    private readonly lanes: SourceLanes,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Goes on where an earlier try ended: rules that have a result are not asked again.
   * @throws {NotFound} and the signal's reason when the job is stopped; what was found by then is kept.
   */
  async run(runId: string, call: RunCall): Promise<RunOutcome> {
    if (!(await this.runs.hasEnded(runId))) {
      try {
        await this.askAll(runId, call);
      } catch (error) {
        if (call.signal.aborted && (await this.jobs.get(call.jobId)).cancelRequestedAt)
          await this.end(runId, call.actor, 'cancelled');
        throw error;
      }
      await this.end(runId, call.actor, 'by-results');
    }
    const { planned, counts, state } = await this.runs.get(runId);
    return { state: state === 'partial' ? 'partial' : 'succeeded', planned, counts };
  }

  private async askAll(runId: string, call: RunCall): Promise<void> {
    const { planned } = await this.runs.get(runId);
    const todo = await this.todoOf(runId);
    const facts = await this.facts.ofIds(
      todo.flatMap(({ datasetId, otherDatasetId }) => [datasetId, otherDatasetId ?? datasetId]),
    );
    const reaches = new Map<string, SourceReach>();
    const reachOf = (dataset: DatasetFact): SourceReach => {
      const known = reaches.get(dataset.sourceId);
      if (known) return known;
      const reach = new SourceReach(dataset.sourceId, this.openSource, this.lanes, call.signal);
      reaches.set(dataset.sourceId, reach);
      return reach;
    };
    let done = planned - todo.length;
    const buffer = new ResultBuffer((findings) => this.runs.keep(runId, findings));
    try {
      await allEnded(
        [...bySource(todo).values()].map((rules) =>
          inLanes(rules, LANES_PER_SOURCE, async (rule) => {
            await buffer.add(await this.askOne(rule, facts, reachOf, call.signal));
            done++;
            call.progress(done / planned, `${done} / ${planned}`);
          }),
        ),
      );
    } finally {
      await buffer.flush();
      await Promise.all([...reaches.values()].map((reach) => reach.close()));
    }
  }

  private readonly openSource = (sourceId: string): Promise<Connection> => this.sources.connect(sourceId);

  /** The pinned versions that have no result yet, in the plan's order. */
  private async todoOf(runId: string): Promise<RuleVersion[]> {
    const ids = await this.runs.unfinished(runId);
    const versions = new Map((await this.rules.versionsOfIds(ids)).map((version) => [version.id, version]));
    return ids.flatMap((id) => versions.get(id) ?? []);
  }

  private async askOne(
    rule: RuleVersion,
    facts: ReadonlyMap<string, DatasetFact>,
    reachOf: (dataset: DatasetFact) => SourceReach,
    signal: AbortSignal,
  ): Promise<Finding> {
    signal.throwIfAborted();
    const startedAt = this.clock.now();
    const target = facts.get(rule.datasetId);
    const other = rule.otherDatasetId === null ? undefined : facts.get(rule.otherDatasetId);
    // Datasets are never removed from the dictionary's tables.
    if (target === undefined) throw new Error('A rule on a dataset that was never there.');
    const measured = rule.enabled
      ? await measureRule(rule, target, other, async (dataset) => reachOf(dataset).open(), signal, startedAt)
      : { verdict: { status: 'skipped' as const, metrics: {}, sentence: SWITCHED_OFF }, statements: [] };
    return {
      ...measured,
      ...{ ruleId: rule.ruleId, versionId: rule.id, datasetId: rule.datasetId, sourceId: rule.sourceId },
      ...{ startedAt, finishedAt: this.clock.now() },
    };
  }

  /** Ends the run and, in the same transaction, turns incidents and tells of it. Does nothing when it has ended. */
  private async end(runId: string, actor: Actor, how: 'cancelled' | 'by-results'): Promise<void> {
    try {
      await this.changes.make(actor, async (change) => {
        const { tx, at } = change;
        const { counts, planned } = await this.countsOf(change, runId);
        const state = how === 'cancelled' ? 'cancelled' : counts.error ? 'partial' : 'succeeded';
        if (!(await this.runs.end(tx, runId, state, at))) throw new EndedBefore();
        const turns = await this.incidents.turn(tx, runId, at, 'Plumbline');
        await this.tell(change, runId, turns);
        await change.record(
          'rule-run.finished',
          { kind: 'rule-run', id: runId, name: `${planned} rules` },
          { state, planned, counts, incidents: turns.map(({ incidentId, what }) => ({ incidentId, what })) },
        );
      });
    } catch (error) {
      if (!(error instanceof EndedBefore)) throw error;
    }
  }

  private async countsOf({ tx }: Change, runId: string) {
    const found = await row<{ planned: number; counts: Partial<Record<Status, number>> }>(
      tx,
      `
      SELECT (SELECT count(*)::int FROM quality.planned_rule WHERE run_id = $1) AS planned,
             (SELECT coalesce(jsonb_object_agg(status, n), '{}')
                FROM (SELECT status, count(*) AS n FROM quality.result WHERE run_id = $1 GROUP BY status) AS found
             ) AS counts
      `,
      [runId],
    );
    return found ?? { planned: 0, counts: {} };
  }

  private async tell({ tx }: Change, runId: string, turns: readonly IncidentTurn[]): Promise<void> {
    const failed = await rows<{ ruleId: string; resultId: string; datasetId: string; sourceId: string }>(
      tx,
      `
      SELECT rule_id AS "ruleId", id AS "resultId", dataset_id AS "datasetId", source_id AS "sourceId"
        FROM quality.result WHERE run_id = $1 AND status = 'fail' ORDER BY id
      `,
      [runId],
    );
    const incidents = (...whats: readonly IncidentTurn['what'][]) =>
      turns
        .filter(({ what }) => whats.includes(what))
        .map(({ incidentId, kind, sourceId, ruleId }) => ({
          ...{ incidentId, kind, sourceId, runId },
          ...(ruleId === null ? {} : { ruleId }),
        }));
    await publishAll(
      tx,
      ruleFailed,
      failed.map((facts) => ({ runId, ...facts })),
    );
    await publishAll(tx, incidentOpened, incidents('opened', 'reopened'));
    await publishAll(tx, incidentResolved, incidents('resolved'));
  }
}

/** Takes the transaction of a second end back. */
class EndedBefore extends Error {}

function bySource(rules: readonly RuleVersion[]): Map<string, RuleVersion[]> {
  const groups = new Map<string, RuleVersion[]>();
  for (const rule of rules) {
    const group = groups.get(rule.sourceId);
    if (group) group.push(rule);
    else groups.set(rule.sourceId, [rule]);
  }
  return groups;
}

/** Works a list off with a few workers at once. The first failure stops them all, after what they are at. */
async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  let failed = false;
  const worker = async () => {
    for (const item of queue) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await allEnded(Array.from({ length: lanes }, worker));
}

/** As Promise.all, but nothing is still going on when it throws. */
async function allEnded(work: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(work)) if (end.status === 'rejected') throw end.reason;
}
