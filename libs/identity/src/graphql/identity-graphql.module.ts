import { Module, type OnModuleInit } from '@nestjs/common';
import { Nodes } from '#platform/graphql';

import { Accounts } from '../accounts.js';
import { IdentityModule } from '../identity.module.js';
import { IdentityResolver } from './identity.resolver.js';
import { toAccountType } from './identity.types.js';

@Module({ imports: [IdentityModule], providers: [IdentityResolver] })
export class IdentityGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly accounts: Accounts,
  ) {}

  onModuleInit(): void {
    this.nodes.add('Account', async (id) => toAccountType(await this.accounts.get(id)));
  }
}
