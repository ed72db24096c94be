import { Args, Field, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import { Allow, CurrentActor, Payload, SignedIn } from '#platform/graphql';

import { NamespaceAliases } from '../namespace-aliases.js';

@ObjectType({ description: 'A namespace of OpenLineage events that means another.' })
export class NamespaceAlias {
  @Field({ description: 'As normally spelled: scheme and host in small letters, the usual port written out.' })
  readonly namespace: string;
  @Field({ description: 'What is meant by it.' }) readonly standsFor: string;
}

@ObjectType()
export class NamespaceAliasPayload extends Payload {
  @Field(() => NamespaceAlias, { nullable: true }) alias?: NamespaceAlias;
}

@Resolver()
export class NamespaceAliasResolver {
  constructor(private readonly aliases: NamespaceAliases) {}

  @SignedIn()
  @Query(() => [NamespaceAlias], { description: 'Namespaces of OpenLineage events that mean others.' })
  namespaceAliases(): Promise<NamespaceAlias[]> {
    return this.aliases.list();
  }

  @Allow('engineer')
  @Mutation(() => NamespaceAliasPayload, {
    description: 'Says that two namespaces are one. What is known under the first goes to the second.',
  })
  async addNamespaceAlias(
    @CurrentActor() actor: Actor,
    @Args('namespace') namespace: string,
    @Args('standsFor') standsFor: string,
  ): Promise<NamespaceAliasPayload> {
    return { alias: await this.aliases.add(actor, { namespace, standsFor }) };
  }

  @Allow('engineer')
  @Mutation(() => NamespaceAliasPayload, {
    description: 'Two namespaces are not one after all. All events are read again, which takes its time.',
  })
  async removeNamespaceAlias(
    @CurrentActor() actor: Actor,
    @Args('namespace') namespace: string,
  ): Promise<NamespaceAliasPayload> {
    return { alias: await this.aliases.remove(actor, namespace) };
  }
}
