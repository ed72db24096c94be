import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, InvalidInput, systemActor } from '#kernel';
import { jobKeyOf } from '#open-lineage';
import { rows, type Tx } from '#platform/database';
import { JobStore } from '#platform/queue';
import { DataSource } from 'typeorm';

import { unknownAt } from './quality.errors.js';
import { type RuleSet, RuleSets } from './rule-sets.js';
import { runRuleSetAfter } from './run-rules.job.js';

/** A job of a pipeline, as its OpenLineage events name it. */
export interface PipelineJob {
  readonly namespace: string;
  readonly name: string;
}

/** What begins a rule set, besides its schedule. */
export interface TriggersWish {
  readonly sourceIds: readonly string[];
  readonly jobs: readonly PipelineJob[];
}

export interface Trigger {
  readonly id: string;
  readonly ruleSetId: string;
  readonly sourceId: string | null;
  readonly sourceName: string | null;
  readonly jobNamespace: string | null;
  readonly jobName: string | null;
  readonly createdAt: Date;
}

const MOST = 100;
const LONGEST_NAME = 500;

/** Rule sets that run when a source was harvested, or when a job of a pipeline was completed. */
@Injectable()
export class Triggers {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly ruleSets: RuleSets,
    private readonly jobs: JobStore,
  ) {}

  /** Sets what begins a rule set, in place of what did. @throws {NotFound} {@link InvalidInput} */
  async set(actor: Actor, ruleSetId: string, wish: TriggersWish): Promise<RuleSet> {
    const ruleSet = await this.ruleSets.get(ruleSetId);
    const jobs = checkedJobs(wish.jobs);
    const sourceIds = [...new Set(wish.sourceIds)];
    if (jobs.length + sourceIds.length > MOST)
      throw new InvalidInput(`A rule set follows at most ${MOST} sources and jobs.`, [], ['jobs']);
    await this.checkSources(sourceIds);
    await this.changes.make(actor, async ({ tx, at, record }) => {
      const keys = jobs.map(jobKeyOf);
      // What stays keeps its time: what was completed since then has been answered.
      await tx.query(
        `
        UPDATE quality.rule_set_trigger SET removed_at = $2
         WHERE rule_set_id = $1 AND removed_at IS NULL
           AND NOT (coalesce(source_id = ANY ($3::uuid[]), false) OR coalesce(job_key = ANY ($4::uuid[]), false))
        `,
        [ruleSetId, at, sourceIds, keys],
      );
      await tx.query(
        `
        INSERT INTO quality.rule_set_trigger (rule_set_id, source_id, created_at)
        SELECT $1, id, $2 FROM unnest($3::uuid[]) AS id
        ON CONFLICT DO NOTHING
        `,
        [ruleSetId, at, sourceIds],
      );
      await tx.query(
        `
        INSERT INTO quality.rule_set_trigger (rule_set_id, job_namespace, job_name, job_key, created_at)
        SELECT $1, namespace, name, key, $2 FROM unnest($3::text[], $4::text[], $5::uuid[]) AS job (namespace, name, key)
        ON CONFLICT DO NOTHING
        `,
        [ruleSetId, at, jobs.map(({ namespace }) => namespace), jobs.map(({ name }) => name), keys],
      );
      await record(
        'rule-set.triggers-set',
        { kind: 'rule-set', id: ruleSetId, name: ruleSet.name },
        { sourceIds, jobs },
      );
    });
    return ruleSet;
  }

  /** For a loader. */
  ofRuleSets(ruleSetIds: readonly string[]): Promise<Trigger[]> {
    return rows(
      this.db,
      `
      SELECT trigger.id, trigger.rule_set_id AS "ruleSetId", trigger.source_id AS "sourceId", source.name AS "sourceName",
             trigger.job_namespace AS "jobNamespace", trigger.job_name AS "jobName", trigger.created_at AS "createdAt"
        FROM quality.rule_set_trigger AS trigger
        LEFT JOIN sources.source ON source.id = trigger.source_id
       WHERE trigger.rule_set_id = ANY ($1) AND trigger.removed_at IS NULL
       ORDER BY source.name, trigger.job_namespace, trigger.job_name
      `,
      [ruleSetIds],
    );
  }

  /** A source was harvested. */
  async harvested(tx: Tx, sourceId: string, harvestRunId: string): Promise<void> {
    await this.begin(tx, `source_id = $1`, sourceId, harvestRunId);
  }

  /** A job of a pipeline was completed. */
  async completed(tx: Tx, jobKey: string, runId: string): Promise<void> {
    await this.begin(tx, `job_key = $1`, jobKey, runId);
  }

  private async begin(tx: Tx, which: string, key: string, run: string): Promise<void> {
    const found = await rows<{ triggerId: string; ruleSetId: string; name: string }>(
      tx,
      `
      SELECT trigger.id AS "triggerId", rule_set.id AS "ruleSetId", rule_set.name
        FROM quality.rule_set_trigger AS trigger
        JOIN quality.rule_set ON rule_set.id = trigger.rule_set_id
       WHERE trigger.removed_at IS NULL AND ${which}
      `,
      [key],
    );
    for (const { triggerId, ruleSetId, name } of found)
      await this.jobs.request(
        tx,
        runRuleSetAfter,
        { ruleSetId, triggerId, run },
        { actor: systemActor('triggers'), subject: { kind: 'rule-set', id: ruleSetId }, of: name },
      );
  }

  private async checkSources(sourceIds: readonly string[]): Promise<void> {
    const found = await rows<{ id: string }>(
      this.db,
      `SELECT id FROM sources.source WHERE id = ANY ($1) AND removed_at IS NULL`,
      [sourceIds],
    );
    const known = new Set(found.map(({ id }) => id));
    sourceIds.forEach((id, at) => {
      if (!known.has(id)) throw unknownAt(['sourceIds', String(at)], 'there is no source with this id');
    });
  }
}

function checkedJobs(jobs: readonly PipelineJob[]): PipelineJob[] {
  const checked = new Map<string, PipelineJob>();
  jobs.forEach(({ namespace, name }, at) => {
    for (const [part, text] of [
      ['namespace', namespace],
      ['name', name],
    ] as const)
      if (text === '' || text.length > LONGEST_NAME)
        throw new InvalidInput(
          `A job's ${part} has 1 to ${LONGEST_NAME} characters, exactly as its events say it.`,
          [],
          ['jobs', String(at), part],
        );
    checked.set(jobKeyOf({ namespace, name }), { namespace, name });
  });
  return [...checked.values()];
}
