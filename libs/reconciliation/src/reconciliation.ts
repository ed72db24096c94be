import { type Definition } from '#core/reconciliation';

/** A reconciliation as somebody wishes it. The definition is checked against its schema and both datasets, so it is loose here. */
export interface ReconciliationWish {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly leftDatasetId: string;
  readonly rightDatasetId: string;
  readonly definition: unknown;
}

/** A reconciliation: its current version. */
export interface Reconciliation {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly versionId: string;
  readonly number: number;
  readonly leftDatasetId: string;
  readonly leftName: string;
  readonly leftSourceName: string;
  readonly rightDatasetId: string;
  readonly rightName: string;
  readonly rightSourceName: string;
  readonly definition: Definition;
  readonly createdAt: Date;
  readonly madeAt: Date;
  readonly madeBy: string;
  readonly retiredAt: Date | null;
}

/** When it runs by itself. */
export interface ReconciliationTimes {
  /** Minute, hour, day of month, month, day of week. */
  readonly cron: string;
  readonly timeZone: string;
  readonly enabled: boolean;
}
