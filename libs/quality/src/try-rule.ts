import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { SourceLimits, Sources } from '#sources';
import { FieldSecrecy } from '#statistics';

import { checkWish, readerFor } from './check-wish.js';
import { type DatasetFact } from './dataset-facts.js';
import { type Measured, measureRules } from './measure-rule.js';
import { type RuleWish } from './rule.js';
import { Rules } from './rules.js';
import { fieldsShown } from './samples/showing.js';
import { SourceLanes } from './source-lanes.js';
import { SourceReach } from './source-reach.js';

/** Somebody waits for the answer in front of a form. */
const TRY_DEADLINE_MS = 60_000;

/** Runs a rule once without keeping anything. */
@Injectable()
export class TryRule {
  constructor(
    private readonly rules: Rules,
    private readonly sources: Sources,
    private readonly lanes: SourceLanes,
    private readonly limits: SourceLimits,
    private readonly clock: Clock,
    private readonly secrecy: FieldSecrecy,
  ) {}

  /** @throws {InvalidInput} with the place of each fault in the wish. */
  async try(wish: RuleWish, signal: AbortSignal = new AbortController().signal): Promise<Measured> {
    const facts = await this.rules.factsFor([wish]);
    const content = checkWish(wish, facts, await readerFor([wish]));
    const reaches = new Map<string, SourceReach>();
    const reachOf = ({ sourceId }: DatasetFact): SourceReach => {
      const connect = (id: string) => this.sources.connectUnlessPaused(id);
      const reach =
        reaches.get(sourceId) ??
        new SourceReach(sourceId, connect, this.lanes, (id) => this.limits.of(id), signal, TRY_DEADLINE_MS);
      reaches.set(sourceId, reach);
      return reach;
    };
    // checkWish has found both datasets.
    const target = facts.get(wish.datasetId)!;
    const other = wish.otherDatasetId === undefined ? undefined : facts.get(wish.otherDatasetId);
    try {
      let found: Measured | undefined;
      const secrecy = await this.secrecy.of(fieldsShown([{ content, target }]));
      await measureRules([{ content, target, ...(other && { other }) }], (dataset) => reachOf(dataset).open(), {
        ...{ signal, now: this.clock.now(), secrecyOf: (id) => secrecy.get(id) },
        onMeasured: (_, measured) => void (found = measured),
      });
      // One rule in, one outcome out.
      return found!;
    } finally {
      await Promise.all([...reaches.values()].map((reach) => reach.close()));
    }
  }
}
