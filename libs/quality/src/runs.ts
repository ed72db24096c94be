import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { type Actor, type Page, type PageRequest } from '#kernel';

import { NothingToRun, RuleRetired, unknownAt } from './quality.errors.js';
import { nameOf } from './rule.js';
import { RuleSets } from './rule-sets.js';
import { RuleStore } from './rule.store.js';
import { type RuleRun } from './run.js';
import { runRules } from './run-rules.job.js';
import { type RunFilter, RunStore } from './run.store.js';

/** Asks for runs of rules, and tells what became of them. */
@Injectable()
export class Runs {
  constructor(
    private readonly changes: Changes,
    private readonly store: RunStore,
    private readonly rules: RuleStore,
    private readonly ruleSets: RuleSets,
  ) {}

  /** @throws {NotFound} {@link NothingToRun} */
  async ofRuleSet(actor: Actor, ruleSetId: string): Promise<RuleRun> {
    const ruleSet = await this.ruleSets.get(ruleSetId);
    return this.ask(actor, { kind: 'rule-set', id: ruleSetId, name: ruleSet.name }, { ruleSetId });
  }

  /** All rules on datasets of a source. @throws {NothingToRun} */
  ofSource(actor: Actor, sourceId: string, sourceName: string): Promise<RuleRun> {
    return this.ask(actor, { kind: 'source', id: sourceId, name: sourceName }, { sourceId });
  }

  /** Rules that were picked. @throws {InvalidInput} {@link RuleRetired} {@link NothingToRun} */
  async ofRules(actor: Actor, ruleIds: readonly string[]): Promise<RuleRun> {
    const rules = new Map((await this.rules.ofIds(ruleIds)).map((rule) => [rule.ruleId, rule]));
    ruleIds.forEach((id, at) => {
      const rule = rules.get(id);
      if (!rule) throw unknownAt(['ruleIds', String(at)], 'there is no rule with this id');
      if (rule.retiredAt) throw new RuleRetired(nameOf(rule));
    });
    const [first] = rules.values();
    const name = first === undefined ? '' : rules.size === 1 ? nameOf(first) : `${rules.size} rules`;
    return this.ask(actor, { kind: 'rules', id: ruleIds[0] ?? '', name }, { ruleIds });
  }

  /**
   * The run of a rule set's due time, planned once however often the time is answered.
   * @returns its id, or undefined when it has been planned before or there is nothing to run.
   */
  whenDue(actor: Actor, ruleSetId: string, dueAt: Date): Promise<string | undefined> {
    return this.unasked(actor, ruleSetId, { dueAt });
  }

  /**
   * The run of a rule set after what it follows, planned once for each run of that.
   * @returns as {@link whenDue}
   */
  after(actor: Actor, ruleSetId: string, begunBy: NonNullable<WhyToRun['begunBy']>): Promise<string | undefined> {
    return this.unasked(actor, ruleSetId, { begunBy });
  }

  /** @throws {NotFound} */
  get(runId: string): Promise<RuleRun> {
    return this.store.get(runId);
  }

  ofIds(runIds: readonly string[]): Promise<RuleRun[]> {
    return this.store.ofIds(runIds);
  }

  list(filter: RunFilter, page: PageRequest): Promise<Page<RuleRun>> {
    return this.store.list(filter, page);
  }

  private async unasked(actor: Actor, ruleSetId: string, why: WhyToRun): Promise<string | undefined> {
    const ruleSet = await this.ruleSets.get(ruleSetId);
    const subject: Subject = { kind: 'rule-set', id: ruleSetId, name: ruleSet.name };
    try {
      return await this.changes.make(actor, (change) => this.plan(change, subject, { ruleSetId }, why));
    } catch (error) {
      if (error instanceof AnsweredBefore || error instanceof NothingToRun) return undefined;
      throw error;
    }
  }

  private async ask(actor: Actor, subject: Subject, of: WhatToRun): Promise<RuleRun> {
    return this.store.get(await this.changes.make(actor, (change) => this.plan(change, subject, of)));
  }

  private async plan(change: Change, subject: Subject, of: WhatToRun, why: WhyToRun = {}): Promise<string> {
    const { tx, at, actor } = change;
    const { ruleSetId, sourceId } = of;
    const runId = await this.store.insert(
      tx,
      { by: actor.name, ...(ruleSetId && { ruleSetId }), ...(sourceId && { sourceId }), ...why },
      at,
    );
    if (runId === undefined) throw new AnsweredBefore();
    const planned = await this.store.plan(tx, runId, of);
    if (planned === 0) throw new NothingToRun(`${JSON.stringify(subject.name)} has none that is not retired`);
    const jobId = await change.request(runRules, { runId }, subject);
    await this.store.setJob(tx, runId, jobId);
    await change.record('rule-run.requested', subject, { runId, jobId, rules: planned, ...why });
    return runId;
  }
}

interface WhatToRun {
  readonly ruleSetId?: string;
  readonly sourceId?: string;
  readonly ruleIds?: readonly string[];
}

/** For a run that nobody asked for. */
interface WhyToRun {
  readonly dueAt?: Date;
  readonly begunBy?: { readonly triggerId: string; readonly run: string };
}

/** Takes the transaction of a second answer to a due time, or to a run of what is followed, back. */
class AnsweredBefore extends Error {}
