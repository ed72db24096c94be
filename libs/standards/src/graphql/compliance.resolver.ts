import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { JobPayload, toJobType } from '#graphql/audit';
import { type Actor } from '#kernel';
import { Allow, CurrentActor, localId, SignedIn } from '#platform/graphql';
import { JobStore } from '#platform/queue';

import { Compliance, type RatesBy } from '../compliance.js';
import { StandardsCheck } from '../standards-check.js';
import { RatesByEnum } from './enums.js';
import { ComplianceRateType, toComplianceRateType } from './mapping.types.js';

@Resolver()
export class ComplianceResolver {
  constructor(
    private readonly compliance: Compliance,
    private readonly check: StandardsCheck,
    private readonly jobs: JobStore,
  ) {}

  @SignedIn()
  @Query(() => [ComplianceRateType], {
    description: 'Mapped and compliance rates (落标率) of the fields there are now.',
  })
  async complianceRates(@Args('by', { type: () => RatesByEnum }) by: RatesBy): Promise<ComplianceRateType[]> {
    return (await this.compliance.rates(by)).map((rate) => toComplianceRateType(rate, by));
  }

  @Allow('steward', 'engineer')
  @Mutation(() => JobPayload, { description: 'Judges the mapped fields of a source by their elements.' })
  async checkStandards(
    @CurrentActor() actor: Actor,
    @Args('sourceId', { type: () => ID }) sourceId: string,
  ): Promise<JobPayload> {
    const jobId = await this.check.request(actor, localId('Source', sourceId, 'sourceId'));
    return { job: toJobType(await this.jobs.get(jobId)) };
  }
}
