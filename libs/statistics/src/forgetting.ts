import { Injectable } from '@nestjs/common';
import { type Tx } from '#platform/database';

import { FieldSecrecy } from './field-secrecy.js';
import { type Secrecy, type Shown } from './secrecy.js';
import { StatisticsStore } from './statistics.store.js';

/** Forgets values that were kept while a field's level still allowed it. The next run keeps what may be kept then. */
@Injectable()
export class Forgetting {
  constructor(
    private readonly secrecy: FieldSecrecy,
    private readonly store: StatisticsStore,
  ) {}

  async of(tx: Tx, fieldIds: readonly string[], datasetIds: readonly string[]): Promise<void> {
    const telling = await this.store.telling(tx, fieldIds, datasetIds);
    if (telling.length === 0) return;
    const secrecy = await this.secrecy.of(telling.map(({ id }) => id));
    const forbidden = telling.filter(({ id, shown }) => !allows(secrecy.get(id)!, shown)).map(({ id }) => id);
    if (forbidden.length > 0) await this.store.forget(tx, forbidden);
  }
}

/** Whether what was kept under an earlier secrecy may still be kept. */
function allows(now: Secrecy, kept: Shown): boolean {
  switch (kept) {
    case 'values':
      return now.shown === 'values';
    case 'masked':
      return now.shown !== 'withheld';
    case 'withheld':
      return now.aggregates;
    default:
      return kept satisfies never;
  }
}
