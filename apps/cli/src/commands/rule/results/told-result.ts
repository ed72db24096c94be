/** What a rule found, as the formats for other tools tell it. Counts are texts; no value of the data is in it. */
export interface ToldResult {
  /** Absent for rules of a file. */
  readonly ruleId?: string;
  /** Its id in the files that it came from, where there are some. */
  readonly key?: string;
  readonly name: string;
  readonly kind: string;
  readonly source?: string;
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly severity: string;
  readonly status: 'pass' | 'warn' | 'fail' | 'error' | 'not_evaluated' | 'skipped';
  readonly rows?: string;
  readonly checked?: string;
  readonly violations?: string;
  readonly metrics: Readonly<Record<string, string>>;
  readonly sentence: string;
  readonly errorCode?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** The results of one run. */
export interface ToldRun {
  readonly id?: string;
  readonly name: string;
  readonly results: readonly ToldResult[];
}
