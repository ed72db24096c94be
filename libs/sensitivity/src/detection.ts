import { Inject, Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import {
  DETECTOR_VERSION,
  type Evidence,
  LEVEL_TEMPLATES,
  levelOf,
  type LevelTemplate,
  proposeForDataset,
} from '#core/sensitive-data';
import { type DatasetRow, Datasets, Entries, type FieldRow, Fields } from '#dictionary';
import { type Actor, Clock } from '#kernel';
import { type Settings, SETTINGS } from '#platform/config';
import { type Tx } from '#platform/database';
import { type SourceEntity, Sources } from '#sources';
import { DataSource } from 'typeorm';

import { planProposals, type ProposalPlan } from './plan-proposals.js';
import { type FoundProposal } from './proposal.js';
import { type DetectedBy, ProposalStore } from './proposal.store.js';
import { sensitivityProposed } from './sensitivity-proposed.event.js';
import { PASSING_PROBLEMS, type Sampled, Samples } from './samples.js';

export interface DetectionWish {
  readonly sourceId: string;
  readonly datasetId?: string;
  /** After this harvest: only what is not as it was when it was last looked at. */
  readonly runId?: string;
}

interface Work {
  readonly actor: Actor;
  readonly signal: AbortSignal;
  progress(share: number, message: string): void;
}

/** How a detection went: counts, and codes of what stood in the way of reading values. */
export interface DetectionSummary {
  readonly datasets: number;
  readonly sampled: number;
  readonly proposed: number;
  readonly withdrawn: number;
  readonly problems: Readonly<Record<string, number>>;
}

interface LookedAt {
  readonly dataset: DatasetRow;
  readonly versionId: string;
  readonly fields: readonly FieldRow[];
  readonly sampled: Sampled;
  readonly found: readonly FoundProposal[];
}

/** Datasets that are decided on and written together. */
const BATCH = 50;
/** All samples of one job together. */
const BUDGET_MS = 10 * 60_000;

/** Looks for sensitive data: gathers what is known of the columns, lets the detectors decide, keeps what they propose. */
@Injectable()
export class Detection {
  private readonly template: LevelTemplate;

  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly sources: Sources,
    private readonly datasets: Datasets,
    private readonly fields: Fields,
    private readonly entries: Entries,
    private readonly store: ProposalStore,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.template = LEVEL_TEMPLATES.find(({ code }) => code === settings.levelTemplate)!;
  }

  /** Running it twice gives the same as running it once; after a run that died, what is left is looked at. */
  async run({ sourceId, datasetId, runId }: DetectionWish, work: Work): Promise<DetectionSummary> {
    const source = await this.sources.get(sourceId);
    this.sources.refusePaused(source);
    const changedSince = runId === undefined ? undefined : this.lastTime;
    const wanted = await this.store.wanted(this.db.manager, sourceId, datasetId, changedSince);
    const problems: Record<string, number> = {};
    const summary = { datasets: 0, sampled: 0, proposed: 0, withdrawn: await this.forgetGone(work.actor, source) };
    const limits = { rows: source.sampleRows, budgetMs: BUDGET_MS, signal: work.signal };
    const samples = new Samples(() => this.sources.connect(sourceId), limits);
    try {
      for (let at = 0; at < wanted.length; at += BATCH) {
        work.progress(at / wanted.length, `${at} of ${wanted.length} datasets looked at`);
        const looked = await this.look(wanted.slice(at, at + BATCH), samples);
        work.signal.throwIfAborted();
        const { put, withdraw } = await this.keep(work.actor, source, looked);
        summary.datasets += looked.length;
        summary.proposed += put.length;
        summary.withdrawn += withdraw.length;
        for (const { sampled } of looked)
          if ('problem' in sampled) problems[sampled.problem] = (problems[sampled.problem] ?? 0) + 1;
          else summary.sampled += 1;
      }
    } finally {
      await samples.close();
    }
    return { ...summary, problems };
  }

  /** Whether anything of a source is not as it was when it was last looked at. */
  async isDue(tx: Tx, sourceId: string): Promise<boolean> {
    const wanted = await this.store.wanted(tx, sourceId, undefined, this.lastTime);
    return wanted.length > 0 || (await this.store.gone(tx, sourceId)).length > 0;
  }

  private get lastTime() {
    return { ...this.by, passing: PASSING_PROBLEMS };
  }

  private get by(): DetectedBy {
    return { template: this.template.code, detectorVersion: DETECTOR_VERSION };
  }

  private async look(wanted: readonly { id: string; versionId: string }[], samples: Samples): Promise<LookedAt[]> {
    const versionOf = new Map(wanted.map(({ id, versionId }) => [id, versionId]));
    const datasets = await this.datasets.ofIds([...versionOf.keys()]);
    const fields = await this.fields.ofDatasets([...versionOf.keys()]);
    const entries = await this.entries.ofFields(fields.map(({ id }) => id));
    const called = new Map(entries.map(({ fieldId, businessName }) => [fieldId, businessName]));
    const looked: LookedAt[] = [];
    for (const dataset of datasets) {
      const own = fields.filter(({ datasetId }) => datasetId === dataset.id);
      const sampled = await samples.of(
        dataset,
        own.map(({ name }) => name),
      );
      const evidence = 'evidence' in sampled ? sampled.evidence : new Map<string, Evidence>();
      const found = this.decide(dataset, own, called, evidence);
      looked.push({ dataset, versionId: versionOf.get(dataset.id)!, fields: own, sampled, found });
    }
    return looked;
  }

  private decide(
    dataset: DatasetRow,
    fields: readonly FieldRow[],
    called: ReadonlyMap<string | null, string>,
    evidence: ReadonlyMap<string, Evidence>,
  ): FoundProposal[] {
    const idOf = new Map(fields.map(({ name, id }) => [name, id]));
    const facts = fields.map(({ id, name, comment, typeFamily, length }) => ({
      ...{ name, typeFamily, length },
      // What a person calls it counts where the source says nothing.
      comment: comment ?? called.get(id) ?? null,
    }));
    return proposeForDataset({ ...dataset, fields: facts }, (field) => evidence.get(field)).flatMap(
      ({ field, candidates }) =>
        candidates.map((candidate) => ({
          ...candidate,
          fieldId: idOf.get(field)!,
          level: levelOf(this.template, candidate.category, candidate.masked).level,
        })),
    );
  }

  /** One transaction; with an audit entry when something is not as it was. */
  private async keep(actor: Actor, source: SourceEntity, looked: readonly LookedAt[]): Promise<ProposalPlan> {
    const fields = looked.flatMap((each) => each.fields.map(({ id }) => id));
    // With fewer values than ever before less is found. That does not speak against what was found with them.
    const isBlind = ({ sampled }: LookedAt) => 'problem' in sampled && PASSING_PROBLEMS.includes(sampled.problem);
    const blind = new Set(looked.filter(isBlind).flatMap((each) => each.fields.map(({ id }) => id)));
    const known = await this.store.ofFields(this.db.manager, fields);
    const found = looked.flatMap((each) => each.found);
    const plan = planProposals(known, found, this.by, (fieldId) => !blind.has(fieldId));
    const detected = looked.map(({ dataset, versionId, sampled }) => ({
      ...{ datasetId: dataset.id, versionId },
      sampledRows: 'rows' in sampled ? sampled.rows : null,
      problem: 'problem' in sampled ? sampled.problem : null,
    }));
    if (plan.put.length + plan.withdraw.length === 0) {
      await this.db.transaction((tx) => this.store.note(tx, detected, this.by, this.clock.now()));
      return plan;
    }
    await this.changes.make(actor, async (change) => {
      await this.store.keep(change.tx, plan, this.by, change.at);
      await this.store.note(change.tx, detected, this.by, change.at);
      const fieldIds = [...new Set(plan.put.map(({ fieldId }) => fieldId))];
      if (fieldIds.length > 0) await change.publish(sensitivityProposed, { fields: fieldIds });
      await change.record('sensitivity.proposed', subjectOf(source), {
        ...{ proposed: plan.put.length, withdrawn: plan.withdraw.length },
        datasets: looked.filter((each) => each.found.length > 0).map(({ dataset }) => dataset.qualifiedName),
      });
    });
    return plan;
  }

  /** Takes back what is proposed of fields that the source has no more. */
  private async forgetGone(actor: Actor, source: SourceEntity): Promise<number> {
    const withdraw = await this.store.gone(this.db.manager, source.id);
    if (withdraw.length > 0)
      await this.changes.make(actor, async (change) => {
        await this.store.keep(change.tx, { put: [], withdraw }, this.by, change.at);
        await change.record('sensitivity.withdrawn', subjectOf(source), { withdrawn: withdraw.length });
      });
    await this.db.transaction((tx) => this.store.forgetGone(tx, source.id));
    return withdraw.length;
  }
}

const subjectOf = ({ id, name }: SourceEntity) => ({ kind: 'source', id, name });
