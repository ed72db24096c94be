import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { ruleKindOf } from '#core/rule-engine';
import { type Actor, Clock, type InputFault, InvalidInput, NotFound, type Page, type PageRequest } from '#kernel';
import { Sources } from '#sources';
import { DataSource } from 'typeorm';

import { checkWish } from '../check-wish.js';
import { type DatasetFact, DatasetFacts } from '../dataset-facts.js';
import { unknownAt } from '../quality.errors.js';
import { RuleStore } from '../rule.store.js';
import { suggestRules, type SuggestedRule } from './suggest-rules.js';
import { suggestRulesJob } from './suggest-rules.job.js';
import { type Suggestion, type SuggestionFilter, SuggestionStore } from './suggestion.store.js';

const DATASETS_AT_ONCE = 200;
const MOST_DECIDED_AT_ONCE = 1_000;

/** Rules that something speaks for: looked for in bulk, accepted or rejected by people. */
@Injectable()
export class RuleSuggestions {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly store: SuggestionStore,
    private readonly rules: RuleStore,
    private readonly facts: DatasetFacts,
    private readonly sources: Sources,
  ) {}

  /** Asks for a search; gives the job's id. @throws {NotFound} */
  async request(actor: Actor, of: { readonly sourceId: string } | { readonly datasetId: string }): Promise<string> {
    const place = 'sourceId' in of ? of : { ...of, sourceId: await this.sourceOf(of.datasetId) };
    const { id, name } = await this.sources.get(place.sourceId);
    return this.changes.make(actor, async (change) => {
      const subject = { kind: 'source', id, name };
      const jobId = await change.request(suggestRulesJob, place, subject);
      await change.record('rule-suggestions.requested', subject, { ...place, jobId });
      return jobId;
    });
  }

  /** Looks at a source's datasets, or at one, and keeps what speaks for rules. Gives how many datasets and suggestions. */
  async search(
    { sourceId, datasetId }: { readonly sourceId: string; readonly datasetId?: string },
    { signal, progress }: { readonly signal: AbortSignal; progress(share: number): void },
  ): Promise<{ datasets: number; suggested: number }> {
    const ids = datasetId === undefined ? await this.store.datasetsOf(sourceId) : [datasetId];
    let suggested = 0;
    for (let at = 0; at < ids.length; at += DATASETS_AT_ONCE) {
      signal.throwIfAborted();
      const part = ids.slice(at, at + DATASETS_AT_ONCE);
      const found = await this.speakingFor(part);
      suggested += await this.db.transaction((tx) => this.store.keep(tx, part, found, this.clock.now()));
      progress(Math.min(1, (at + part.length) / ids.length));
    }
    return { datasets: ids.length, suggested };
  }

  list(filter: SuggestionFilter, page: PageRequest): Promise<Page<Suggestion>> {
    return this.store.list(filter, page);
  }

  /** Makes rules of suggestions, or rejects them: all or none. @throws {InvalidInput} with the place of each that cannot be decided. */
  async decide(actor: Actor, ids: readonly string[], accept: boolean): Promise<Suggestion[]> {
    if (ids.length === 0 || ids.length > MOST_DECIDED_AT_ONCE)
      throw new InvalidInput(`Decide 1 to ${MOST_DECIDED_AT_ONCE} suggestions at once.`, [], ['ids']);
    const known = await this.store.ofIds(ids);
    const facts = await this.facts.ofIds(
      known.flatMap(({ datasetId, otherDatasetId }) => [datasetId, otherDatasetId ?? datasetId]),
    );
    await this.changes.make(actor, async (change) => {
      const suggestions = new Map((await this.store.ofIds(ids, change.tx)).map((one) => [one.id, one]));
      const open = ids.map((id, at) => {
        const found = suggestions.get(id);
        if (found?.state === 'open') return found;
        throw unknownAt(
          ['ids', String(at)],
          found ? `this suggestion is ${found.state}` : 'there is no suggestion with this id',
        );
      });
      const { tx, at } = change;
      if (accept) {
        const wanted = contentsOf(open, facts);
        const ruleIds = await this.rules.insert(tx, wanted, at, actor.name);
        await this.store.accept(
          tx,
          open.map(({ id }, place) => ({ id, ruleId: ruleIds[place]! })),
          at,
          actor.name,
        );
      } else await this.store.reject(tx, ids, at, actor.name);
      await change.record(
        accept ? 'rule-suggestions.accepted' : 'rule-suggestions.rejected',
        { kind: 'rule-suggestions', id: ids[0]!, name: `${ids.length} suggestions` },
        {
          suggestions: open.map(({ id, datasetId, kind, fieldIds, origin }) => ({
            id,
            datasetId,
            kind,
            fieldIds,
            origin,
          })),
        },
      );
    });
    return this.store.ofIds(ids);
  }

  private async sourceOf(datasetId: string): Promise<string> {
    const found = (await this.facts.ofIds([datasetId])).get(datasetId);
    if (!found) throw new NotFound('dataset', datasetId, ['datasetId']);
    return found.sourceId;
  }

  /** All in a handful of statements, however many datasets. */
  private async speakingFor(ids: readonly string[]): Promise<SuggestedRule[]> {
    const facts = await this.facts.ofIds(ids);
    const present = [...facts.values()].filter((dataset) => dataset.present);
    const names = present.flatMap(({ keys }) => keys.flatMap(({ refQualifiedName }) => refQualifiedName ?? []));
    const sourceIds = [...new Set(present.map(({ sourceId }) => sourceId))];
    const [figures, standards, upstream, rules, referred] = await Promise.all([
      this.store.figuresOf(ids),
      this.store.standardsOf(ids),
      this.store.upstreamOf(ids),
      this.store.rulesOn(ids),
      names.length === 0 ? [] : this.store.referredBy(sourceIds, names),
    ]);
    const byDataset = <T extends { readonly datasetId: string }>(all: readonly T[]) => {
      const groups = Map.groupBy(all, ({ datasetId }) => datasetId);
      return (id: string) => groups.get(id) ?? [];
    };
    const [figuresOf, standardsOf] = [byDataset(figures), byDataset(standards)];
    const [upstreamOf, rulesOf] = [byDataset(upstream), byDataset(rules)];
    return present.flatMap((dataset) =>
      suggestRules(dataset, {
        ...{ figures: figuresOf(dataset.id), standards: standardsOf(dataset.id) },
        ...{ upstream: upstreamOf(dataset.id), rules: rulesOf(dataset.id) },
        referred: referred.filter(({ sourceId }) => sourceId === dataset.sourceId),
      }),
    );
  }
}

function contentsOf(open: readonly Suggestion[], facts: ReadonlyMap<string, DatasetFact>) {
  const faults: InputFault[] = [];
  const wanted = open.flatMap((suggestion, at) => {
    const { datasetId, fieldIds, otherDatasetId, kind, params, fieldNames } = suggestion;
    const { title } = ruleKindOf(kind);
    const of = fieldNames.join(', ');
    const wish = {
      ...{ datasetId, fieldIds, kind, params, description: '', owner: '', enabled: true },
      ...(otherDatasetId !== null && { otherDatasetId }),
      ...{ nameEn: `${of}: ${title.en}`.slice(0, 200), nameZh: `${of}：${title.zh}`.slice(0, 200) },
    };
    try {
      return [{ datasetId, content: checkWish(wish, facts) }];
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      faults.push({ path: ['ids', String(at)], message: error.message });
      return [];
    }
  });
  if (faults.length > 0)
    throw new InvalidInput(
      `${faults.length} of ${open.length} suggestions cannot be rules, so none became one.`,
      faults,
    );
  return wanted;
}
