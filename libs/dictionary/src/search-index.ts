import { Injectable } from '@nestjs/common';
import { type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { BRING_INTO_SEARCH, FORGET_IN_SEARCH } from './search.sql.js';

/** Datasets that are brought into the search by one transaction. */
export const INDEXED_AT_ONCE = 500;

interface Work {
  readonly signal: AbortSignal;
  progress(share: number, message: string): void;
}

/** Keeps what can be searched in step with what the dictionary holds. */
@Injectable()
export class SearchIndex {
  constructor(private readonly db: DataSource) {}

  /** Makes datasets and their fields searchable as they are now; what is gone is found no more. */
  async bring(tx: Tx, datasetIds: readonly string[]): Promise<void> {
    if (datasetIds.length === 0) return;
    await tx.query(FORGET_IN_SEARCH, [datasetIds]);
    await tx.query(BRING_INTO_SEARCH, [datasetIds]);
  }

  /** The same for any number of them, in transactions of their own. Harmless when it is done twice. */
  async bringAll(datasetIds: readonly string[], work: Work): Promise<void> {
    for (let at = 0; at < datasetIds.length; at += INDEXED_AT_ONCE) {
      work.signal.throwIfAborted();
      work.progress(at / datasetIds.length, `${at} of ${datasetIds.length} datasets can be searched`);
      await this.db.transaction((tx) => this.bring(tx, datasetIds.slice(at, at + INDEXED_AT_ONCE)));
    }
  }
}
