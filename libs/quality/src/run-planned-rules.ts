import { Inject, Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { wallClock } from '#core/business-calendar';
import { type Connection } from '#core/connector-kit';
import { type Status } from '#core/rule-engine';
import { type Actor, Clock } from '#kernel';
import { SETTINGS, type Settings } from '#platform/config';
import { row, rows } from '#platform/database';
import { publishAll } from '#platform/outbox';
import { DoLater, JobStore } from '#platform/queue';
import { type Limits, SourceLimits, Sources } from '#sources';
import { FieldSecrecy, type Secrecy } from '#statistics';
import { DataSource } from 'typeorm';

import { type DatasetFact, DatasetFacts } from './dataset-facts.js';
import { IncidentTurns, type IncidentTurn } from './incident-turns.js';
import { QUIET, SWITCHED_OFF } from './error-words.js';
import { type Measured, measureRules } from './measure-rule.js';
import { incidentOpened, incidentResolved, incidentsTurned, ruleFailed } from './quality.events.js';
import { ResultBuffer } from './result-buffer.js';
import { type RuleVersion } from './rule.js';
import { RuleStore } from './rule.store.js';
import { RunLease } from './run-lease.js';
import { type RunHold, RunStore } from './run.store.js';
import { fieldsShown } from './samples/showing.js';
import { SourceLanes } from './source-lanes.js';
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

/** What the catalog knows before a run. */
interface Known {
  readonly facts: ReadonlyMap<string, DatasetFact>;
  /** When rules that look at what is new last looked, by version. */
  readonly looked: ReadonlyMap<string, Date>;
  /** How secret the fields are that could be shown of rows that break a rule. */
  readonly secrecy: ReadonlyMap<string, Secrecy>;
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
    private readonly incidents: IncidentTurns,
    private readonly sources: Sources,
    private readonly lanes: SourceLanes,
    private readonly limits: SourceLimits,
    private readonly jobs: JobStore,
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly secrecy: FieldSecrecy,
  ) {}

  /**
   * Goes on where an earlier try ended: rules that have a result are not asked again.
   * @throws {NotFound} {@link LeaseLost} and the signal's reason when the job is stopped; what was found by then is kept.
   */
  async run(runId: string, call: RunCall): Promise<RunOutcome> {
    const lease = await RunLease.take(this.runs, runId, this.settings.lockSeconds, call.signal);
    if (lease) {
      try {
        await this.doHeld(lease, call);
      } finally {
        // Whatever ended it is worth more than that the catalog is away as well.
        await lease.letGo().catch(() => undefined);
      }
    }
    const { planned, counts, state } = await this.runs.get(runId);
    return { state: state === 'partial' ? 'partial' : 'succeeded', planned, counts };
  }

  private async doHeld({ hold, signal }: RunLease, call: RunCall): Promise<void> {
    try {
      await this.askAll(hold, { ...call, signal });
    } catch (error) {
      if (call.signal.aborted && (await this.jobs.get(call.jobId)).cancelRequestedAt)
        await this.end(hold, call.actor, 'cancelled');
      throw error;
    }
    await this.end(hold, call.actor, 'by-results');
  }

  private async askAll(hold: RunHold, call: RunCall): Promise<void> {
    const { runId } = hold;
    const { planned } = await this.runs.get(runId);
    const todo = await this.todoOf(runId);
    const facts = await this.facts.ofIds(
      todo.flatMap(({ datasetId, otherDatasetId }) => [datasetId, otherDatasetId ?? datasetId]),
    );
    const looked = await this.runs.lastLooked(
      todo.filter(({ definition }) => definition.scope?.window?.sinceLastRun === true).map(({ id }) => id),
    );
    const secrecy = await this.secrecy.of(
      fieldsShown(
        todo.flatMap((rule) => {
          const target = facts.get(rule.datasetId);
          return target ? [{ content: rule, target }] : [];
        }),
      ),
    );
    const reaches = new Map<string, SourceReach>();
    const reachOf = (dataset: DatasetFact): SourceReach => {
      const known = reaches.get(dataset.sourceId);
      if (known) return known;
      const reach = new SourceReach(dataset.sourceId, this.openSource, this.lanes, this.limitsOf, call.signal);
      reaches.set(dataset.sourceId, reach);
      return reach;
    };
    let done = planned - todo.length;
    const buffer = new ResultBuffer((findings) => this.runs.keep(hold, findings));
    const keep = async (rule: RuleVersion, measured: Measured, startedAt: Date) => {
      const { ruleId, id: versionId, datasetId, sourceId } = rule;
      await buffer.add({
        ...measured,
        ruleId,
        versionId,
        datasetId,
        sourceId,
        startedAt,
        finishedAt: this.clock.now(),
      });
      done++;
      call.progress(done / planned, `${done} / ${planned}`);
    };
    try {
      await allEnded(
        [...bySource(todo).values()].map((rules) =>
          this.askSource(rules, { facts, looked, secrecy }, reachOf, keep, call.signal),
        ),
      );
    } finally {
      await buffer.flush();
      await Promise.all([...reaches.values()].map((reach) => reach.close()));
    }
  }

  private readonly limitsOf = (sourceId: string): Promise<Limits> => this.limits.of(sourceId);

  private readonly openSource = (sourceId: string): Promise<Connection> => this.sources.connectUnlessPaused(sourceId);

  /** The pinned versions that have no result yet, in the plan's order. */
  private async todoOf(runId: string): Promise<RuleVersion[]> {
    const ids = await this.runs.unfinished(runId);
    const versions = new Map((await this.rules.versionsOfIds(ids)).map((version) => [version.id, version]));
    return ids.flatMap((id) => versions.get(id) ?? []);
  }

  /** Rules on datasets of one source, dataset by dataset, so that results come while others are still being asked. */
  private async askSource(
    rules: readonly RuleVersion[],
    { facts, looked, secrecy }: Known,
    reachOf: (dataset: DatasetFact) => SourceReach,
    keep: (rule: RuleVersion, measured: Measured, startedAt: Date) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const factOf = (id: string): DatasetFact => {
      const found = facts.get(id);
      // Datasets are never removed from the dictionary's tables.
      if (found === undefined) throw new Error('A rule on a dataset that was never there.');
      return found;
    };
    for (const rule of rules.filter(({ enabled }) => !enabled))
      await keep(rule, { verdict: SWITCHED_OFF, statements: [], errorCode: SWITCHED_OFF.code! }, this.clock.now());
    const ofDatasets = [
      ...grouped(
        rules.filter(({ enabled }) => enabled),
        ({ datasetId }) => datasetId,
      ).values(),
    ];
    const [first] = rules;
    if (first === undefined) return;
    const limits = await this.limits.of(first.sourceId);
    await inLanes(ofDatasets, limits.statementsAtOnce, async (group) => {
      signal.throwIfAborted();
      const quietUntil = await this.limits.quietUntil(limits);
      if (quietUntil && limits.whenQuiet === 'wait') throw new DoLater(quietUntil, quietSentence(quietUntil, limits));
      if (quietUntil) {
        for (const rule of group)
          await keep(rule, { verdict: QUIET, statements: [], errorCode: QUIET.code! }, this.clock.now());
        return;
      }
      const now = this.clock.now();
      await measureRules(
        group.map((rule) => ({
          content: rule,
          target: factOf(rule.datasetId),
          ...(looked.has(rule.id) && { since: looked.get(rule.id)! }),
          ...(rule.otherDatasetId !== null && { other: factOf(rule.otherDatasetId) }),
        })),
        (dataset) => reachOf(dataset).open(),
        {
          ...{ signal, now, atOnce: limits.statementsAtOnce, secrecyOf: (id: string) => secrecy.get(id) },
          ...(limits.budgetMs !== null && { budgetMs: limits.budgetMs }),
          onMeasured: (at, measured) => keep(group[at]!, measured, now),
        },
      );
    });
  }

  /** Ends the run and, in the same transaction, turns incidents and tells of it. */
  private async end(hold: RunHold, actor: Actor, how: 'cancelled' | 'by-results'): Promise<void> {
    const { runId } = hold;
    await this.changes.make(actor, async (change) => {
      const { tx, at } = change;
      const { counts, planned, resultsDigest } = await this.countsOf(change, runId);
      const state = how === 'cancelled' ? 'cancelled' : counts.error ? 'partial' : 'succeeded';
      await this.runs.end(tx, hold, state, at);
      const turns = await this.incidents.turn(tx, runId, at, 'Plumbline');
      await this.tell(change, runId, turns);
      await change.record(
        'rule-run.finished',
        { kind: 'rule-run', id: runId, name: `${planned} rules` },
        {
          state,
          planned,
          counts,
          resultsDigest,
          incidents: turns.map(({ incidentId, what }) => ({ incidentId, what })),
        },
      );
    });
  }

  private async countsOf({ tx }: Change, runId: string) {
    const found = await row<{ planned: number; counts: Partial<Record<Status, number>>; resultsDigest: string }>(
      tx,
      `
      SELECT quality.results_digest($1) AS "resultsDigest",
             (SELECT count(*)::int FROM quality.planned_rule WHERE run_id = $1) AS planned,
             (SELECT coalesce(jsonb_object_agg(status, n), '{}')
                FROM (SELECT status, count(*) AS n FROM quality.result WHERE run_id = $1 GROUP BY status) AS found
             ) AS counts
      `,
      [runId],
    );
    return found ?? { planned: 0, counts: {}, resultsDigest: '' };
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
    if (turns.length > 0) await publishAll(tx, incidentsTurned, [{ runId }]);
  }
}

function quietSentence(until: Date, { timeZone }: Limits): string {
  const { day, time } = wallClock(until, timeZone);
  return `Its source has quiet hours until ${day} ${time.slice(0, 5)} (${timeZone}).`;
}

const bySource = (rules: readonly RuleVersion[]) => grouped(rules, ({ sourceId }) => sourceId);

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
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
