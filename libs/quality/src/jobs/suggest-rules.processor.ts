import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { RuleSuggestions } from '../suggestions/rule-suggestions.js';
import { suggestRulesJob } from '../suggestions/suggest-rules.job.js';

@Injectable()
export class SuggestRulesProcessor implements JobProcessor<typeof suggestRulesJob.payload> {
  readonly contract = suggestRulesJob;

  constructor(private readonly suggestions: RuleSuggestions) {}

  async run(wish: Static<typeof suggestRulesJob.payload>, context: JobContext): Promise<JobOutcome> {
    return { state: 'succeeded', result: await this.suggestions.search(wish, context) };
  }
}
