import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { factsDigest, GatherFacts } from './gather-facts.js';
import { ReportStore } from './report.store.js';

/** Whether a report still is what stored results say, and they are what they were when their runs ended. */
export interface ReportCheck {
  /** All that follows is well. */
  readonly intact: boolean;
  /** The audit's chain of hashes, in which the digests of results lie. */
  readonly chainIntact: boolean;
  /** What the report was made of, and what the same question gives now. */
  readonly factsSha256: string | null;
  readonly foundSha256: string;
  /** Runs of the report whose results were compared with their digest. */
  readonly runs: number;
  /** Those whose results are not what they were. */
  readonly changedRuns: readonly string[];
}

/** Makes a report's facts again and compares. */
@Injectable()
export class CheckReport {
  constructor(
    private readonly db: DataSource,
    private readonly reports: ReportStore,
    private readonly gather: GatherFacts,
    private readonly audit: AuditLog,
  ) {}

  /** @throws {NotFound} */
  async check(reportId: string): Promise<ReportCheck> {
    const report = await this.reports.get(reportId);
    const facts = await this.gather.of(report, new AbortController().signal);
    const foundSha256 = factsDigest(facts);
    const told = new Map(
      facts.kind === 'quality'
        ? facts.runs.flatMap(({ runId, digest }) => (digest === null ? [] : [[runId, digest] as const]))
        : [],
    );
    const changedRuns: string[] = [];
    // One run after the other: each is read whole.
    for (const [runId, digest] of told) {
      const [found] = await rows<{ digest: string }>(this.db, `SELECT quality.results_digest($1) AS digest`, [runId]);
      if (found?.digest !== digest) changedRuns.push(runId);
    }
    const { intact: chainIntact } = await this.audit.verify();
    const { factsSha256 } = report;
    const intact = chainIntact && changedRuns.length === 0 && (factsSha256 === null || factsSha256 === foundSha256);
    return { intact, chainIntact, factsSha256, foundSha256, runs: told.size, changedRuns };
  }
}
