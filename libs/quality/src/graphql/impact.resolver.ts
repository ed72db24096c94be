import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { LineageImpactType } from '#graphql/lineage';

import { Rules } from '../rules.js';
import { RuleType, toRuleType } from './rule.types.js';

/** What lineage says is affected, with the rules that will see it. */
@Resolver(() => LineageImpactType)
export class ImpactResolver {
  constructor(private readonly rules: Rules) {}

  @ResolveField(() => [RuleType], {
    name: 'rules',
    description:
      'Quality rules in use that look at an affected column, or at a dataset all of whose rows are affected (or of which nobody knows what is).',
  })
  async rulesOf(@Parent() { affected }: LineageImpactType): Promise<RuleType[]> {
    const fields = affected.flatMap(({ columns }) => columns.flatMap(({ fieldId }) => fieldId ?? []));
    const datasets = affected.flatMap(({ datasetId, rows, isCoarse }) =>
      datasetId !== null && (rows || isCoarse) ? datasetId : [],
    );
    return (await this.rules.lookingAt(fields, datasets)).map(toRuleType);
  }
}
