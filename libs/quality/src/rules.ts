import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { type SqlReader } from '#core/rule-engine';
import { type Actor, type InputFault, InvalidInput, NotFound, type Page, type PageRequest } from '#kernel';

import { checkWish, readerFor } from './check-wish.js';
import { type DatasetFact, DatasetFacts } from './dataset-facts.js';
import { IncidentStore } from './incident.store.js';
import { RuleRetired } from './quality.errors.js';
import { nameOf, type RuleContent, type RuleVersion, type RuleWish, type StoredRule } from './rule.js';
import { contentOf, sameContent } from './rule-content.js';
import { type RuleFilter, RuleStore } from './rule.store.js';
import { Waivers } from './waivers.js';

/** How many rules can be added at once. */
export const MOST_RULES_AT_ONCE = 1_000;

/** The rules on data: each change of one makes a new version; what ran stays readable with the version it ran with. */
@Injectable()
export class Rules {
  constructor(
    private readonly changes: Changes,
    private readonly store: RuleStore,
    private readonly facts: DatasetFacts,
    private readonly incidents: IncidentStore,
    private readonly waivers: Waivers,
  ) {}

  /** @throws {InvalidInput} with the place of each fault in the wish. */
  async add(actor: Actor, wish: RuleWish): Promise<StoredRule> {
    const content = checkWish(wish, await this.factsFor([wish]), await readerFor([wish]));
    const id = await this.changes.make(actor, async (change) => {
      const [id = ''] = await this.store.insert(
        change.tx,
        [{ datasetId: wish.datasetId, content }],
        change.at,
        actor.name,
      );
      await change.record('rule.added', subjectOf(id, content), { ...content, datasetId: wish.datasetId });
      return id;
    });
    return this.store.get(id);
  }

  /** Adds all rules or none. @throws {InvalidInput} with every fault of every rule; places begin with rules.N. */
  async addAll(actor: Actor, wishes: readonly RuleWish[]): Promise<StoredRule[]> {
    const { length } = wishes;
    if (length === 0 || length > MOST_RULES_AT_ONCE)
      throw new InvalidInput(`Give 1 to ${MOST_RULES_AT_ONCE} rules at once, not ${length}.`, [], ['rules']);
    const contents = checkAll(wishes, await this.factsFor(wishes), await readerFor(wishes));
    const ids = await this.changes.make(actor, async (change) => {
      const wanted = wishes.map(({ datasetId }, at) => ({ datasetId, content: contents[at]! }));
      const ids = await this.store.insert(change.tx, wanted, change.at, actor.name);
      const subject: Subject = { kind: 'rules', id: ids[0] ?? '', name: `${length} rules` };
      await change.record('rules.added', subject, {
        rules: wanted.map(({ datasetId, content }, at) => ({ id: ids[at], ...content, datasetId })),
      });
      return ids;
    });
    const added = new Map((await this.store.ofIds(ids)).map((rule) => [rule.ruleId, rule]));
    return ids.flatMap((id) => added.get(id) ?? []);
  }

  /** Makes the next version of a rule. Its dataset stays; nothing happens when nothing is different. */
  async change(actor: Actor, ruleId: string, wish: Omit<RuleWish, 'datasetId'>): Promise<StoredRule> {
    const { datasetId } = await this.store.get(ruleId);
    const whole = { ...wish, datasetId };
    const content = checkWish(whole, await this.factsFor([whole]), await readerFor([whole]));
    if (sameContent(await this.usable(ruleId), content)) return this.store.get(ruleId);
    await this.changes.make(actor, async (change) => {
      const before = await this.store.get(ruleId, change.tx);
      if (before.retiredAt) throw new RuleRetired(nameOf(before));
      await this.store.addVersion(change.tx, ruleId, content, change.at, actor.name);
      await change.record('rule.changed', subjectOf(ruleId, content), { before: contentOf(before), after: content });
    });
    return this.store.get(ruleId);
  }

  /** Lets a rule run no more. Its versions and results stay. */
  async retire(actor: Actor, ruleId: string): Promise<StoredRule> {
    await this.usable(ruleId);
    await this.changes.make(actor, async (change) => {
      const rule = await this.store.get(ruleId, change.tx);
      await this.retireIn(change, ruleId);
      await change.record('rule.retired', subjectOf(ruleId, rule));
    });
    return this.store.get(ruleId);
  }

  /** Retires a rule inside of a larger change, which has its own audit entry. */
  async retireIn(change: Change, ruleId: string): Promise<void> {
    const { tx, at, actor } = change;
    await this.store.retire(tx, ruleId, at);
    await this.incidents.resolveOfRule(tx, ruleId, at, actor.name, 'The rule was retired. 规则已废止。');
    await this.waivers.endOfRule(change, ruleId);
  }

  /** @throws {NotFound} */
  get(ruleId: string): Promise<StoredRule> {
    return this.store.get(ruleId);
  }

  ofIds(ruleIds: readonly string[]): Promise<StoredRule[]> {
    return this.store.ofIds(ruleIds);
  }

  /** Rules in use that look at any of some fields, or at the rows of any of some datasets. */
  lookingAt(fieldIds: readonly string[], datasetIds: readonly string[]): Promise<StoredRule[]> {
    return this.store.lookingAt(fieldIds, datasetIds);
  }

  versionsOfIds(versionIds: readonly string[]): Promise<RuleVersion[]> {
    return this.store.versionsOfIds(versionIds);
  }

  /** Every version of a rule, newest first. @throws {NotFound} */
  async history(ruleId: string): Promise<RuleVersion[]> {
    const versions = await this.store.history(ruleId);
    // Every rule has at least one.
    if (versions.length === 0) throw new NotFound('rule', ruleId);
    return versions;
  }

  list(filter: RuleFilter, page: PageRequest): Promise<Page<StoredRule>> {
    return this.store.list(filter, page);
  }

  /** What the catalog knows of the datasets that some wishes name. */
  factsFor(
    wishes: readonly Pick<RuleWish, 'datasetId' | 'otherDatasetId'>[],
  ): Promise<ReadonlyMap<string, DatasetFact>> {
    return this.facts.ofIds(wishes.flatMap(({ datasetId, otherDatasetId = datasetId }) => [datasetId, otherDatasetId]));
  }

  private async usable(ruleId: string): Promise<StoredRule> {
    const rule = await this.store.get(ruleId);
    if (rule.retiredAt) throw new RuleRetired(nameOf(rule));
    return rule;
  }
}

const subjectOf = (id: string, content: Pick<RuleContent, 'nameZh' | 'nameEn'>): Subject => ({
  kind: 'rule',
  id,
  name: nameOf(content),
});

function checkAll(
  wishes: readonly RuleWish[],
  facts: ReadonlyMap<string, DatasetFact>,
  reader: SqlReader | undefined,
): RuleContent[] {
  const faults: InputFault[] = [];
  const contents = wishes.flatMap((wish, at) => {
    try {
      return [checkWish(wish, facts, reader)];
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const own = error.faults.length > 0 ? error.faults : [{ path: error.inputPath, message: error.message }];
      faults.push(...own.map(({ path, message }) => ({ path: ['rules', String(at), ...path], message })));
      return [];
    }
  });
  if (faults.length === 0) return contents;
  const broken = new Set(faults.map(({ path }) => path[1])).size;
  throw new InvalidInput(`${broken} of ${wishes.length} rules cannot be used, so none was added.`, faults);
}
