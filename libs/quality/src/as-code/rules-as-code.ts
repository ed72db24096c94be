import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { type Actor, type InputFault, InvalidInput } from '#kernel';
import { type Tx } from '#platform/database';

import { readerFor } from '../check-wish.js';
import { DatasetFacts } from '../dataset-facts.js';
import { type StoredRule } from '../rule.js';
import { RuleSets } from '../rule-sets.js';
import { RuleStore } from '../rule.store.js';
import { Rules } from '../rules.js';
import { PlanOutdated, RulesDrifted } from './code.errors.js';
import { CHANGES, type ChangeKind, type Code, type CodeChange, type CodePlan } from './code.js';
import { CodeStore } from './code.store.js';
import { planRules, type PlannedRuleChange, type WantedRule } from './plan-code.js';
import { planSets, type PlannedSetChange } from './plan-sets.js';
import { checkSets, isUuid, namedIn, resolveRules } from './resolve-code.js';

export const MOST_CODE_RULES = 10_000;
const MOST_CODE_SETS = 1_000;
const LONGEST_ORIGIN = 100;

export interface ApplyWish {
  /** That of the plan that somebody looked at. */
  readonly digest?: string;
  /** Undo what was changed by hand. */
  readonly force: boolean;
}

interface Planned {
  readonly rules: readonly PlannedRuleChange[];
  readonly sets: readonly PlannedSetChange[];
  readonly digest: string;
}

/** Rules that are kept as files in git: what would change, and the change in one transaction. */
@Injectable()
export class RulesAsCode {
  constructor(
    private readonly changes: Changes,
    private readonly store: CodeStore,
    private readonly rules: Rules,
    private readonly ruleStore: RuleStore,
    private readonly ruleSets: RuleSets,
    private readonly facts: DatasetFacts,
  ) {}

  /** Says what {@link apply} would do. @throws {InvalidInput} with the place of each fault. */
  async plan(code: Code): Promise<CodePlan> {
    return told(code, await this.planned(code, await this.resolve(code)), false);
  }

  /** @throws {InvalidInput} {@link RulesDrifted} {@link PlanOutdated} {@link RuleSetNameTaken} */
  async apply(actor: Actor, code: Code, { digest, force }: ApplyWish): Promise<CodePlan> {
    const wanted = await this.resolve(code);
    const before = await this.planned(code, wanted);
    const makes = [...before.rules, ...before.sets].some(
      ({ what, takenOver }) => takenOver || !['unchanged', 'kept'].includes(what),
    );
    if (digest !== undefined && digest !== before.digest) throw new PlanOutdated(code.origin);
    if (!makes) return told(code, before, true);
    return this.changes.make(actor, async (change) => {
      await this.store.lock(change.tx, code.origin);
      const plan = await this.planned(code, wanted, change.tx);
      if (plan.digest !== before.digest) throw new PlanOutdated(code.origin);
      const drifted = [...plan.rules, ...plan.sets].filter(({ drift }) => drift).map(({ key }) => key);
      if (drifted.length > 0 && !force) throw new RulesDrifted(code.origin, drifted);
      await this.store.keepOrigin(change.tx, code.origin, code.revision, change.at, actor.name);
      const idOf = await this.applyRules(change, code, plan.rules);
      await this.applySets(change, code, plan.sets, idOf);
      const answer = told(code, plan, true);
      await change.record(
        'rules.applied',
        { kind: 'rule-code', id: code.origin, name: code.origin },
        {
          ...{ revision: code.revision, digest: plan.digest, counts: answer.counts, force },
          changes: answer.changes
            .filter(({ what }) => what !== 'kept' && what !== 'unchanged')
            .map(({ thing, key, what, id, differences }) => ({ thing, key, what, id, differences })),
        },
      );
      return answer;
    });
  }

  /** Of which files rules and rule sets are, by their ids, for a loader. */
  originsOf(ids: readonly string[]): Promise<ReadonlyMap<string, { readonly origin: string; readonly key: string }>> {
    return this.store.originsOf(ids);
  }

  /** Rules with their names found. @throws {InvalidInput} with every fault of every rule and rule set. */
  private async resolve({ origin, rules, ruleSets }: Code): Promise<WantedRule[]> {
    if (origin.trim() !== origin || origin === '' || origin.length > LONGEST_ORIGIN)
      throw new InvalidInput(`Name the set of files with 1 to ${LONGEST_ORIGIN} characters.`, [], ['origin']);
    if (rules.length > MOST_CODE_RULES || ruleSets.length > MOST_CODE_SETS)
      throw new InvalidInput(
        `A set of files has at most ${MOST_CODE_RULES} rules and ${MOST_CODE_SETS} rule sets, not ${rules.length} and ${ruleSets.length}. Divide it.`,
        [],
        ['rules'],
      );
    const datasets = await this.store.datasetsOf(namedIn(rules));
    const facts = await this.facts.ofIds(datasets.flatMap(({ ids }) => (ids.length === 1 ? ids : [])));
    const faults: InputFault[] = [];
    const wanted = resolveRules(rules, { datasets, facts, reader: await readerFor(rules) }, faults);
    await this.refuseForeign(origin, rules, ruleSets, faults);
    const keys = new Set(rules.map(({ key }) => key));
    const foreign = [...new Set(ruleSets.flatMap((set) => set.rules.filter((key) => !keys.has(key) && isUuid(key))))];
    const known = new Set((await this.ruleStore.ofIds(foreign)).flatMap((rule) => (rule.retiredAt ? [] : rule.ruleId)));
    checkSets(ruleSets, (key) => keys.has(key) || known.has(key), faults);
    if (faults.length === 0) return wanted;
    const [first] = faults;
    throw new InvalidInput(
      faults.length === 1 ? `${first!.message}.` : `${faults.length} faults in the files, so nothing was changed.`,
      faults,
    );
  }

  /** An id that is a rule's own takes a rule over that was made by hand, never one of other files. */
  private async refuseForeign(
    origin: string,
    rules: Code['rules'],
    ruleSets: Code['ruleSets'],
    faults: InputFault[],
  ): Promise<void> {
    const uuids = [...rules, ...ruleSets].map(({ key }) => key).filter(isUuid);
    const origins = await this.store.originsOf(uuids);
    const taken = await this.store.setsOf(
      [],
      ruleSets.map(({ name }) => name),
    );
    const links = new Map((await this.store.setLinksOf(origin)).map(({ key, ruleSetId }) => [key, ruleSetId]));
    const refuse = (list: string, at: number, path: string, message: string) =>
      faults.push({ path: [list, String(at), path], message });
    for (const [list, all] of Object.entries({ rules, ruleSets }))
      all.forEach(({ key }, at) => {
        const of = origins.get(key);
        if (of && !(of.origin === origin && of.key === key))
          refuse(
            list,
            at,
            'id',
            `it belongs to the files ${JSON.stringify(of.origin)}, where its id is ${JSON.stringify(of.key)}`,
          );
      });
    ruleSets.forEach(({ key, name }, at) => {
      const other = taken.find((set) => set.name.toLowerCase() === name.trim().toLowerCase());
      if (other && other.id !== key && other.id !== links.get(key))
        refuse(
          'ruleSets',
          at,
          'name',
          `there is another rule set of this name; give its id, ${other.id}, to take it over`,
        );
    });
  }

  private async planned(code: Code, wanted: readonly WantedRule[], tx?: Tx): Promise<Planned> {
    const links = await this.store.linksOf(code.origin, tx);
    const setLinks = await this.store.setLinksOf(code.origin, tx);
    const uuids = [...wanted, ...code.ruleSets].map(({ key }) => key).filter(isUuid);
    const ids = [...links.map(({ ruleId }) => ruleId), ...setLinks.flatMap(({ applied }) => applied.ruleIds), ...uuids];
    const rules = new Map<string, StoredRule>(
      (await this.ruleStore.ofIds([...new Set(ids)], tx)).map((rule) => [rule.ruleId, rule]),
    );
    const sets = await this.store.setsOf([...setLinks.map(({ ruleSetId }) => ruleSetId), ...uuids], [], tx);
    const keyByRule = new Map(links.map(({ key, ruleId }) => [ruleId, key]));
    const planned = {
      rules: planRules(wanted, links, rules, code.prune),
      sets: planSets(
        code.ruleSets,
        {
          ...{ links: setLinks, sets: new Map(sets.map((set) => [set.id, set])) },
          keyOf: (id) => keyByRule.get(id) ?? id,
          isRetired: (id) => rules.get(id)?.retiredAt != null,
        },
        code.prune,
      ),
    };
    const digest = createHash('sha256').update(JSON.stringify([code.origin, code.prune]));
    for (const { thing, key, what, print } of [...planned.rules, ...planned.sets])
      digest.update(JSON.stringify([thing, key, what, print]));
    return { ...planned, digest: digest.digest('hex') };
  }

  /** Gives the ids that keys have then. */
  private async applyRules(
    change: Change,
    { origin }: Code,
    planned: readonly PlannedRuleChange[],
  ): Promise<ReadonlyMap<string, string>> {
    const { tx, at, actor } = change;
    const of = (...whats: readonly ChangeKind[]) => planned.filter(({ what }) => whats.includes(what));
    for (const { id } of of('retire', 'replace')) await this.rules.retireIn(change, id!);
    await this.store.dropLinks(
      tx,
      origin,
      of('retire').map(({ key }) => key),
    );
    const changed = of('change');
    await this.ruleStore.addVersions(
      tx,
      changed.map(({ id, wanted }) => ({ ruleId: id!, content: wanted!.content })),
      at,
      actor.name,
    );
    const added = of('create', 'replace');
    const ids = await this.ruleStore.insert(
      tx,
      added.map(({ wanted }) => ({ datasetId: wanted!.datasetId, content: wanted!.content })),
      at,
      actor.name,
    );
    const links = [
      ...added.map(({ key }, place) => ({ key, ruleId: ids[place]! })),
      ...of('change', 'unchanged').map(({ key, id }) => ({ key, ruleId: id! })),
    ];
    await this.store.putLinks(tx, origin, links);
    return new Map(links.map(({ key, ruleId }) => [key, ruleId]));
  }

  private async applySets(
    change: Change,
    { origin }: Code,
    planned: readonly PlannedSetChange[],
    idOf: ReadonlyMap<string, string>,
  ): Promise<void> {
    for (const { key, what, id, wanted, name, differences } of planned) {
      if (what === 'retire') {
        // Runs name it, so that it stays; nothing runs it any more.
        await this.ruleSets.changeIn(change, id!, { name, description: '', ruleIds: [] });
        await this.ruleSets.scheduleIn(change, { id: id!, name }, null);
        await this.store.dropSetLinks(change.tx, origin, [key]);
      } else if (wanted) {
        const wish = {
          ...{ name: wanted.name.trim(), description: wanted.description.trim() },
          ruleIds: wanted.rules.map((rule) => idOf.get(rule) ?? rule),
        };
        const ruleSetId = id ?? (await this.ruleSets.addIn(change, wish));
        if (what === 'change') await this.ruleSets.changeIn(change, ruleSetId, wish);
        // Put only when it is another one, since putting it resets what files do not say.
        const moved =
          what === 'create' ? wanted.schedule !== null : differences.some(({ path }) => path.startsWith('schedule'));
        if (moved) await this.ruleSets.scheduleIn(change, { id: ruleSetId, name }, wanted.schedule);
        const applied = { ...wish, schedule: wanted.schedule };
        await this.store.putSetLink(change.tx, origin, { key, ruleSetId, applied });
      }
    }
  }
}

function told({ origin }: Code, { rules, sets, digest }: Planned, applied: boolean): CodePlan {
  const all = [...rules, ...sets];
  const countOf = (what: ChangeKind) => all.filter((each) => each.what === what).length;
  return {
    ...{ origin, digest, applied },
    counts: Object.fromEntries(CHANGES.map((what) => [what, countOf(what)])) as Record<ChangeKind, number>,
    changes: all
      .filter(({ what, takenOver, drift }) => what !== 'unchanged' || takenOver || drift)
      .map(({ thing, key, what, name, on, id, differences, drift, takenOver }): CodeChange => ({
        ...{ thing, key, what, name, on, id, differences, drift, takenOver },
      })),
  };
}
