import { Module, type OnModuleInit } from '@nestjs/common';
import { DictionaryGraphqlModule } from '#graphql/dictionary';
import { Nodes } from '#platform/graphql';

import { Proposals } from '../proposals.js';
import { SensitivityModule } from '../sensitivity.module.js';
import { SensitiveProposalLoader } from './proposal.loader.js';
import {
  FieldProposalsResolver,
  SensitiveProposalFieldsResolver,
  SensitivityResolver,
  SourceProposalsResolver,
} from './proposal.resolver.js';
import { toSensitiveProposalType } from './proposal.types.js';

/** Sensitive data: proposals, and what people decide on them. */
@Module({
  imports: [SensitivityModule, DictionaryGraphqlModule],
  providers: [
    SensitivityResolver,
    SensitiveProposalFieldsResolver,
    FieldProposalsResolver,
    SourceProposalsResolver,
    SensitiveProposalLoader,
  ],
})
export class SensitivityGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly proposals: Proposals,
  ) {}

  onModuleInit(): void {
    this.nodes.add('SensitiveProposal', async (id) => toSensitiveProposalType(await this.proposals.get(id)));
  }
}
