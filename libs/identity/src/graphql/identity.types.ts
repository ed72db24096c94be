import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Role, ROLES } from '#kernel';
import { connectionOf, globalId, Node, Payload } from '#platform/graphql';

import { type AccountEntity } from '../account.entity.js';
import { type ApiTokenEntity } from '../api-token.entity.js';

export const RoleEnum = Object.fromEntries(ROLES.map((role) => [role.toUpperCase(), role])) as Record<string, Role>;
registerEnumType(RoleEnum, { name: 'Role', description: 'What a person may do. An account can have several.' });

@ObjectType('Account', { implements: () => Node, description: 'Somebody who may sign in.' })
export class AccountType extends Node {
  @Field() login: string;
  @Field() displayName: string;
  @Field(() => [RoleEnum]) roles: Role[];
  @Field({
    description: 'The account still has its one-time password; only changePassword is allowed until it is changed.',
  })
  mustChangePassword: boolean;
  @Field({ description: 'It may not sign in.' }) disabled: boolean;
  @Field() createdAt: Date;
}

export const AccountConnection = connectionOf(AccountType, 'Account');

export const toAccountType = (account: AccountEntity): AccountType => ({
  id: globalId('Account', account.id),
  login: account.login,
  displayName: account.displayName,
  roles: account.roles,
  mustChangePassword: account.mustChangePassword,
  disabled: account.disabledAt !== null,
  createdAt: account.createdAt,
});

@ObjectType('ApiToken', { description: 'A program’s way in, with the rights of the account it belongs to.' })
export class ApiTokenType {
  @Field(() => ID) id: string;
  @Field({ description: 'What uses it.' }) name: string;
  @Field() createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'null: never.' }) expiresAt: Date | null;
  @Field(() => Date, { nullable: true }) revokedAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'To the minute.' }) lastUsedAt: Date | null;
}

export const toApiTokenType = (token: ApiTokenEntity): ApiTokenType => ({
  id: globalId('ApiToken', token.id),
  name: token.name,
  createdAt: token.createdAt,
  expiresAt: token.expiresAt,
  revokedAt: token.revokedAt,
  lastUsedAt: token.lastUsedAt,
});

@ObjectType()
export class AccountPayload extends Payload {
  @Field(() => AccountType, { nullable: true }) account?: AccountType;
}

@ObjectType()
export class SignOutPayload extends Payload {
  @Field(() => Boolean, { nullable: true, description: 'Whether a session was ended.' }) signedOut?: boolean;
}

@ObjectType()
export class OneTimePasswordPayload extends Payload {
  @Field(() => AccountType, { nullable: true }) account?: AccountType;
  @Field(() => String, { nullable: true, description: 'Shown this once. The account must change it.' })
  oneTimePassword?: string;
}

@ObjectType()
export class AddApiTokenPayload extends Payload {
  @Field(() => ApiTokenType, { nullable: true }) token?: ApiTokenType;
  @Field(() => String, {
    nullable: true,
    description: 'The token itself, for the header "Authorization: Bearer …". Shown this once.',
  })
  secret?: string;
}

@ObjectType()
export class ApiTokenPayload extends Payload {
  @Field(() => ApiTokenType, { nullable: true }) token?: ApiTokenType;
}

@ArgsType()
export class AddAccountArgs {
  @Field() login: string;
  @Field() displayName: string;
  @Field(() => [RoleEnum]) roles: Role[];
}

@ArgsType()
export class AddApiTokenArgs {
  @Field({ description: 'What will use it.' }) name: string;
  @Field(() => Int, { nullable: true, description: 'Days until it expires; never when not given.' }) days?:
    number | null;
}
