import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, type Role } from '#kernel';
import { type Settings, SETTINGS } from '#platform/config';
import {
  Allow,
  BeforePasswordChange,
  type Connection,
  CurrentActor,
  type GraphqlContext,
  localId,
  PageArgs,
  pageOf,
  Public,
  SignedIn,
  toConnection,
} from '#platform/graphql';

import { accountCursor, Accounts } from '../accounts.js';
import { ApiTokens } from '../api-tokens.js';
import { SignIn } from '../sign-in.js';
import { clearSessionCookie, setSessionCookie } from './session-cookie.js';
import {
  AccountConnection,
  AccountPayload,
  AccountType,
  AddAccountArgs,
  AddApiTokenArgs,
  AddApiTokenPayload,
  ApiTokenPayload,
  ApiTokenType,
  OneTimePasswordPayload,
  RoleEnum,
  SignOutPayload,
  toAccountType,
  toApiTokenType,
} from './identity.types.js';

@Resolver()
export class IdentityResolver {
  constructor(
    private readonly accounts: Accounts,
    private readonly signIns: SignIn,
    private readonly tokens: ApiTokens,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @SignedIn()
  @BeforePasswordChange()
  @Query(() => AccountType, { description: 'Who is calling.' })
  async me(@CurrentActor() actor: Actor): Promise<AccountType> {
    return toAccountType(await this.accounts.get(actor.id));
  }

  @Allow('administrator')
  @Query(() => AccountConnection, { name: 'accounts', description: 'Everybody who may sign in, by login.' })
  async listAccounts(@Args() page: PageArgs): Promise<Connection<AccountType>> {
    return toConnection(await this.accounts.list(pageOf(page)), toAccountType, accountCursor, page.after);
  }

  @SignedIn()
  @Query(() => [ApiTokenType], { description: 'The caller’s API tokens, newest first.' })
  async myApiTokens(@CurrentActor() actor: Actor): Promise<ApiTokenType[]> {
    return (await this.tokens.ofAccount(actor.id)).map(toApiTokenType);
  }

  @Public()
  @Mutation(() => AccountPayload, { description: 'Signs a browser in: sets the session cookie.' })
  async signIn(
    @Args('login') login: string,
    @Args('password') password: string,
    @Context() { req, reply }: GraphqlContext,
  ): Promise<AccountPayload> {
    const session = await this.signIns.signIn(login, password, req.ip);
    setSessionCookie(reply, session.token, session.expiresAt, this.settings);
    return { account: toAccountType(session.account) };
  }

  @SignedIn()
  @BeforePasswordChange()
  @Mutation(() => SignOutPayload, { description: 'Ends the session of the calling browser.' })
  async signOut(@CurrentActor() actor: Actor, @Context() { req, reply }: GraphqlContext): Promise<SignOutPayload> {
    if (req.sessionHash === undefined) return { signedOut: false };
    await this.signIns.signOut(actor, req.sessionHash);
    clearSessionCookie(reply);
    return { signedOut: true };
  }

  @SignedIn()
  @BeforePasswordChange()
  @Mutation(() => AccountPayload, {
    description: 'Changes the caller’s own password: at least 10 characters, without the login.',
  })
  async changePassword(
    @CurrentActor() actor: Actor,
    @Args('present') present: string,
    @Args('next') next: string,
  ): Promise<AccountPayload> {
    await this.accounts.changePassword(actor, actor.id, present, next);
    return { account: toAccountType(await this.accounts.get(actor.id)) };
  }

  @Allow('administrator')
  @Mutation(() => OneTimePasswordPayload, { description: 'Adds an account with a one-time password.' })
  async addAccount(@CurrentActor() actor: Actor, @Args() args: AddAccountArgs): Promise<OneTimePasswordPayload> {
    const { account, password } = await this.accounts.add(actor, args);
    return { account: toAccountType(account), oneTimePassword: password };
  }

  @Allow('administrator')
  @Mutation(() => AccountPayload, { description: 'Sets an account’s roles and whether it may sign in.' })
  async changeAccount(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('roles', { type: () => [RoleEnum] }) roles: Role[],
    @Args('disabled', { nullable: true }) disabled?: boolean,
  ): Promise<AccountPayload> {
    return {
      account: toAccountType(await this.accounts.change(actor, localId('Account', id, 'id'), roles, disabled ?? false)),
    };
  }

  @Allow('administrator')
  @Mutation(() => OneTimePasswordPayload, {
    description: 'Gives an account a one-time password and ends its sessions.',
  })
  async resetPassword(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<OneTimePasswordPayload> {
    const accountId = localId('Account', id, 'id');
    const oneTimePassword = await this.accounts.resetPassword(actor, accountId);
    return { account: toAccountType(await this.accounts.get(accountId)), oneTimePassword };
  }

  @SignedIn()
  @Mutation(() => AddApiTokenPayload, { description: 'Makes an API token with the caller’s rights.' })
  async addApiToken(
    @CurrentActor() actor: Actor,
    @Args() { name, days }: AddApiTokenArgs,
  ): Promise<AddApiTokenPayload> {
    const { token, text } = await this.tokens.add(actor, actor.id, name, days ?? null);
    return { token: toApiTokenType(token), secret: text };
  }

  @SignedIn()
  @Mutation(() => ApiTokenPayload, { description: 'Ends an API token: one’s own, or as administrator anybody’s.' })
  async revokeApiToken(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ApiTokenPayload> {
    return { token: toApiTokenType(await this.tokens.revoke(actor, localId('ApiToken', id, 'id'))) };
  }
}
