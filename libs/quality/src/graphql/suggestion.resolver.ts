import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { toJobType } from '#graphql/audit';
import { type Actor, InvalidInput } from '#kernel';
import { Allow, type Connection, CurrentActor, localId, pageOf, SignedIn, toConnection } from '#platform/graphql';
import { JobStore } from '#platform/queue';

import { RuleSuggestions } from '../suggestions/rule-suggestions.js';
import { suggestionCursor } from '../suggestions/suggestion.store.js';
import {
  DecideSuggestionsPayload,
  SuggestionArgs,
  SuggestionConnection,
  type SuggestionType,
  SuggestRulesPayload,
  toSuggestionFilter,
  toSuggestionType,
} from './suggestion.types.js';

@Resolver()
export class SuggestionResolver {
  constructor(
    private readonly suggestions: RuleSuggestions,
    private readonly jobs: JobStore,
  ) {}

  @SignedIn()
  @Query(() => SuggestionConnection, { description: 'Rules that something speaks for, the likeliest first.' })
  async ruleSuggestions(@Args() args: SuggestionArgs): Promise<Connection<SuggestionType>> {
    const page = await this.suggestions.list(toSuggestionFilter(args), pageOf(args));
    return toConnection(page, toSuggestionType, suggestionCursor, args.after);
  }

  @Allow('steward', 'engineer')
  @Mutation(() => SuggestRulesPayload, {
    description: 'Looks for rules that statistics, keys, standards and lineage speak for. Give one of the two.',
  })
  async suggestRules(
    @CurrentActor() actor: Actor,
    @Args('sourceId', { type: () => ID, nullable: true }) sourceId?: string | null,
    @Args('datasetId', { type: () => ID, nullable: true }) datasetId?: string | null,
  ): Promise<SuggestRulesPayload> {
    if ((sourceId == null) === (datasetId == null))
      throw new InvalidInput('Give one of sourceId and datasetId.', [], ['sourceId']);
    const jobId = await this.suggestions.request(
      actor,
      datasetId == null
        ? { sourceId: localId('Source', sourceId!, 'sourceId') }
        : { datasetId: localId('Dataset', datasetId, 'datasetId') },
    );
    return { job: toJobType(await this.jobs.get(jobId)) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => DecideSuggestionsPayload, {
    description:
      'Makes rules of suggestions, or rejects them; all or none. What is rejected comes back only with other evidence.',
  })
  async decideRuleSuggestions(
    @CurrentActor() actor: Actor,
    @Args('ids', { type: () => [ID] }) ids: string[],
    @Args('accept') accept: boolean,
  ): Promise<DecideSuggestionsPayload> {
    const local = ids.map((id, at) => localId('RuleSuggestion', id, 'ids', String(at)));
    return { suggestions: (await this.suggestions.decide(actor, local, accept)).map(toSuggestionType) };
  }
}
