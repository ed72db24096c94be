import type { Place, Reason } from '#core/sql-lineage';

import { KnownDatasets } from './naming/store.js';
import { type PipelineOptions, readSqlHere, type SqlReader } from './options.js';
import { Places } from './text/places.js';

/** One file being read: its text, what is known, and what has been said about it so far. */
export class Reading {
  readonly places: Places;
  readonly known: KnownDatasets;
  readonly readSql: SqlReader;
  readonly reasons: Reason[] = [];

  constructor(
    readonly text: string,
    readonly options: PipelineOptions,
  ) {
    this.places = new Places(text);
    this.known = new KnownDatasets(options);
    this.readSql = options.readSql ?? readSqlHere;
  }

  reason(code: string, message: string, at: { readonly start: number; readonly end?: number }): Reason {
    return { code, message, ...this.place(at) };
  }

  place({ start, end }: { readonly start: number; readonly end?: number }): Place {
    return this.places.of(start, end ?? start);
  }
}
