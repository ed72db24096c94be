import type { Place, Reason, SqlDialect, StatementStatus } from '#core/sql-lineage';

import { datasetKey } from './naming/store.js';
import type { Reading } from './reading.js';
import type { Value } from './text/value.js';
import type { Dataset, DatasetEdge, GeneratedTarget, JobRun, PipelineEdge, PipelineJob, Waiting } from './types.js';

const WORSE: readonly StatementStatus[] = ['ok', 'fallback', 'partial', 'opaque', 'failed'];

/** A job while it is read: edges without repetitions, and how far it was understood. */
export class JobDraft {
  status: StatementStatus = 'ok';
  private readonly reasons: Reason[] = [];
  private readonly sources = new Map<string, Dataset>();
  private readonly targets = new Map<string, Dataset>();
  private readonly tables = new Map<string, DatasetEdge>();
  private readonly columns = new Map<string, PipelineEdge>();
  private readonly constants = new Map<string, GeneratedTarget>();
  after: readonly string[] = [];
  waitsFor: readonly Waiting[] = [];
  sql?: string;
  dialect?: SqlDialect;
  description?: string;
  run?: JobRun;

  constructor(
    private readonly reading: Reading,
    public name: string,
    readonly kind: string,
    private readonly place: Place,
  ) {}

  /** Something that was not understood, or not known; `status` when it makes the job worse than it was. */
  say(
    code: string,
    message: string,
    at: { readonly start: number; readonly end?: number } | undefined,
    status: StatementStatus = 'ok',
  ): void {
    this.take([this.reading.reason(code, message, at ?? this.place)], status);
  }

  take(reasons: readonly Reason[], status: StatementStatus): void {
    for (const reason of reasons)
      if (
        !this.reasons.some(
          ({ code, message, start }) => code === reason.code && message === reason.message && start === reason.start,
        )
      )
        this.reasons.push(reason);
    if (WORSE.indexOf(status) > WORSE.indexOf(this.status)) this.status = status;
  }

  source(dataset: Dataset): Dataset {
    return kept(this.sources, this.reading.known.spelled(dataset));
  }

  target(dataset: Dataset): Dataset {
    return kept(this.targets, this.reading.known.spelled(dataset));
  }

  tableEdge(from: Dataset, to: Dataset): void {
    const edge = { from: this.source(from), to: this.target(to) };
    this.tables.set(`${datasetKey(edge.from)}\n\n${datasetKey(edge.to)}`, edge);
  }

  columnEdge(edge: PipelineEdge): void {
    const from = { ...edge.from, dataset: this.source(edge.from.dataset) };
    const to = { ...edge.to, dataset: this.target(edge.to.dataset) };
    const key = JSON.stringify([
      datasetKey(from.dataset),
      from.column,
      datasetKey(to.dataset),
      to.column,
      edge.type,
      edge.subtype,
    ]);
    if (!this.columns.has(key)) this.columns.set(key, { ...edge, from, to });
  }

  generate({ to, ...more }: GeneratedTarget): void {
    const target = { ...to, dataset: this.target(to.dataset) };
    const key = `${datasetKey(target.dataset)}\n\n${target.column}`;
    if (!this.constants.has(key)) this.constants.set(key, { to: target, ...more });
  }

  get hasEdges(): boolean {
    return this.tables.size > 0 || this.columns.size > 0;
  }

  done(index: number): PipelineJob {
    return {
      index,
      name: this.name,
      kind: this.kind,
      ...this.place,
      status: this.status,
      reasons: this.reasons,
      sources: [...this.sources.values()],
      targets: [...this.targets.values()],
      datasetEdges: [...this.tables.values()],
      columnEdges: [...this.columns.values()],
      generated: [...this.constants.values()],
      after: this.after,
      waitsFor: this.waitsFor,
      ...(this.sql !== undefined && { sql: this.sql }),
      ...(this.dialect !== undefined && { dialect: this.dialect }),
      ...(this.description !== undefined && { description: this.description }),
      ...(this.run && { run: this.run }),
    };
  }
}

/** The same dataset is one, whatever else is said of it the second time. */
function kept(all: Map<string, Dataset>, dataset: Dataset): Dataset {
  const key = datasetKey(dataset);
  const found = all.get(key);
  if (found) return found;
  all.set(key, dataset);
  return dataset;
}

/** Where a value stands. */
export const placeOf = (value: Value): { readonly start: number; readonly end: number } => ({
  start: value.start,
  end: value.end,
});
