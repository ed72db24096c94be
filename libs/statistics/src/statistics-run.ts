import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { Datasets, Fields } from '#dictionary';
import { type Actor, Clock } from '#kernel';
import { Sources } from '#sources';
import { DataSource } from 'typeorm';

import { FieldSecrecy } from './field-secrecy.js';
import { BUDGET_SPENT, Profiler } from './profiler.js';
import { StatisticsStore } from './statistics.store.js';

export interface StatisticsWish {
  readonly sourceId: string;
  readonly datasetId?: string;
  readonly rowLimit?: number;
}

interface Work {
  readonly actor: Actor;
  readonly signal: AbortSignal;
  progress(share: number, message: string): void;
}

/** How a run went: counts, and codes of what stood in the way. */
export interface StatisticsSummary {
  readonly datasets: number;
  readonly sampled: number;
  /** Left for the next run, because the time or the rows of this one were used up. */
  readonly skipped: number;
  readonly problems: Readonly<Record<string, number>>;
}

/** Takes the statistics of a source's datasets, those first that have waited the longest. */
@Injectable()
export class StatisticsRun {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly sources: Sources,
    private readonly datasets: Datasets,
    private readonly fields: Fields,
    private readonly secrecy: FieldSecrecy,
    private readonly store: StatisticsStore,
  ) {}

  async carryOut({ sourceId, datasetId, rowLimit }: StatisticsWish, work: Work): Promise<StatisticsSummary> {
    const source = await this.sources.get(sourceId);
    this.sources.refusePaused(source);
    const limits = await this.store.limitsOf(sourceId);
    const wanted = await this.store.wanted(sourceId, datasetId);
    const summary = { datasets: 0, sampled: 0, skipped: 0 };
    const problems: Record<string, number> = {};
    const profiler = new Profiler(
      () => this.sources.connect(sourceId),
      { ...limits, rowLimit: rowLimit ?? limits.rowLimit },
      work.signal,
    );
    try {
      for (const [at, id] of wanted.entries()) {
        work.signal.throwIfAborted();
        work.progress(at / wanted.length, `${at} of ${wanted.length} datasets read`);
        const profiled = await this.take(profiler, id);
        if (!('problem' in profiled)) {
          summary.datasets += 1;
          if (profiled.sampledRows !== null) summary.sampled += 1;
        } else if (profiled.problem === BUDGET_SPENT) {
          summary.skipped = wanted.length - at;
          break;
        } else problems[profiled.problem] = (problems[profiled.problem] ?? 0) + 1;
      }
    } finally {
      await profiler.close();
    }
    const done = { ...summary, problems };
    await this.changes.make(work.actor, (change) =>
      change.record('statistics.taken', { kind: 'source', id: source.id, name: source.name }, done),
    );
    return done;
  }

  private async take(profiler: Profiler, datasetId: string) {
    const dataset = await this.datasets.get(datasetId);
    const fields = await this.fields.ofDatasets([datasetId]);
    const ids = fields.map(({ id }) => id);
    const before = await this.secrecy.of(ids);
    const idOf = new Map(fields.map(({ name, id }) => [name, id]));
    const profiled = await profiler.of(
      dataset,
      fields,
      (name) => before.get(idOf.get(name) ?? '')?.shown !== 'withheld',
    );
    if ('problem' in profiled && profiled.problem === BUDGET_SPENT) return profiled;
    // Somebody may have raised a level while the rows were read.
    const secrecy = await this.secrecy.of(ids);
    const known = new Map(fields.map(({ name, id }) => [name, { id, secrecy: secrecy.get(id)! }]));
    await this.db.transaction((tx) => this.store.keep(tx, datasetId, profiled, known, this.clock.now()));
    return profiled;
  }
}
